"""The sound of a recording without what its file tells besides: title, place, device, pictures, chapters, video.

The compressed sound is copied into a fresh container, not encoded anew, where a browser plays such a container;
elsewhere it becomes AAC.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stenogram.errors import InvalidMedia
from stenogram.media.clip import CLIP_FORMATS, cut
from stenogram.media.containers import sniff
from stenogram.media.ffmpeg import explain, input_options
from stenogram.media.sandbox import Failure, Limits, stream

_CPU_SECONDS = 600  # copying reads and writes; hours of sound take some seconds of it
_SPARE_MB = 16  # what an index may take more than the source had


@dataclass(frozen=True, slots=True)
class Bare:
    """A file, and its content type."""

    path: Path
    content_type: str


@dataclass(frozen=True, slots=True)
class _Muxer:
    name: str
    content_type: str
    options: tuple[str, ...] = ()


_MUXERS: Mapping[str, _Muxer] = {  # by demuxer; WebM holds only what browsers play of Matroska
    "ogg": _Muxer("ogg", "audio/ogg"),
    "flac": _Muxer("flac", "audio/flac"),
    "matroska": _Muxer("webm", "audio/webm"),
    "wav": _Muxer("wav", "audio/wav"),
    "mp3": _Muxer("mp3", "audio/mpeg", ("-id3v2_version", "0", "-write_id3v1", "0")),
    "aac": _Muxer("adts", "audio/aac"),
    "mov": _Muxer("ipod", "audio/mp4", ("-movflags", "+faststart")),
}


def strip(source: Path, folder: Path, seconds: float) -> Bare:
    """Write the sound of ``source``, which lasts ``seconds``, to a new file in ``folder``.

    Raises InvalidMedia, EngineError.
    """
    muxer = _MUXERS.get(sniff(source).demuxer)
    if muxer is not None:
        try:
            return _copied(source, folder / "bare", muxer)
        except InvalidMedia:
            pass  # sound that this container does not hold: it is encoded
    form = CLIP_FORMATS["m4a"]
    target = folder / f"bare.{form.extension}"
    cut(source, target, 0.0, seconds, form)
    return Bare(target, form.content_type)


def _copied(source: Path, target: Path, muxer: _Muxer) -> Bare:
    command = [
        *("ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y", "-threads", "1"),
        *input_options(sniff(source), source),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-c", "copy"),
        *("-fflags", "+bitexact", "-flags", "+bitexact", *muxer.options, "-f", muxer.name, f"file:{target.resolve()}"),
    ]
    limits = Limits(
        cpu_seconds=_CPU_SECONDS,
        stall_seconds=_CPU_SECONDS,  # nothing is said on the way
        output_mb=source.stat().st_size // 2**20 + _SPARE_MB,
    )
    try:
        with closing(stream(command, limits)) as said:
            for _ in said:
                pass
    except Failure as failure:
        raise explain(failure) from failure
    return Bare(target, muxer.content_type)
