"""The sound of a part of a recording, as a file of its own."""

from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import anyio
from anyio import to_thread

from stenogram.errors import InvalidOptions
from stenogram.media.clip import ClipFormat, cut
from stenogram.media.strip import strip
from stenogram.services import recordings
from stenogram.services.janitor import private_folder, scratch_root
from stenogram.storage.database import Database
from stenogram.storage.models import Recording
from stenogram.storage.vault import SealedReader, Vault

LONGEST_SECONDS = 3 * 3600.0
_SLACK_SECONDS = 1.0  # the end of the sound as one player tells it, and as another does
_AT_ONCE = anyio.CapacityLimiter(2)  # cuts in one process: the rest of it must go on


def check(recording: Recording, start: float, end: float) -> None:
    """Raises InvalidOptions("request.range") for what is no part of the recording, or more than is cut at once."""
    duration = recording.duration or LONGEST_SECONDS
    if not 0 <= start < end <= duration + _SLACK_SECONDS or end - start > LONGEST_SECONDS:
        raise InvalidOptions("request.range", f"{start}..{end} of {recording.duration}")


async def make(
    database: Database, vault: Vault, recording_id: UUID, start: float, end: float, form: ClipFormat
) -> BinaryIO:
    """The cut, open for reading; it has no name any more, so nothing of it stays when it is closed.

    The transaction has ended before ffmpeg begins. Raises what ``check`` and ``media.clip.cut`` raise.
    """
    async with database.session() as session:
        recording, reader = await recordings.open_media(session, vault, recording_id)
    check(recording, start, end)
    return await to_thread.run_sync(_made, reader, start, end, form, limiter=_AT_ONCE)


def _made(reader: SealedReader, start: float, end: float, form: ClipFormat) -> BinaryIO:
    with private_folder(scratch_root()) as folder:
        source, target = folder / "source", folder / f"clip.{form.extension}"
        _write(reader, source)
        cut(source, target, start, end, form)
        return target.open("rb")


async def bare(database: Database, vault: Vault, recording_id: UUID) -> tuple[BinaryIO, str]:
    """The sound of the whole without tags, open for reading as that of ``make``, and its content type."""
    async with database.session() as session:
        recording, reader = await recordings.open_media(session, vault, recording_id)
    return await to_thread.run_sync(_bare, reader, recording.duration or LONGEST_SECONDS, limiter=_AT_ONCE)


def _bare(reader: SealedReader, seconds: float) -> tuple[BinaryIO, str]:
    with private_folder(scratch_root()) as folder:
        source = folder / "source"
        _write(reader, source)
        found = strip(source, folder, seconds)
        return found.path.open("rb"), found.content_type


def _write(reader: SealedReader, path: Path) -> None:
    with path.open("wb") as file:
        for chunk in reader.chunks():
            file.write(chunk)


def size(file: BinaryIO) -> int:
    """Bytes of an open file."""
    end = file.seek(0, 2)
    file.seek(0)
    return end
