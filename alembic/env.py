"""How Alembic reaches the database: over asyncpg, in one transaction, one process at a time."""

import asyncio
import os

from sqlalchemy import Connection, text

from alembic import context
from stenogram.storage import access_models, editing_models, library_models, link_models  # noqa: F401 - their tables
from stenogram.storage.database import Database, normalise
from stenogram.storage.telegram_models import Base

_LOCK = 7_236_143_905  # any number, the same in all processes; the lock ends with the transaction
_PATIENCE_SECONDS = 6 * 3600.0  # a new index of a large table takes as long as it takes


def _url() -> str:
    url = context.config.attributes.get("url") or os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("DATABASE_URL is not set")
    return str(url)


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()


async def _online() -> None:
    database = Database(_url(), pool_size=1, patience=_PATIENCE_SECONDS)
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(_migrate)
    finally:
        await database.dispose()


def _offline() -> None:
    context.configure(url=normalise(_url()), target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    _offline()
else:
    asyncio.run(_online())
