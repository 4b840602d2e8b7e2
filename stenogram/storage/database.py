"""The database: one engine per process, sessions, and migrations to the newest schema."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import URL, Engine, event, make_url, text
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from stenogram.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

CONNECT_SECONDS = 10.0
STATEMENT_SECONDS = 60.0  # for whoever writes whole transcripts
_DISK_FULL = "53100"
_AWAY = ("08", "57P", "25P03")  # SQLSTATE: connection lost, server going down, we have idled for too long
_FRESH_SECONDS = 1.0  # a connection that is lost without a word is found out so late
_RETURNED = "returned"
_IDLE_SECONDS = 120
"""A transaction in which nothing is asked for so long belongs to a process that was stopped: its locks are let go."""


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

    A database that cannot be reached, goes away in use, or lets a statement wait for longer than ``patience`` seconds
    raises StorageError("database.unavailable"); one that has no room left, StorageError("storage.full"). In a rush
    there are ``overflow`` connections more (as many as in the pool, if it is not given), closed as soon as it is over.
    """

    def __init__(
        self,
        url: str,
        pool_size: int = 5,
        patience: float = STATEMENT_SECONDS,
        idle: float = _IDLE_SECONDS,
        overflow: int | None = None,
    ) -> None:
        self.engine = create_async_engine(
            normalise(url),
            pool_size=pool_size,
            max_overflow=pool_size if overflow is None else overflow,
            pool_timeout=patience,
            connect_args={
                "timeout": min(patience, CONNECT_SECONDS),
                "command_timeout": patience,
                "server_settings": {"idle_in_transaction_session_timeout": f"{round(idle * 1000)}ms"},
            },
        )
        event.listen(self.engine.sync_engine, "do_connect", _connect)
        event.listen(self.engine.sync_engine, "handle_error", _lost)
        _ask_before_use(self.engine.sync_engine)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._statements = async_sessionmaker(at_once, expire_on_commit=False)

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

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[AsyncSession]:
        """A session in which every statement is a transaction: for reading, and for what one statement does whole."""
        async with self._statements() as session:
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


def _ask_before_use(engine: Engine) -> None:
    """A restarted server costs no failed request: what it closed is replaced, what has idled is asked whether it lives.

    As SQLAlchemy's ``pool_pre_ping``, which asks every time, and waits as long again for a server that is stopped.
    """

    def returned(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_RETURNED] = time.monotonic()

    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError  # all of its age are gone: new ones are made
        idle_since = record.info.get(_RETURNED)
        if idle_since is not None and time.monotonic() - idle_since > _FRESH_SECONDS:
            _ping(engine.dialect, connection)

    event.listen(engine, "checkin", returned)
    event.listen(engine, "checkout", taken)


def _ping(dialect: Dialect, connection: DBAPIConnection) -> None:
    try:
        dialect.do_ping(connection)
    except TimeoutError as error:  # it takes connections and says nothing; a new one would cost as long again
        raise StorageError("database.unavailable", "no answer to a ping") from error
    except (OSError, dialect.loaded_dbapi.Error) as error:
        raise InvalidatePoolError from error


def _lost(context: ExceptionContext) -> StorageError | None:
    error = context.original_exception
    if not isinstance(error, Exception):
        return None  # a task that is cancelled must end: that it leaves a connection behind is no failure of anybody's
    state = str(getattr(error, "sqlstate", None) or "")
    if state == _DISK_FULL:
        return StorageError("storage.full", "the database has no room left")
    if isinstance(error, OSError) or state.startswith(_AWAY):
        context.is_disconnect = True  # nothing more is to be asked of this connection
    if context.is_disconnect:
        return StorageError("database.unavailable", type(error).__name__)
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
