"""Use cases around a recording: take it in, list, get, play, delete."""

import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable
from pathlib import PurePath
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidMedia, InvalidOptions, StenogramError
from stenogram.services import users
from stenogram.settings import LimitSettings
from stenogram.storage.models import Recording
from stenogram.storage.repositories import Recordings, Runs, StageRuns
from stenogram.storage.vault import SealedReader, Vault

Chunks = bytes | Iterable[bytes] | AsyncIterator[bytes]

_PLAYLISTS = (b"#extm3u", b"[playlist]", b"<mpd", b"<asx", b"<smil", b"#ext-x-")
_HEAD = 512  # bytes looked at before the file is believed to be media
_NAME_LENGTH = 200  # characters; the longest name most file systems take is 255 bytes
_CONTENT_TYPE = re.compile(r"(audio|video)/[\w.+-]{1,60}")


def source_key(recording_id: UUID) -> str:
    return f"recordings/{recording_id}/source"


def run_prefix(run_id: UUID | str) -> str:
    return f"runs/{run_id}/"


def safe_name(file_name: str) -> str:
    """The last part of a path of any system, without control characters; never empty, at most 200 characters."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", file_name))[-1]
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C").strip().strip(".")
    path = PurePath(base or "recording")
    return path.stem[: _NAME_LENGTH - len(path.suffix[:20])] + path.suffix[:20]


def safe_content_type(declared: str, file_name: str) -> str:
    """An audio or video type, as declared or else by the name; players get nothing that a browser would run."""
    for candidate in (declared.split(";", maxsplit=1)[0].strip().lower(), mimetypes.guess_type(file_name)[0] or ""):
        if _CONTENT_TYPE.fullmatch(candidate):
            return candidate
    return "application/octet-stream"


class Intake:
    """Watches a file go by: counts, hashes, bounds it and looks at its head, holding back nothing but that head."""

    def __init__(self, limits: LimitSettings) -> None:
        self.size = 0
        self._limits = limits
        self._hash = hashlib.sha256()
        self._head = b""

    @property
    def sha256(self) -> bytes:
        return self._hash.digest()

    async def watch(self, chunks: Chunks) -> AsyncIterator[bytes]:
        """The same bytes. Raises InvalidMedia: ``media.too_large``, ``media.playlist``, ``media.empty``."""
        async for chunk in _stream(chunks):
            self._take(chunk)
            yield chunk
        if not self.size:
            raise InvalidMedia("media.empty")

    def _take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self._limits.max_upload_bytes:
            raise InvalidMedia("media.too_large", limit_mb=self._limits.max_upload_mb)
        self._hash.update(chunk)
        if len(self._head) < _HEAD:
            self._head += chunk[: _HEAD - len(self._head)]
            if is_playlist(self._head):
                raise InvalidMedia("media.playlist")


def is_playlist(head: bytes) -> bool:
    """Text that names other files (HLS, DASH, PLS, ASX, SMIL): a decoder would go and fetch them."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(_PLAYLISTS) or (text.startswith(b"<?xml") and any(mark in text for mark in _PLAYLISTS))


async def _stream(chunks: Chunks) -> AsyncIterator[bytes]:
    if isinstance(chunks, bytes):
        yield chunks
    elif isinstance(chunks, AsyncIterator):
        async for chunk in chunks:
            yield chunk
    else:
        for chunk in chunks:
            yield chunk


async def earlier(session: AsyncSession, owner_id: UUID, upload_key: str) -> Recording | None:
    """What was made with this key before. Ask in a session of its own: none is to be held while a file comes."""
    known = await Recordings(session).by_upload_key(upload_key)
    return _same_owner(known, owner_id) if known else None


async def create(
    session: AsyncSession,
    vault: Vault,
    owner_id: UUID,
    file_name: str,
    content_type: str,
    chunks: Chunks,
    upload_key: str | None = None,
    *,
    limits: LimitSettings,
) -> Recording:
    """Take a recording in, encrypting it as it streams by. The same ``upload_key`` again gives the first recording.

    The session is not used before all has come, so a slow line holds no connection to the database. Raises InvalidMedia
    (``media.empty``, ``media.too_large``, ``media.playlist``) and StorageError; keeps nothing then.
    It is kept for as long as its owner prefers now; what they prefer later holds for later ones.
    """
    name, intake, recording_id = safe_name(file_name), Intake(limits), uuid4()
    content_type = safe_content_type(content_type, name)
    await vault.put(session, source_key(recording_id), intake.watch(chunks), content_type=content_type)
    recording = Recording(
        id=recording_id,
        owner_id=owner_id,
        title=PurePath(name).stem,
        file_name=name,
        content_type=content_type,
        size=intake.size,
        sha256=intake.sha256,
        upload_key=upload_key,
        expires_at=await users.expiry_of(session, owner_id),
    )
    return await _add(session, vault, recording)


async def _add(session: AsyncSession, vault: Vault, recording: Recording) -> Recording:
    owner_id, recording_id, upload_key = recording.owner_id, recording.id, recording.upload_key
    try:
        async with session.begin_nested():
            return await Recordings(session).add(recording)
    except IntegrityError:
        known = await Recordings(session).by_upload_key(upload_key) if upload_key else None
        if known is None:
            raise
        await vault.delete(session, source_key(recording_id))  # the same upload, finished by somebody else meanwhile
        return _same_owner(known, owner_id)


def _same_owner(recording: Recording, owner_id: UUID) -> Recording:
    if recording.owner_id != owner_id:
        raise StenogramError("auth.forbidden", "the upload key belongs to somebody else")
    return recording


async def get(session: AsyncSession, recording_id: UUID) -> Recording:
    """Raises StenogramError("not_found")."""
    recording = await Recordings(session).get(recording_id)
    if recording is None:
        raise StenogramError("not_found", f"recording {recording_id}")
    return recording


async def rename(session: AsyncSession, recording_id: UUID, title: str) -> Recording:
    """Raises StenogramError("not_found"), InvalidOptions for a blank title."""
    recording = await get(session, recording_id)
    if not title.strip():
        raise InvalidOptions("request.invalid", detail="title")
    recording.title = title.strip()[:_NAME_LENGTH]
    await session.flush()
    return recording


async def open_media(session: AsyncSession, vault: Vault, recording_id: UUID) -> tuple[Recording, SealedReader]:
    """The recording and its bytes, readable by range. Raises StenogramError("not_found"), StorageError."""
    recording = await get(session, recording_id)
    return recording, await vault.open(session, source_key(recording_id))


async def delete(session: AsyncSession, vault: Vault, recording_id: UUID) -> None:
    """Destroy the recording, its runs and every file of theirs: the data keys go, so copies elsewhere are dead too.

    A worker on one of its runs finds its stage gone and stops. Raises StenogramError("not_found").
    """
    recording = await get(session, recording_id)
    # Locked before anything of theirs is touched, as workers do it: nobody writes a file that this would miss.
    runs = await Runs(session).lock_of_recording(recording_id)
    stages = await StageRuns(session).of([run.id for run in runs])
    prefixes = {run_prefix(run.id) for run in runs} | {
        artifact_prefix(row.artifact) for rows in stages.values() for row in rows if row.artifact
    }  # a rerun may refer to artifacts of a run that is gone already
    for prefix in (f"recordings/{recording_id}/", *sorted(prefixes)):
        await vault.delete_prefix(session, prefix)
    await Recordings(session).delete(recording)


def artifact_prefix(artifact: str) -> str:
    """``runs/{run}/`` of the run that made the artifact, which a rerun only refers to."""
    return artifact.rpartition("/")[0] + "/"
