"""Which stage is worked on next, and taking it: one statement, since it is paid for every stage of every run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_LENGTH = "coalesce(recordings.duration, recordings.size / 16000.0)"  # until it was probed: as if of 128 kbit/s
_DUE = "stage_runs.state = 'queued' AND (stage_runs.not_before IS NULL OR stage_runs.not_before <= now())"
_DESERTED = "stage_runs.state = 'running' AND stage_runs.lease_until < now() AND stage_runs.attempts < :most"
# nobody has worked on it for so long
_OVERDUE = "coalesce(stage_runs.started_at, runs.created_at) <= now() - CAST(:patience AS interval)"
_TABLES = "stage_runs JOIN runs ON runs.id = stage_runs.run_id JOIN recordings ON recordings.id = runs.recording_id"

_TAKE = """
WITH candidate AS (
    SELECT stage_runs.run_id, stage_runs.stage, runs.recording_id, runs.options, runs.state AS run_state,
           recordings.owner_id, {length} > CAST(:short AS float) AS long, {overdue} AS overdue
    FROM {tables} LEFT JOIN shares ON shares.owner_id = recordings.owner_id AND shares.queue = CAST(:queue AS varchar)
    WHERE {which} AND NOT runs.cancel_requested
    {order}
    FOR UPDATE OF runs {locked}
), taken AS (
    UPDATE stage_runs
    SET state = 'running', attempts = attempts + 1, token = token + 1, worker = :worker,
        fraction = 0, not_before = NULL, lease_until = clock_timestamp() + CAST(:lease AS interval),
        started_at = clock_timestamp(), finished_at = NULL
    FROM candidate
    WHERE stage_runs.run_id = candidate.run_id AND stage_runs.stage = candidate.stage AND {again}
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

_ORDER = f"""
    ORDER BY {_LENGTH} > CAST(:short AS float) AND NOT {_OVERDUE},
             shares.served_at NULLS FIRST, stage_runs.position DESC, runs.created_at, runs.id
    LIMIT 1
"""

# Of those that wait, whoever's transaction is not in another's way. The run is locked before its stage, as everywhere.
_TAKE_BEST = text(
    _TAKE.format(
        length=_LENGTH,
        overdue=_OVERDUE,
        tables=_TABLES,
        which=f"stage_runs.stage = ANY(CAST(:stages AS varchar[])) AND {_DUE}",
        order=_ORDER,
        locked="SKIP LOCKED",
        again=_DUE,
    )
)
_TAKE_ONE = text(
    _TAKE.format(
        length=_LENGTH,
        overdue=_OVERDUE,
        tables=_TABLES,
        which="stage_runs.run_id = :run_id AND stage_runs.stage = :stage",
        order="",
        locked="",
        again=f"({_DUE} OR {_DESERTED})",
    )
)
_SHORT_WAITS = text(
    f"SELECT EXISTS (SELECT FROM {_TABLES} WHERE stage_runs.stage = ANY(CAST(:stages AS varchar[])) AND {_DUE}"
    f" AND NOT runs.cancel_requested AND {_LENGTH} <= CAST(:short AS float))"
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Recordings of up to ``short`` seconds go first, and so do those that nobody has worked on for ``patience``."""

    short: float
    patience: timedelta


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

    def __init__(self, session: AsyncSession, queue: str, stages: Sequence[str], policy: Policy) -> None:
        self._session = session
        self._of_queue = {"queue": queue, "short": policy.short}
        self._best = {"stages": [str(stage) for stage in stages], "patience": policy.patience}

    async def take_best(self, terms: Terms) -> Taken | None:
        """Take the stage that is to be worked on next: of a short recording first, then of the owner who was served
        longest ago in this queue, then the one nearest the end of its run, then the oldest. None: nothing waits."""
        return await self._take(_TAKE_BEST, terms, **self._best)

    async def take(self, run_id: UUID, stage: str, terms: Terms) -> Taken | None:
        """Take this stage if it is due, or if the lease of whoever works on it has expired; else None.

        Waits for whoever has locked the run. Of two claimants one gets it.
        """
        which = {"run_id": run_id, "stage": str(stage), "most": terms.most, "patience": self._best["patience"]}
        return await self._take(_TAKE_ONE, terms, **which)

    async def _take(self, statement: Any, terms: Terms, **which: Any) -> Taken | None:
        found = await self._session.execute(
            statement, {**self._of_queue, **which, "worker": terms.worker, "lease": terms.lease}
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

    async def short_waits(self) -> bool:
        """Whether a stage of a short recording is due."""
        asked = {"stages": self._best["stages"], "short": self._of_queue["short"]}
        return bool(await self._session.scalar(_SHORT_WAITS, asked))
