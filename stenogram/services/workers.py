"""Which workers are alive: each main process says so in Redis every few seconds, under a key that expires.

Not Celery's ``inspect``: it waits for its full timeout whenever it asks, and who is busy may look dead. Nor the leases:
who has nothing to do holds none. The heart is beaten by the event loop of the main process, which does no work of a
stage, so that a busy worker beats and a stopped, frozen or killed one does not. What a Redis that was emptied has
forgotten is back after one beat. The clock that expires a key is Redis's own.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import redis
import redis.asyncio
from loguru import logger

from stenogram.errors import StorageError
from stenogram.events import briefly

BEAT_SECONDS = 5.0
ALIVE_SECONDS = 20
"""Some beats may be late: a machine that is busy loading models is no dead one."""

_NAMES, _PREFIX = "workers", "worker:"


@dataclass(frozen=True, slots=True)
class Worker:
    """``name`` is that under which it holds leases; ``since`` is Unix seconds by the worker's own clock."""

    name: str
    queues: tuple[str, ...]
    concurrency: int
    since: float


class Heart:
    """Beats for one worker. Never raises for a Redis that is away: then nobody can ask either."""

    def __init__(self, redis_url: str, worker: Worker) -> None:
        self._redis = redis.Redis.from_url(redis_url, socket_timeout=1, socket_connect_timeout=1, retry=briefly())
        self._worker = worker

    def beat(self) -> None:
        name = self._worker.name
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.sadd(_NAMES, name)
                pipe.set(_PREFIX + name, json.dumps(asdict(self._worker)), ex=ALIVE_SECONDS)
                pipe.execute()
        except redis.RedisError as error:
            logger.debug("no heartbeat of {}: {}", name, error)

    def stop(self) -> None:
        """Beat no more, and say so."""
        name = self._worker.name
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.delete(_PREFIX + name)
                pipe.srem(_NAMES, name)
                pipe.execute()
        except redis.RedisError as error:
            logger.debug("the end of {} is not told: {}", name, error)
        self._redis.close()


async def alive(client: "redis.asyncio.Redis") -> Sequence[Worker]:
    """Workers that have beaten lately, by name. Raises StorageError("queue.unavailable")."""
    try:
        names = sorted(_text(name) for name in await client.smembers(_NAMES))
        beats = await client.mget([_PREFIX + name for name in names]) if names else []
        silent = [name for name, beat in zip(names, beats, strict=True) if beat is None]
        if silent:
            await client.srem(_NAMES, *silent)  # one that was only late is back with its next beat
    except redis.RedisError as error:
        raise StorageError("queue.unavailable", str(error)) from error
    return [_worker(json.loads(beat)) for beat in beats if beat is not None]


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _worker(data: dict[str, Any]) -> Worker:
    return Worker(data["name"], tuple(data["queues"]), data["concurrency"], data["since"])
