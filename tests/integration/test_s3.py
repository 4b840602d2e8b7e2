"""The S3 store against a real server process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from stenogram.children import dying_with_parent
from stenogram.errors import StorageError
from stenogram.storage.s3 import PART, S3Store, s3_client


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    server = subprocess.Popen(dying_with_parent(command), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not listening(port):
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture
def store(endpoint: str) -> S3Store:
    return S3Store(s3_client(endpoint, "us-east-1", "key", "secret"), "stenogram")


def test_parts_ranges_and_deletion(store: S3Store) -> None:
    store.check()
    data = os.urandom(2 * PART + 12_345)
    store.put("big", (data[at : at + 1_000_000] for at in range(0, len(data), 1_000_000)))
    store.put("small", iter([b"few"]))
    assert (store.size("big"), store.size("small")) == (len(data), 3)
    assert store.read("big", PART - 5, 70_000) == data[PART - 5 : PART + 69_995]
    assert store.read("small", 1, 100) == b"ew"
    assert {item.name for item in store.list()} == {"big", "small"}
    store.delete("small")
    store.delete("small")
    with pytest.raises(StorageError, match=r"storage\.corrupt"):
        store.size("small")


def test_a_source_that_fails_keeps_nothing(store: S3Store) -> None:
    def source() -> Iterator[bytes]:
        yield bytes(PART)
        yield bytes(PART)
        raise LookupError

    store.put("other", iter([b""]))
    with pytest.raises(LookupError):
        store.put("failed", source())
    assert "failed" not in {item.name for item in store.list()}


def test_a_service_that_is_away() -> None:
    away = S3Store(s3_client("http://127.0.0.1:1", "us-east-1", "key", "secret"), "stenogram")
    with pytest.raises(StorageError, match=r"storage\.unavailable"):
        away.check()
