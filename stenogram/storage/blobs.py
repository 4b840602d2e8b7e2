"""Where sealed bytes lie: a local folder or an S3-compatible service. Neither knows what the bytes mean."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import uuid4

from stenogram.errors import StorageError

T = TypeVar("T")
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the disk, the quota, the largest file allowed


@dataclass(frozen=True, slots=True)
class Stored:
    """One object of a raw store."""

    name: str
    modified_at: datetime


class RawStore(Protocol):
    """Objects by name, written whole or not at all. Synchronous, thread-safe; every failure is a StorageError."""

    def put(self, name: str, chunks: Iterator[bytes]) -> None:
        """Store durably, atomically. What ``chunks`` raises passes through; nothing is kept then."""
        ...

    def read(self, name: str, offset: int, length: int) -> bytes:
        """``length`` bytes from ``offset``, fewer at the end. Raises "storage.corrupt" for an object that is gone."""
        ...

    def size(self, name: str) -> int:
        """Bytes. Raises "storage.corrupt" for an object that is gone."""
        ...

    def delete(self, name: str) -> None:
        """Deleting what is gone already is no error."""
        ...

    def list(self) -> Iterator[Stored]:
        """Every object, and what dead writers left behind."""
        ...

    def check(self) -> None:
        """Raises unless the store can be used."""
        ...


class LocalStore:
    """Files in two levels of folders under ``root``, private to this user; written in ``root/tmp`` and renamed."""

    _TEMPORARY = "tmp"

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, chunks: Iterator[bytes]) -> None:
        target, temporary = self._path(name), self._root / self._TEMPORARY / uuid4().hex
        try:
            self._write(temporary, chunks)
            with _mapped_os_errors():
                _in_folder(target.parent, lambda: temporary.rename(target))
                _sync_folder(target.parent)
        except BaseException:
            with suppress(OSError):  # on a disk that became read-only it stays, and is found by the sweep
                temporary.unlink(missing_ok=True)
            raise

    @staticmethod
    def _write(path: Path, chunks: Iterator[bytes]) -> None:
        with _mapped_os_errors():
            file = _in_folder(path.parent, lambda: path.open("xb", buffering=0))
        with file:
            for chunk in chunks:  # outside of the mapping: an OSError of the source is not the store's
                with _mapped_os_errors():
                    _write_all(file.fileno(), chunk)
            with _mapped_os_errors():
                os.fsync(file.fileno())

    def read(self, name: str, offset: int, length: int) -> bytes:
        with self._present(), _mapped_os_errors(), self._path(name).open("rb", buffering=0) as file:
            file.seek(offset)
            return file.read(length) or b""

    def size(self, name: str) -> int:
        with self._present(), _mapped_os_errors():
            return self._path(name).stat().st_size

    def delete(self, name: str) -> None:
        with _mapped_os_errors():
            self._path(name).unlink(missing_ok=True)

    def list(self) -> Iterator[Stored]:
        for path in self._root.glob("*/*"):
            try:
                modified = path.stat().st_mtime
            except FileNotFoundError:
                continue  # deleted or renamed while we look
            name = f"{self._TEMPORARY}/{path.name}" if path.parent.name == self._TEMPORARY else path.name
            yield Stored(name, datetime.fromtimestamp(modified, UTC))

    def check(self) -> None:
        with _mapped_os_errors():
            _make(self._root)
        if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
            raise StorageError("storage.unavailable", "the blob folder is not writable")

    @contextmanager
    def _present(self) -> Iterator[None]:
        """An object that is gone is lost, unless everything is: then the disk is not mounted."""
        try:
            yield
        except StorageError as error:
            if error.code == "storage.corrupt" and not (self._root / self._TEMPORARY).is_dir():
                raise StorageError("storage.unavailable", "the blob folder is empty") from error
            raise

    def _path(self, name: str) -> Path:
        if name.startswith(f"{self._TEMPORARY}/"):
            return self._root / self._TEMPORARY / Path(name).name
        return self._root / name[:2] / name


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _in_folder(folder: Path, put: Callable[[], T]) -> T:
    """``put`` something there. The folder is made when it is found missing: to make sure each time costs more."""
    try:
        return put()
    except FileNotFoundError:
        _make(folder)
        return put()


def _write_all(descriptor: int, chunk: bytes) -> None:
    with memoryview(chunk) as view:
        written = 0
        while written < len(view):
            written += os.write(descriptor, view[written:])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _mapped_os_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StorageError("storage.corrupt", "the object is gone") from error
    except OSError as error:
        code = "storage.full" if error.errno in NO_ROOM else "storage.unavailable"
        raise StorageError(code, os.strerror(error.errno) if error.errno else type(error).__name__) from error
