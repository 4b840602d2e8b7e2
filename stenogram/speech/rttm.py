"""RTTM (Rich Transcription Time Marked, NIST RT-09 evaluation plan, appendix A) <-> turns."""

import math
import re
from collections.abc import Iterable, Sequence

from stenogram.speech.transcript import Turn

_FIELDS = (9, 10)  # the tenth, signal lookahead time, is missing from older files
_OTHER_TYPES = frozenset(
    (
        "SEGMENT",
        "NOSCORE",
        "NO_RT_METADATA",
        "LEXEME",
        "NON-LEX",
        "NON-SPEECH",
        "FILLER",
        "EDIT",
        "SU",
        "IP",
        "CB",
        "A/P",
        "SPKR-INFO",
    )
)
_MISSING = "<NA>"


class RttmError(ValueError):
    """A line that is no RTTM; ``line`` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"RTTM line {line}: {reason}")
        self.line = line


def dump(turns: Sequence[Turn], recording: str = "recording", comments: Iterable[str] = ()) -> str:
    """One SPEAKER line per turn, in order of time, to a millisecond; ``comments`` go before them after ``;;``.

    ``recording`` is the file id; white space in it becomes ``_``. Raises ValueError for a label with white space.
    """
    name = re.sub(r"\s+", "_", recording.strip()) or "recording"
    lines = [";; " + " ".join(comment.split()) for comment in comments]
    lines.extend(_line(turn, name) for turn in sorted(turns, key=lambda turn: (turn.start, turn.end)))
    return "".join(line + "\n" for line in lines)


def _line(turn: Turn, recording: str) -> str:
    if not turn.speaker or turn.speaker.split() != [turn.speaker]:
        raise ValueError(f"speaker label {turn.speaker!r} has white space or is empty; RTTM cannot carry it")
    start, end = round(turn.start, 3), round(turn.end, 3)
    confidence = _MISSING if turn.confidence is None else f"{turn.confidence:.6g}"
    span = f"{start:.3f} {end - start:.3f}"
    return f"SPEAKER {recording} 1 {span} {_MISSING} {_MISSING} {turn.speaker} {confidence} {_MISSING}"


def parse(text: str, recording: str | None = None) -> tuple[Turn, ...]:
    """The turns of one recording, in order of time.

    Comments (``;;``), empty lines and RTTM's other record types are passed over. A file about several recordings needs
    ``recording`` to choose one. Raises RttmError for anything else.
    """
    turns: list[Turn] = []
    only = recording
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        fields = line.split()
        if not fields or fields[0].startswith(";") or fields[0] in _OTHER_TYPES:
            continue
        name, turn = _parse_line(number, fields)
        only = only if only is not None else name
        if name == only:
            turns.append(turn)
        elif recording is None:
            raise RttmError(number, f"about {name!r} after {only!r}: choose one recording")
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end)))


def _parse_line(number: int, fields: Sequence[str]) -> tuple[str, Turn]:
    if fields[0] != "SPEAKER":
        raise RttmError(number, f"unknown type {fields[0]!r}")
    if len(fields) not in _FIELDS:
        raise RttmError(number, f"expected 9 or 10 fields, found {len(fields)}")
    if fields[7] == _MISSING:
        raise RttmError(number, "no speaker")
    start = _number(number, "start", fields[3])
    duration = _number(number, "duration", fields[4])
    confidence = None if fields[8] == _MISSING else _number(number, "confidence", fields[8])
    if confidence is not None and confidence > 1:
        raise RttmError(number, f"confidence {confidence} is over 1")
    return fields[1], Turn(fields[7], start, round(start + duration, 6), confidence)


def _number(number: int, what: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise RttmError(number, f"{what} {text!r} is no number") from error
    if not math.isfinite(value) or value < 0:
        raise RttmError(number, f"{what} {text!r} is not finite or is negative")
    return value
