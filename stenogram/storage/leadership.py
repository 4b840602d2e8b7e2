"""One process at a time does what must not be done twice: whoever holds a lock that dies with its connection."""

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from stenogram.errors import StorageError
from stenogram.storage.database import Database

_TAKE = text("SELECT pg_try_advisory_lock(:key)")
_STILL_THERE = text("SELECT 1")
_LOOK_SECONDS = 1.0


async def lead(database: Database, key: int, work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work`` whenever this process leads those that call this with the same ``key``; until cancelled.

    A process that is killed is succeeded within a second or two: PostgreSQL lets the lock go with the connection. One
    that loses its connection stops ``work``, and takes it up again when it leads anew. What ``work`` raises passes
    through. Not for a connection pooler that shares connections by transaction.
    """
    while True:
        try:
            async with database.engine.connect() as connection:
                own = await connection.execution_options(isolation_level="AUTOCOMMIT")
                perhaps = True  # until we know that somebody else has it
                try:
                    perhaps = bool(await own.scalar(_TAKE, {"key": key}))
                    if perhaps:
                        await _work_while_held(own, work)
                finally:
                    if perhaps:
                        await connection.invalidate()  # closed, not kept: the lock goes with it
        except StorageError as error:
            logger.warning("the lead is lost or cannot be taken: {}", error)
        await asyncio.sleep(_LOOK_SECONDS)


async def _work_while_held(connection: AsyncConnection, work: Callable[[], Awaitable[None]]) -> None:
    working, holding = asyncio.ensure_future(work()), asyncio.ensure_future(_hold(connection))
    try:
        await asyncio.wait((working, holding), return_when=asyncio.FIRST_COMPLETED)
    finally:
        holding.cancel()
        working.cancel()
        done = await asyncio.gather(working, holding, return_exceptions=True)
    for outcome in done:
        if isinstance(outcome, Exception):
            raise outcome


async def _hold(connection: AsyncConnection) -> None:
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        await connection.execute(_STILL_THERE)
