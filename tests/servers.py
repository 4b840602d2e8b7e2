"""A real PostgreSQL and a real Redis for tests: one PostgreSQL for all pytest-xdist workers, a Redis for each."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import redis
from sqlalchemy import make_url

from stenogram.embedded import EmbeddedServices
from stenogram.storage.database import Database, upgrade

TEMPLATE = "migrated"
_PASSING, _REDIS_DATABASES = 11, 16  # numbers of databases that are given out again and again; of all


class Servers:
    """Fresh databases, each a copy of a migrated template, and fresh Redis database numbers."""

    def __init__(self, shared: Path, worker: str) -> None:
        self._shared = shared
        self._postgres = EmbeddedServices(shared, redis=False)
        self._redis = EmbeddedServices(shared / f"redis-{worker}", postgres=False)
        self._passing, self._lasting = count(), iter(range(_PASSING + 1, _REDIS_DATABASES))
        self._left: list[str] = []  # databases that nobody needs

    @property
    def folder(self) -> Path:
        """Where all that they keep lies."""
        return self._shared

    def start(self) -> None:
        self._shared.mkdir(exist_ok=True)
        self._postgres.start()
        self._redis.start()
        with _alone(self._shared / "template.lock"):
            _apart(self._migrate_template())

    def stop(self) -> None:
        self._redis.stop()
        self._postgres.stop()

    def fresh_database(self, *, migrated: bool = True) -> str:
        """The URL of an empty database, with or without the tables."""
        name = f"test_{uuid4().hex[:16]}"
        copy = f" TEMPLATE {TEMPLATE}" if migrated else ""
        left = [f"DROP DATABASE {make_url(url).database} WITH (FORCE)" for url in self._left]
        self._left.clear()
        with _alone(self._shared / "template.lock"):  # a template can be copied by one at a time only
            _apart(self._execute(f"CREATE DATABASE {name}{copy}", *left))
        return self._url(name)

    @asynccontextmanager
    async def empty(self, pool_size: int = 5) -> AsyncIterator[Database]:
        """A fresh database that nobody needs after the block, with its tables."""
        url = self.fresh_database()
        made = Database(url, pool_size)
        try:
            yield made
        finally:
            await made.dispose()
            self.leave_database(url)

    def leave_database(self, url: str) -> None:
        """Nobody needs it any more: the next that is made makes away with it. A thousand of them fill a disk."""
        self._left.append(url)

    def fresh_redis(self, *, lasting: bool = False) -> str:
        """The URL of an empty Redis database: the one given out eleven calls ago, or a ``lasting`` one of four."""
        number = next(self._lasting) if lasting else next(self._passing) % _PASSING + 1
        url = self._redis.redis_url.removesuffix("/0") + f"/{number}"
        with redis.Redis.from_url(url) as client:
            client.flushdb()
        return url

    def _url(self, database: str) -> str:
        return self._postgres.database_url.replace("/postgres?", f"/{database}?")

    async def _migrate_template(self) -> None:
        connection = await asyncpg.connect(self._postgres.database_url)
        try:
            if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
                return
            await connection.execute("ALTER SYSTEM SET fsync = off")  # tests survive no power cut, and are faster
            await connection.execute("SELECT pg_reload_conf()")
            await connection.execute(f"CREATE DATABASE {TEMPLATE}")
        finally:
            await connection.close()
        await asyncio.to_thread(upgrade, self._url(TEMPLATE))

    async def _execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._postgres.database_url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a loop of its own, whether or not one runs here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Servers]:
    base = tmp_path_factory.getbasetemp()
    made = Servers((base if worker_id == "master" else base.parent) / "servers", worker_id)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def postgres_url(servers: Servers) -> str:
    """A migrated database for this session; tests that write roll back, or take a fresh one."""
    return servers.fresh_database()


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> str:
    return servers.fresh_redis(lasting=True)


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    """Empty, for what commits."""
    async with servers.empty() as made:
        yield made
