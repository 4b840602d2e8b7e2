"""Resumable uploads: pieces of a file, each encrypted as soon as it is there, until they make a recording.

What is known of an upload is one small file of the vault; its row is locked while a piece is added, so that of two
senders at one place one gets in. Everything of an upload lies under ``uploads/{id}/`` and goes with it.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import anyio.to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidMedia, StenogramError
from stenogram.pipeline.stage import RunOptions
from stenogram.services import admission, quotas, recordings, runs, users
from stenogram.settings import LimitSettings, Settings
from stenogram.storage.models import Recording
from stenogram.storage.repositories import clock
from stenogram.storage.upload_rows import Uploads
from stenogram.storage.vault import Vault

PIECE_BYTES = 4 * 1024 * 1024
"""Held in memory per sender; what a killed service can lose of an upload."""

_PREFIX, _INFO = "uploads/", "/info.json"


@dataclass(frozen=True, slots=True)
class Announced:
    """What the sender says of the file before it comes."""

    length: int
    file_name: str
    content_type: str
    options: RunOptions


@dataclass(frozen=True, slots=True)
class Upload:
    """``pieces`` are their sizes in order; ``recording_id`` is there when all have come."""

    id: UUID
    owner_id: UUID
    length: int
    file_name: str
    content_type: str
    options: dict[str, Any]
    expires_at: datetime
    request_id: str | None
    pieces: tuple[int, ...] = field(default=())
    recording_id: UUID | None = None

    @property
    def offset(self) -> int:
        return sum(self.pieces)

    @property
    def complete(self) -> bool:
        return self.offset == self.length


async def create(
    session: AsyncSession,
    vault: Vault,
    owner_id: UUID,
    file: Announced,
    *,
    limits: LimitSettings,
    request_id: str | None = None,
) -> Upload:
    """Make ready for a file. Raises InvalidMedia (``media.empty``, ``media.too_large``), InvalidOptions."""
    if file.length <= 0:
        raise InvalidMedia("media.empty")
    if file.length > limits.max_upload_bytes:
        raise InvalidMedia("media.too_large", limit_mb=limits.max_upload_mb)
    runs.validate(file.options)
    upload = Upload(
        id=uuid4(),
        owner_id=owner_id,
        length=file.length,
        file_name=recordings.safe_name(file.file_name),
        content_type=file.content_type,
        options=asdict(file.options),
        expires_at=await clock(session) + timedelta(hours=limits.upload_expiry_hours),
        request_id=request_id,
    )
    await _save(session, vault, upload)
    return upload


async def get(session: AsyncSession, vault: Vault, owner_id: UUID, upload_id: UUID, *, lock: bool = False) -> Upload:
    """Raises StenogramError("not_found"), also for somebody else's and for one that has expired."""
    if lock:
        await _rows(session).lock(_info_key(upload_id))
    reader = await vault.open(session, _info_key(upload_id))
    upload = _load(await anyio.to_thread.run_sync(reader.read_at, 0, reader.size))
    if upload.owner_id != owner_id or upload.expires_at < await clock(session):
        raise StenogramError("not_found", f"upload {upload_id}")
    return upload


async def append(
    session: AsyncSession,
    vault: Vault,
    owner_id: UUID,
    upload_id: UUID,
    offset: int,
    piece: bytes,
    *,
    settings: Settings,
) -> Upload:
    """Keep ``piece``, which begins at ``offset``. With the last one the recording and its run are made.

    All of it in the caller's transaction: where the recording cannot be made, the last piece has not come.
    Raises StenogramError ``not_found``, ``upload.offset``; what ``recordings.create``, ``runs.start``,
    ``admission.admit`` and ``quotas.charge`` raise.
    """
    upload = await get(session, vault, owner_id, upload_id, lock=True)
    if offset != upload.offset:
        raise StenogramError("upload.offset", offset=upload.offset)
    if offset + len(piece) > upload.length:
        raise StenogramError("request.invalid", f"more than the {upload.length} bytes announced")
    if not piece:
        return upload
    await vault.put(session, _piece_key(upload, len(upload.pieces)), piece)
    upload = replace(upload, pieces=(*upload.pieces, len(piece)))
    if upload.complete:
        await admission.admit(session, owner_id, settings.queue, promised=True)
        upload = await _finish(session, vault, upload, settings)
    await _save(session, vault, upload)
    return upload


async def _finish(session: AsyncSession, vault: Vault, upload: Upload, settings: Settings) -> Upload:
    recording = await recordings.create(
        session,
        vault,
        upload.owner_id,
        upload.file_name,
        upload.content_type,
        _content(session, vault, upload),
        f"tus:{upload.id}",
        limits=settings.limits,
    )
    await quotas.charge(session, await users.get(session, upload.owner_id), recording.id, 0.0, settings)
    options = runs.stored_options(upload.options)
    await runs.start(session, recording.id, options, request_id=upload.request_id)
    await vault.delete_prefix(session, _pieces_prefix(upload))
    return replace(upload, recording_id=recording.id)


async def _content(session: AsyncSession, vault: Vault, upload: Upload) -> AsyncIterator[bytes]:
    for index in range(len(upload.pieces)):
        reader = await vault.open(session, _piece_key(upload, index))
        yield await anyio.to_thread.run_sync(reader.read_at, 0, reader.size)


async def recording_of(session: AsyncSession, vault: Vault, owner_id: UUID, upload_id: UUID) -> Recording:
    """What the upload became. Raises StenogramError("not_found") until it is complete."""
    upload = await get(session, vault, owner_id, upload_id)
    if upload.recording_id is None:
        raise StenogramError("not_found", f"upload {upload_id} is not complete")
    return await recordings.get(session, upload.recording_id)


async def terminate(session: AsyncSession, vault: Vault, owner_id: UUID, upload_id: UUID) -> None:
    """Forget the upload and destroy what came of it; a recording that it became stays. Raises ``not_found``."""
    upload = await get(session, vault, owner_id, upload_id, lock=True)
    await _destroy(session, vault, upload.id)


async def destroy_all(session: AsyncSession, vault: Vault, owner_id: UUID) -> None:
    """Destroy every upload of this owner. Whose an upload is, only its description says: all are looked at."""
    for key in await _rows(session).all():
        try:
            await get(session, vault, owner_id, _id(key))  # others' are not to be locked
            await terminate(session, vault, owner_id, _id(key))
        except StenogramError as error:
            if error.code != "not_found":  # somebody else's, or gone, or about to expire
                raise


async def expire(session: AsyncSession, vault: Vault, limits: LimitSettings) -> int:
    """Destroy the uploads that were announced too long ago. How many. One that grows right now is left for later."""
    keys = await _rows(session).expired(timedelta(hours=limits.upload_expiry_hours))
    for key in keys:
        await _destroy(session, vault, _id(key))
    return len(keys)


async def _destroy(session: AsyncSession, vault: Vault, upload_id: UUID) -> None:
    await vault.delete_prefix(session, f"{_PREFIX}{upload_id}/")


async def _save(session: AsyncSession, vault: Vault, upload: Upload) -> None:
    data = json.dumps(asdict(upload), default=str).encode()
    await vault.put(session, _info_key(upload.id), data, content_type="application/json")


def _load(data: bytes) -> Upload:
    values = json.loads(data)
    for name in ("id", "owner_id", "recording_id"):
        values[name] = UUID(values[name]) if values[name] else None
    values["expires_at"] = datetime.fromisoformat(values["expires_at"])
    return Upload(**{**values, "pieces": tuple(values["pieces"])})


def _rows(session: AsyncSession) -> Uploads:
    return Uploads(session, _PREFIX, _INFO)


def _id(key: str) -> UUID:
    return UUID(key.removeprefix(_PREFIX).removesuffix(_INFO))


def _info_key(upload_id: UUID) -> str:
    return f"{_PREFIX}{upload_id}{_INFO}"


def _pieces_prefix(upload: Upload) -> str:
    return f"{_PREFIX}{upload.id}/pieces/"


def _piece_key(upload: Upload, index: int) -> str:
    return f"{_pieces_prefix(upload)}{index:06d}"
