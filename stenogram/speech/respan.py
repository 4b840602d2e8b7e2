"""Times for the words of an edited stretch: the twin of ``frontend/src/lib/edits/respan.ts``."""

import math
from collections.abc import Sequence

from stenogram.speech.alignment import Hunk, align, hunks
from stenogram.speech.edits import Span, settled_words
from stenogram.speech.transcript import Word

PER_CHARACTER = 0.08
"""Seconds that a typed character takes at most: where there is room, a new word gets the length of a spoken one."""


def respan(before: Sequence[Word], texts: Sequence[str], bounds: Span) -> tuple[Word, ...]:
    """Words for ``texts``: one that stays keeps its time, a changed one its span.

    Where their number changes they share the span of what was there, by length. New words lie in the gap, within
    ``bounds`` (the end of the word before the stretch, the start of the one behind it). What is new or changed has
    probability 1.
    """
    pairs = align([word.text for word in before], texts)
    made = {pair: word for word, pair in zip(before, pairs, strict=True) if pair >= 0}
    for hunk in hunks(pairs, len(texts)):
        fresh = texts[hunk.right_start : hunk.right_stop]
        for index, (start, end) in enumerate(_spans(before, hunk, fresh, bounds)):
            made[hunk.right_start + index] = Word(fresh[index], start, end, 1.0)
    return settled_words(made[index] for index in range(len(texts)))


def _spans(before: Sequence[Word], hunk: Hunk, fresh: Sequence[str], bounds: Span) -> list[Span]:
    changed = before[hunk.start : hunk.stop]
    if len(changed) == len(fresh):
        return [(word.start, word.end) for word in changed]
    if changed:
        return share(fresh, changed[0].start, changed[-1].end)
    start = before[hunk.start - 1].end if hunk.start else bounds[0]
    room = max(start, before[hunk.start].start if hunk.start < len(before) else bounds[1]) - start
    return share(fresh, start, start + min(room, PER_CHARACTER * sum(map(len, fresh))))


def share(texts: Sequence[str], start: float, end: float) -> list[Span]:
    """``start .. end`` divided among the texts by their lengths, to the millisecond."""
    lengths = [max(len(text), 1) for text in texts]
    total, done, low, spans = sum(lengths), 0, start, list[Span]()
    for length in lengths:
        done += length
        exact = start + (end - start) * done / total
        high = end if done == total else min(max(math.floor(exact * 1000 + 0.5) / 1000, low), end)
        spans.append((low, high))
        low = high
    return spans
