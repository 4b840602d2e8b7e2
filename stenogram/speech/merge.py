"""Two people's edits of one document put together: the twin of ``frontend/src/lib/edits/merge.ts``.

A three-way merge by words, so that it does not matter how either side came to what it has. No word is dropped: what
both have typed in one place is kept, theirs first; what both have typed alike counts once; an edit beats a deletion.
Of speakers, names and times, which can have but one value, mine holds where I have changed it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stenogram.speech.alignment import align, hunks
from stenogram.speech.difference import diff, placed, regions
from stenogram.speech.edits import (
    AddSpeaker,
    AnyOperation,
    Change,
    Document,
    Merge,
    Reassign,
    RemoveSpeaker,
    Rename,
    Split,
    apply,
    settled_words,
)
from stenogram.speech.respan import share
from stenogram.speech.transcript import Segment, Speaker, Word

_NUMBERED = re.compile(r"S[0-9]{1,9}")


def merge(base: Document, mine: Document, theirs: Document) -> Document:
    """What both have made of ``base``."""
    segments: list[Segment] = []
    for before, my, their in regions(base.segments, mine.segments, theirs.segments):
        segments += _region(before, my, their)
    used = {segment.speaker for segment in segments}
    return Document(tuple(segments), tuple(_speakers(base.speakers, mine.speakers, theirs.speakers, used)))


def rebase(changes: Sequence[Change], base: Document, onto: Document) -> tuple[tuple[Change, ...], Document]:
    """``changes``, made one after another on ``base``, as they are on ``onto``, and the document that they then give.

    Raises StenogramError("edit.invalid") where they do not fit ``base``.
    """
    done: list[Change] = []
    labels = _Labels(changes)
    for change in changes:
        after = apply(base, labels.freed(change.operations, onto))
        merged = merge(base, after, onto)
        done.append(Change(change.id, diff(onto, merged)))
        base, onto = after, merged
    return tuple(done), onto


# --- segments and words ---


@dataclass(frozen=True, slots=True)
class _Side:
    """A stretch of segments as one text. ``segments[owners[i]]`` holds ``words[i]``; each starts at ``starts``."""

    segments: tuple[Segment, ...]
    words: tuple[Word, ...]
    owners: tuple[int, ...]
    starts: tuple[int, ...]
    pairs: tuple[int, ...]  # number of the word that a word of the base is here, -1 for none
    inserted: dict[int, tuple[range, bool]]  # before which word of the base; instead of words of the base?


@dataclass(frozen=True, slots=True)
class _Item:
    """A word of the merged text and its numbers in the base, mine and theirs (None: not there)."""

    word: Word
    base: int | None
    mine: int | None
    theirs: int | None


def _side(segments: tuple[Segment, ...], base: Sequence[str]) -> _Side:
    words = tuple(word for segment in segments for word in segment.words)
    owners = tuple(place for place, segment in enumerate(segments) for _ in segment.words)
    starts = tuple(sum(len(segment.words) for segment in segments[:place]) for place in range(len(segments)))
    pairs = align(base, [word.text for word in words])
    inserted = {
        hunk.start: (range(hunk.right_start, hunk.right_stop), hunk.stop > hunk.start)
        for hunk in hunks(pairs, len(words))
        if hunk.right_stop > hunk.right_start
    }
    return _Side(segments, words, owners, starts, tuple(pairs), inserted)


def _region(before: tuple[Segment, ...], mine: tuple[Segment, ...], theirs: tuple[Segment, ...]) -> tuple[Segment, ...]:
    if mine == before:
        return theirs
    if theirs in (before, mine):
        return mine if theirs == before else theirs
    texts = [word.text for segment in before for word in segment.words]
    base, my, their = _side(before, texts), _side(mine, texts), _side(theirs, texts)
    items = _items(base, my, their)
    words = settled_words(item.word for item in items)
    return tuple(_segments(base, my, their, items, words))


def _items(base: _Side, mine: _Side, theirs: _Side) -> list[_Item]:
    items: list[_Item] = []
    for number in range(len(base.words) + 1):
        items += _typed(mine, theirs, number)
        if number < len(base.words) and mine.pairs[number] >= 0 and theirs.pairs[number] >= 0:
            my, their = mine.pairs[number], theirs.pairs[number]
            word = _kept(base.words[number], mine.words[my], theirs.words[their])
            items.append(_Item(word, number, my, their))
    return items


def _kept(base: Word, mine: Word, theirs: Word) -> Word:
    times = mine if (mine.start, mine.end) != (base.start, base.end) else theirs
    probability = mine.probability if mine.probability != base.probability else theirs.probability
    merged = Word(theirs.text, times.start, times.end, probability)
    return theirs if merged == theirs else merged


def _typed(mine: _Side, theirs: _Side, number: int) -> list[_Item]:
    """What was typed before this word of the base."""
    my, i_replaced = mine.inserted.get(number, (range(0), False))
    their, they_replaced = theirs.inserted.get(number, (range(0), False))
    if not my or not their:
        return [_Item(mine.words[at], None, at, None) for at in my] + [
            _Item(theirs.words[at], None, None, at) for at in their
        ]
    items = _united(mine, theirs, my, their, mine_first=they_replaced and not i_replaced)
    if len(items) == len(my) == len(their):
        return items
    words = [item.word for item in items]
    spans = share([word.text for word in words], min(w.start for w in words), max(w.end for w in words))
    return [
        replace(item, word=replace(item.word, start=start, end=end))
        for item, (start, end) in zip(items, spans, strict=True)
    ]


def _united(mine: _Side, theirs: _Side, my: range, their: range, *, mine_first: bool) -> list[_Item]:
    """Both runs, with what is the same in both once."""
    pairs = align([theirs.words[at].text for at in their], [mine.words[at].text for at in my])
    items: list[_Item] = []
    at = my_at = 0
    for number, pair in enumerate([*pairs, len(my)]):
        if pair < 0:
            continue
        runs = (
            [_Item(theirs.words[one], None, None, one) for one in their[at:number]],
            [_Item(mine.words[one], None, one, None) for one in my[my_at:pair]],
        )
        items += runs[1] + runs[0] if mine_first else runs[0] + runs[1]
        if number < len(their):
            items.append(_Item(theirs.words[their[number]], None, my[pair], their[number]))
        at, my_at = number + 1, pair + 1
    return items


def _segments(
    base: _Side, mine: _Side, theirs: _Side, items: Sequence[_Item], words: tuple[Word, ...]
) -> list[Segment]:
    cuts = {0: theirs.segments[0]}
    for side, numbers in (
        (theirs, [item.theirs for item in items]),
        (mine, [item.mine for item in items]),
    ):
        for segment, start in zip(side.segments[1:], side.starts[1:], strict=True):
            place = next((at for at, one in enumerate(numbers) if one is not None and one >= start), len(items))
            fresh = all(segment.id != cut.id for cut in cuts.values())
            if fresh and place < len(items):
                cuts.setdefault(place, segment)
    places = sorted(cuts)
    made: list[Segment] = []
    for place, stop in zip(places, [*places[1:], len(items)], strict=True):
        speaker = _speaker(base, mine, theirs, items[place] if place else None)
        made.append(_segment(cuts[place], words[place:stop], mine, theirs, speaker, given=place > 0))
    return made


def _speaker(base: _Side, mine: _Side, theirs: _Side, first: _Item | None) -> str | None:
    """Of the segment that all three begin with (``first`` is None), or of one that begins with this word."""
    if first is None:
        return _chosen(*((side.segments[0].speaker,) for side in (base, mine, theirs)))
    return _chosen(_label(base, first.base), _label(mine, first.mine), _label(theirs, first.theirs))


_Label = tuple[str | None]


def _label(side: _Side, number: int | None) -> _Label | None:
    """Who says this word there; None: nobody, for the word is not there."""
    return None if number is None else (side.segments[side.owners[number]].speaker,)


def _chosen(was: _Label | None, my: _Label | None, their: _Label | None) -> str | None:
    chosen = their if my is None or (their is not None and my == was) else my
    return chosen[0] if chosen else None


def _segment(
    cut: Segment, words: tuple[Word, ...], mine: _Side, theirs: _Side, speaker: str | None, *, given: bool
) -> Segment:
    """With the bounds that either side gave to just these words, else with those of the words."""
    for side in (theirs, mine):
        for segment in side.segments:
            if segment.id == cut.id and segment.words == words:
                return segment if segment.speaker == speaker else replace(segment, speaker=speaker)
    start, end = (words[0].start, words[-1].end) if words else (cut.start, cut.end)
    return Segment(cut.id, start, end, words, speaker)


# --- speakers ---


def _speakers(
    base: Sequence[Speaker], mine: Sequence[Speaker], theirs: Sequence[Speaker], used: set[str | None]
) -> list[Speaker]:
    was = {speaker.label: speaker for speaker in base}
    my = {speaker.label: speaker for speaker in mine}
    merged = [
        my[speaker.label] if speaker.label in my and my[speaker.label] != was.get(speaker.label) else speaker
        for speaker in theirs
        if speaker.label in my or speaker.label not in was or speaker.label in used
    ]
    for wanted, needed in ((mine, set(my) - set(was)), (base, used), (mine, used)):
        known = {speaker.label for speaker in merged}
        follow = [speaker for speaker in wanted if speaker.label in known or speaker.label in needed]
        for place, speaker in list(placed(merged, follow)):
            merged.insert(place, speaker)
    return merged


class _Labels:
    """New labels for speakers that are added under one that somebody else has taken for another speaker."""

    def __init__(self, changes: Iterable[Change]) -> None:
        operations = [operation for change in changes for operation in change.operations]
        self._mentioned = {operation.label for operation in operations if isinstance(operation, AddSpeaker)}
        self._fresh: dict[str, str] = {}

    def freed(self, operations: Iterable[AnyOperation], onto: Document) -> list[AnyOperation]:
        theirs = {speaker.label: speaker.name for speaker in onto.speakers}
        return [self._freed(operation, theirs) for operation in operations]

    def _freed(self, operation: AnyOperation, theirs: dict[str, str | None]) -> AnyOperation:
        if isinstance(operation, AddSpeaker):
            self._fresh.pop(operation.label, None)
            if theirs.get(operation.label, operation.name) != operation.name:
                self._mentioned.add(fresh := _fresh_label({*theirs, *self._mentioned}))
                self._fresh[operation.label] = fresh
        return _relabelled(operation, self._fresh)


def _fresh_label(taken: Iterable[str]) -> str:
    numbers = [int(label[1:]) for label in taken if _NUMBERED.fullmatch(label)]
    return f"S{max(numbers, default=0) + 1}"


def _relabelled(operation: AnyOperation, fresh: dict[str, str]) -> AnyOperation:
    if isinstance(operation, AddSpeaker | RemoveSpeaker | Rename):
        return replace(operation, label=fresh.get(operation.label, operation.label))
    if isinstance(operation, Reassign):
        before, after = (
            tuple(_label_now(label, fresh) for label in side) for side in (operation.before, operation.after)
        )
        return replace(operation, before=before, after=after)
    if isinstance(operation, Merge):
        return replace(operation, next_speaker=_label_now(operation.next_speaker, fresh))
    if isinstance(operation, Split):
        return replace(operation, speaker_after=_label_now(operation.speaker_after, fresh))
    return operation


def _label_now(label: str | None, fresh: dict[str, str]) -> str | None:
    return None if label is None else fresh.get(label, label)
