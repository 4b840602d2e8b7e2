"""Silero VAD v6, the ONNX file that the faster-whisper wheel carries, over a stream of blocks."""

import functools
import importlib.util
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stenogram.errors import EngineError
from stenogram.pipeline.ports import SAMPLE_RATE, Samples
from stenogram.speech.transcript import Region

FRAME_SAMPLES = 512  # the one window that the model knows at 16 kHz
FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE
_CONTEXT_SAMPLES = 64  # of the frame before, put in front of each
_STATE_SHAPE = (1, 1, 128)

Probabilities = npt.NDArray[np.float32]  # one per 32 ms frame, shape (frames,)
_State = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]  # of the recurrent layer: hidden, cell


@dataclass(frozen=True, slots=True)
class VadOptions:
    """Hysteresis as in Silero's own ``get_speech_timestamps``: speech begins at ``threshold`` and ends
    ``min_silence`` after the probability fell below ``threshold - 0.15``.

    0.35 instead of Silero's 0.5 keeps far-field speakers, which 0.4 already loses in part; what is let in beyond
    speech costs the recogniser little. ``padding`` keeps soft onsets and endings.
    """

    threshold: float = 0.35
    min_speech: float = 0.1  # seconds, as are the next two
    min_silence: float = 0.3
    padding: float = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise ValueError(f"threshold {self.threshold} outside 0..1")
        if min(self.min_speech, self.min_silence, self.padding) < 0:
            raise ValueError(f"negative duration: {self}")

    @property
    def release(self) -> float:
        return max(self.threshold - 0.15, 0.01)


class SileroVad:
    """One recording's speech: feed every block in order. Keeps the model's state and one probability per frame.

    Raises EngineError. Not for use by two threads at once.
    """

    def __init__(self, options: VadOptions | None = None) -> None:
        self._options = options or VadOptions()
        self._state: _State = (np.zeros(_STATE_SHAPE, np.float32), np.zeros(_STATE_SHAPE, np.float32))
        self._context: Samples = np.zeros(_CONTEXT_SAMPLES, np.float32)
        self._rest: Samples = np.zeros(0, np.float32)  # less than a frame
        self._probabilities: list[Probabilities] = []
        self._samples = 0

    def feed(self, block: Samples) -> None:
        self._samples += block.size
        samples = np.concatenate([self._rest, block])
        whole = samples.size // FRAME_SAMPLES * FRAME_SAMPLES
        if whole:
            probabilities, self._state = self._infer(samples[:whole])
            self._probabilities.append(probabilities)
            self._context = samples[whole - _CONTEXT_SAMPLES : whole].copy()
        self._rest = samples[whole:].copy()

    def probabilities(self) -> Probabilities:
        """Speech probability of every frame so far; a last broken frame is filled up with silence."""
        parts = list(self._probabilities)
        if self._rest.size:
            parts.append(self._infer(np.pad(self._rest, (0, FRAME_SAMPLES - self._rest.size)))[0])
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def regions(self) -> tuple[Region, ...]:
        return speech_regions(self.probabilities(), self._samples / SAMPLE_RATE, self._options)

    def _infer(self, samples: Samples) -> tuple[Probabilities, _State]:
        """The frames of one call go through the encoder as a batch, then in order through the recurrent layer."""
        frames = samples.reshape(-1, FRAME_SAMPLES)
        contexts = np.concatenate([self._context[None], frames[:-1, -_CONTEXT_SAMPLES:]])
        inputs = {"input": np.concatenate([contexts, frames], axis=1), "h": self._state[0], "c": self._state[1]}
        session = _session()
        try:
            output, hidden, cell = session.run(None, inputs)
        except Exception as error:
            raise EngineError("engine.failed", str(error), engine="silero-vad") from error
        return np.asarray(output, np.float32).reshape(-1), (hidden, cell)


def speech_regions(probabilities: Probabilities, duration: float, options: VadOptions) -> tuple[Region, ...]:
    """Regions of speech in seconds, padded, not overlapping, within 0..``duration``."""
    spans = [
        (start, min(end, duration))
        for start, end in _spans(probabilities, options)
        if min(end, duration) - start >= options.min_speech
    ]
    edges = [-math.inf, *(edge for span in spans for edge in span), math.inf]
    return tuple(
        Region(
            max(0.0, start - _room(options.padding, start - edges[2 * index])),
            min(duration, end + _room(options.padding, edges[2 * index + 3] - end)),
        )
        for index, (start, end) in enumerate(spans)
    )


def _room(padding: float, gap: float) -> float:
    """Neighbours share a narrow gap."""
    return min(padding, gap / 2)


def _spans(probabilities: Probabilities, options: VadOptions) -> list[tuple[float, float]]:
    """Runs above the threshold, joined over silences shorter than ``min_silence``; seconds."""
    spans: list[tuple[float, float]] = []
    start: int | None = None
    quiet_since: int | None = None
    silence_frames = options.min_silence / FRAME_SECONDS
    for index, probability in enumerate(probabilities.tolist()):
        if probability >= options.threshold:
            start, quiet_since = (index if start is None else start), None
        elif start is not None and probability < options.release:
            quiet_since = index if quiet_since is None else quiet_since
            if index - quiet_since + 1 >= silence_frames:
                spans.append((start * FRAME_SECONDS, quiet_since * FRAME_SECONDS))
                start = quiet_since = None
    if start is not None:
        end = len(probabilities) if quiet_since is None else quiet_since
        spans.append((start * FRAME_SECONDS, end * FRAME_SECONDS))
    return spans


@functools.cache
def _session() -> Any:
    """One onnxruntime session per process; it is safe to share and holds no state of a recording."""
    try:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        return onnxruntime.InferenceSession(str(_model_path()), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError("engine.not_configured", str(error), engine="silero-vad") from error


def _model_path() -> Path:
    """Found without importing faster_whisper, which would load a whole recogniser's libraries."""
    spec = importlib.util.find_spec("faster_whisper")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package faster-whisper, which carries Silero VAD, is not installed")
    return Path(spec.submodule_search_locations[0]) / "assets" / "silero_vad_v6.onnx"
