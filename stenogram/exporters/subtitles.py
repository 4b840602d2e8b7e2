"""What SRT and WebVTT have in common."""

from dataclasses import replace

from stenogram.exporters.document import display_name, plain
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.cues import Cue, cues
from stenogram.speech.transcript import Segment, Word

_LONGEST_NAME = 24  # characters, so that a name leaves room for words on its line


def cues_of(request: ExportRequest, *, names: bool) -> tuple[Cue, ...]:
    """The cues of a transcript. With ``names``, a change of speaker is told as ``Name:`` before the words."""
    segments = request.transcript.segments
    several = len({segment.speaker for segment in segments}) > 1
    return cues(_named(request, segments) if names and several else segments)


def _named(request: ExportRequest, segments: tuple[Segment, ...]) -> list[Segment]:
    named: list[Segment] = []
    before: str | None = None
    for segment in segments:
        changes = segment.speaker is not None and segment.speaker != before and segment.words
        named.append(_with_name(segment, display_name(request, segment.speaker or "")) if changes else segment)
        before = segment.speaker
    return named


def _with_name(segment: Segment, name: str) -> Segment:
    first = segment.words[0]
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
    said = Word(f"{short}: {first.text.strip()}", first.start, first.end, first.probability)
    return replace(segment, words=(said, *segment.words[1:]))


def line_text(line: str) -> str:
    """A line of a cue without characters that break the format."""
    return plain(line).replace("-->", "→")
