"""Which words of two texts are the same: the twin of ``frontend/src/lib/edits/align.ts``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

FURTHEST = 600
"""Beyond this many differences two texts count as wholly different: an edit is small, a rewrite has nothing to keep."""


class Hunk(NamedTuple):
    """A stretch of the left text (``start .. stop``) that became a stretch of the right one; either may be empty."""

    start: int
    stop: int
    right_start: int
    right_stop: int


def align(left: Sequence[str], right: Sequence[str]) -> list[int]:
    """For each of ``left`` the number in ``right`` of what it is equal to, -1 for none; in order, as many as there are.

    The greedy algorithm of Myers, "An O(ND) difference algorithm and its variations", 1986.
    """
    pairs = [-1] * len(left)
    low, high, rest = 0, len(left), len(right)
    while low < high and low < rest and left[low] == right[low]:
        pairs[low] = low
        low += 1
    while high > low and rest > low and left[high - 1] == right[rest - 1]:
        high, rest = high - 1, rest - 1
        pairs[high] = rest
    for x, y in _path(left[low:high], right[low:rest]):
        pairs[low + x] = low + y
    return pairs


def _path(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The equal pairs, from the last to the first."""
    rounds = _explore(left, right) if left and right else []
    if not rounds:
        return
    x, y = len(left), len(right)
    for d in range(len(rounds) - 1, 0, -1):
        furthest, k = rounds[d - 1], x - y
        down = _goes_down(furthest, k, d)
        from_k = k + 1 if down else k - 1
        from_x = furthest[from_k]
        for at in range(x, from_x if down else from_x + 1, -1):
            yield at - 1, at - 1 - k
        x, y = from_x, from_x - from_k
    for at in range(x, 0, -1):
        yield at - 1, at - 1


def _explore(left: Sequence[str], right: Sequence[str]) -> list[dict[int, int]]:
    """The furthest ``x`` on each diagonal after 0, 1, 2, … differences, until the end is reached; [] if too many."""
    rounds: list[dict[int, int]] = []
    before: Mapping[int, int] = {1: 0}
    for d in range(min(len(left) + len(right), FURTHEST) + 1):
        furthest: dict[int, int] = {}
        rounds.append(furthest)
        for k in range(-d, d + 1, 2):
            x = before[k + 1] if _goes_down(before, k, d) else before[k - 1] + 1
            while x < len(left) and x - k < len(right) and left[x] == right[x - k]:
                x += 1
            furthest[k] = x
            if x >= len(left) and x - k >= len(right):
                return rounds
        before = furthest
    return []


def _goes_down(furthest: Mapping[int, int], k: int, d: int) -> bool:
    return k == -d or (k != d and furthest[k - 1] < furthest[k + 1])


def hunks(pairs: Sequence[int], right_count: int) -> Iterator[Hunk]:
    """What differs, in order, between the pairs that ``align`` found."""
    start = right_start = 0
    for stop, pair in enumerate([*pairs, right_count]):
        if pair < 0:
            continue
        if stop > start or pair > right_start:
            yield Hunk(start, stop, right_start, pair)
        start, right_start = stop + 1, pair + 1
