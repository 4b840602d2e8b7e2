"""Where somebody speaks, frame by frame: Silero's probabilities, judged more generously than for recognition.

Meetings recorded from afar lose a third of their speech at Silero's usual threshold. So the recording is first
brought to one quiet level (Silero rates distant voices higher there than at a loud one that lifts the room's noise,
too), the threshold is low, and pauses are filled. What makes that safe in a clean recording is the gate: a frame far
below the speech level is silence, whatever its neighbours are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stenogram.engines.vad import FRAME_SECONDS
from stenogram.pipeline.ports import SAMPLE_RATE, Samples

STEP = 0.05  # seconds per frame of everything that diarization decides
STEP_SAMPLES = int(STEP * SAMPLE_RATE)

Mask = npt.NDArray[np.bool_]  # one per frame of STEP, shape (frames,)
Levels = npt.NDArray[np.float32]  # dBFS per frame of STEP, shape (frames,)


@dataclass(frozen=True, slots=True)
class ActivityOptions:
    """docs/diarization.md tells what they were compared on."""

    level: float = -45.0  # dBFS that the 90th percentile of the frames is brought to before Silero
    threshold: float = 0.2  # of Silero's probability
    fill: float = 1.5  # seconds; shorter pauses are speech, unless the gate says silence
    padding: float = 0.1  # seconds on either side
    gate: float = 40.0  # dB under the loudest frames (95th percentile) where silence begins
    hold: float = 0.15  # seconds; shorter silences do not cut


def frame_levels(samples: Samples) -> Levels:
    """RMS in dBFS of every frame; a last broken frame counts as a frame."""
    whole = np.pad(samples, (0, -samples.size % STEP_SAMPLES)).reshape(-1, STEP_SAMPLES)
    power = np.mean(np.square(whole, dtype=np.float64), axis=1)
    return np.asarray(10 * np.log10(power + 1e-12), np.float32)


def gain_to(level: float, levels: Levels) -> float:
    """The factor that brings the loud frames (90th percentile) to ``level`` dBFS."""
    return float(10 ** ((level - np.percentile(levels, 90)) / 20)) if levels.size else 1.0


def speech_mask(probabilities: npt.NDArray[np.float32], levels: Levels, options: ActivityOptions) -> Mask:
    """Which frames are speech. ``probabilities`` come in steps of FRAME_SECONDS, ``levels`` in steps of STEP."""
    if not probabilities.size or not levels.size:
        return np.zeros(levels.size, np.bool_)
    middles = ((np.arange(levels.size) + 0.5) * STEP / FRAME_SECONDS).astype(int)
    voiced = probabilities[np.minimum(middles, probabilities.size - 1)] >= options.threshold
    speech = widened(closed(voiced, options.fill), options.padding)
    loud = levels > np.percentile(levels, 95) - options.gate
    return speech & closed(loud, options.hold)


def closed(mask: Mask, seconds: float) -> Mask:
    """``mask`` with its inner gaps up to ``seconds`` filled."""
    result = mask.copy()
    for start, end in runs(~mask):
        if start > 0 and end < mask.size and (end - start) * STEP <= seconds + 1e-9:
            result[start:end] = True
    return result


def widened(mask: Mask, seconds: float) -> Mask:
    """``mask`` with every run longer by ``seconds`` at both ends."""
    frames = round(seconds / STEP)
    result = mask.copy()
    for start, end in runs(mask):
        result[max(0, start - frames) : end + frames] = True
    return result


def runs(mask: Mask) -> list[tuple[int, int]]:
    """The half-open index ranges where ``mask`` is true, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
