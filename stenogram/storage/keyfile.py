"""Secrets that the service makes up for itself in local mode and keeps, private to its user, in the data folder."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from stenogram.errors import StorageError


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file (mode 0600), made at the first call; processes that race all get the same one.

    Raises StorageError("storage.unavailable") where the folder cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _publish(path, make())
        return path.read_text().strip()
    except OSError as error:
        raise StorageError("storage.unavailable", f"{path.name}: {type(error).__name__}") from error


def _publish(path: Path, secret: str) -> None:
    with NamedTemporaryFile("w", dir=path.parent) as file:  # mode 0600
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)  # whole or not at all, and only the first one wins
        except FileExistsError:
            return
