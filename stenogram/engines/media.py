"""ffprobe and ffmpeg in a sandbox: what a file is, how loud it is, and its sound as a stream of blocks.

Normalisation is the linear mode of EBU R128: measure the mono mix, then apply one constant gain. That is what
``loudnorm`` does with ``linear=true``, without its resampling to 192 kHz and without its silent fall-back to dynamic
mode, which pumps, when the measured range or peak does not fit. A limiter joins in only where the measured true peak
would pass the ceiling. The target is R128's own -23 LUFS: it leaves 22 dB of headroom for the peaks of speech, so that
the limiter stays out of nearly every recording, and 16 bits still hold a speaker 40 dB below it.
"""

import json
import math
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from stenogram.errors import InvalidMedia
from stenogram.media.containers import Container, missing_share, sniff
from stenogram.media.ffmpeg import explain, input_options
from stenogram.media.sandbox import Failure, Limits, stream
from stenogram.pipeline.ports import SAMPLE_RATE, DecodeRequest, Loudness, MediaFacts, Samples

TARGET_LUFS = -23.0
PEAK_CEILING_DBTP = -1.5
ABSOLUTE_GATE_LUFS = -70.0  # EBU R128: what is below is no programme, and is not amplified
LOWEST_PEAK_DBTP = -120.0  # stands for the minus infinity of digital silence
BLOCK_SECONDS = 4

_LOUD, _FULL_SCALE = 0.1, 0.9  # resampling smears a clipped wave, which therefore need not reach 1
_BLOCK_BYTES = BLOCK_SECONDS * SAMPLE_RATE * 4
_PROBE_FIELDS = (
    "format=duration,bit_rate,format_name"
    ":stream=codec_type,codec_name,sample_rate,channels,duration:stream_disposition=attached_pic"
)
_GUESSED_DURATION = "Estimating duration from bitrate"
_MAX_CHANNELS = 64
_MAX_RATE = 768_000


@dataclass(frozen=True, slots=True)
class FfmpegMediaTool:
    """The MediaTool of production. Each call starts a process of its own; the object keeps nothing."""

    ffmpeg: str = "ffmpeg"
    ffprobe: str = "ffprobe"
    stall_seconds: float = 60.0

    def probe(self, path: Path) -> MediaFacts:
        """Raises InvalidMedia: empty, playlist, unsupported, truncated, no_audio, decode_failed."""
        container = sniff(path)
        diagnostics: list[str] = []
        command = [
            *(self.ffprobe, "-v", "warning", "-hide_banner", "-of", "json", "-show_entries", _PROBE_FIELDS),
            *input_options(container, path),
        ]
        limits = Limits(cpu_seconds=30, stall_seconds=self.stall_seconds)
        try:
            output = b"".join(stream(command, limits, diagnostics.append))
        except Failure as failure:
            raise explain(failure) from failure
        facts = _facts(container, json.loads(output), "".join(diagnostics))
        missing = missing_share(path)
        if missing and facts.duration and not facts.duration_is_exact:
            return replace(facts, duration=facts.duration / (1 - missing), duration_is_exact=True)
        return facts

    def measure(self, request: DecodeRequest, decoded: Callable[[float], None] = lambda _: None) -> Loudness:
        diagnostics: list[str] = []
        filters = (*_to_mono(request), "ebur128=peak=true:framelog=verbose")
        # The samples come out as well: writing them is what ends ffmpeg should this process be killed.
        with closing(self._run(request, filters, diagnostics.append)) as blocks:
            samples = loud = clipped = 0
            for block in blocks:
                absolute = np.abs(block)
                samples += block.size
                loud += int(np.count_nonzero(absolute > _LOUD))
                clipped += int(np.count_nonzero(absolute >= _FULL_SCALE))
                decoded(samples / SAMPLE_RATE)
        return _loudness("".join(diagnostics), clipped / loud if loud else 0.0)

    def decode(self, request: DecodeRequest) -> Generator[Samples, None, None]:
        with closing(self._run(request, _second_pass(request))) as blocks:
            yield from blocks

    def _run(
        self, request: DecodeRequest, filters: Sequence[str], on_end: Callable[[str], None] = lambda _: None
    ) -> Generator[Samples, None, None]:
        """Raises InvalidMedia as soon as there is more sound than ``max_seconds``."""
        command = [
            *(self.ffmpeg, "-nostdin", "-hide_banner", "-nostats", "-v", "info", "-threads", "1"),
            *input_options(sniff(request.path), request.path),
            *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-t", f"{request.max_seconds + 1:.3f}"),
            *("-af", ",".join(filters), "-f", "f32le", "-c:a", "pcm_f32le", "-threads", "1", "pipe:1"),
        ]
        limits = Limits(cpu_seconds=120 + math.ceil(request.max_seconds / 5), stall_seconds=self.stall_seconds)
        room = round(request.max_seconds * SAMPLE_RATE)
        try:
            with closing(stream(command, limits, on_end)) as chunks:
                for block in _blocks(chunks):
                    room -= block.size
                    if room < 0:
                        raise too_long(request.max_seconds)
                    yield block
        except Failure as failure:
            raise explain(failure) from failure


def too_long(limit_seconds: float) -> InvalidMedia:
    return InvalidMedia("media.too_long", limit_h=f"{limit_seconds / 3600:.3g}")


# --- filters ---


def _to_mono(request: DecodeRequest) -> tuple[str, ...]:
    """Times stay those of the player: a late start and gaps become silence (``async=1`` fills and trims only).

    Channels are mixed with ffmpeg's matrix for their layout, in floats, so that nothing clips; more than eight have
    no layout and are averaged.
    """
    channels = request.facts.channels
    mix = "aformat=sample_fmts=fltp:channel_layouts=mono"
    if channels > 8:
        mix = "aformat=sample_fmts=fltp,pan=mono|c0=" + "+".join(f"{1 / channels:.6f}*c{n}" for n in range(channels))
    return mix, f"aresample={SAMPLE_RATE}:async=1:first_pts=0", "aformat=sample_fmts=flt:channel_layouts=mono"


def _second_pass(request: DecodeRequest) -> tuple[str, ...]:
    """Gain before noise reduction, whose floor is an absolute level: 15 dB below speech at the target. afftdn's noise
    tracking is left off: on steady noise it took away 1 dB where the fixed floor took 12.
    """
    filters = list(_to_mono(request))
    gain, limit = 0.0, False
    if request.loudness and request.loudness.integrated > ABSOLUTE_GATE_LUFS:
        gain = TARGET_LUFS - request.loudness.integrated
        limit = request.loudness.true_peak + gain > PEAK_CEILING_DBTP
        filters.append(f"volume={gain:.3f}dB:precision=float")
    if request.denoise:
        filters.append("afftdn=noise_reduction=12:noise_floor=-38")
    if limit:
        filters.append(f"alimiter=limit={10 ** (PEAK_CEILING_DBTP / 20):.4f}:level=false:latency=true")
    return tuple(filters)


def _blocks(chunks: Generator[bytes, None, None]) -> Generator[Samples, None, None]:
    """Whole blocks of BLOCK_SECONDS and a shorter last one; a NaN of a broken float file becomes silence."""
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while len(buffer) >= _BLOCK_BYTES:
            yield _samples(buffer[:_BLOCK_BYTES])
            del buffer[:_BLOCK_BYTES]
    rest = len(buffer) // 4 * 4
    if rest:
        yield _samples(buffer[:rest])


def _samples(data: bytearray) -> Samples:
    samples = np.frombuffer(data, dtype="<f4").astype(np.float32)
    return np.clip(np.nan_to_num(samples, copy=False), -1.0, 1.0, out=samples)


# --- what the programs say ---


def _facts(container: Container, report: dict[str, Any], diagnostics: str) -> MediaFacts:
    streams: list[dict[str, Any]] = report.get("streams", [])
    audio = next((s for s in streams if s.get("codec_type") == "audio"), None)
    has_video = any(s.get("codec_type") == "video" and not s["disposition"]["attached_pic"] for s in streams)
    if audio is None:
        raise InvalidMedia("media.no_audio" if streams else "media.decode_failed")
    rate, channels = int(audio.get("sample_rate", 0)), int(audio.get("channels", 0))
    if not (0 < channels <= _MAX_CHANNELS and 0 < rate <= _MAX_RATE):
        raise InvalidMedia("media.decode_failed", f"{channels} channels at {rate} Hz")
    form = report.get("format", {})
    own_duration = _positive(audio.get("duration"))
    return MediaFacts(
        container=container.demuxer,
        codec=str(audio.get("codec_name", "unknown")),
        duration=own_duration or _positive(form.get("duration")),
        sample_rate=rate,
        channels=channels,
        bit_rate=int(_positive(form.get("bit_rate")) or 0) or None,
        has_video=has_video,
        # Matroska gives the duration of the file alone, and there the picture may outlast the sound.
        duration_is_exact=_GUESSED_DURATION not in diagnostics and (own_duration is not None or not has_video),
    )


def _positive(value: str | None) -> float | None:
    """A number of ffprobe's, which leaves out or calls ``N/A`` what it does not know."""
    if value is None or value == "N/A":
        return None
    number = float(value)
    return number if math.isfinite(number) and number > 0 else None


_SUMMARY = re.compile(
    r"I:\s+(?P<integrated>\S+) LUFS\s+Threshold:\s+(?P<threshold>\S+) LUFS"
    r".*?LRA:\s+(?P<range>\S+) LU\b.*?Peak:\s+(?P<true_peak>\S+) dBFS",
    re.DOTALL,
)


def _loudness(diagnostics: str, clipped: float) -> Loudness:
    """The summary that ebur128 writes at its end; a file without one sample has none."""
    found = _SUMMARY.search(diagnostics, max(0, diagnostics.rfind("Summary:")))
    if found is None:
        return Loudness(ABSOLUTE_GATE_LUFS, LOWEST_PEAK_DBTP, 0.0, ABSOLUTE_GATE_LUFS)
    integrated, threshold, spread, peak = (
        float(found[name]) for name in ("integrated", "threshold", "range", "true_peak")
    )
    return Loudness(
        integrated=max(integrated, ABSOLUTE_GATE_LUFS),
        true_peak=max(peak, LOWEST_PEAK_DBTP),
        range=spread,
        threshold=max(threshold, ABSOLUTE_GATE_LUFS),
        clipped=clipped,
    )
