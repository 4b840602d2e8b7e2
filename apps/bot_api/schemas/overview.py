"""The state of the whole service, as administrators see it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Output
from stenogram.pipeline.stage import Stage
from stenogram.services.overview import Overview, age
from stenogram.services.workers import Worker
from stenogram.storage.models import JanitorSweep, StageRun


class QueueOut(Output):
    name: str = Field(examples=["gpu"])
    messages: int | None = Field(description="In Redis; each wakes a worker. null: Redis does not answer")
    due: int = Field(description="Stages that could begin now")
    delayed: int = Field(description="Stages that wait for their next attempt")
    running: int
    oldest_seconds: float | None = Field(description="How long the oldest due stage has been waiting")


class WorkerOut(Output):
    """A worker process that has given a sign of life within the last 20 seconds."""

    name: str = Field(examples=["gpu@host:4711"])
    queues: list[str]
    concurrency: int
    since: datetime


class LeaseOut(Output):
    """A stage that a worker holds. Without a further heartbeat it is taken from it at ``until``."""

    run_id: UUID
    stage: Stage
    attempt: int
    fraction: float
    worker: str | None
    since: datetime | None
    until: datetime | None


class DiskOut(Output):
    free_bytes: int = Field(description="On the file system of DATA_DIR")
    total_bytes: int
    files: int = Field(description="In the vault, wherever that is")
    stored_bytes: int


class OutboxOut(Output):
    unsent: int
    oldest_seconds: float | None = Field(description="How long the oldest message that is due has not been sent")


class SweepOut(Output):
    """What the janitor did about one kind of rubbish. ``error_code``: why it could not, the last time."""

    name: str = Field(examples=["uploads"])
    last_at: datetime
    age_seconds: float
    last_count: int
    total: int
    error_code: str | None


class OverviewOut(Output):
    at: datetime
    queues: list[QueueOut]
    workers: list[WorkerOut] | None = Field(description="null: Redis does not answer")
    leases: list[LeaseOut] = Field(description="The longest held first, at most 200")
    dead_letters: dict[str, int] = Field(description="Open ones by stage", examples=[{"summarize": 2}])
    disk: DiskOut
    outbox: OutboxOut
    servers: dict[Literal["postgresql", "redis"], Literal["embedded", "external"]]
    janitor: list[SweepOut]


def overview_out(found: Overview) -> OverviewOut:
    return OverviewOut(
        at=found.at,
        queues=[QueueOut.model_validate(queue, from_attributes=True) for queue in found.queues],
        workers=None if found.workers is None else [_worker(worker) for worker in found.workers],
        leases=[_lease(row) for row in found.leases],
        dead_letters=dict(found.dead_letters),
        disk=DiskOut(
            free_bytes=found.disk.free,
            total_bytes=found.disk.total,
            files=found.disk.files,
            stored_bytes=found.disk.stored,
        ),
        outbox=OutboxOut(unsent=found.outbox.count, oldest_seconds=found.outbox.oldest_seconds),
        servers={
            "postgresql": "embedded" if "postgresql" in found.embedded else "external",
            "redis": "embedded" if "redis" in found.embedded else "external",
        },
        janitor=[_sweep(sweep, found.at) for sweep in found.janitor],
    )


def _worker(worker: Worker) -> WorkerOut:
    return WorkerOut.model_validate(worker, from_attributes=True)


def _lease(row: StageRun) -> LeaseOut:
    return LeaseOut(
        run_id=row.run_id,
        stage=Stage(row.stage),
        attempt=row.attempts,
        fraction=row.fraction,
        worker=row.worker,
        since=row.started_at,
        until=row.lease_until,
    )


def _sweep(row: JanitorSweep, now: datetime) -> SweepOut:
    return SweepOut(
        name=row.name,
        last_at=row.last_at,
        age_seconds=age(row.last_at, now) or 0.0,
        last_count=row.last_count,
        total=row.total,
        error_code=row.error_code,
    )
