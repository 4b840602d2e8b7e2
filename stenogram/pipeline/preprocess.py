"""First stage: any media file becomes 16 kHz mono PCM of even loudness, with speech regions and peaks for the player.

The recording is decoded twice, once to be measured and once for good, and passes through in blocks: what is kept is
one peak per 20 ms and what the voice activity detector keeps.
"""

import math
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from stenogram.errors import InvalidMedia, StorageError
from stenogram.pipeline.ports import (
    SAMPLE_RATE,
    DecodeRequest,
    Loudness,
    MediaFacts,
    MediaTool,
    PreparedAudio,
    Samples,
    VoiceActivityDetector,
)
from stenogram.pipeline.stage import Progress
from stenogram.speech.transcript import Region

MAX_PEAKS = 8_000
_PEAK_SAMPLES = SAMPLE_RATE // 50  # 20 ms
_MEASURING = 0.35  # share of the stage's time
_SILENCE_LUFS = -60.0  # no speech found and quieter than this: a dead microphone, not a noisy room
_QUIET_LUFS = -40.0  # speech close to a microphone is at -30 to -15
_LOWEST_LUFS = -70.0  # the absolute gate of EBU R128: nothing was measured
_CLIPPED_SHARE = 0.02  # measured: clean speech below 0.005, overdriven by 6 dB 0.02, by 10 dB 0.06
_TRUNCATED_SHARE = 0.02  # of the promised duration missing, and at least a second


@dataclass(frozen=True, slots=True)
class PreprocessOptions:
    """``max_decoded_bytes`` bounds duration x channels x rate x 4 (the default holds six hours of 96 kHz 4.0)."""

    max_seconds: float = 6 * 3600
    min_seconds: float = 0.5
    denoise: bool = False
    max_decoded_bytes: int = 32 * 1024**3

    def __post_init__(self) -> None:
        if not 0 <= self.min_seconds < self.max_seconds or self.max_decoded_bytes <= 0:
            raise ValueError(f"contradictory bounds: {self}")

    def longest(self, facts: MediaFacts) -> float:
        """Seconds that a file with these channels and this rate may decode to."""
        return min(self.max_seconds, self.max_decoded_bytes / (4 * facts.channels * facts.sample_rate))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a recording when its PCM is written.

    ``loudness`` is that of the source; ``peaks`` are the highest absolute values (0..1) of the normalised sound, one
    per ``interval_seconds``, at most MAX_PEAKS; ``warnings`` are codes of ``stenogram.warnings``.
    """

    duration: float
    facts: MediaFacts
    loudness: Loudness
    regions: tuple[Region, ...]
    peaks: tuple[float, ...]
    interval_seconds: float
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.duration <= 0 or self.interval_seconds <= 0:
            raise ValueError(f"duration {self.duration} and interval {self.interval_seconds} must be positive")
        if any(not 0 <= peak <= 1 for peak in self.peaks):
            raise ValueError("peaks outside 0..1")
        if any(later.start < earlier.end for earlier, later in pairwise(self.regions)):
            raise ValueError("regions overlap or are out of order")


def preprocess(
    source: Path,
    media: MediaTool,
    vad: VoiceActivityDetector,
    sink: Callable[[bytes], None],
    options: PreprocessOptions,
    progress: Progress,
) -> Prepared:
    """Prepare ``source``: s16le mono PCM at SAMPLE_RATE goes to ``sink``, the rest is returned. ``vad`` is a fresh one.

    Raises InvalidMedia with the ``media.*`` code that fits; what ``progress`` raises ends the decoder at once.
    """
    progress(0.0)
    facts = media.probe(source)
    limit = options.longest(facts)
    _refuse_by_header(facts, limit)
    request = DecodeRequest(source, facts, limit)
    loudness, seconds = _measure(media, request, progress)
    _refuse_by_length(seconds, facts, options)
    request = DecodeRequest(source, facts, limit, loudness, options.denoise)
    statistics = _decode(media, request, vad, sink, lambda at: progress(_share(_MEASURING, 1.0, at / seconds)))
    regions = vad.regions()
    if not regions:
        raise InvalidMedia("media.silent" if loudness.integrated < _SILENCE_LUFS else "media.no_speech")
    peaks, interval = statistics.peaks()
    progress(1.0)
    warnings = _warnings(statistics, facts, loudness)
    return Prepared(statistics.seconds, facts, loudness, regions, peaks, interval, warnings)


def _share(low: float, high: float, fraction: float) -> float:
    return low + (high - low) * min(1.0, max(0.0, fraction))


def _promised(facts: MediaFacts) -> float:
    """Seconds that the container states; 0 where it states none or only lets us guess."""
    return facts.duration if facts.duration and facts.duration_is_exact else 0.0


def _refuse_by_header(facts: MediaFacts, limit: float) -> None:
    if _promised(facts) > limit:
        raise InvalidMedia("media.too_long", f"{facts.duration:.0f} s", limit_h=f"{limit / 3600:.3g}")


def _measure(media: MediaTool, request: DecodeRequest, progress: Progress) -> tuple[Loudness, float]:
    """Loudness, and the seconds that were decoded for it."""
    seconds = 0.0
    expected = request.facts.duration or request.max_seconds

    def decoded(so_far: float) -> None:
        nonlocal seconds
        seconds = so_far
        progress(_share(0.0, _MEASURING, so_far / expected))

    return media.measure(request, decoded), seconds


def _refuse_by_length(seconds: float, facts: MediaFacts, options: PreprocessOptions) -> None:
    promised = _promised(facts)
    if seconds >= options.min_seconds and seconds > 0:
        return
    if promised >= max(options.min_seconds, 1.0):
        raise InvalidMedia("media.truncated", f"{seconds:.1f} s of {promised:.1f} s")
    raise InvalidMedia("media.too_short", minimum_s=options.min_seconds)


def _decode(
    media: MediaTool,
    request: DecodeRequest,
    vad: VoiceActivityDetector,
    sink: Callable[[bytes], None],
    decoded: Callable[[float], None],
) -> "_Statistics":
    statistics = _Statistics()
    with closing(media.decode(request)) as blocks:
        for block in blocks:
            vad.feed(block)
            statistics.add(block)
            sink(np.round(block * 32767.0).astype("<i2").tobytes())
            decoded(statistics.seconds)
    return statistics


def _warnings(statistics: "_Statistics", facts: MediaFacts, loudness: Loudness) -> tuple[str, ...]:
    promised = _promised(facts)
    signs = {
        "quiet": _LOWEST_LUFS < loudness.integrated < _QUIET_LUFS,
        "clipped": loudness.clipped >= _CLIPPED_SHARE,
        "truncated": promised - statistics.seconds > max(1.0, _TRUNCATED_SHARE * promised),
    }
    return tuple(code for code, found in signs.items() if found)


@dataclass(slots=True)
class _Statistics:
    """What is gathered while blocks pass: the length and one peak per 20 ms."""

    samples: int = 0
    _rest: Samples = field(default_factory=lambda: np.zeros(0, np.float32))  # less than one peak's samples
    _peaks: list[Samples] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE

    def add(self, block: Samples) -> None:
        self.samples += block.size
        absolute = np.minimum(np.abs(block), np.float32(1.0))
        joined = np.concatenate([self._rest, absolute])
        whole = joined.size // _PEAK_SAMPLES * _PEAK_SAMPLES
        self._peaks.append(joined[:whole].reshape(-1, _PEAK_SAMPLES).max(axis=1, initial=0.0))
        self._rest = joined[whole:]

    def peaks(self) -> tuple[tuple[float, ...], float]:
        """At most MAX_PEAKS maxima and the seconds that each covers."""
        fine = np.concatenate([*self._peaks, self._rest.max(initial=0.0, keepdims=True)[: self._rest.size]])
        factor = max(1, math.ceil(fine.size / MAX_PEAKS))
        padded = np.pad(fine, (0, -fine.size % factor))
        coarse = padded.reshape(-1, factor).max(axis=1)
        return tuple(round(float(peak), 3) for peak in coarse), factor * _PEAK_SAMPLES / SAMPLE_RATE


def prepared_audio(prepared: Prepared, read_pcm: Callable[[int, int], bytes]) -> PreparedAudio:
    """The recording for the later stages; ``read_pcm(offset, length)`` gives bytes of what went to the sink.

    Its ``read`` raises StorageError("storage.corrupt") where bytes are missing.
    """
    total = round(prepared.duration * SAMPLE_RATE)

    def read(start: float, end: float) -> Samples:
        first = round(start * SAMPLE_RATE)
        last = min(total, first + round((end - start) * SAMPLE_RATE))
        first = max(0, first)
        wanted = 2 * max(0, last - first)
        data = read_pcm(2 * first, wanted) if wanted else b""
        if len(data) != wanted:
            raise StorageError("storage.corrupt", f"{len(data)} bytes of PCM instead of {wanted}")
        return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32767.0)

    return PreparedAudio(prepared.duration, prepared.regions, read)
