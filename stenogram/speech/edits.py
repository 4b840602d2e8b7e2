"""Operations on a transcript, each with its inverse; ``frontend/src/lib/edits`` is the twin of this module.

A document is a transcript's segments and speakers. In each segment starts and ends of words never run backwards, and
its bounds hold them: ``document_of`` sees to it, every operation keeps it, and one that would not is refused. Field
names are those of the JSON that crosses the network.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from stenogram.errors import StenogramError
from stenogram.speech.transcript import Segment, Speaker, Word

Span = tuple[float, float]
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LABEL = re.compile(r"[A-Za-z0-9_-]{1,16}")


@dataclass(frozen=True, slots=True)
class Document:
    """What can be edited of a transcript, in its order."""

    segments: tuple[Segment, ...]
    speakers: tuple[Speaker, ...] = ()


def document_of(segments: Iterable[Segment], speakers: Iterable[Speaker]) -> Document:
    """The document of a transcript; times that run backwards within a segment are held at the latest so far."""
    return Document(tuple(settled(segment) for segment in segments), tuple(speakers))


def settled(segment: Segment) -> Segment:
    """The segment itself where its times are in order, else one in which they are."""
    if _holds(segment, segment.words) and in_order(segment.words):
        return segment
    words = settled_words(segment.words)
    start = min(segment.start, words[0].start)
    return replace(segment, words=words, start=start, end=max(segment.end, words[-1].end))


def settled_words(words: Iterable[Word]) -> tuple[Word, ...]:
    """No start and no end before the one of the word before it; words that are in order stay the same objects."""
    kept: list[Word] = []
    start = end = 0.0
    for word in words:
        start = max(start, word.start)
        end = max(end, word.end, start)
        kept.append(word if (word.start, word.end) == (start, end) else replace(word, start=start, end=end))
    return tuple(kept)


def in_order(words: Sequence[Word]) -> bool:
    return all(left.start <= right.start and left.end <= right.end for left, right in pairwise(words))


def _holds(segment: Segment, words: Sequence[Word]) -> bool:
    return not words or (segment.start <= words[0].start and words[-1].end <= segment.end)


class Draft:
    """A document being changed; ``apply`` gives it to one operation after another."""

    def __init__(self, document: Document) -> None:
        self.segments = list(document.segments)
        self.speakers = list(document.speakers)
        self._places: dict[str, int] | None = None

    def document(self) -> Document:
        return Document(tuple(self.segments), tuple(self.speakers))

    def has(self, segment_id: str) -> bool:
        return segment_id in self._index()

    def place(self, segment_id: str) -> int:
        place = self._index().get(segment_id)
        if place is None:
            raise refused(f"no segment {segment_id}")
        return place

    def put(self, place: int, count: int, segments: Sequence[Segment]) -> None:
        """``segments`` in place of ``count`` ones; only ``put`` of one for one may be the same segment's."""
        if count != 1 or len(segments) != 1:
            self._places = None
        self.segments[place : place + count] = segments

    def speaker(self, label: str) -> int:
        place = next((place for place, speaker in enumerate(self.speakers) if speaker.label == label), None)
        if place is None:
            raise refused(f"no speaker {label}")
        return place

    def know(self, label: str | None) -> None:
        if label is not None:
            self.speaker(label)

    def _index(self) -> dict[str, int]:
        if self._places is None:
            self._places = {segment.id: place for place, segment in enumerate(self.segments)}
        return self._places


def refused(why: str) -> StenogramError:
    return StenogramError("edit.invalid", why)


def _expect(held: bool, why: str) -> None:
    if not held:
        raise refused(why)


class Operation(ABC):
    """One step of a change."""

    __slots__ = ()

    @abstractmethod
    def apply(self, draft: Draft) -> None:
        """Raises StenogramError("edit.invalid") where it does not fit; the draft is then of no use."""

    @abstractmethod
    def inverse(self) -> "Operation":
        """Applied right after this one, it brings back exactly what was there before."""


def apply(document: Document, operations: Iterable[Operation]) -> Document:
    """The document after all of them. Raises StenogramError("edit.invalid")."""
    draft = Draft(document)
    for operation in operations:
        operation.apply(draft)
    return draft.document()


def invert(operations: "Sequence[AnyOperation]") -> "tuple[AnyOperation, ...]":
    """What takes all of them back, in the order in which to apply it."""
    return tuple(operation.inverse() for operation in reversed(operations))


@dataclass(frozen=True, slots=True)
class Replace(Operation):
    """Words ``at .. at + len(before)`` become ``after``. Without ``ends`` (bounds before and after) the bounds stay."""

    segment: str
    at: int
    before: tuple[Word, ...]
    after: tuple[Word, ...]
    ends: tuple[Span, Span] | None = None
    type: Literal["replace"] = "replace"

    def apply(self, draft: Draft) -> None:
        place = draft.place(self.segment)
        segment = draft.segments[place]
        _expect(_slice(segment, self.at, len(self.before)) == self.before, f"other words at {self.at} of {segment.id}")
        draft.put(place, 1, [_with_words(segment, self.at, len(self.before), self.after, self.ends)])

    def inverse(self) -> "Replace":
        return Replace(self.segment, self.at, self.after, self.before, _swapped(self.ends))


@dataclass(frozen=True, slots=True)
class Retime(Operation):
    """Words ``at .. at + len(before)`` get other times; ``ends`` as in ``Replace``."""

    segment: str
    at: int
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    ends: tuple[Span, Span] | None = None
    type: Literal["retime"] = "retime"

    def apply(self, draft: Draft) -> None:
        place = draft.place(self.segment)
        segment = draft.segments[place]
        words = _slice(segment, self.at, len(self.before))
        _expect(tuple((word.start, word.end) for word in words) == self.before, f"other times in {segment.id}")
        _expect(len(self.after) == len(self.before), "a time for each word")
        _expect(all(0 <= start <= end for start, end in self.after), "a word ends before it starts")
        timed = tuple(replace(word, start=at[0], end=at[1]) for word, at in zip(words, self.after, strict=True))
        draft.put(place, 1, [_with_words(segment, self.at, len(words), timed, self.ends)])

    def inverse(self) -> "Retime":
        return Retime(self.segment, self.at, self.after, self.before, _swapped(self.ends))


@dataclass(frozen=True, slots=True)
class Split(Operation):
    """Words from ``at`` on become ``new_segment``, right behind; ``ends``: end of the one, start of the other."""

    segment: str
    at: int
    new_segment: str
    speaker_after: str | None
    ends: Span
    type: Literal["split"] = "split"

    def apply(self, draft: Draft) -> None:
        place = draft.place(self.segment)
        segment = draft.segments[place]
        _expect(0 <= self.at <= len(segment.words), f"no word {self.at} in {segment.id}")
        _expect(_ID.fullmatch(self.new_segment) is not None, "an id of 1 to 32 letters, digits, _ and -")
        _expect(not draft.has(self.new_segment), f"two segments {self.new_segment}")
        draft.know(self.speaker_after)
        end, start = self.ends
        left = _bounded(segment, segment.start, end, segment.words[: self.at])
        right = _bounded(segment, start, segment.end, segment.words[self.at :])
        draft.put(place, 1, [left, replace(right, id=self.new_segment, speaker=self.speaker_after)])

    def inverse(self) -> "Merge":
        return Merge(self.segment, self.new_segment, self.at, self.speaker_after, self.ends)


@dataclass(frozen=True, slots=True)
class Merge(Operation):
    """``next``, the one right behind, goes into ``segment``, which has ``at`` words; ``ends`` as in ``Split``."""

    segment: str
    next: str
    at: int
    next_speaker: str | None
    ends: Span
    type: Literal["merge"] = "merge"

    def apply(self, draft: Draft) -> None:
        place = draft.place(self.segment)
        _expect(draft.place(self.next) == place + 1, f"{self.next} is not right behind {self.segment}")
        left, right = draft.segments[place : place + 2]
        there = (len(left.words), right.speaker, (left.end, right.start))
        _expect((self.at, self.next_speaker, self.ends) == there, f"{self.segment} or {self.next} is different")
        words = (*left.words, *right.words)
        _expect(in_order(words[max(self.at - 1, 0) : self.at + 1]), "times run backwards")
        draft.put(place, 2, [_bounded(left, left.start, right.end, words)])

    def inverse(self) -> "Split":
        return Split(self.segment, self.at, self.next, self.next_speaker, self.ends)


@dataclass(frozen=True, slots=True)
class Reassign(Operation):
    """``segments[i]`` goes from speaker ``before[i]`` to ``after[i]``."""

    segments: tuple[str, ...]
    before: tuple[str | None, ...]
    after: tuple[str | None, ...]
    type: Literal["reassign"] = "reassign"

    def apply(self, draft: Draft) -> None:
        _expect(len(self.segments) == len(self.before) == len(self.after), "a speaker for each segment")
        for label in dict.fromkeys(self.after):
            draft.know(label)
        for segment_id, before, after in zip(self.segments, self.before, self.after, strict=True):
            place = draft.place(segment_id)
            segment = draft.segments[place]
            _expect(segment.speaker == before, f"{segment_id} has another speaker")
            draft.put(place, 1, [replace(segment, speaker=after)])

    def inverse(self) -> "Reassign":
        return Reassign(self.segments[::-1], self.after[::-1], self.before[::-1])


@dataclass(frozen=True, slots=True)
class Rename(Operation):
    """Say what people call a voice; None takes it back."""

    label: str
    before: str | None
    after: str | None
    type: Literal["rename"] = "rename"

    def apply(self, draft: Draft) -> None:
        place = draft.speaker(self.label)
        _expect(draft.speakers[place].name == self.before, f"{self.label} has another name")
        draft.speakers[place] = Speaker(self.label, self.after)

    def inverse(self) -> "Rename":
        return Rename(self.label, self.after, self.before)


@dataclass(frozen=True, slots=True)
class AddSpeaker(Operation):
    """One more voice, at ``position`` of the speakers."""

    label: str
    name: str | None
    position: int
    type: Literal["add_speaker"] = "add_speaker"

    def apply(self, draft: Draft) -> None:
        _expect(_LABEL.fullmatch(self.label) is not None, "a label of 1 to 16 letters, digits, _ and -")
        _expect(all(speaker.label != self.label for speaker in draft.speakers), f"two speakers {self.label}")
        _expect(0 <= self.position <= len(draft.speakers), f"no place {self.position}")
        draft.speakers.insert(self.position, Speaker(self.label, self.name))

    def inverse(self) -> "RemoveSpeaker":
        return RemoveSpeaker(self.label, self.name, self.position)


@dataclass(frozen=True, slots=True)
class RemoveSpeaker(Operation):
    """Forget a voice that no segment has."""

    label: str
    name: str | None
    position: int
    type: Literal["remove_speaker"] = "remove_speaker"

    def apply(self, draft: Draft) -> None:
        place = draft.speaker(self.label)
        _expect((place, draft.speakers[place].name) == (self.position, self.name), f"{self.label} is different")
        _expect(all(segment.speaker != self.label for segment in draft.segments), f"{self.label} speaks")
        del draft.speakers[place]

    def inverse(self) -> "AddSpeaker":
        return AddSpeaker(self.label, self.name, self.position)


AnyOperation = Replace | Retime | Split | Merge | Reassign | Rename | AddSpeaker | RemoveSpeaker


@dataclass(frozen=True, slots=True)
class Change:
    """Operations that are applied together or not at all; one ``id`` (a UUID) is applied once."""

    id: str
    operations: tuple[AnyOperation, ...]


def _swapped(ends: tuple[Span, Span] | None) -> tuple[Span, Span] | None:
    return None if ends is None else (ends[1], ends[0])


def _slice(segment: Segment, at: int, count: int) -> tuple[Word, ...]:
    _expect(0 <= at <= at + count <= len(segment.words), f"no words {at} to {at + count} in {segment.id}")
    return segment.words[at : at + count]


def _with_words(
    segment: Segment, at: int, count: int, words: tuple[Word, ...], ends: tuple[Span, Span] | None
) -> Segment:
    whole = (*segment.words[:at], *words, *segment.words[at + count :])
    _expect(in_order(whole[max(at - 1, 0) : at + len(words) + 1]), "times run backwards")
    if ends is not None:
        _expect(ends[0] == (segment.start, segment.end), f"other bounds of {segment.id}")
    start, end = (segment.start, segment.end) if ends is None else ends[1]
    return _bounded(segment, start, end, whole)


def _bounded(segment: Segment, start: float, end: float, words: tuple[Word, ...]) -> Segment:
    _expect(0 <= start <= end, "a segment ends before it starts")
    made = replace(segment, start=start, end=end, words=words)
    _expect(_holds(made, words), f"words outside {segment.id}")
    return made
