"""Where sealed bytes lie: a local folder or an S3-compatible service. Neither knows what the bytes mean."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from stenogram.errors import StorageError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

T = TypeVar("T")
PART = 8 * 1024 * 1024  # bytes of a multipart upload's part; S3 allows 5 MiB at least and 10,000 parts


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
        target = self._path(name)
        with _mapped_os_errors():
            temporary = self._folder(self._root / self._TEMPORARY) / uuid4().hex
        try:
            self._write(temporary, chunks)
            with _mapped_os_errors():
                temporary.rename(self._folder(target.parent) / target.name)
                _sync_folder(target.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @staticmethod
    def _write(path: Path, chunks: Iterator[bytes]) -> None:
        with _mapped_os_errors():
            file = path.open("xb", buffering=0)
        with file:
            for chunk in chunks:  # outside of the mapping: an OSError of the source is not the store's
                with _mapped_os_errors():
                    _write_all(file.fileno(), chunk)
            with _mapped_os_errors():
                os.fsync(file.fileno())

    def read(self, name: str, offset: int, length: int) -> bytes:
        with _mapped_os_errors(), self._path(name).open("rb", buffering=0) as file:
            file.seek(offset)
            return file.read(length) or b""

    def size(self, name: str) -> int:
        with _mapped_os_errors():
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
            folder = self._folder(self._root)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise StorageError("storage.unavailable", "the blob folder is not writable")

    def _path(self, name: str) -> Path:
        if name.startswith(f"{self._TEMPORARY}/"):
            return self._root / self._TEMPORARY / Path(name).name
        return self._root / name[:2] / name

    @staticmethod
    def _folder(path: Path) -> Path:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


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
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        code = "storage.full" if full else "storage.unavailable"
        raise StorageError(code, os.strerror(error.errno) if error.errno else type(error).__name__) from error


_GONE = frozenset({"NoSuchKey", "404", "NotFound"})
_FULL = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"})


class S3Store:
    """Objects under ``prefix`` in one bucket, which is made when it is missing.

    Give the bucket a lifecycle rule that aborts incomplete multipart uploads: a killed writer cannot do so itself.
    """

    def __init__(self, client: "S3Client", bucket: str, prefix: str = "blobs/") -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    def put(self, name: str, chunks: Iterator[bytes]) -> None:
        parts = _parts(chunks)
        first, second = next(parts, b""), next(parts, None)
        if second is None:
            self._with_bucket(lambda: self._client.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=first))
            return
        upload = self._with_bucket(
            lambda: self._client.create_multipart_upload(Bucket=self._bucket, Key=self._prefix + name)
        )["UploadId"]
        try:
            self._upload(name, upload, (part for source in ((first, second), parts) for part in source))
        except BaseException:
            with _mapped_s3_errors():
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=self._prefix + name, UploadId=upload)
            raise

    def _upload(self, name: str, upload: str, parts: Iterator[bytes]) -> None:
        where = {"Bucket": self._bucket, "Key": self._prefix + name, "UploadId": upload}
        done: list[CompletedPartTypeDef] = []
        for number, part in enumerate(parts, 1):
            with _mapped_s3_errors():
                answer = self._client.upload_part(**where, PartNumber=number, Body=part)  # type: ignore[arg-type] # plain dict of the three required arguments
            done.append({"PartNumber": number, "ETag": answer["ETag"]})
        with _mapped_s3_errors():
            self._client.complete_multipart_upload(**where, MultipartUpload={"Parts": done})  # type: ignore[arg-type] # as above

    def read(self, name: str, offset: int, length: int) -> bytes:
        if length <= 0:
            return b""
        with _mapped_s3_errors():
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + name, Range=f"bytes={offset}-{offset + length - 1}"
            )
            return answer["Body"].read()

    def size(self, name: str) -> int:
        with _mapped_s3_errors():
            return self._client.head_object(Bucket=self._bucket, Key=self._prefix + name)["ContentLength"]

    def delete(self, name: str) -> None:
        with _mapped_s3_errors():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def list(self) -> Iterator[Stored]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        with _mapped_s3_errors():
            for page in pages:
                for item in page.get("Contents", []):
                    yield Stored(item["Key"].removeprefix(self._prefix), item["LastModified"])

    def check(self) -> None:
        with _mapped_s3_errors():
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except ClientError as error:
                if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                    raise  # not made yet is fine: the first write makes it

    def _with_bucket(self, write: Callable[[], T]) -> T:
        with _mapped_s3_errors():
            try:
                return write()
            except ClientError as error:
                if error.response["Error"]["Code"] != "NoSuchBucket":
                    raise
            self._client.create_bucket(Bucket=self._bucket)
            return write()


def s3_client(endpoint: str | None, region: str, access_key: str | None, secret_key: str | None) -> "S3Client":
    """A thread-safe client that gives up soon enough for a person who waits."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            connect_timeout=3,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 3},
            s3={"addressing_style": "path"} if endpoint else {},
            request_checksum_calculation="when_required",  # not every S3-compatible service knows the newer checksums
            response_checksum_validation="when_required",
        ),
    )


def _parts(chunks: Iterator[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= PART:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


@contextmanager
def _mapped_s3_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        ours = "storage.corrupt" if code in _GONE else "storage.full" if code in _FULL else "storage.unavailable"
        raise StorageError(ours, code) from error
    except BotoCoreError as error:
        raise StorageError("storage.unavailable", type(error).__name__) from error
