"""A stretch of a recording's sound as a file of its own, cut where the player's clock says, to the sample.

The source is decoded, not copied: packets of compressed sound begin where they begin, not where somebody cuts.
"""

import math
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stenogram.errors import InvalidOptions
from stenogram.media.containers import sniff
from stenogram.media.ffmpeg import explain, input_options
from stenogram.media.sandbox import Failure, Limits, stream

_MB_PER_SECOND = 0.5  # the most a second of sound takes: 16 bits, 2 channels, 96 kHz, and some more
_SEEK_CPU_SECONDS = 120  # a file without an index is read from its beginning
_SPEED = 4  # times faster than it plays, at the least


@dataclass(frozen=True, slots=True)
class ClipFormat:
    """How a cut is written. ``codec``: ffmpeg's options for it."""

    extension: str
    content_type: str
    codec: tuple[str, ...]


CLIP_FORMATS: Mapping[str, ClipFormat] = {
    "m4a": ClipFormat(
        "m4a", "audio/mp4", ("-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "ipod", "-ar", "48000")
    ),
    "wav": ClipFormat("wav", "audio/wav", ("-c:a", "pcm_s16le", "-f", "wav")),
}


def clip_format(name: str) -> ClipFormat:
    """Raises InvalidOptions("options.format")."""
    if name not in CLIP_FORMATS:
        raise InvalidOptions("options.format", format=name, supported=", ".join(CLIP_FORMATS))
    return CLIP_FORMATS[name]


def cut(source: Path, target: Path, start: float, end: float, form: ClipFormat, *, stall_seconds: float = 60.0) -> None:
    """Write the sound of ``source`` from ``start`` to ``end`` (seconds, as players count them) to ``target``.

    Nothing else of the source goes along: no picture, no tags, no chapters. Where the sound pauses or begins late, as
    in some videos, the cut is silent, so that its length is what was asked for. Raises InvalidMedia, EngineError.
    """
    seconds = end - start
    command = [
        *("ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y", "-threads", "1"),
        *("-ss", f"{start:.6f}", *input_options(sniff(source), source)),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-af", f"aresample=async=1:first_pts=0,apad=whole_dur={seconds:.6f},atrim=end={seconds:.6f}", "-ac", "2"),
        *("-threads", "1", *form.codec, f"file:{target.resolve()}"),
    ]
    limits = Limits(
        cpu_seconds=_SEEK_CPU_SECONDS + math.ceil(seconds / _SPEED),
        stall_seconds=stall_seconds + seconds / _SPEED,  # nothing is said on the way
        output_mb=1 + math.ceil(seconds * _MB_PER_SECOND),
    )
    try:
        with closing(stream(command, limits)) as said:
            for _ in said:
                pass
    except Failure as failure:
        raise explain(failure) from failure
