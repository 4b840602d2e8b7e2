"""Plain text, for mail and for people without anything else."""

from collections.abc import Iterator

from stenogram.exporters.document import Chapter, Document, Moment, Point, Task, document
from stenogram.pipeline.ports import ExportRequest


def export(request: ExportRequest) -> bytes:
    return ("\n".join(_lines(document(request))) + "\n").encode()


def _lines(doc: Document) -> Iterator[str]:
    words = doc.words
    yield from (doc.title, "=" * min(len(doc.title), 78), "")
    yield from (f"{label}: {value}" for label, value in doc.facts)
    yield from (f"\n{words.warning}: {warning}" for warning in doc.warnings)
    yield from _block(words.summary, (_point(point) for point in doc.summary))
    yield from _block(words.decisions, (_point(point) for point in doc.decisions))
    yield from _block(words.actions, (_task(task) for task in doc.tasks))
    yield from _block(words.keyphrases, [", ".join(doc.keyphrases)] if doc.keyphrases else [])
    voices = (f"{v.name}: {v.talk_time} ({v.share})" + (f", {v.tone}" if v.tone else "") for v in doc.voices)
    yield from _block(words.speakers, voices)
    yield from _heading(words.transcript)
    for chapter in doc.chapters:
        yield from _chapter(chapter, words.no_text)


def _heading(title: str) -> tuple[str, ...]:
    return "", title, "-" * len(title)


def _block(title: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    items = list(lines)
    if items:
        yield from _heading(title)
        yield from items


def _moments(moments: tuple[Moment, ...]) -> str:
    return f" [{', '.join(moment.clock for moment in moments)}]" if moments else ""


def _point(point: Point) -> str:
    return f"• {point.text}{_moments(point.moments)}"


def _task(task: Task) -> str:
    who = ", ".join(part for part in (task.owner, task.due) if part)
    return f"• {task.text}{f' ({who})' if who else ''}{_moments(task.moments)}"


def _chapter(chapter: Chapter, no_text: str) -> Iterator[str]:
    if chapter.title:
        yield f"\n{chapter.title}"
    for paragraph in chapter.paragraphs:
        yield f"\n[{paragraph.clock}] {paragraph.speaker}:" if paragraph.speaker else f"[{paragraph.clock}]"
        yield paragraph.text
    if not chapter.paragraphs:
        yield no_text
