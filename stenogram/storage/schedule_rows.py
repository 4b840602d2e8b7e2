"""The queue as rows tell it: which stage is worked on next, taking it in one statement, and who waits."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

SHORT = 300.0
"""Seconds: recordings up to this length go first. Voice messages and short calls are; meetings are not."""

PATIENCE = timedelta(minutes=30)
"""A longer one that nobody has worked on for so long is not kept waiting by short ones any more."""

_LENGTH = "coalesce(recordings.duration, recordings.size / 16000.0)"  # until it was probed: as if of 128 kbit/s
_DUE = "stage_runs.state = 'queued' AND (stage_runs.not_before IS NULL OR stage_runs.not_before <= now())"
_DESERTED = "stage_runs.state = 'running' AND stage_runs.lease_until < now() AND stage_runs.attempts < :most"
# nobody has worked on it for so long
_OVERDUE = "coalesce(stage_runs.started_at, runs.created_at) <= now() - CAST(:patience AS interval)"
_TABLES = "stage_runs JOIN runs ON runs.id = stage_runs.run_id JOIN recordings ON recordings.id = runs.recording_id"


def _take(scope: str, free: str, order: str = "", locked: str = "") -> TextClause:
    """Take a stage of ``scope`` that is ``free``. Its run is locked first, as everywhere; then it is looked at anew."""
    return text(
        f"""
WITH candidate AS (
    SELECT stage_runs.run_id, stage_runs.stage, runs.recording_id, runs.options, runs.state AS run_state,
           recordings.owner_id, {_LENGTH} > CAST(:short AS float) AS long, {_OVERDUE} AS overdue
    FROM {_TABLES} LEFT JOIN shares ON shares.owner_id = recordings.owner_id AND shares.queue = CAST(:queue AS varchar)
    WHERE {scope} AND ({free}) AND NOT runs.cancel_requested
    {order}
    FOR UPDATE OF runs {locked}
), taken AS (
    UPDATE stage_runs
    SET state = 'running', attempts = attempts + 1, token = token + 1, worker = :worker,
        fraction = 0, not_before = NULL, lease_until = clock_timestamp() + CAST(:lease AS interval),
        started_at = clock_timestamp(), finished_at = NULL
    FROM candidate
    WHERE stage_runs.run_id = candidate.run_id AND stage_runs.stage = candidate.stage AND ({free})
    RETURNING candidate.*, stage_runs.token, stage_runs.attempts
), begun AS (
    UPDATE runs SET state = 'running' FROM taken WHERE runs.id = taken.run_id AND taken.run_state <> 'running'
), served AS (
    INSERT INTO shares (owner_id, queue, served_at)
    SELECT owner_id, CAST(:queue AS varchar), clock_timestamp() FROM taken
    ON CONFLICT (owner_id, queue) DO UPDATE SET served_at = excluded.served_at
)
SELECT taken.*, (
    SELECT jsonb_object_agg(stage_runs.stage, jsonb_build_array(stage_runs.state, stage_runs.artifact))
    FROM stage_runs WHERE stage_runs.run_id = taken.run_id
) AS stages
FROM taken
"""
    )


_ORDER = f"""
    ORDER BY {_LENGTH} > CAST(:short AS float) AND NOT {_OVERDUE},
             shares.served_at NULLS FIRST, stage_runs.position DESC, runs.created_at, runs.id
    LIMIT 1
"""
_OF_QUEUE = "stage_runs.stage = ANY(CAST(:stages AS varchar[]))"
_TAKE_BEST = _take(_OF_QUEUE, _DUE, _ORDER, "SKIP LOCKED")
_TAKE_ONE = _take("stage_runs.run_id = :run_id AND stage_runs.stage = :stage", f"{_DUE} OR {_DESERTED}")
_WAITS = text(
    f"SELECT EXISTS (SELECT FROM {_TABLES} WHERE {_OF_QUEUE} AND {_DUE}"
    f" AND NOT runs.cancel_requested AND {_LENGTH} <= CAST(:short AS float))"
)

_WAITING = text(
    "SELECT count(*), count(*) FILTER (WHERE recordings.owner_id = :owner_id)"
    " FROM runs JOIN recordings ON recordings.id = runs.recording_id WHERE runs.state = 'queued'"
)
_BEGUN = text(
    "SELECT count(*) FROM stage_runs"
    " WHERE position = 0 AND started_at > now() - CAST(:age AS interval) AND state <> 'queued'"
)
_PLACES = text(
    f"""
SELECT id, place FROM (
    SELECT runs.id, row_number() OVER (
        ORDER BY {_LENGTH} > CAST(:short AS float) AND runs.created_at > now() - CAST(:patience AS interval),
                 runs.created_at, runs.id
    ) AS place
    FROM runs JOIN recordings ON recordings.id = runs.recording_id
    WHERE runs.state = 'queued' AND NOT runs.cancel_requested
) AS waiting WHERE id = ANY(CAST(:run_ids AS uuid[]))
"""
)
_ADMISSION = 5_311_877_204  # any number, the same in all processes


@dataclass(frozen=True, slots=True)
class Terms:
    """On which a stage is taken: by whom, for how long, and how often at most."""

    worker: str
    lease: timedelta
    most: int


@dataclass(frozen=True, slots=True)
class Taken:
    """``stages`` are (state, artifact) of all stages of the run, by name, as they were before this one was taken."""

    run_id: UUID
    stage: str
    token: int
    attempt: int
    recording_id: UUID
    run_state: str  # before it was taken
    long: bool
    overdue: bool
    options: dict[str, Any] = field(repr=False)
    stages: Mapping[str, Sequence[str | None]]


class Schedule:
    """The waiting stages of one queue, in the session of the caller."""

    def __init__(self, session: AsyncSession, queue: str, stages: Sequence[str]) -> None:
        self._session = session
        self._queue, self._stages = queue, [str(stage) for stage in stages]

    async def take_best(self, terms: Terms) -> Taken | None:
        """Take the stage that is to be worked on next: of a short recording first, then of the owner who was served
        longest ago in this queue, then the one nearest the end of its run, then the oldest. None: nothing waits."""
        return await self._take(_TAKE_BEST, terms, stages=self._stages)

    async def take(self, run_id: UUID, stage: str, terms: Terms) -> Taken | None:
        """Take this stage if it is due, or if the lease of whoever works on it has expired; else None.

        Waits for whoever has locked the run. Of two claimants one gets it.
        """
        return await self._take(_TAKE_ONE, terms, run_id=run_id, stage=str(stage), most=terms.most)

    async def _take(self, statement: TextClause, terms: Terms, **which: Any) -> Taken | None:
        policy = {"queue": self._queue, "short": SHORT, "patience": PATIENCE}
        found = await self._session.execute(
            statement, {**policy, **which, "worker": terms.worker, "lease": terms.lease}
        )
        row = found.one_or_none()
        if row is None:
            return None
        return Taken(
            run_id=row.run_id,
            stage=row.stage,
            token=row.token,
            attempt=row.attempts,
            recording_id=row.recording_id,
            run_state=row.run_state,
            long=row.long,
            overdue=row.overdue,
            options=row.options,
            stages=row.stages,
        )

    async def waits(self) -> bool:
        """Whether a stage is due."""
        return bool(await self._session.scalar(_WAITS, {"stages": self._stages, "short": math.inf}))

    async def short_waits(self) -> bool:
        """Whether a stage of a short recording is due."""
        return bool(await self._session.scalar(_WAITS, {"stages": self._stages, "short": SHORT}))


class Queue:
    """The runs that nobody has begun, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """Nobody else is let in before this transaction ends."""
        await self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADMISSION})

    async def waiting(self, owner_id: UUID) -> tuple[int, int]:
        """How many wait, and how many of them are this owner's."""
        waiting, own = (await self._session.execute(_WAITING, {"owner_id": owner_id})).one()
        return waiting, own

    async def begun_within(self, age: timedelta) -> int:
        """How many left the queue lately."""
        return await self._session.scalar(_BEGUN, {"age": age}) or 0

    async def places(self, run_ids: Sequence[UUID]) -> dict[UUID, int]:
        """From 1, of those that wait: as lengths and times of arrival have it; turns of owners may move it a little."""
        asked = {"run_ids": list(run_ids), "short": SHORT, "patience": PATIENCE}
        return {row.id: row.place for row in await self._session.execute(_PLACES, asked)}
