"""The vault: files by key, always encrypted, readable by range, destroyed by forgetting their key.

The row of a file lives and dies with the caller's transaction; objects of the raw store follow (see ``aftermath``).
"""

import base64
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import anyio.from_thread
import anyio.to_thread
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError, StorageError
from stenogram.settings import Settings
from stenogram.storage import envelope
from stenogram.storage.aftermath import Aftermath
from stenogram.storage.blob_rows import Blobs
from stenogram.storage.blobs import LocalStore, RawStore
from stenogram.storage.database import Database
from stenogram.storage.envelope import SEALED_SEGMENT, SEGMENT, Cipher, Keyring, Measure
from stenogram.storage.keyfile import kept_secret
from stenogram.storage.models import Blob

T = TypeVar("T")
Chunks = bytes | Iterable[bytes] | AsyncIterator[bytes]

_BATCH = 1 << 20  # plaintext bytes asked of an async source, or of the store, at a time
_ROTATED = 500  # rows locked at once while keys are wrapped anew
ORPHAN_AGE = timedelta(hours=24)
"""An object without a row may belong to a transaction that has not ended yet, but not for this long."""


@dataclass(frozen=True, slots=True)
class SealedReader:
    """The plaintext of one file, decrypted as it is read. Synchronous and thread-safe; needs no session.

    A file of one segment stays what it was when it was opened, though it be replaced while it is read. Raises
    StorageError: "storage.corrupt" for anything not authentic, "storage.unavailable".
    """

    size: int
    content_type: str
    sha256: bytes
    _name: str
    _cipher: Cipher
    _store: RawStore
    _whole: bytes | None = field(default=None, repr=False)  # plaintext: not for a log

    def verified(self) -> "SealedReader":
        """With the last segment, and so the size, authenticated. ``Vault.open`` has done it."""
        if self._store.size(self._name) != envelope.sealed_size(self.size):
            raise StorageError("storage.corrupt", "the file is not as long as it was")
        last = envelope.segments(self.size) - 1
        end = self._segments(last, last + 1)
        if len(end) != self.size - last * SEGMENT:
            raise StorageError("storage.corrupt", "the last segment is not as long as it was")
        return self if last else replace(self, _whole=end)

    def read_at(self, offset: int, n: int) -> bytes:
        """``n`` bytes from ``offset``; fewer at the end, none beyond it. Raises ValueError for negative numbers."""
        if offset < 0 or n < 0:
            raise ValueError("offset and length must not be negative")
        end = min(offset + n, self.size)
        if offset >= end:
            return b""
        first = offset // SEGMENT
        plain = self._segments(first, -(-end // SEGMENT))
        return plain[offset - first * SEGMENT : end - first * SEGMENT]

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end`` (exclusive) in pieces of up to 1 MiB, in flat memory."""
        end = self.size if end is None else min(end, self.size)
        while start < end:
            stop = min(end, (start // _BATCH + 1) * _BATCH)
            yield self.read_at(start, stop - start)
            start = stop

    def _segments(self, first: int, stop: int) -> bytes:
        if self._whole is not None:
            return self._whole
        count = envelope.segments(self.size)
        sealed = self._store.read(self._name, first * SEALED_SEGMENT, (stop - first) * SEALED_SEGMENT)
        with memoryview(sealed) as view:
            pieces = (
                view[at : at + SEALED_SEGMENT] for at in range(0, (stop - first) * SEALED_SEGMENT, SEALED_SEGMENT)
            )
            return b"".join(
                self._cipher.open(index, piece, index == count - 1) for index, piece in enumerate(pieces, first)
            )


class Vault:
    """Files by key (``recordings/{id}/source``, ``runs/{id}/transcribe.json``, …). Never commits.

    Raises StorageError: "storage.full", "storage.unavailable", "storage.corrupt".
    """

    def __init__(self, store: RawStore, keyring: Keyring, database: Database) -> None:
        self._store, self._keyring, self._database = store, keyring, database

    async def put(
        self,
        session: AsyncSession,
        key: str,
        chunks: Chunks,
        content_type: str = "application/octet-stream",
        guard: Callable[[], Awaitable[object]] | None = None,
    ) -> Blob:
        """Encrypt as it streams by, and put the row under ``key``, replacing an older file when the caller commits.

        What ``chunks`` raises passes through. An iterable is consumed in a worker thread, an async one in this loop.
        ``guard`` is called when all is written and before the row is touched: the place to take other locks.
        """
        name, data_key, measure = uuid4().hex, os.urandom(envelope.KEY), Measure()
        aftermath = Aftermath.of(session, self._store)
        sealed = envelope.seal(Cipher(data_key), _pulled(chunks), measure)
        aftermath.made.add(name)
        await anyio.to_thread.run_sync(self._store.put, name, sealed)
        blob = Blob(
            key=key,
            wrapped_key=self._keyring.wrap(data_key, name),
            kek_id=self._keyring.current,
            object_name=name,
            size=measure.size,
            sha256=measure.sha256,
            content_type=content_type,
        )
        if guard is not None:
            await guard()
        replaced = await Blobs(session).upsert(blob)
        if replaced:
            aftermath.unneeded.add(replaced)
        return blob

    async def open(self, session: AsyncSession, key: str) -> SealedReader:
        """A reader whose size is authentic. Raises StenogramError("not_found") for a key that is not there.

        A file of several segments replaced while its reader is used ends as "storage.corrupt"; ``read`` looks again.
        """
        return await self._of_the_newest(session, key, lambda reader: reader.verified())

    async def read(self, session: AsyncSession, key: str) -> bytes:
        """The whole file as it was at one moment, though it be replaced meanwhile. Raises as ``open`` does."""
        return await self._of_the_newest(session, key, lambda reader: b"".join(reader.verified().chunks()))

    async def _of_the_newest(self, session: AsyncSession, key: str, use: Callable[[SealedReader], T]) -> T:
        unreadable = None
        while (blob := await Blobs(session).get(key)) is not None:
            try:
                return await anyio.to_thread.run_sync(use, self._reader(blob))
            except StorageError:
                if blob.object_name == unreadable:
                    raise
                unreadable = blob.object_name  # it may have been replaced since its row was read: look again
        raise StenogramError("not_found", f"blob {key}")

    def _reader(self, blob: Blob) -> SealedReader:
        cipher = Cipher(self._keyring.unwrap(blob.wrapped_key, blob.kek_id, blob.object_name))
        return SealedReader(blob.size, blob.content_type, blob.sha256, blob.object_name, cipher, self._store)

    async def has(self, session: AsyncSession, key: str) -> bool:
        return await Blobs(session).get(key) is not None

    async def delete(self, session: AsyncSession, key: str) -> None:
        """Destroy the data key, and with it the file. Deleting what is not there is no error."""
        Aftermath.of(session, self._store).unneeded.update(await Blobs(session).delete(key=key))

    async def delete_prefix(self, session: AsyncSession, prefix: str) -> None:
        """Destroy every file whose key begins with ``prefix``. Raises ValueError for an empty one."""
        if not prefix:
            raise ValueError("an empty prefix would destroy everything")
        Aftermath.of(session, self._store).unneeded.update(await Blobs(session).delete(prefix=prefix))

    async def rewrap(self, session: AsyncSession, limit: int = _ROTATED) -> int:
        """Wrap up to ``limit`` data keys anew under the current key; media stay as they are. How many were done.

        Call it, committing each time, until it returns 0; only then may an old key leave MASTER_KEY.
        """
        blobs = await Blobs(session).wrapped_by_other(self._keyring.current, limit)
        for blob in blobs:
            data_key = self._keyring.unwrap(blob.wrapped_key, blob.kek_id, blob.object_name)
            blob.wrapped_key = self._keyring.wrap(data_key, blob.object_name)
            blob.kek_id = self._keyring.current
        await session.flush()
        return len(blobs)

    async def rotate(self) -> int:
        """``rewrap`` everything, in transactions of its own. How many keys were wrapped anew."""
        total = 0
        while True:
            async with self._database.begin() as session:
                done = await self.rewrap(session)
            if not done:
                return total
            total += done

    async def orphans(self, session: AsyncSession, older_than: timedelta = ORPHAN_AGE) -> list[str]:
        """Objects that no row needs: of transactions that were rolled back or killed. Lists the whole store."""
        oldest = datetime.now(UTC) - older_than
        stored = await anyio.to_thread.run_sync(
            lambda: [item.name for item in self._store.list() if item.modified_at <= oldest]
        )
        orphans = []
        for start in range(0, len(stored), 10_000):  # below the number of parameters a statement may have
            names = stored[start : start + 10_000]
            orphans += sorted(set(names) - await Blobs(session).referenced(names))
        return orphans

    async def sweep(self, session: AsyncSession, older_than: timedelta = ORPHAN_AGE) -> int:
        """Delete the orphans. How many."""
        orphans = await self.orphans(session, older_than)
        for name in orphans:
            await anyio.to_thread.run_sync(self._store.delete, name)
        if orphans:
            logger.info("removed {} objects that no file needed", len(orphans))
        return len(orphans)

    async def check(self) -> None:
        """Raises StorageError unless the store can be used."""
        await anyio.to_thread.run_sync(self._store.check)


def _pulled(chunks: Chunks) -> Iterator[bytes]:
    """Chunks for the worker thread, whichever kind they are."""
    if isinstance(chunks, bytes):
        yield chunks
    elif isinstance(chunks, AsyncIterator):
        while batch := anyio.from_thread.run(_batch, chunks):
            yield batch
    else:
        yield from chunks


async def _batch(chunks: AsyncIterator[bytes]) -> bytes:
    """About 1 MiB, empty at the end: crossing between thread and loop costs more than encrypting a small chunk."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= _BATCH:
            break
    return bytes(held)


def open_vault(settings: Settings, database: Database) -> Vault:
    """The vault that the settings describe. In local mode a missing MASTER_KEY is made and kept under the data folder.

    Raises StorageError; ValueError for a MASTER_KEY that is none.
    """
    return Vault(_store(settings), Keyring.parse(_master_key(settings)), database)


def _store(settings: Settings) -> RawStore:
    blobs = settings.blobs
    if blobs.backend == "local":
        return LocalStore(settings.server.data_dir / "blobs")
    access, secret = blobs.s3_access_key, blobs.s3_secret_key
    from stenogram.storage.s3 import S3Store, s3_client

    client = s3_client(
        blobs.s3_endpoint,
        blobs.s3_region,
        access.get_secret_value() if access else None,
        secret.get_secret_value() if secret else None,
    )
    return S3Store(client, blobs.s3_bucket)


def _master_key(settings: Settings) -> str:
    if settings.blobs.master_key:
        return settings.blobs.master_key.get_secret_value()
    return kept_secret(settings.server.data_dir / "keys" / "master_key", make_master_key)


def make_master_key() -> str:
    """A fresh key-encryption key as MASTER_KEY takes it."""
    return base64.b64encode(os.urandom(envelope.KEY)).decode()
