"""Sealed bytes in an S3-compatible service. Imported only where one is used: boto3 takes its time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from stenogram.errors import StorageError
from stenogram.storage.blobs import Stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

T = TypeVar("T")
PART = 8 * 1024 * 1024  # bytes of a multipart upload's part; S3 allows 5 MiB at least and 10,000 parts
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
