"""The API as a process, started as the service starts it, on a port of its own."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from stenogram.children import dying_with_parent
from stenogram.services.access import make_link
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests import http
from tests.processes import PATIENCE, START_SECONDS
from tests.service import free_port


@dataclass
class Server:
    """The process of the API; ``ready_seconds`` from its start to a positive /readyz."""

    process: "subprocess.Popen[bytes]"
    url: str
    token: str
    ready_seconds: float
    log: Path

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=http.ANSWER_SECONDS)


async def _secret(url: str) -> str:
    database = Database(url)
    try:
        async with database.begin() as session:
            return await make_link(session, await Users(session).add(User(name="anna", role="user")))
    finally:
        await database.dispose()


@contextmanager
def serving(environment: Mapping[str, str], folder: Path, port: int | None = None) -> Iterator[Server]:
    """The server, ready, and a token of its one user; its log is in ``folder``."""
    with ThreadPoolExecutor(1) as pool:  # a loop of its own, whether or not one runs here
        secret = pool.submit(asyncio.run, _secret(environment["DATABASE_URL"])).result()
    port, log = port or free_port(), folder / "api.log"
    command = [sys.executable, "-m", "apps.bot_api", "--port", str(port)]
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            dying_with_parent(command),
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,  # as ``stenogram up`` does: Linux shares the processors out among sessions
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(process, url, log)
        ready = time.perf_counter() - started
        answer = http.post(f"{url}/api/v1/auth/link", json={"secret": secret})
        yield Server(process, url, answer.json()["access_token"], ready, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _await_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    for answer in _polled(f"{url}/readyz"):
        if answer == 200:
            return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()


def _polled(url: str) -> Iterator[int]:
    """Statuses, 0 while nobody listens. Another process cannot be awaited, only asked."""
    while True:
        try:
            yield http.get(url).status_code
        except httpx.TransportError:
            yield 0
        time.sleep(0.02)
