"""Word that a transcript was edited, to whoever has it open: over Redis, without promise. Who misses it can ask."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

import redis
import redis.asyncio
from loguru import logger

from stenogram.errors import StorageError

_TELL_SECONDS = 1.0
"""An edit is saved already: its author must not wait for a Redis that is away."""


def _channel(run_id: UUID) -> str:
    return f"edited:{run_id}"


async def tell(client: "redis.asyncio.Redis", run_id: UUID, version: int) -> None:
    """Say that the transcript has this version now. Call it after the commit; never raises for Redis."""
    try:
        async with asyncio.timeout(_TELL_SECONDS):
            await client.publish(_channel(run_id), version)
    except (redis.RedisError, TimeoutError) as error:
        logger.debug("version {} of run {} was not told: {}", version, run_id, error)


async def listen(client: "redis.asyncio.Redis", run_id: UUID, wait_seconds: float) -> AsyncGenerator[int | None]:
    """None as soon as nothing will be missed, then each version as it is made.

    ``wait_seconds``: of one wait for word, below the client's own timeout. Raises StorageError("queue.unavailable").
    """
    try:
        async with client.pubsub(ignore_subscribe_messages=True) as line:
            await line.subscribe(_channel(run_id))
            yield None
            while True:
                word = await line.get_message(timeout=wait_seconds)
                if word is not None:
                    yield int(word["data"])
    except redis.RedisError as error:
        raise StorageError("queue.unavailable", str(error)) from error
