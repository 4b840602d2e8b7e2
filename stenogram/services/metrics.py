"""Figures about the chain, read from PostgreSQL and Redis, so that any process can expose them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import redis.asyncio
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.queue import depth
from stenogram.storage.repositories import Counters


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
class Figures:
    """``queue_depth`` by queue name, open ``dead_letters`` by stage; ``unsent`` messages wait in the outbox."""

    stages: Sequence[StageFigures]
    queue_depth: Mapping[str, int]
    dead_letters: Mapping[str, int]
    unsent: int


async def collect(session: AsyncSession, client: "redis.asyncio.Redis") -> Figures:
    """Raises StorageError("queue.unavailable") when Redis is away."""
    counters = Counters(session)
    return Figures(
        stages=await _stages(counters),
        queue_depth=await depth(client),
        dead_letters=await counters.dead_letters(),
        unsent=await counters.unsent(),
    )


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
