"""What every document for people shows, made once: words chosen, times written, speakers named and counted.

DOCX, HTML, PDF, Markdown and plain text differ in how they show a ``Document``, not in what.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from stenogram.exporters.wording import Wording, clock, wording
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.attribution import talk_time
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Segment, Speaker, Transcript
from stenogram.warnings import describe

CHAPTER = 600.0
"""Seconds. A long recording gets a heading every so often, for navigation."""
_LONG = 2 * CHAPTER

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (section 2.2) cannot carry; Word and HTML readers refuse a file with one."""

PALETTE = ("0B6E99", "B04A16", "6A4BB5", "2B7A3D", "AB2F6B", "7A6400", "1E6F6B", "9C3434", "4760A8", "5F6B1D")
"""One colour per speaker, each at least 4.5:1 on white (WCAG 2.2, 1.4.3): those of the page, ``tokens.css``."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that a statement rests on; ``anchor`` is the id of the paragraph said then, if it is shown."""

    clock: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Point:
    text: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Task:
    text: str
    owner: str
    due: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker: share of all talk as ``43 %``, colour as ``RRGGBB``, tone as a word or empty."""

    name: str
    talk_time: str
    share: str
    color: str
    tone: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One segment. ``speaker`` is None where nobody is named or the speaker before goes on."""

    id: str
    clock: str
    speaker: str | None
    color: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Ten minutes of a long recording; the only chapter of a short one has no title."""

    title: str | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Document:
    language: str
    words: Wording
    title: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    summary: tuple[Point, ...]
    decisions: tuple[Point, ...]
    tasks: tuple[Task, ...]
    keyphrases: tuple[str, ...]
    voices: tuple[Voice, ...]
    chapters: tuple[Chapter, ...]

    @property
    def has_tones(self) -> bool:
        return any(voice.tone for voice in self.voices)


def plain(text: str) -> str:
    """One line of text without characters that files cannot carry."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def document(request: ExportRequest) -> Document:
    transcript, minutes = request.transcript, request.minutes
    clocks = _Clocks(transcript)
    return Document(
        language=request.language,
        words=wording(request.language),
        title=plain(transcript.title) or wording(request.language).transcript,
        facts=tuple(_facts(request)),
        warnings=tuple(plain(describe(code, request.language)) for code in _warnings(transcript, minutes)),
        summary=tuple(Point(plain(s.text), clocks.moments(s.at)) for s in minutes.summary) if minutes else (),
        decisions=tuple(Point(plain(s.text), clocks.moments(s.at)) for s in minutes.decisions) if minutes else (),
        tasks=tuple(_tasks(minutes, clocks)) if minutes else (),
        keyphrases=tuple(plain(k.text) for k in minutes.keyphrases) if minutes else (),
        voices=tuple(_voices(request)),
        chapters=tuple(_chapters(request, clocks)),
    )


def _warnings(transcript: Transcript, minutes: Minutes | None) -> Iterable[str]:
    return dict.fromkeys((*transcript.warnings, *(minutes.notes if minutes else ())))


class _Clocks:
    """Writes the times of one transcript alike, and finds the paragraph of each."""

    def __init__(self, transcript: Transcript) -> None:
        ends = [segment.end for segment in transcript.segments]
        self._hours = max([transcript.duration, *ends]) >= 3600
        self._segments = sorted(transcript.segments, key=lambda segment: segment.start)
        self._starts = [segment.start for segment in self._segments]

    def clock(self, seconds: float) -> str:
        return clock(seconds, hours=self._hours)

    def moments(self, times: Sequence[float]) -> tuple[Moment, ...]:
        return tuple(Moment(self.clock(at), self._anchor(at)) for at in times)

    def _anchor(self, at: float) -> str | None:
        index = bisect_right(self._starts, at + 0.001) - 1
        if index < 0 or at > self._segments[index].end + 1.0:
            return None
        return self._segments[index].id


# --- the head ---


def _facts(request: ExportRequest) -> Iterator[tuple[str, str]]:
    """What is known of the recording and of how the text was made; ``metadata`` is described in ExportRequest."""
    words, transcript = wording(request.language), request.transcript
    if name := request.metadata.get("file_name"):
        yield words.file, plain(str(name))
    if created := request.metadata.get("created_at"):
        yield words.created, _date(created, request.language)
    yield words.duration, clock(transcript.duration, hours=transcript.duration >= 3600)
    language = words.languages.get(transcript.language, transcript.language)
    yield words.language, f"{language} ({transcript.language_probability:.0%})".replace("%", "\u00a0%")
    stages = {"transcribe": words.recognition, "diarize": words.diarization, "summarize": words.minutes}
    for source in transcript.provenance:
        yield stages.get(source.stage, source.stage), plain(f"{source.engine} · {source.model}")


def _date(value: object, language: str) -> str:
    """Of a datetime or its ISO 8601 form; anything else is shown as it is."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return plain(str(value))
    zone = " UTC" if moment.utcoffset() is not None and not moment.utcoffset() else ""
    return f"{moment:%d.%m.%Y %H:%M}{zone}" if language == "ru" else f"{moment:%Y-%m-%d %H:%M}{zone}"


def _tasks(minutes: Minutes, clocks: _Clocks) -> Iterator[Task]:
    for action in minutes.actions:
        yield Task(plain(action.text), plain(action.owner or ""), plain(action.due or ""), clocks.moments(action.at))


# --- speakers ---


def _voices(request: ExportRequest) -> Iterator[Voice]:
    """Who speaks in this part of the recording, in the order of the transcript."""
    seconds = talk_time(request.transcript.segments)
    total = sum(seconds.values()) or 1.0
    sentiments = request.minutes.sentiments if request.minutes else ()
    tones = {item.speaker: wording(request.language).tones[item.sentiment] for item in sentiments}
    for label, (name, color) in _people(request).items():
        if label in seconds:
            talk = clock(seconds[label], hours=False)
            yield Voice(name, talk, f"{seconds[label] / total * 100:.0f}\u00a0%", color, tones.get(label, ""))


def _people(request: ExportRequest) -> dict[str, tuple[str, str]]:
    """Label -> (name, colour), also for a label that only a segment knows."""
    known = [speaker.label for speaker in request.transcript.speakers]
    said = [segment.speaker for segment in request.transcript.segments if segment.speaker is not None]
    return {
        label: (display_name(request, label), PALETTE[request.colours.get(label, number) % len(PALETTE)])
        for number, label in enumerate(dict.fromkeys([*known, *said]))
    }


def display_name(request: ExportRequest, label: str) -> str:
    """What people call the speaker, or ``Speaker 1`` in the language of the document."""
    speaker = request.transcript.speaker(label) or Speaker(label)
    return plain(speaker.display(request.language)) or label


# --- the text ---


def _chapters(request: ExportRequest, clocks: _Clocks) -> Iterator[Chapter]:
    segments = [segment for segment in request.transcript.segments if plain(segment.text)]
    if not segments or segments[-1].end - segments[0].start < _LONG:
        yield Chapter(None, tuple(_paragraphs(segments, request, clocks)))
        return
    for number in sorted({int(segment.start // CHAPTER) for segment in segments}):
        part = [segment for segment in segments if int(segment.start // CHAPTER) == number]
        title = f"{clocks.clock(number * CHAPTER)} – {clocks.clock((number + 1) * CHAPTER)}"
        yield Chapter(title, tuple(_paragraphs(part, request, clocks)))


def _paragraphs(segments: Sequence[Segment], request: ExportRequest, clocks: _Clocks) -> Iterator[Paragraph]:
    people = _people(request)
    before: str | None = None
    for segment in segments:
        name, color = people.get(segment.speaker or "", ("", PALETTE[-1]))
        shown = name if name and segment.speaker != before else None
        before = segment.speaker
        yield Paragraph(segment.id, clocks.clock(segment.start), shown, color, plain(segment.text))
