"""Cleaning up: temporary folders of dead workers, messages sent long ago, recordings whose time is over."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import audit, identity, recordings
from stenogram.storage.repositories import Outboxes
from stenogram.storage.retention_rows import Retention
from stenogram.storage.vault import Vault

KEEP_SENT = timedelta(hours=1)
"""Long after a message vanished from the broker it would have been written anew."""

KEEP_UPDATES = timedelta(hours=48)
"""Telegram sends an update again for a day at most."""

KEEP_NOTICES = timedelta(days=30)

_PREFIX = "stage-"


def scratch_root() -> Path:
    """Where whoever needs a real file gets one: this user's own folder under the system's temporary one."""
    return Path(tempfile.gettempdir()) / f"stenogram-{os.getuid()}"


@contextmanager
def private_folder(root: Path) -> Iterator[Path]:
    """A folder only we can read (0700), removed however the block ends; locked by us until then, for ``sweep``."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder, lock = _locked_folder(root)
    try:
        yield folder
    finally:
        try:
            shutil.rmtree(folder)
        finally:
            os.close(lock)


def _locked_folder(root: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
        lock = _lock(folder)
        if lock is not None and folder.exists():
            return folder, lock
        if lock is not None:  # a sweeper came in between the two and took it away
            os.close(lock)


def sweep(root: Path) -> int:
    """Remove the folders of processes that live no more (killed: their ``finally`` never ran). How many.

    Whoever lives holds the lock of its folder. Numbers of processes would not tell: in a container that starts again
    they are those of before.
    """
    removed = 0
    for folder in root.glob(f"{_PREFIX}*"):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)  # another worker may be sweeping too
            os.close(lock)
            removed += 1
    if removed:
        logger.info("removed {} temporary folders of dead workers", removed)
    return removed


def _lock(folder: Path) -> int | None:
    """The descriptor that holds the lock until it is closed, at the latest with its process; None: it is not to be had.

    Programs that the process starts do not inherit it.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


async def prune_outbox(session: AsyncSession) -> None:
    """Forget messages sent more than ``KEEP_SENT`` ago."""
    await Outboxes(session).prune(KEEP_SENT)


async def expired(session: AsyncSession) -> Sequence[UUID]:
    """Up to 500 recordings that are to be destroyed (``Recording.expires_at``); each in a transaction of its own."""
    return await Retention(session).expired_recordings()


async def destroy_expired(session: AsyncSession, vault: Vault, recording_id: UUID) -> bool:
    """Destroy the recording with all its files. False: it is gone already, or was given more time."""
    if not await Retention(session).is_expired(recording_id):
        return False
    try:
        await recordings.delete(session, vault, recording_id)
    except StenogramError as error:
        if error.code != "not_found":
            raise
        return False
    return True


async def forget_bygones(session: AsyncSession) -> int:
    """What need not be remembered: updates and notices of long ago, what those who left had used, sessions that are
    over, the audit of years ago. How many."""
    rows = Retention(session)
    updates, notices = await rows.forget_updates(KEEP_UPDATES), await rows.forget_notices(KEEP_NOTICES)
    over = await identity.forget_expired(session) + await audit.forget(session)
    return updates + notices + over + await rows.forget_departures()
