"""Everything of one person: taken out as one archive, or destroyed."""

import json
import re
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import audit, departures, exports, people, recordings, uploads, users
from stenogram.services.janitor import private_folder
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.ledger_rows import Ledger, Payments
from stenogram.storage.models import LedgerEntry, Payment, Recording, User
from stenogram.storage.repositories import Runs
from stenogram.storage.retention_rows import Retention
from stenogram.storage.user_rows import Accounts
from stenogram.storage.vault import SealedReader, Vault

FORMATS = ("json", "docx")
"""Of the transcripts in an archive."""

_ACCOUNT = "account.json"
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # in names of files, on one system or another
_TITLE_LENGTH = 80
_LOST = ("not_found", "storage.corrupt", "export.failed")  # one file that cannot be had does not keep the others back


async def forget(
    session: AsyncSession, vault: Vault, user: User, settings: Settings, *, via: audit.Via = "page"
) -> None:
    """Destroy the account with everything that belongs to it, in the caller's transaction.

    Recordings with all their files and links, uploads, the ledger, payments, sessions and keys, posts and answers,
    names and preferences. What stays is an HMAC of the Telegram id with what was used of the day (``departures``),
    for two days, and in the audit that somebody has left. Workers on one of the runs find their stage gone and stop.
    Raises StenogramError: ``not_found``, ``account.last_admin``.
    """
    await _keep_an_admin(session, await users.get(session, user.id), lock=False)
    await uploads.destroy_all(session, vault, user.id)
    while not await _is_bare(session, user.id):
        for recording_id in await Accounts(session).recordings(user.id):
            await recordings.delete(session, vault, recording_id)
    leaving = await users.get(session, user.id)
    await departures.note(session, leaving, settings.server)
    await audit.record(session, leaving, "account.deleted", via=via)
    if leaving.telegram_id is not None:
        await Retention(session).forget_chat(leaving.telegram_id)
    session.expunge(leaving)
    await Accounts(session).delete(leaving.id)


async def _is_bare(session: AsyncSession, user_id: UUID) -> bool:
    """Whether the user has no recordings, and gets none any more before this transaction ends.

    The user is locked after the runs of all its recordings, as workers lock them; where another recording has come
    meanwhile, it is let go again.
    """
    accounts = Accounts(session)
    async with session.begin_nested() as savepoint:
        await _keep_an_admin(session, await users.get(session, user_id), lock=True)
        if await accounts.lock(user_id) is None:
            raise StenogramError("not_found", "the user is gone")
        if not await accounts.recordings(user_id):
            return True
        await savepoint.rollback()
    return False


async def _keep_an_admin(session: AsyncSession, user: User, *, lock: bool) -> None:
    if user.role == "admin":
        await people.leave_an_admin(session, user, lock=lock)


@asynccontextmanager
async def export(database: Database, vault: Vault, user: User, root: Path) -> AsyncIterator[Path]:
    """A ZIP with everything kept of the user, in a private folder under ``root`` that is removed at the end.

    For every recording its original media and its newest transcript (JSON, DOCX), and ``account.json``: the profile,
    preferences, recordings, ledger and payments, and which files could not be had. Media stream by in flat memory; no
    transaction is open meanwhile. Raises StenogramError("not_found"), StorageError.
    """
    with private_folder(root) as folder:
        path = folder / "stenogram.zip"
        archive = await to_thread.run_sync(lambda: zipfile.ZipFile(path, "w", strict_timestamps=False))
        try:
            await _Export(database, vault, user.id, archive).write()
        finally:
            await to_thread.run_sync(archive.close)
        yield path


@dataclass(slots=True)
class _Export:
    database: Database
    vault: Vault
    user_id: UUID
    archive: zipfile.ZipFile
    described: list[dict[str, Any]] = field(default_factory=list)

    async def write(self) -> None:
        async with self.database.at_once() as session:
            kept = await Accounts(session).recordings(self.user_id)
        for number, recording_id in enumerate(kept, 1):
            await self._add_recording(number, recording_id)
        async with self.database.at_once() as session:
            account = await _account(session, self.user_id)
        text = json.dumps({**account, "recordings": self.described}, ensure_ascii=False, indent=2)
        await self._put(_ACCOUNT, text.encode())

    async def _add_recording(self, number: int, recording_id: UUID) -> None:
        async with self.database.at_once() as session:
            try:
                recording = await recordings.get(session, recording_id)
            except StenogramError as error:
                if error.code == "not_found":  # it was destroyed meanwhile
                    return
                raise
            folder = f"recordings/{number:04} {_fit(recording.title)}".rstrip()
            missing = [
                *await self._add_media(session, recording, folder),
                *await self._add_texts(session, recording, folder),
            ]
        self.described.append({**_described(recording), "folder": folder, "missing": missing})

    async def _add_media(self, session: AsyncSession, recording: Recording, folder: str) -> list[str]:
        name = f"media{PurePath(recording.file_name).suffix}"
        try:
            _, reader = await recordings.open_media(session, self.vault, recording.id)
            await to_thread.run_sync(self._copy, f"{folder}/{name}", reader)
        except StenogramError as error:
            return [_lost(name, error)]
        return []

    def _copy(self, name: str, reader: SealedReader) -> None:
        with self.archive.open(name, "w", force_zip64=True) as file:
            for chunk in reader.chunks():
                file.write(chunk)

    async def _add_texts(self, session: AsyncSession, recording: Recording, folder: str) -> list[str]:
        run = await Runs(session).latest_with_transcript(recording.id)
        if run is None:
            return []
        missing = []
        for kind in FORMATS:
            name = f"transcript.{kind}"
            try:
                data, _, _ = await exports.export(session, self.vault, run.id, kind)
                await self._put(f"{folder}/{name}", data)
            except StenogramError as error:
                missing.append(_lost(name, error))
        return missing

    async def _put(self, name: str, data: bytes) -> None:
        await to_thread.run_sync(lambda: self.archive.writestr(name, data, zipfile.ZIP_DEFLATED))


def _lost(name: str, error: StenogramError) -> str:
    if error.code not in _LOST:
        raise error
    return f"{name}: {error.code}"


def _fit(title: str) -> str:
    return _UNFIT.sub("_", title)[:_TITLE_LENGTH].strip(" .")


async def _account(session: AsyncSession, user_id: UUID) -> dict[str, Any]:
    return {
        "profile": users.profile(await users.get(session, user_id)),
        "ledger": _ledger(await Ledger(session).of_user(user_id)),
        "payments": _payments(await Payments(session).of_user(user_id)),
    }


def _ledger(entries: Sequence[LedgerEntry]) -> list[dict[str, Any]]:
    return [
        {
            "kind": entry.kind,
            "bucket": entry.bucket,
            "seconds": entry.seconds,
            "day": entry.day.isoformat(),
            "recording_id": str(entry.recording_id) if entry.recording_id else None,
            "created_at": entry.created_at.isoformat(),
        }
        for entry in entries
    ]


def _payments(received: Sequence[Payment]) -> list[dict[str, Any]]:
    return [
        {
            "charge_id": payment.charge_id,
            "stars": payment.stars,
            "seconds": payment.seconds,
            "created_at": payment.created_at.isoformat(),
            "refunded_at": _moment(payment.refunded_at),
        }
        for payment in received
    ]


def _described(recording: Recording) -> dict[str, Any]:
    return {
        "id": str(recording.id),
        "title": recording.title,
        "file_name": recording.file_name,
        "content_type": recording.content_type,
        "size": recording.size,
        "duration": recording.duration,
        "origin": recording.origin,
        "created_at": recording.created_at.isoformat(),
        "expires_at": _moment(recording.expires_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
