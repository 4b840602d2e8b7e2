"""The vault over a real database and a real folder."""

import errno
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stenogram.errors import StenogramError, StorageError
from stenogram.storage.blobs import LocalStore
from stenogram.storage.database import Database
from stenogram.storage.envelope import Keyring
from stenogram.storage.models import Blob
from stenogram.storage.vault import Vault, make_master_key
from tests.servers import Servers

KEY = make_master_key()
MEDIA = b"RIFF\x00\x00\x00\x00WAVEfmt " + bytes(range(256)) * 600


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "blobs")


@pytest.fixture
def vault(store: LocalStore, database: Database) -> Vault:
    return Vault(store, Keyring.parse(KEY), database)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def async_chunks() -> AsyncIterator[bytes]:
    for at in range(0, len(MEDIA), 10_000):
        yield MEDIA[at : at + 10_000]


async def test_ranges_are_slices_and_no_plaintext_is_on_disk(vault: Vault, database: Database, tmp_path: Path) -> None:
    async with database.begin() as session:
        blob = await vault.put(session, "recordings/a/source", async_chunks(), "audio/wav")
    async with database.session() as session:
        reader = await vault.open(session, "recordings/a/source")
    assert (blob.size, reader.content_type, b"".join(reader.chunks(7, 99_999))) == (
        len(MEDIA),
        "audio/wav",
        MEDIA[7:99_999],
    )
    end = len(MEDIA) + 100

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(st.integers(0, end), st.integers(0, end))
    def every_range(offset: int, length: int) -> None:
        assert reader.read_at(offset, length) == MEDIA[offset : offset + length]

    every_range()
    written = on_disk(tmp_path)
    assert len(written) > len(MEDIA)
    assert MEDIA[:16] not in written
    assert bytes(range(64)) not in written


async def test_objects_follow_the_transaction(vault: Vault, database: Database, store: LocalStore) -> None:
    async with database.begin() as session:
        await vault.put(session, "runs/1/a", b"one")
    async with database.session() as session:
        await vault.put(session, "runs/1/a", b"never committed")
    async with database.begin() as session:
        savepoint = await session.begin_nested()
        await vault.put(session, "runs/1/a", b"taken back")
        await savepoint.rollback()
    assert len(list(store.list())) == 1
    async with database.begin() as session:
        assert b"".join((await vault.open(session, "runs/1/a")).chunks()) == b"one"
        await vault.put(session, "runs/1/a", b"two")
    assert len(list(store.list())) == 1
    async with database.begin() as session:
        await vault.delete_prefix(session, "runs/1/")
        with pytest.raises(StenogramError, match="not_found"):
            await vault.open(session, "runs/1/a")
    assert list(store.list()) == []


async def test_orphans_are_found_and_swept(vault: Vault, database: Database, store: LocalStore) -> None:
    store.put("f" * 32, iter([b"nobody's"]))
    async with database.begin() as session:
        await vault.put(session, "a", b"somebody's")
        assert await vault.orphans(session) == []
        assert await vault.sweep(session, timedelta()) == 1
    assert len(list(store.list())) == 1


async def test_rotation_leaves_the_media_alone(vault: Vault, database: Database, store: LocalStore) -> None:
    async with database.begin() as session:
        name = (await vault.put(session, "a", MEDIA)).object_name
    before, new = store.read(name, 0, 1 << 20), make_master_key()
    assert await Vault(store, Keyring.parse(f"new:{new},{KEY}"), database).rotate() == 1
    assert store.read(name, 0, 1 << 20) == before
    async with database.session() as session:
        reader = await Vault(store, Keyring.parse(f"new:{new}"), database).open(session, "a")
        assert reader.read_at(0, len(MEDIA)) == MEDIA
        with pytest.raises(StorageError, match=r"storage\.corrupt"):
            await vault.open(session, "a")


@pytest.mark.parametrize("harm", ["cut", "longer", "flip", "gone"])
async def test_harm_is_found_at_opening(
    vault: Vault, database: Database, store: LocalStore, tmp_path: Path, harm: str
) -> None:
    async with database.begin() as session:
        blob: Blob = await vault.put(session, "a", MEDIA)
    path = tmp_path / "blobs" / blob.object_name[:2] / blob.object_name
    data = path.read_bytes()
    path.write_bytes(
        {"cut": data[:-1], "longer": data + b"x", "flip": data[:-1] + bytes([data[-1] ^ 1])}.get(harm, b"")
    )
    if harm == "gone":
        path.unlink()
    async with database.session() as session:
        with pytest.raises(StorageError, match=r"storage\.corrupt"):
            await vault.open(session, "a")


async def test_a_full_disk_keeps_nothing(
    vault: Vault, database: Database, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with database.session() as session:
        with monkeypatch.context() as patched:
            patched.setattr("stenogram.storage.blobs.os.write", full)
            with pytest.raises(StorageError, match=r"storage\.full"):
                await vault.put(session, "a", MEDIA)
    assert list(store.list()) == []


async def test_a_file_that_is_replaced_while_it_is_opened_is_the_new_one(servers: Servers, tmp_path: Path) -> None:
    """The reader has the row; then the writer commits, and the object of that row goes."""
    url = servers.fresh_database()
    replacing: list[str] = []

    class Slow(LocalStore):
        def size(self, name: str) -> int:
            if not replacing:
                replacing.append(name)
                with start_blocking_portal() as portal:
                    portal.call(write, b"new")
            return super().size(name)

    store = Slow(tmp_path / "blobs")

    async def write(data: bytes) -> None:
        database = Database(url)
        async with database.begin() as session:
            await Vault(store, Keyring.parse(KEY), database).put(session, "uploads/a/info", data)
        await database.dispose()

    await write(b"old")
    database = Database(url)
    async with database.session() as session:
        reader = await Vault(store, Keyring.parse(KEY), database).open(session, "uploads/a/info")
    await database.dispose()
    assert replacing
    assert b"".join(reader.chunks()) == b"new"

    await write(b"newest")
    assert b"".join(reader.chunks()) == b"new"  # as it was when it was opened
    assert "b'new'" not in repr(reader)


async def test_a_file_that_is_replaced_while_it_is_read_is_read_whole(servers: Servers, tmp_path: Path) -> None:
    """An export made anew while somebody takes the old one away."""
    url = servers.fresh_database()
    old, new = os.urandom(3 << 20), os.urandom(3 << 20)
    reads: list[int] = []

    class Slow(LocalStore):
        def read(self, name: str, offset: int, length: int) -> bytes:
            reads.append(offset)
            if len(reads) == 3:  # the last segment and the first piece have been read
                with start_blocking_portal() as portal:
                    portal.call(write, new)
            return super().read(name, offset, length)

    store = Slow(tmp_path / "blobs")

    async def write(data: bytes) -> None:
        database = Database(url)
        async with database.begin() as session:
            await Vault(store, Keyring.parse(KEY), database).put(session, "runs/1/exports/pdf", data)
        await database.dispose()

    await write(old)
    database = Database(url)
    async with database.session() as session:
        assert await Vault(store, Keyring.parse(KEY), database).read(session, "runs/1/exports/pdf") == new
    await database.dispose()
