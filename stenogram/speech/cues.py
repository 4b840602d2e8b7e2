"""Segments -> subtitle cues, by the rules of broadcast subtitling.

Two lines of 42 characters, 1 to 7 s, at most 17 characters per second (Netflix Timed Text Style Guide; BBC Subtitle
Guidelines agree within a little), a gap of two frames between cues, breaks at the ends of phrases.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from stenogram.speech.attribution import ends_clause, ends_sentence
from stenogram.speech.transcript import Segment, Word


@dataclass(frozen=True, slots=True)
class CueRules:
    """Limits of one cue. ``characters_per_second`` and ``shortest`` are kept where the speech leaves room for them."""

    line: int = 42  # characters
    shortest: float = 1.0  # seconds
    longest: float = 7.0
    characters_per_second: float = 17.0
    gap: float = 0.084  # two frames at 24 per second

    def __post_init__(self) -> None:
        if self.line < 1 or not 0 < self.shortest <= self.longest or self.characters_per_second <= 0 or self.gap < 0:
            raise ValueError("expected line >= 1, 0 < shortest <= longest, characters_per_second > 0 and gap >= 0")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: one or two lines that one speaker says. A line is over the limit only where one word is."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str | None = None

    @property
    def text(self) -> str:
        return " ".join(self.lines)


DEFAULT_RULES = CueRules()
_FLASH = 0.1
"""Seconds. A cue is never shorter, even when words have no length: players drop empty cues."""


def cues(segments: Sequence[Segment], rules: CueRules = DEFAULT_RULES) -> tuple[Cue, ...]:
    """Cues in order of time that never overlap; a new segment (so a new speaker) always starts a new cue."""
    ordered = sorted(segments, key=lambda segment: segment.start)
    untimed = [_cue(words, segment, rules) for segment in ordered for words in _phrases(segment, rules)]
    return tuple(_timed(untimed, rules))


def _cue(words: Sequence[Word], segment: Segment, rules: CueRules) -> Cue:
    start = min(word.start for word in words)
    end = min(max(word.end for word in words), start + rules.longest)
    return Cue(start, end, _lines(words, rules.line), segment.speaker)


# --- which words make a cue: least cost over all ways to cut the segment ---

_BAD_PHRASE_END = 8.0
_CLAUSE_PHRASE_END = 1.5
_PAUSE_INSIDE = 8.0  # per second of silence kept inside a cue
_TOO_LONG = 1000.0  # per second over the limit
_TOO_SHORT = 8.0  # per second under the limit
_TOO_FAST = 0.6  # per character per second over the limit
_EVERY_CUE = 2.0  # few full cues read better than many scraps
_HANGING = 3.0  # a short function word at the end of a cue belongs to the next
_LONGEST_HANGING = 3  # characters: в, на, для, и, the, of, and …


class _Phrase:
    """The words of one segment, with prefix sums that tell the length, width and silence of any part at once."""

    def __init__(self, words: Sequence[Word], rules: CueRules) -> None:
        self.words = words
        self._rules = rules
        widths = [len(" ".join(word.text.split())) + (word.text != word.text.strip()) for word in words]
        self._widths = [0, *accumulate(widths)]
        self._silences = [0.0, 0.0, *accumulate(max(b.start - a.end, 0.0) for a, b in pairwise(words))]
        self._end_costs = [0.0, *(_end_cost(words, end) for end in range(1, len(words) + 1))]

    def width(self, start: int, end: int) -> int:
        """Characters of the words as one line; the leading space of the first does not count."""
        return self._widths[end] - self._widths[start] - self.words[start].text[0].isspace()

    def may_be_cue(self, start: int, end: int) -> bool:
        """It fits two lines and starts within the longest time; one word always may."""
        line = self._rules.line
        if end - start == 1:
            return True
        if self.words[end - 1].start - self.words[start].start > self._rules.longest:
            return False
        if self.width(start, end) <= line:
            return True
        # The longest possible upper line leaves the shortest lower one.
        fold = bisect_right(self._widths, self._widths[start] + self.words[start].text[0].isspace() + line) - 1
        return start < fold < end and self.width(fold, end) <= line

    def _seconds(self, start: int, end: int) -> float:
        return self.words[end - 1].end - self.words[start].start

    def cost(self, start: int, end: int) -> float:
        rules = self._rules
        seconds = self._seconds(start, end)
        following = self.words[end].start if end < len(self.words) else math.inf
        room = max(following - self.words[start].start, seconds, _FLASH)
        return (
            _EVERY_CUE
            + self._end_costs[end]
            + _PAUSE_INSIDE * (self._silences[end] - self._silences[start + 1])
            + _TOO_LONG * max(seconds - rules.longest, 0.0)
            + _TOO_SHORT * max(rules.shortest - room, 0.0)
            + _TOO_FAST * max(self.width(start, end) / room - rules.characters_per_second, 0.0)
        )


def _phrases(segment: Segment, rules: CueRules) -> list[Sequence[Word]]:
    words = [word for word in segment.words if word.text.strip()]
    phrase = _Phrase(words, rules)
    best, cut = [0.0], [0]
    for end in range(1, len(words) + 1):
        cost, start = min(_ways(phrase, best, end))
        best.append(cost)
        cut.append(start)
    return _cut_at(words, cut)


def _ways(phrase: _Phrase, best: Sequence[float], end: int) -> Iterator[tuple[float, int]]:
    """(cost of everything up to ``end``, start of the last cue) for every last cue that is possible."""
    for start in range(end - 1, -1, -1):
        if not phrase.may_be_cue(start, end):
            return
        yield best[start] + phrase.cost(start, end), start


def _cut_at(words: Sequence[Word], cut: Sequence[int]) -> list[Sequence[Word]]:
    pieces: list[Sequence[Word]] = []
    end = len(words)
    while end > 0:
        pieces.append(words[cut[end] : end])
        end = cut[end]
    return pieces[::-1]


def _end_cost(words: Sequence[Word], end: int) -> float:
    word = words[end - 1]
    if end == len(words) or ends_sentence(word):
        return 0.0
    pause = words[end].start - word.end
    if ends_clause(word):
        return _CLAUSE_PHRASE_END / (1 + 2 * max(pause, 0.0))
    hanging = _HANGING if len(word.text.strip()) <= _LONGEST_HANGING else 0.0
    return _BAD_PHRASE_END / (1 + 4 * max(pause, 0.0)) + hanging


# --- lines ---


def _joined(words: Sequence[Word]) -> str:
    return " ".join("".join(word.text for word in words).split())


def _pair_fits(words: Sequence[Word], at: int, line: int) -> bool:
    return len(_joined(words[:at])) <= line and len(_joined(words[at:])) <= line


def _lines(words: Sequence[Word], line: int) -> tuple[str, ...]:
    """One line if it fits, else the two that are most alike, broken after a phrase rather than inside one."""
    whole = _joined(words)
    splits = [at for at in range(1, len(words)) if _pair_fits(words, at, line)]
    if len(whole) <= line or not splits:
        return (whole,)
    best = min(splits, key=lambda at: _unbalance(words, at))
    return _joined(words[:best]), _joined(words[best:])


def _unbalance(words: Sequence[Word], at: int) -> float:
    upper, lower = len(_joined(words[:at])), len(_joined(words[at:]))
    top_heavy = 2.0 if upper > lower else 0.0  # a pyramid hides less of the picture
    return abs(upper - lower) + top_heavy + 2 * _end_cost(words, at)


# --- times ---


def _timed(cues_: Sequence[Cue], rules: CueRules) -> list[Cue]:
    """Each cue stays long enough to be read, as far as the next one allows, and none overlaps another."""
    timed: list[Cue] = []
    for index, cue in enumerate(cues_):
        start = max(cue.start, timed[-1].end if timed else 0.0)
        following = cues_[index + 1].start if index + 1 < len(cues_) else math.inf
        wanted = max(rules.shortest, len(cue.text) / rules.characters_per_second)
        end = max(cue.end, start + min(wanted, rules.longest))
        timed.append(replace(cue, start=start, end=_before(following, start, end, rules)))
    return timed


def _before(following: float, start: float, end: float, rules: CueRules) -> float:
    """``end``, drawn back to leave the gap before ``following`` where at least half the cue remains."""
    limit = following - rules.gap
    if limit - start < max(_FLASH, (following - start) / 2):
        limit = following
    return max(min(end, limit, start + rules.longest), start + _FLASH)
