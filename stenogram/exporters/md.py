"""Markdown (CommonMark with GitHub's tables); what people said never becomes markup."""

import re
from collections.abc import Iterable, Iterator

from stenogram.exporters.document import Chapter, Document, Moment, Point, Task, Voice, document
from stenogram.pipeline.ports import ExportRequest

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&])")
_BLOCK_START = re.compile(r"^(#{1,6}(?=\s|$)|[-+=](?=\s|$|[-=])|\d{1,9}(?=[.)](?:\s|$)))")


def export(request: ExportRequest) -> bytes:
    return ("\n".join(_lines(document(request))) + "\n").encode()


def escaped(text: str) -> str:
    """The text as Markdown that reads as that very text, also at the start of a line and in a table."""
    safe = _MARKUP.sub(r"\\\1", text)
    return _BLOCK_START.sub(lambda found: found[0] + "\\" if found[0].isdigit() else "\\" + found[0], safe)


def _lines(doc: Document) -> Iterator[str]:
    words = doc.words
    yield f"# {escaped(doc.title)}"
    for warning in doc.warnings:
        yield f"\n> **{words.warning}.** {escaped(warning)}"
    yield from _table((words.details, ""), doc.facts)
    yield from _list(words.summary, doc.summary)
    yield from _list(words.decisions, doc.decisions)
    if doc.tasks:
        yield f"\n## {words.actions}"
        yield from _table((words.task, words.owner, words.due, words.time), map(_task, doc.tasks))
    if doc.keyphrases:
        yield f"\n## {words.keyphrases}\n\n{escaped(', '.join(doc.keyphrases))}"
    if doc.voices:
        yield f"\n## {words.speakers}"
        yield from _table((words.speaker, words.talk_time, words.share, words.tone), map(_voice, doc.voices))
    yield f"\n## {words.transcript}"
    for chapter in doc.chapters:
        yield from _chapter(chapter, words.no_text)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = tuple(head)
    yield f"\n| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    yield from (f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows)


def _moments(moments: tuple[Moment, ...]) -> str:
    return ", ".join(moment.clock for moment in moments)


def _list(title: str, points: tuple[Point, ...]) -> Iterator[str]:
    if points:
        yield f"\n## {title}\n"
    for point in points:
        yield f"- {escaped(point.text)}" + (f" `{_moments(point.moments)}`" if point.moments else "")


def _task(task: Task) -> tuple[str, ...]:
    return task.text, task.owner, task.due, _moments(task.moments)


def _voice(voice: Voice) -> tuple[str, ...]:
    return voice.name, voice.talk_time, voice.share, voice.tone


def _chapter(chapter: Chapter, no_text: str) -> Iterator[str]:
    if chapter.title:
        yield f"\n### {chapter.title}"
    for paragraph in chapter.paragraphs:
        speaker = f"**{escaped(paragraph.speaker)}** " if paragraph.speaker else ""
        yield f"\n{speaker}`{paragraph.clock}`\n\n{escaped(paragraph.text)}"
    if not chapter.paragraphs:
        yield f"\n*{no_text}*"
