"""Cleaning up: temporary folders of dead workers, and messages sent long ago."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.repositories import Outboxes

KEEP_SENT = timedelta(hours=1)
"""Long after a message vanished from the broker it would have been written anew."""

_PREFIX = "stage-"


@contextmanager
def private_folder(root: Path) -> Iterator[Path]:
    """A folder only we can read (0700), removed however the block ends; its name tells whose it is, for ``sweep``."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def sweep(root: Path) -> int:
    """Remove the folders of processes that live no more (killed: their ``finally`` never ran). How many."""
    removed = 0
    for folder in root.glob(f"{_PREFIX}*"):
        if not _alive(_owner(folder)):
            shutil.rmtree(folder, ignore_errors=True)  # another worker may be sweeping too
            removed += 1
    if removed:
        logger.info("removed {} temporary folders of dead workers", removed)
    return removed


def _owner(folder: Path) -> int:
    pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
    return int(pid) if pid.isdigit() else 0


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def prune_outbox(session: AsyncSession) -> None:
    """Forget messages sent more than ``KEEP_SENT`` ago."""
    await Outboxes(session).prune(KEEP_SENT)
