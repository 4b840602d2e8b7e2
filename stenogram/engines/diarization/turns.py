"""From what an engine heard to turns that keep the promises of the port.

The promises: turns lie inside the recording, no turn is shorter than ``MINIMUM_TURN`` (unless the recording itself is),
exclusive turns never overlap, and speakers are called S1, S2 … in the order in which they first speak.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from stenogram.pipeline.diarize import MINIMUM_TURN
from stenogram.speech.transcript import Turn

_TOUCHING = 0.02  # seconds; turns this close are one stretch of speech for the minimum length


def exclusive_turns(turns: Iterable[Turn], duration: float) -> tuple[Turn, ...]:
    """``turns`` in order, clipped to the recording, without overlaps (the earlier turn wins), none too short."""
    ordered: list[Turn] = []
    for turn in sorted(turns, key=lambda turn: (turn.start, turn.end)):
        start = max(turn.start, ordered[-1].end if ordered else 0.0)
        end = min(turn.end, duration)
        if end > start:
            _append(ordered, replace(turn, start=start, end=end))
    return tuple(_without_short(ordered, duration))


def overlapping_turns(exclusive: Sequence[Turn], second: Iterable[Turn]) -> tuple[Turn, ...]:
    """The exclusive turns joined with what speakers say over one another; pieces that stay too short are left out."""
    last = max((turn.end for turn in exclusive), default=0.0)
    clipped = [replace(turn, end=min(turn.end, last)) for turn in second if turn.start < last]
    by_speaker = sorted([*exclusive, *clipped], key=lambda turn: (turn.speaker, turn.start))
    kept: list[Turn] = []
    for _, own in groupby(by_speaker, key=lambda turn: turn.speaker):
        joined: list[Turn] = []
        for turn in own:
            _append(joined, turn)
        kept += [turn for turn in joined if turn.duration >= min(MINIMUM_TURN, last) - 1e-9]
    return tuple(sorted(kept, key=lambda turn: (turn.start, turn.end)))


def named(turns: Sequence[Turn], exclusive: Sequence[Turn]) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """Both lists with their speakers called S1, S2 … in the order of their first words."""
    order = dict.fromkeys(turn.speaker for turn in sorted(turns, key=lambda turn: (turn.start, turn.end)))
    names = {speaker: f"S{number}" for number, speaker in enumerate(order, 1)}
    return (
        tuple(replace(turn, speaker=names[turn.speaker]) for turn in turns),
        tuple(replace(turn, speaker=names[turn.speaker]) for turn in exclusive),
    )


def _append(turns: list[Turn], turn: Turn) -> None:
    """Add ``turn``, or lengthen the last one when the same speaker simply goes on."""
    if turns and turns[-1].speaker == turn.speaker and turn.start <= turns[-1].end + 1e-6:
        turns[-1] = _joined(turns[-1], turn)
    else:
        turns.append(turn)


def _joined(earlier: Turn, later: Turn) -> Turn:
    """One turn over both; its confidence is their mean weighted by their lengths."""
    start, end = min(earlier.start, later.start), max(earlier.end, later.end)
    total = earlier.duration + later.duration
    confidence = earlier.confidence
    if earlier.confidence is not None and later.confidence is not None and total > 0:
        confidence = (earlier.confidence * earlier.duration + later.confidence * later.duration) / total
    return replace(earlier, start=start, end=end, confidence=confidence)


def _without_short(turns: list[Turn], duration: float) -> list[Turn]:
    """Every short turn goes to a neighbour that touches it, or grows into the silence around it."""
    result: list[Turn] = []
    for index, turn in enumerate(turns):
        before = result[-1] if result else None
        after = turns[index + 1] if index + 1 < len(turns) else None
        if turn.duration >= MINIMUM_TURN - 1e-9:
            _append(result, turn)
        elif before and turn.start - before.end <= _TOUCHING and not _prefers(after, turn, before):
            result[-1] = _joined(before, turn)
        elif after and after.start - turn.end <= _TOUCHING:
            turns[index + 1] = _joined(after, turn)
        else:
            _append(result, _grown(turn, before.end if before else 0.0, after.start if after else duration))
    return _merge_leftovers(result)


def _prefers(after: Turn | None, turn: Turn, before: Turn) -> bool:
    """Whether the short ``turn`` belongs rather to what follows: that touches it, too, and is longer."""
    return after is not None and after.start - turn.end <= _TOUCHING and after.duration > before.duration


def _grown(turn: Turn, low: float, high: float) -> Turn:
    """``turn`` lengthened to the minimum within the silence from ``low`` to ``high``, as evenly as that allows."""
    missing = MINIMUM_TURN - turn.duration
    start = max(low, min(turn.start - missing / 2, high - MINIMUM_TURN))
    return replace(turn, start=start, end=max(turn.end, min(start + MINIMUM_TURN, high)))


def _merge_leftovers(turns: list[Turn]) -> list[Turn]:
    """Turns whose silence was too narrow to grow in join the nearer neighbour; a lone one stays."""
    result: list[Turn] = []
    for turn in turns:
        short_before = result and result[-1].duration < MINIMUM_TURN - 1e-9
        if result and (short_before or turn.duration < MINIMUM_TURN - 1e-9):
            longer = max(result[-1], turn, key=lambda each: each.duration)
            result[-1] = replace(_joined(result[-1], turn), speaker=longer.speaker)
        else:
            _append(result, turn)
    return result
