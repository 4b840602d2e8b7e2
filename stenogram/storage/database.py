"""The database: one engine per process, sessions, and migrations to the newest schema."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import URL, event, make_url, text
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from stenogram.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

CONNECT_SECONDS = 10.0


def normalise(url: str) -> URL:
    """``postgres://``, ``postgresql://`` or ``postgresql+asyncpg://`` in the form SQLAlchemy needs for asyncpg.

    libpq's ``sslmode`` becomes asyncpg's ``ssl``; ``?host=/folder`` connects over a Unix socket. Raises ValueError
    for any other database.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.drivername not in ("postgresql", "postgresql+asyncpg"):
        raise ValueError(f"DATABASE_URL must be a PostgreSQL URL, not {parsed.drivername}")
    query = {name: value for name, value in parsed.query.items() if name != "channel_binding"}
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername="postgresql+asyncpg", query=query)


class Database:
    """One pool of connections. Bound to the event loop that first uses it; call ``dispose`` in the same loop.

    A database that cannot be reached, or goes away in use, raises StorageError("database.unavailable").
    """

    def __init__(self, url: str, pool_size: int = 5) -> None:
        self.engine = create_async_engine(
            normalise(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,  # a restarted server costs no failed request
            connect_args={"timeout": CONNECT_SECONDS},
        )
        event.listen(self.engine.sync_engine, "do_connect", _connect)
        event.listen(self.engine.sync_engine, "handle_error", _lost)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session that the caller commits; what is not committed is rolled back."""
        async with self._sessions() as session:
            yield session

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end of the block, rolled back when it raises."""
        async with self._sessions.begin() as session:
            yield session

    async def check(self) -> None:
        """Raises StorageError("database.unavailable") unless the database answers."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _connect(dialect: Dialect, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> DBAPIConnection:
    try:
        return dialect.connect(*cargs, **cparams)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StorageError("database.unavailable", type(error).__name__) from error


def _lost(context: ExceptionContext) -> StorageError | None:
    if context.is_disconnect and not context.is_pre_ping:
        return StorageError("database.unavailable", type(context.original_exception).__name__)
    return None


def migrations() -> Path:
    """The folder of migrations: beside the package in a checkout, inside it when installed, else in the current one."""
    package = Path(__file__).resolve().parent.parent
    candidates = (package / "alembic", package.parent / "alembic", Path.cwd() / "alembic")
    for folder in candidates:
        if (folder / "env.py").is_file():
            return folder
    raise FileNotFoundError(f"no migrations in any of {', '.join(map(str, candidates))}")


def config(url: str) -> "Config":
    """Alembic's configuration for a database, without any ini file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", os.fspath(migrations()).replace("%", "%%"))
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to date; safe when several processes do it at once. Not from inside an event loop.

    Raises StorageError("database.unavailable").
    """
    from alembic import command

    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the schema back, with what it holds."""
    from alembic import command

    command.downgrade(config(url), revision)
