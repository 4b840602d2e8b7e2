"""Progress events over Redis Streams: published synchronously by workers, followed asynchronously by every front.

One capped stream per run. Rows in PostgreSQL are the truth; a lost event costs a moment of display, nothing else.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol

import redis
import redis.asyncio
import redis.asyncio.retry
from loguru import logger
from redis.backoff import NoBackoff
from redis.retry import Retry

from stenogram.errors import StorageError
from stenogram.pipeline.stage import STAGES, Stage

EventType = Literal["run", "stage", "progress", "partial", "error"]
TERMINAL: frozenset[str] = frozenset({"done", "done_with_warnings", "cancelled", "dead"})
"""Run states after which nothing more comes, until somebody starts the run again."""

WEIGHTS: Mapping[Stage, float] = {
    Stage.PREPROCESS: 0.06,
    Stage.TRANSCRIBE: 0.62,
    Stage.DIARIZE: 0.24,
    Stage.SUMMARIZE: 0.05,
    Stage.EXPORT: 0.03,
}
"""Share of a run's time by stage: rough figures of a CPU run with a small model. They only shape bars and estimates."""

_SEND_SECONDS = 2.0  # how long a worker waits for Redis to take an event
_PAUSE_SECONDS = 5.0
"""After an event that Redis did not take, progress is not even tried for so long: the work would go at its pace."""
_ASK_SECONDS = 2.0
_OFTEN = ("progress", "partial")
_FIELD = "event"
_KEEP_SECONDS = 24 * 3600  # partial segments are transcript text: no longer than the recordings of a default set-up


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a run. ``segments`` (``partial`` only) are {start, end, text}; ``at`` is Unix seconds.

    ``fraction`` is of the stage, 0..1; ``eta_seconds`` of the whole run, None while unknown.
    """

    run_id: str
    type: EventType
    stage: str | None = None
    state: str | None = None
    fraction: float | None = None
    eta_seconds: float | None = None
    segments: tuple[Mapping[str, Any], ...] = ()
    error_code: str | None = None
    at: float = field(default_factory=time.time)

    @property
    def final(self) -> bool:
        """The run has ended: the stream is over."""
        return self.type == "run" and self.state in TERMINAL

    def to_json(self) -> str:
        values = {item: getattr(self, item) for item in _FIELDS}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Event":
        data = json.loads(text)
        return cls(**{**data, "segments": tuple(data["segments"])})


_FIELDS = tuple(item.name for item in fields(Event))


def stream_name(run_id: object) -> str:
    return f"run:{run_id}"


def briefly() -> Retry:
    """Try once more, at once, on a new connection: enough for a Redis that was restarted. The default is ten times."""
    return Retry(NoBackoff(), 1)


def briefly_async() -> redis.asyncio.retry.Retry:
    """The same for a client of an event loop."""
    return redis.asyncio.retry.Retry(NoBackoff(), 1)


class Publishes(Protocol):
    """Whatever takes events: the real publisher, or a list in a test."""

    def publish(self, *events: Event) -> None: ...


class Publisher:
    """Appends events to the run's stream, capped at about ``length`` entries, gone after a day."""

    def __init__(self, redis_url: str, length: int = 2000) -> None:
        self._redis = redis.Redis.from_url(
            redis_url, socket_timeout=_SEND_SECONDS, socket_connect_timeout=_SEND_SECONDS, retry=briefly()
        )
        self._length = length
        self._paused_until = 0.0  # monotonic

    def publish(self, *events: Event) -> None:
        """Never raises for a Redis that is away: the work must go on, and the rows tell the truth anyway."""
        paused = time.monotonic() < self._paused_until
        told = [event for event in events if not (paused and event.type in _OFTEN)]
        if not told:
            return
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for event in told:
                    pipe.xadd(stream_name(event.run_id), {_FIELD: event.to_json()}, maxlen=self._length)
                for run_id in {event.run_id for event in told}:
                    pipe.expire(stream_name(run_id), _KEEP_SECONDS)
                pipe.execute()
        except redis.RedisError as error:
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            logger.warning("{} events of run {} were not published: {}", len(told), told[0].run_id, error)

    def close(self) -> None:
        self._redis.close()


async def position(client: "redis.asyncio.Redis", run_id: object) -> str:
    """The id of the stream's last entry (``0`` when it is empty): take it *before* a snapshot, follow from it after.

    Raises StorageError("queue.unavailable") when Redis is away, or says nothing for a while.
    """
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            last: Any = await client.xrevrange(stream_name(run_id), count=1)
    except (redis.RedisError, TimeoutError) as error:
        raise StorageError("queue.unavailable", str(error)) from error
    return _text(last[0][0]) if last else "0"


async def recent(client: "redis.asyncio.Redis", run_id: object, count: int) -> list[Event]:
    """The last events of a run, oldest first. Raises StorageError("queue.unavailable")."""
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            entries: Any = await client.xrevrange(stream_name(run_id), count=count)
    except (redis.RedisError, TimeoutError) as error:
        raise StorageError("queue.unavailable", str(error)) from error
    return [Event.from_json(_payload(fields)) for _, fields in reversed(entries)]


async def follow(
    client: "redis.asyncio.Redis",
    run_id: object,
    last_id: str = "0",
    *,
    still_open: Callable[[], Awaitable[bool]] | None = None,
    block_seconds: float = 5.0,
) -> AsyncIterator[tuple[str, Event]]:
    """Every event after ``last_id``, as it comes; ends after the run's final event.

    ``still_open`` is asked whenever nothing came for ``block_seconds``: the final event may have been lost or trimmed.
    Raises StorageError("queue.unavailable") when Redis is away.
    """
    seen = last_id
    while True:
        entries = await _read(client, stream_name(run_id), seen, block_seconds)
        for entry_id, event in entries:
            seen = entry_id
            yield entry_id, event
            if event.final:
                return
        if not entries and still_open is not None and not await still_open():
            return


async def _read(
    client: "redis.asyncio.Redis", name: str, last_id: str, block_seconds: float
) -> list[tuple[str, Event]]:
    try:
        answer: Any = await client.xread({name: last_id}, count=100, block=max(1, int(block_seconds * 1000)))
    except redis.TimeoutError:  # the socket's timeout is shorter than the block
        return []
    except redis.RedisError as error:
        raise StorageError("queue.unavailable", str(error)) from error
    streams = answer.values() if isinstance(answer, dict) else [entries for _, entries in answer or ()]
    found = []
    for entries in streams:
        flat = entries[0] if entries and isinstance(entries[0], list) else entries
        found += [(_text(entry_id), Event.from_json(_payload(fields))) for entry_id, fields in flat]
    return found


def _payload(fields: Mapping[Any, Any]) -> str | bytes:
    payload: str | bytes = fields[_FIELD] if _FIELD in fields else fields[_FIELD.encode()]
    return payload


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def run_fraction(fractions: Mapping[Stage, float]) -> float:
    """How far a run is, 0..1, from how far its stages are; stages left out (skipped) do not count."""
    whole = sum(WEIGHTS[stage] for stage in fractions)
    return round(sum(WEIGHTS[stage] * part for stage, part in fractions.items()) / whole, 4) if whole else 1.0


def eta(stage: Stage, fraction: float, elapsed: float, later: Sequence[Stage]) -> float | None:
    """Seconds left of the run, from the pace of the running stage; None until it says something (2 % and 1 s)."""
    if fraction < 0.02 or elapsed < 1:
        return None
    whole = elapsed / fraction
    after = sum(WEIGHTS[other] for other in later) / WEIGHTS[stage] * whole
    return round(whole - elapsed + after, 1)


def stages_after(stage: Stage, skipped: Sequence[str] = ()) -> list[Stage]:
    return [later for later in STAGES[STAGES.index(stage) + 1 :] if later not in skipped]
