"""A VoiceActivityDetector that calls every frame speech whose level passes a bound."""

from dataclasses import dataclass, field

import numpy as np

from stenogram.pipeline.ports import SAMPLE_RATE, Samples
from stenogram.speech.transcript import Region

_FRAME = 512


@dataclass
class FakeVad:
    level: float = 0.01  # RMS
    fed: list[int] = field(default_factory=list)  # samples of each block
    _sound: list[Samples] = field(default_factory=list)

    def feed(self, block: Samples) -> None:
        self.fed.append(block.size)
        self._sound.append(block.copy())

    def regions(self) -> tuple[Region, ...]:
        sound = np.concatenate(self._sound) if self._sound else np.zeros(0, np.float32)
        frames = np.pad(sound, (0, -sound.size % _FRAME)).reshape(-1, _FRAME)
        loud = np.sqrt(np.mean(np.square(frames), axis=1)) > self.level
        edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int)))
        total = sound.size / SAMPLE_RATE
        return tuple(
            Region(float(start) * _FRAME / SAMPLE_RATE, min(float(end) * _FRAME / SAMPLE_RATE, total))
            for start, end in zip(edges[::2], edges[1::2], strict=True)
        )
