"""A MediaTool that reads 16 kHz mono WAV with the standard library, and nothing else."""

import wave
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stenogram.errors import InvalidMedia
from stenogram.pipeline.ports import SAMPLE_RATE, DecodeRequest, Loudness, MediaFacts, Samples

TARGET_LUFS = -23.0


@dataclass
class FakeMediaTool:
    """``promised`` overrides the duration that the header states; ``closed`` counts decoders that were ended."""

    promised: float | None = None
    exact: bool = True
    channels: int = 1
    block_seconds: float = 1.0
    clipped: float = 0.0
    closed: int = 0
    requests: list[DecodeRequest] = field(default_factory=list)

    def probe(self, path: Path) -> MediaFacts:
        duration = self.promised if self.promised is not None else _read(path).size / SAMPLE_RATE
        return MediaFacts(
            "wav", "pcm_s16le", duration or None, SAMPLE_RATE, self.channels, duration_is_exact=self.exact
        )

    def measure(self, request: DecodeRequest, decoded: Callable[[float], None] = lambda _: None) -> Loudness:
        samples = 0
        for block in self._blocks(request):
            samples += block.size
            decoded(samples / SAMPLE_RATE)
        sound = _read(request.path)
        rms = float(np.sqrt(np.mean(np.square(sound)))) if sound.size else 0.0
        level = max(-70.0, 20 * np.log10(max(rms, 1e-9)))
        peak = 20 * np.log10(max(float(np.abs(sound).max(initial=0.0)), 1e-6))
        return Loudness(float(level), float(peak), 0.0, float(level) - 10, self.clipped)

    def decode(self, request: DecodeRequest) -> Generator[Samples, None, None]:
        self.requests.append(request)
        gain = 1.0
        if request.loudness and request.loudness.integrated > -70:
            gain = 10 ** ((TARGET_LUFS - request.loudness.integrated) / 20)
        try:
            for block in self._blocks(request):
                yield np.clip(block * np.float32(gain), -1, 1)
        finally:
            self.closed += 1

    def _blocks(self, request: DecodeRequest) -> Generator[Samples, None, None]:
        sound = _read(request.path)
        if sound.size / SAMPLE_RATE > request.max_seconds:
            raise InvalidMedia("media.too_long", limit_h=f"{request.max_seconds / 3600:.3g}")
        step = round(self.block_seconds * SAMPLE_RATE)
        for start in range(0, sound.size, step):
            yield sound[start : start + step]


def _read(path: Path) -> Samples:
    if not path.stat().st_size:
        raise InvalidMedia("media.empty")
    if path.read_bytes()[:7] == b"#EXTM3U":
        raise InvalidMedia("media.playlist")
    try:
        with wave.open(str(path)) as file:
            pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            return pcm.astype(np.float32) / np.float32(32768)
    except wave.Error as error:
        raise InvalidMedia("media.unsupported", str(error)) from error
