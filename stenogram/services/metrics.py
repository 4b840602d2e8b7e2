"""Figures about the chain, read from PostgreSQL and Redis, so that any process can expose them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import redis.asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.queue import NAMES, QUEUES, depth
from stenogram.services.overview import age
from stenogram.services.workers import Worker, alive
from stenogram.storage.admin_rows import Backlog, Sweeps, Waiting
from stenogram.storage.repositories import Counters, clock


@dataclass(frozen=True, slots=True)
class StageFigures:
    """Of one stage: rows by state, attempts in all, and seconds in all of those that are done."""

    stage: str
    states: Mapping[str, int]
    attempts: int
    finished: int
    wall_seconds: float
    engine_seconds: float


@dataclass(frozen=True, slots=True)
class SweepFigures:
    """Of one kind of rubbish: removed ever, seconds since the janitor last looked, and whether it then failed."""

    name: str
    removed: int
    age: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """``queue_depth`` by queue name, open ``dead_letters`` by stage; ``unsent`` messages wait in the outbox.

    ``oldest_queued`` is the age in seconds of the oldest due stage by queue, ``oldest_lease`` that of the longest
    running stage (0: none). ``workers`` are those that live.
    """

    stages: Sequence[StageFigures]
    queue_depth: Mapping[str, int]
    dead_letters: Mapping[str, int]
    unsent: int
    oldest_queued: Mapping[str, float]
    oldest_lease: float
    workers: Sequence[Worker]
    sweeps: Sequence[SweepFigures]


async def collect(session: AsyncSession, client: "redis.asyncio.Redis") -> Figures:
    """Raises StorageError("queue.unavailable") when Redis is away."""
    counters, backlog, now = Counters(session), Backlog(session), await clock(session)
    return Figures(
        stages=await _stages(counters),
        queue_depth=await depth(client),
        dead_letters=await counters.dead_letters(),
        unsent=await counters.unsent(),
        oldest_queued=_oldest(await backlog.waiting(), now),
        oldest_lease=age(await backlog.oldest_lease(), now) or 0.0,
        workers=await alive(client),
        sweeps=[
            SweepFigures(row.name, row.total, age(row.last_at, now) or 0.0, row.error_code is not None)
            for row in await Sweeps(session).all()
        ],
    )


def _oldest(waiting: Sequence[Waiting], now: datetime) -> dict[str, float]:
    oldest = dict.fromkeys(NAMES, 0.0)
    for row in waiting:
        name = QUEUES[Stage(row.stage)]
        oldest[name] = max(oldest[name], age(row.oldest, now) or 0.0)
    return oldest


async def _stages(counters: Counters) -> list[StageFigures]:
    states: dict[str, dict[str, int]] = {}
    attempts: dict[str, int] = {}
    for stage, state, count, tried in await counters.stages():
        states.setdefault(stage, {})[state] = count
        attempts[stage] = attempts.get(stage, 0) + tried
    durations = {stage: rest for stage, *rest in await counters.durations()}
    return [
        StageFigures(stage, states[stage], attempts[stage], *durations.get(stage, (0, 0.0, 0.0)))
        for stage in sorted(states)
    ]
