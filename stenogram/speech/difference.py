"""The operations that lead from one document to another: the twin of ``frontend/src/lib/edits/diff.ts``.

Both descend from one document, so segments that have one id are the same; what is between two of them that both have
is compared word by word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from stenogram.speech.edits import (
    AddSpeaker,
    AnyOperation,
    Document,
    Merge,
    Reassign,
    RemoveSpeaker,
    Rename,
    Replace,
    Span,
    Split,
)
from stenogram.speech.transcript import Segment, Speaker, Word


def diff(start: Document, goal: Document) -> tuple[AnyOperation, ...]:
    """``apply(start, diff(start, goal)) == goal``; () where they are equal."""
    operations: list[AnyOperation] = [*_added(start.speakers, goal.speakers)]
    reassigned: list[tuple[str, str | None, str | None]] = []
    for there, wanted in regions(start.segments, goal.segments):
        if there != wanted:
            operations += _region(there, wanted)
            if there[0].speaker != wanted[0].speaker:
                reassigned.append((wanted[0].id, there[0].speaker, wanted[0].speaker))
    if reassigned:
        ids, before, after = zip(*reassigned, strict=True)
        operations.append(Reassign(ids, before, after))
    return (*operations, *_renamed(start.speakers, goal.speakers), *_removed(start.speakers, goal.speakers))


def regions(*documents: Sequence[Segment]) -> Iterator[tuple[tuple[Segment, ...], ...]]:
    """The segments of each from one that all have up to the next; ``documents`` begin with the same segment."""
    places = [{segment.id: place for place, segment in enumerate(segments)} for segments in documents[1:]]
    last = [-1] * len(documents)
    for number, segment in enumerate(documents[0]):
        found = [number, *(place.get(segment.id, -1) for place in places)]
        if any(new <= old for new, old in zip(found, last, strict=True)):
            continue
        if number:
            yield _between(documents, last, found)
        last = found
    if documents[0]:
        yield _between(documents, last, [len(segments) for segments in documents])


def _between(
    documents: Sequence[Sequence[Segment]], start: Sequence[int], stop: Sequence[int]
) -> tuple[tuple[Segment, ...], ...]:
    cuts = zip(documents, start, stop, strict=True)
    return tuple(tuple(segments[low:high]) for segments, low, high in cuts)


def in_line(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with times that do not run back from one to the next either; as a rule they are the same objects."""
    start = end = segments[0].start
    lined: list[Segment] = []
    for segment in segments:
        words: list[Word] = []
        for word in segment.words:
            start, end = max(start, word.start), max(end, word.end, start)
            words.append(word if (word.start, word.end) == (start, end) else replace(word, start=start, end=end))
        lined.append(_lined(segment, tuple(words), end))
    return tuple(lined)


def _lined(segment: Segment, words: tuple[Word, ...], end: float) -> Segment:
    bounds = (min(segment.start, words[0].start) if words else segment.start, max(segment.end, end))
    if bounds == (segment.start, segment.end) and words == segment.words:
        return segment
    return replace(segment, words=words, start=bounds[0], end=bounds[1])


def _region(there: Sequence[Segment], wanted: Sequence[Segment]) -> Iterator[AnyOperation]:
    """All into the first, its words replaced, and cut up again: what is the same in both stays untouched."""
    begun, ended = (there, wanted) if len(there) == len(wanted) == 1 else (in_line(there), in_line(wanted))
    for before, after in zip(there, begun, strict=True):
        yield from replaced(before, after)
    yield from _merged(begun)
    yield from replaced(_whole(begun), _whole(ended))
    yield from _cut(ended)
    for before, after in zip(ended, wanted, strict=True):
        yield from replaced(before, after)


def _whole(segments: Sequence[Segment]) -> Segment:
    words = tuple(word for segment in segments for word in segment.words)
    return replace(segments[0], end=segments[-1].end, words=words)


def _merged(segments: Sequence[Segment]) -> Iterator[Merge]:
    at = 0
    for left, right in pairwise(segments):
        at += len(left.words)
        yield Merge(segments[0].id, right.id, at, right.speaker, (left.end, right.start))


def _cut(segments: Sequence[Segment]) -> Iterator[Split]:
    at = sum(len(segment.words) for segment in segments)
    for left, right in reversed(list(pairwise(segments))):
        at -= len(right.words)
        yield Split(segments[0].id, at, right.id, right.speaker, (left.end, right.start))


def replaced(before: Segment, after: Segment) -> Iterator[Replace]:
    """What differs in words and bounds, as one operation or none."""
    was: Span = (before.start, before.end)
    bounds: Span = (after.start, after.end)
    if before.words == after.words and was == bounds:
        return
    most, head, tail = min(len(before.words), len(after.words)), 0, 0
    while head < most and before.words[head] == after.words[head]:
        head += 1
    while tail < most - head and before.words[-1 - tail] == after.words[-1 - tail]:
        tail += 1
    old, new = before.words[head : len(before.words) - tail], after.words[head : len(after.words) - tail]
    yield Replace(before.id, head, old, new, None if was == bounds else (was, bounds))


def placed(there: Sequence[Speaker], wanted: Sequence[Speaker]) -> Iterator[tuple[int, Speaker]]:
    """The speakers that are only in ``wanted`` and where to insert them, one after another: behind whom they follow."""
    labels = [speaker.label for speaker in there]
    place = 0
    for speaker in wanted:
        if speaker.label in labels:
            place = labels.index(speaker.label) + 1
        else:
            labels.insert(place, speaker.label)
            yield place, speaker
            place += 1


def _added(there: Sequence[Speaker], wanted: Sequence[Speaker]) -> Iterator[AddSpeaker]:
    for place, speaker in placed(there, wanted):
        yield AddSpeaker(speaker.label, speaker.name, place)


def _renamed(there: Sequence[Speaker], wanted: Sequence[Speaker]) -> Iterator[Rename]:
    names = {speaker.label: speaker.name for speaker in there}
    for speaker in wanted:
        if names.get(speaker.label, speaker.name) != speaker.name:
            yield Rename(speaker.label, names[speaker.label], speaker.name)


def _removed(there: Sequence[Speaker], wanted: Sequence[Speaker]) -> Iterator[RemoveSpeaker]:
    kept = {speaker.label for speaker in wanted}
    current = list(there)
    for place, speaker in placed(there, wanted):
        current.insert(place, speaker)
    for place, speaker in reversed(list(enumerate(current))):
        if speaker.label not in kept:
            yield RemoveSpeaker(speaker.label, speaker.name, place)
