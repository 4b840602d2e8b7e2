"""The third stage: who speaks when."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stenogram.errors import EngineError, InvalidOptions
from stenogram.pipeline.ports import DiarizationRequest, Diarizer, PreparedAudio
from stenogram.pipeline.stage import MAX_SPEAKERS, Progress, no_progress
from stenogram.speech.transcript import Diarization, Turn

MINIMUM_TURN = 0.5  # seconds; what is shorter is a breath or a click of the segmentation, nobody reads it as a turn
_ROUNDING = 1e-3  # seconds that an engine may be off by arithmetic


@dataclass(frozen=True, slots=True)
class DiarizeOptions:
    """``speakers``: how many people speak, 1..MAX_SPEAKERS; None: find out. Raises InvalidOptions otherwise."""

    speakers: int | None = None

    def __post_init__(self) -> None:
        if self.speakers is not None and not 1 <= self.speakers <= MAX_SPEAKERS:
            raise InvalidOptions("options.speakers", maximum=MAX_SPEAKERS)


def diarize(
    audio: PreparedAudio, diarizer: Diarizer, options: DiarizeOptions, progress: Progress = no_progress
) -> Diarization:
    """Turns of ``audio``. Raises EngineError where the engine fails or breaks a promise of its port.

    ``progress`` sees fractions 0..1 that never fall, whatever the engine reports, and 1 at the end.
    """
    forward = _Monotonic(progress)
    forward(0.0)
    request = DiarizationRequest(audio, options.speakers)
    diarization = diarizer.diarize(request, forward)
    _check(diarization, audio.duration)
    forward(1.0)
    return diarization


class _Monotonic:
    """Passes fractions on, clipped to 0..1 and never falling."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._highest = 0.0

    def __call__(self, fraction: float) -> None:
        self._highest = max(self._highest, min(1.0, fraction))
        self._progress(self._highest)


def _check(diarization: Diarization, duration: float) -> None:
    """The port's promises: inside the recording, in order, long enough, S1 S2 … by first speech, not too many."""
    labels = diarization.speakers
    faults = {
        "turns outside the recording": not _inside(diarization, duration),
        "turns out of order": not (_ordered(diarization.turns) and _ordered(diarization.exclusive_turns)),
        "turns too short": _shortest(diarization) < min(MINIMUM_TURN, duration) - _ROUNDING,
        "labels not S1, S2 …": labels != tuple(f"S{number}" for number in range(1, len(labels) + 1)),
        "exclusive turns of an unknown speaker": not {turn.speaker for turn in diarization.exclusive_turns}
        <= {*labels},
        "too many speakers": len(labels) > MAX_SPEAKERS,
    }
    broken = [fault for fault, present in faults.items() if present]
    if broken:
        raise EngineError("engine.invalid_output", "; ".join(broken), engine=diarization.engine)


def _inside(diarization: Diarization, duration: float) -> bool:
    return all(turn.end <= duration + _ROUNDING for turn in _both(diarization))


def _ordered(turns: Sequence[Turn]) -> bool:
    return all(earlier.start <= later.start for earlier, later in pairwise(turns))


def _shortest(diarization: Diarization) -> float:
    return min((turn.duration for turn in _both(diarization)), default=MINIMUM_TURN)


def _both(diarization: Diarization) -> tuple[Turn, ...]:
    return diarization.turns + diarization.exclusive_turns
