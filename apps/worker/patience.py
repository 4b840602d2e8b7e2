"""Waiting for a database that is away: hours of work are not thrown away because it is being restarted."""

import time
from collections.abc import Callable
from typing import TypeVar

from loguru import logger

from stenogram.errors import StorageError

T = TypeVar("T")
PATIENCE_SECONDS = 300.0  # longer than a database takes to recover and start
_PAUSE_SECONDS = 1.0


def patiently(call: Callable[[], T], patience: float = PATIENCE_SECONDS) -> T:
    """What ``call`` returns, asked again while it raises StorageError("database.unavailable").

    It must be one transaction that may be repeated: how a commit ended that was not confirmed nobody knows. Whether
    the stage is still ours is told by its token, however long it took.
    """
    end = time.monotonic() + patience
    while True:
        try:
            return call()
        except StorageError as error:
            if error.code != "database.unavailable" or time.monotonic() > end:
                raise
            logger.warning("waiting for the database: {}", error.detail)
        time.sleep(_PAUSE_SECONDS)
