"""The words of the domain. Times are float seconds from the start of the recording."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate


def _check_span(start: float, end: float, what: str) -> None:
    if not 0 <= start <= end:
        raise ValueError(f"{what}: expected 0 <= start <= end, got {start} and {end}")


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the recording in which somebody speaks (or any other half-open interval)."""

    start: float
    end: float

    def __post_init__(self) -> None:
        _check_span(self.start, self.end, "region")

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word. ``text`` carries its own leading space, as Whisper gives it: joining is ``"".join``."""

    text: str
    start: float
    end: float
    probability: float  # 0..1

    def __post_init__(self) -> None:
        _check_span(self.start, self.end, f"word {self.text!r}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"word {self.text!r}: probability {self.probability} outside 0..1")


@dataclass(frozen=True, slots=True)
class HypothesisSegment:
    """A phrase as the recogniser cut it, with the values that tell whether to believe it (Whisper's own three)."""

    start: float
    end: float
    words: tuple[Word, ...]
    no_speech_prob: float = 0.0
    avg_logprob: float = 0.0
    compression_ratio: float = 1.0

    def __post_init__(self) -> None:
        _check_span(self.start, self.end, "hypothesis segment")

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """ASR output. ``notes`` are machine-readable warnings such as ``demo_model`` or ``lighter_model:small``."""

    language: str
    language_probability: float
    segments: tuple[HypothesisSegment, ...]
    engine: str
    model: str
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody speaks. ``speaker`` is a label that is unique in the recording (``S1``, ``S2``, …)."""

    speaker: str
    start: float
    end: float
    confidence: float | None = None  # 0..1, None where the engine gives none

    def __post_init__(self) -> None:
        _check_span(self.start, self.end, f"turn of {self.speaker}")

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Diarization:
    """Diarization output. ``exclusive_turns`` never overlap; words are attributed by them."""

    turns: tuple[Turn, ...]
    exclusive_turns: tuple[Turn, ...]
    engine: str
    model: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for earlier, later in zip(self.exclusive_turns, self.exclusive_turns[1:], strict=False):
            if later.start < earlier.end - 1e-6:
                raise ValueError(f"exclusive turns overlap at {later.start}")

    @property
    def speakers(self) -> tuple[str, ...]:
        """Labels in the order in which they first speak."""
        return tuple(dict.fromkeys(turn.speaker for turn in sorted(self.turns, key=lambda turn: turn.start)))


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice in one recording. ``name`` is what people call it; None until somebody says so."""

    label: str
    name: str | None = None

    def display(self, language: str = "ru") -> str:
        """``Говорящий 1`` / ``Speaker 1`` until it has a name."""
        if self.name:
            return self.name
        number = self.label.removeprefix("S")
        return f"{'Говорящий' if language == 'ru' else 'Speaker'} {number}"


@dataclass(frozen=True, slots=True)
class Segment:
    """The merged unit people read and edit: words of one speaker in one breath. Its text is its words joined."""

    id: str
    start: float
    end: float
    words: tuple[Word, ...]
    speaker: str | None = None

    def __post_init__(self) -> None:
        _check_span(self.start, self.end, f"segment {self.id}")

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which engine and model made a part of the transcript."""

    stage: str  # "transcribe" | "diarize" | "summarize"
    engine: str
    model: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a run is for. ``warnings`` are codes (``demo_model``, ``no_diarization``, …) shown wherever it is shown."""

    title: str
    duration: float
    language: str
    language_probability: float
    segments: tuple[Segment, ...]
    speakers: tuple[Speaker, ...] = ()
    turns: tuple[Turn, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def speaker(self, label: str | None) -> Speaker | None:
        return next((speaker for speaker in self.speakers if speaker.label == label), None)

    def between(self, start: float | None = None, end: float | None = None) -> "Transcript":
        """The part from ``start`` to ``end``: words whose middle lies inside; empty segments and far turns go.

        Without ``end`` it goes on to the last word, wherever that is; without both it is the whole transcript.
        """
        if start is None and end is None:
            return self
        low, high = start or 0.0, math.inf if end is None else end
        return self._keeping(tuple(_clip(self.segments, low, high)), low, high)

    def only(self, segment_ids: Sequence[str]) -> "Transcript":
        """The chosen segments, in order of time; turns are kept where those segments lie."""
        wanted = set(segment_ids)
        kept = tuple(segment for segment in self.segments if segment.id in wanted)
        return replace(self, segments=kept, turns=tuple(_touching(self.turns, kept)))

    def _keeping(self, segments: tuple[Segment, ...], low: float, high: float) -> "Transcript":
        turns = tuple(
            replace(turn, start=max(turn.start, low), end=min(turn.end, high))
            for turn in self.turns
            if low < high and turn.start < high and low < turn.end
        )
        return replace(self, segments=segments, turns=turns)


def _touching(turns: Sequence[Turn], segments: Sequence[Segment]) -> Iterator[Turn]:
    """The turns that overlap a segment; a sweep, since an all-day recording has thousands of both."""
    by_start = sorted(segments, key=lambda segment: segment.start)
    starts = [segment.start for segment in by_start]
    furthest = list(accumulate((segment.end for segment in by_start), max))
    for turn in turns:
        before = bisect_left(starts, turn.end)
        if before and turn.start < furthest[before - 1]:
            yield turn


def _clip(segments: Sequence[Segment], low: float, high: float) -> list[Segment]:
    clipped = []
    for segment in segments:
        words = tuple(word for word in segment.words if low <= (word.start + word.end) / 2 < high)
        if words:
            whole = len(words) == len(segment.words)
            first, last = min(word.start for word in words), max(word.end for word in words)
            clipped.append(segment if whole else replace(segment, words=words, start=first, end=last))
    return clipped
