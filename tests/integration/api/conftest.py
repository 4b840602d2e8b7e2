"""The API over a real PostgreSQL and a real Redis: in this process, or as uvicorn where sockets matter."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from apps.bot_api.deps import Runtime
from apps.bot_api.main import create_app
from stenogram.services import access
from stenogram.settings import Settings, load_settings
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests.api_server import Server, serving
from tests.processes import PATIENCE
from tests.servers import Servers

SECRET = "s" * 40
MAX_UPLOAD_MB = 9  # more than two pieces of a resumable upload, and quick to exceed


@pytest.fixture
def environment(servers: Servers, tmp_path: Path) -> Iterator[dict[str, str]]:
    database_url = servers.fresh_database()
    yield {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.fresh_redis(),
        "DATA_DIR": str(tmp_path / "data"),
        "FRONTEND_DIR": str(tmp_path / "dist"),
        "SECRET_KEY": SECRET,
        "MAX_UPLOAD_MB": str(MAX_UPLOAD_MB),
    }
    servers.leave_database(database_url)


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
    async with LifespanManager(app, startup_timeout=PATIENCE, shutdown_timeout=PATIENCE):
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


@pytest.fixture
def server(environment: Mapping[str, str], tmp_path: Path) -> Iterator[Server]:
    with serving(environment, tmp_path) as made:
        yield made


async def sign_in(api: Api, user: User, client: str = "Firefox") -> str:
    """As a person does: with a link."""
    async with api.runtime.database.begin() as session:
        secret = await access.make_link(session, user)
    async with api.client() as anybody:
        answer = await anybody.post("/api/v1/auth/link", json={"secret": secret}, headers={"User-Agent": client})
    token: str = answer.json()["access_token"]
    return token


@pytest.fixture
async def user(api: Api) -> User:
    return await api.user()


@pytest.fixture
async def signed(api: Api, user: User) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client(await sign_in(api, user)) as client:
        yield client
