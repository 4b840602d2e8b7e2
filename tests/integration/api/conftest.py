"""The API over a real PostgreSQL and a real Redis: in this process, or as uvicorn where sockets matter."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from apps.bot_api.deps import Runtime
from apps.bot_api.main import create_app
from stenogram.services.access import make_link
from stenogram.settings import Settings, load_settings
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests.servers import Servers

SECRET = "s" * 40
MAX_UPLOAD_MB = 9  # more than two pieces of a resumable upload, and quick to exceed


@pytest.fixture
def environment(servers: Servers, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": servers.fresh_database(),
        "REDIS_URL": servers.fresh_redis(),
        "DATA_DIR": str(tmp_path / "data"),
        "FRONTEND_DIR": str(tmp_path / "dist"),
        "SECRET_KEY": SECRET,
        "MAX_UPLOAD_MB": str(MAX_UPLOAD_MB),
    }


@pytest.fixture
def settings(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@dataclass
class Api:
    """The application, and clients of it."""

    app: FastAPI
    settings: Settings

    @property
    def runtime(self) -> Runtime:
        runtime: Runtime = self.app.state.runtime
        return runtime

    async def user(self, name: str = "anna") -> User:
        async with self.runtime.database.begin() as session:
            return await Users(session).add(User(name=name, role="user", language="ru"))

    async def token(self, name: str = "anna") -> str:
        return self.runtime.tokens.issue((await self.user(name)).id)[0]

    @asynccontextmanager
    async def client(self, token: str | None = None, language: str = "en") -> AsyncIterator[httpx.AsyncClient]:
        headers = {"Accept-Language": language, **({"Authorization": f"Bearer {token}"} if token else {})}
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers) as client:
            yield client


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Api]:
    app = create_app(settings)
    async with LifespanManager(app, startup_timeout=30, shutdown_timeout=30):
        yield Api(app, settings)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    async with running(settings) as made:
        yield made


@pytest.fixture
async def anna(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client(await api.token()) as client:
        yield client


@pytest.fixture
async def boris(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client(await api.token("boris")) as client:
        yield client


@dataclass
class Server:
    """A uvicorn process; ``ready_seconds`` from its start to a positive /readyz."""

    process: "subprocess.Popen[bytes]"
    url: str
    token: str
    ready_seconds: float
    log: Path

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.url}/api/v1", headers={"Authorization": f"Bearer {self.token}"}, timeout=30
        )


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _secret(url: str) -> str:
    database = Database(url)
    try:
        async with database.begin() as session:
            return await make_link(session, await Users(session).add(User(name="anna", role="user")))
    finally:
        await database.dispose()


@pytest.fixture
def server(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Server]:
    with ThreadPoolExecutor(1) as pool:  # a loop of its own, whether or not one runs here
        secret = pool.submit(asyncio.run, _secret(environment["DATABASE_URL"])).result()
    port, log = _free_port(), tmp_path / "api.log"
    command = (sys.executable, "-m", "uvicorn", "apps.bot_api.main:create_app", "--factory", "--no-access-log")
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            (*command, "--port", str(port)), env={**os.environ, **environment}, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(process, url, log)
        ready = time.perf_counter() - started
        answer = httpx.post(f"{url}/api/v1/auth/link", json={"secret": secret})
        yield Server(process, url, answer.json()["access_token"], ready, log)
    finally:
        process.terminate()
        process.wait(20)


def _await_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + 60
    for answer in _polled(f"{url}/readyz"):
        if answer == 200:
            return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()


def _polled(url: str) -> Iterator[int]:
    """Statuses, 0 while nobody listens. Another process cannot be awaited, only asked."""
    while True:
        try:
            yield httpx.get(url).status_code
        except httpx.TransportError:
            yield 0
        time.sleep(0.02)
