"""The state of the whole service for administrators, from PostgreSQL, Redis and the disk.

A Redis that is away leaves out what only it knows: then of all times people look here.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import anyio.to_thread
import redis.asyncio
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram import queue
from stenogram.errors import StorageError
from stenogram.pipeline.stage import Stage
from stenogram.services import workers
from stenogram.services.workers import Worker
from stenogram.settings import ServerSettings
from stenogram.storage.admin_rows import Backlog, Sweeps, Waiting
from stenogram.storage.models import JanitorSweep, StageRun
from stenogram.storage.repositories import Counters, clock

MOST_LEASES = 200


@dataclass(frozen=True, slots=True)
class QueueState:
    """``messages`` lie in Redis (None: it is away); ``due`` and ``delayed`` are queued stages, which are the truth.

    A message only wakes a worker, so that there may be more or fewer of them than stages.
    """

    name: str
    messages: int | None
    due: int
    delayed: int
    running: int
    oldest_seconds: float | None


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes: of the file system that DATA_DIR is on, and of the files in the vault wherever that is."""

    free: int
    total: int
    files: int
    stored: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """Messages in the outbox; the age is of the oldest one that is due."""

    count: int
    oldest_seconds: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """``workers`` is None while Redis is away; ``embedded`` names the servers that the service brought itself."""

    at: datetime
    queues: Sequence[QueueState]
    workers: Sequence[Worker] | None
    leases: Sequence[StageRun]
    dead_letters: Mapping[str, int]
    disk: Disk
    outbox: Unsent
    embedded: Sequence[str]
    janitor: Sequence[JanitorSweep]


async def collect(session: AsyncSession, client: "redis.asyncio.Redis", server: ServerSettings) -> Overview:
    """Everything as it is now. Raises StorageError("database.unavailable")."""
    backlog, counters, now = Backlog(session), Counters(session), await clock(session)
    depth, alive = await _redis(client)
    counts = {stage: number for stage, state, number, _ in await counters.stages() if state == "running"}
    count, oldest = await backlog.unsent()
    return Overview(
        at=now,
        queues=_queues(await backlog.waiting(), counts, depth, now),
        workers=alive,
        leases=await backlog.leases(MOST_LEASES),
        dead_letters=await counters.dead_letters(),
        disk=await _disk(backlog, server.data_dir),
        outbox=Unsent(count, age(oldest, now)),
        embedded=server.embedded_servers,
        janitor=await Sweeps(session).all(),
    )


async def _redis(client: "redis.asyncio.Redis") -> tuple[Mapping[str, int] | None, Sequence[Worker] | None]:
    try:
        return await queue.depth(client), await workers.alive(client)
    except StorageError as error:
        logger.warning("the overview is without queues and workers: {}", error)
        return None, None


def _queues(
    waiting: Sequence[Waiting], running: Mapping[str, int], depth: Mapping[str, int] | None, now: datetime
) -> list[QueueState]:
    """In the order of ``queue.NAMES``."""
    states = []
    for name in queue.NAMES:
        stages = [stage for stage in Stage if queue.QUEUES[stage] == name]
        here = [row for row in waiting if row.stage in stages]
        ages = [since for row in here if (since := age(row.oldest, now)) is not None]
        states.append(
            QueueState(
                name=name,
                messages=depth[name] if depth is not None else None,
                due=sum(row.due for row in here),
                delayed=sum(row.delayed for row in here),
                running=sum(running.get(stage, 0) for stage in stages),
                oldest_seconds=max(ages, default=None),
            )
        )
    return states


async def _disk(backlog: Backlog, folder: Path) -> Disk:
    files, stored = await backlog.stored()
    usage = await anyio.to_thread.run_sync(shutil.disk_usage, _existing(folder))
    return Disk(usage.free, usage.total, files, stored)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def age(since: datetime | None, now: datetime) -> float | None:
    """Seconds, never negative."""
    return max(timedelta(0), now - since).total_seconds() if since else None
