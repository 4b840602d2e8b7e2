"""Who said what: the recogniser's words x the diarizer's exclusive turns -> segments that people read.

Whatever the turns say, the words of all segments are the words of the hypothesis, in their order.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Protocol

from stenogram.speech.transcript import Hypothesis, Segment, Speaker, Turn, Word

PHRASE_PAUSE = 0.3
"""Seconds of silence that set a phrase apart without punctuation (inter-pausal units are usually cut at 0.2-0.3 s)."""

_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'»”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:—–、，；：]+[\"'»”’)\]]*$")


@dataclass(frozen=True, slots=True)
class ParagraphRules:
    """When a paragraph ends; seconds. Up to ``longest`` only within a paragraph of more than one word."""

    max_pause: float = 1.2  # a silence of this length always ends it
    comfortable: float = 30.0  # from here on the next sentence end ends it
    longest: float = 60.0  # never longer: cut at the best clause end or pause instead

    def __post_init__(self) -> None:
        if not (self.max_pause > 0 and 0 < self.comfortable <= self.longest):
            raise ValueError("expected max_pause > 0 and 0 < comfortable <= longest")


@dataclass(slots=True)
class _Run:
    """Words in a row that got the same speaker."""

    speaker: str | None
    words: list[Word]

    @property
    def duration(self) -> float:
        return max(word.end for word in self.words) - self.words[0].start


def attribute(
    hypothesis: Hypothesis,
    exclusive_turns: Sequence[Turn],
    *,
    max_pause: float = 1.2,
    comfortable: float = 30.0,
    longest: float = 60.0,
    shortest_flip: float = 0.5,
) -> tuple[Segment, ...]:
    """Segments with speakers.

    A word belongs to the speaker whose turns overlap it longest in sum; without any overlap, to the nearest turn. A
    change of speaker moves to the end of a phrase that is less than ``shortest_flip`` seconds away, for neither words
    nor turns are timed more exactly. A change shorter than that joins its neighbour unless it is a phrase of its own
    (a whole answer). ``exclusive_turns`` must not overlap (``Diarization`` checks that); without turns nobody is named.
    """
    rules = ParagraphRules(max_pause, comfortable, longest)
    if not exclusive_turns:
        return unattributed(hypothesis, max_pause=max_pause, comfortable=comfortable, longest=longest)
    runs = _runs(hypothesis.words, exclusive_turns)
    _move_changes(runs, shortest_flip)
    runs = _without_flips(runs, shortest_flip)
    return _segments(runs, rules)


def unattributed(
    hypothesis: Hypothesis, *, max_pause: float = 1.2, comfortable: float = 30.0, longest: float = 60.0
) -> tuple[Segment, ...]:
    """Segments without speakers, cut at pauses and sentence ends only."""
    words = list(hypothesis.words)
    runs = [_Run(None, words)] if words else []
    return _segments(runs, ParagraphRules(max_pause, comfortable, longest))


def loudest(segment: Segment, exclusive_turns: Sequence[Turn]) -> str | None:
    """Who speaks longest within the segment; None: nobody does."""
    shared: dict[str, float] = {}
    for turn in exclusive_turns:
        overlap = min(turn.end, segment.end) - max(turn.start, segment.start)
        if overlap > 0:
            shared[turn.speaker] = shared.get(turn.speaker, 0.0) + overlap
    return max(shared, key=shared.__getitem__, default=None)


def speakers_of(segments: Sequence[Segment]) -> tuple[Speaker, ...]:
    """The speakers, in the order in which they first speak."""
    labels = dict.fromkeys(segment.speaker for segment in segments if segment.speaker is not None)
    return tuple(Speaker(label) for label in labels)


class Spoken(Protocol):
    """Somebody speaks from ``start`` to ``end``, in seconds."""

    @property
    def speaker(self) -> str | None: ...

    @property
    def start(self) -> float: ...

    @property
    def end(self) -> float: ...


def talk_time(segments: Iterable[Spoken]) -> dict[str, float]:
    """Seconds per speaker label: the lengths of that speaker's segments, short pauses inside them included."""
    seconds: dict[str, float] = {}
    for segment in segments:
        if segment.speaker is not None:
            seconds[segment.speaker] = seconds.get(segment.speaker, 0.0) + segment.end - segment.start
    return seconds


# --- word -> speaker ---


class _Timeline:
    """Exclusive turns by time; each question costs a binary search and the turns that it touches."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turns, key=lambda turn: (turn.start, turn.end))
        self._starts = [turn.start for turn in self._turns]

    def speaker(self, word: Word) -> str:
        shared: dict[str, float] = {}
        for turn in self._touching(word):
            overlap = min(turn.end, word.end) - max(turn.start, word.start)
            if overlap > 0:
                shared[turn.speaker] = shared.get(turn.speaker, 0.0) + overlap
        if shared:
            return max(shared, key=shared.__getitem__)
        return min(self._touching(word), key=lambda turn: _distance(turn, word)).speaker

    def _touching(self, word: Word) -> Sequence[Turn]:
        """The turns from the last that starts by the word's start to the first that starts after its end."""
        first = max(bisect_right(self._starts, word.start) - 1, 0)
        return self._turns[first : bisect_right(self._starts, word.end) + 1]


def _distance(turn: Turn, word: Word) -> float:
    return max(turn.start - word.end, word.start - turn.end, 0.0)


def _runs(words: Sequence[Word], turns: Sequence[Turn]) -> list[_Run]:
    timeline = _Timeline(turns)
    runs: list[_Run] = []
    for word in words:
        _append(runs, _Run(timeline.speaker(word), [word]))
    return runs


def _append(runs: list[_Run], run: _Run) -> None:
    if runs and runs[-1].speaker == run.speaker:
        runs[-1].words.extend(run.words)
    else:
        runs.append(run)


# --- changes of speaker ---


def _move_changes(runs: Sequence[_Run], reach: float) -> None:
    """Let changes within a phrase fall on its end where that is less than ``reach`` seconds away, the nearer end."""
    for left, right in pairwise(runs):
        if _parted(left.words[-1], right.words[0]):
            continue
        words, change = [*left.words, *right.words], len(left.words)
        ends = [cut for cut in _near(words, change, reach) if _parted(words[cut - 1], words[cut])]
        if ends:
            cut = min(ends, key=lambda cut: abs(words[cut].start - words[change].start))
            left.words, right.words = words[:cut], words[cut:]


def _near(words: Sequence[Word], change: int, reach: float) -> Iterator[int]:
    """Where to cut so that less than ``reach`` seconds of words change sides and each side keeps one."""
    yield from takewhile(lambda cut: words[change - 1].end - words[cut].start < reach, range(change - 1, 0, -1))
    yield from takewhile(lambda cut: words[cut - 1].end - words[change].start < reach, range(change + 1, len(words)))


def _without_flips(runs: Sequence[_Run], shortest: float) -> list[_Run]:
    kept: list[_Run] = []
    pending: list[Word] = []  # words of a flip that join the run after it
    for index, run in enumerate(runs):
        run.words[:0], pending = pending, []
        before = kept[-1] if kept else None
        after = runs[index + 1] if index + 1 < len(runs) else None
        if run.duration >= shortest or _is_phrase(run, before, after):
            _append(kept, run)
        elif _joins_next(run, before, after):
            pending = run.words
        elif before is not None:
            before.words.extend(run.words)
        else:
            _append(kept, run)
    return kept


def _is_phrase(run: _Run, before: _Run | None, after: _Run | None) -> bool:
    """A whole answer stands between sentence ends or pauses on both sides."""
    return (before is None or _parted(before.words[-1], run.words[0])) and (
        after is None or _parted(run.words[-1], after.words[0])
    )


def _parted(word: Word, following: Word) -> bool:
    return ends_sentence(word) or following.start - word.end >= PHRASE_PAUSE


def _joins_next(run: _Run, before: _Run | None, after: _Run | None) -> bool:
    """A flip stays with the neighbour from which nothing parts it, else with the one that is nearer in time."""
    if after is None:
        return False
    if before is None:
        return True
    parted_before = _parted(before.words[-1], run.words[0])
    if parted_before != _parted(run.words[-1], after.words[0]):
        return parted_before
    return after.words[0].start - run.words[-1].end < run.words[0].start - before.words[-1].end


# --- paragraphs ---


def ends_sentence(word: Word) -> bool:
    """The word closes a sentence, by its punctuation."""
    return _SENTENCE_END.search(word.text.rstrip()) is not None


def ends_clause(word: Word) -> bool:
    """The word closes a part of a sentence (comma, colon, dash), by its punctuation."""
    return _CLAUSE_END.search(word.text.rstrip()) is not None


def _segments(runs: Sequence[_Run], rules: ParagraphRules) -> tuple[Segment, ...]:
    pieces = ((run.speaker, words) for run in runs for words in _paragraphs(run.words, rules))
    return tuple(
        Segment(
            id=f"s{number:04d}",
            start=min(word.start for word in words),
            end=max(word.end for word in words),
            words=tuple(words),
            speaker=speaker,
        )
        for number, (speaker, words) in enumerate(pieces, start=1)
    )


def _paragraphs(words: Sequence[Word], rules: ParagraphRules) -> Iterator[Sequence[Word]]:
    start = 0
    while start < len(words):
        end = _paragraph_end(words, start, rules)
        yield words[start:end]
        start = end


def _paragraph_end(words: Sequence[Word], start: int, rules: ParagraphRules) -> int:
    begin = words[start].start
    for index in range(start, len(words) - 1):
        word, following = words[index], words[index + 1]
        if following.start - word.end >= rules.max_pause:
            return index + 1
        if word.end - begin >= rules.comfortable and ends_sentence(word):
            return index + 1
        if following.end - begin > rules.longest:
            return _best_cut(words, start, index + 1, rules)
    return len(words)


def _best_cut(words: Sequence[Word], start: int, end: int, rules: ParagraphRules) -> int:
    """The cut in the second half of an over-long paragraph: at a clause end if there is one, at the longest pause."""
    half = words[start].start + rules.comfortable / 2

    def merit(cut: int) -> tuple[bool, float, int]:
        return ends_clause(words[cut - 1]), words[cut].start - words[cut - 1].end, cut

    late = [cut for cut in range(start + 1, end + 1) if words[cut - 1].end >= half]
    return max(late, key=merit, default=end)
