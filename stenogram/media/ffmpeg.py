"""How ffmpeg and ffprobe are told which file to read, and what their failures mean."""

import re
import signal
from pathlib import Path

from stenogram.errors import EngineError, InvalidMedia, StenogramError
from stenogram.media.containers import Container
from stenogram.media.sandbox import Failure

_TRUNCATED = re.compile(r"moov atom not found|partial file|truncat|End of file|unexpected EOF", re.IGNORECASE)


def input_options(container: Container, path: Path) -> tuple[str, ...]:
    """``file:`` takes what follows literally, whatever it begins with; only this one file may be opened."""
    return (
        *container.input_options,
        *("-protocol_whitelist", "file", "-f", container.demuxer, "-i", f"file:{path.resolve()}"),
    )


def explain(failure: Failure) -> StenogramError:
    """A signal that the file did not cause is the machine's trouble and may be tried again."""
    last_line = failure.diagnostics.strip().rpartition("\n")[2][-200:]
    if failure.returncode in {126, 127}:
        return EngineError("engine.not_configured", last_line, engine="ffmpeg")
    if failure.returncode in {None, -signal.SIGKILL, -signal.SIGTERM}:
        return EngineError("engine.failed", "ffmpeg was killed or stalled", engine="ffmpeg")
    if _TRUNCATED.search(failure.diagnostics):
        return InvalidMedia("media.truncated", last_line)
    return InvalidMedia("media.decode_failed", last_line)
