"""A stage that somebody works on: what only the holder of its fencing token may write; and how its run goes on then.

One statement each, without what the mapping of objects costs: several of these run for every stage of every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import StageRun

_STAGE_RUNS = StageRun.metadata.tables["stage_runs"]

_OURS = "stage_runs.stage = :stage AND stage_runs.token = :token AND stage_runs.state = 'running'"
# The run is locked first, as everywhere.
_CONFIRM = text(
    f"""
WITH run AS (SELECT id FROM runs WHERE id = :run_id FOR UPDATE)
SELECT true FROM run JOIN stage_runs ON stage_runs.run_id = run.id WHERE {_OURS} FOR UPDATE OF stage_runs
"""
)
_LOCKED = "run AS (SELECT id, request_id, cancel_requested, warnings FROM runs WHERE id = :run_id FOR UPDATE)"
_FINISHED = f"""
finished AS (
    UPDATE stage_runs
    SET state = 'done', fraction = 1, finished_at = clock_timestamp(), engine_seconds = :engine_seconds,
        artifact = :artifact, warnings = :warnings, error_code = NULL, error_detail = NULL, error_params = '{{}}',
        lease_until = NULL, worker = NULL
    FROM run WHERE stage_runs.run_id = run.id AND {_OURS}
    RETURNING run.*
)
"""


def _step(source: str) -> str:
    """Queue the stage that follows, and look how far the run has come: all parts see the stages as they were before."""
    return f"""
, following AS (
    UPDATE stage_runs SET state = 'queued' FROM {source} AS run
    WHERE stage_runs.run_id = run.id AND stage_runs.state = 'waiting' AND NOT run.cancel_requested
      AND stage_runs.position = (SELECT min(position) FROM stage_runs WHERE run_id = :run_id AND state = 'waiting')
    RETURNING stage_runs.stage
)
SELECT run.*, (SELECT stage FROM following) AS following, (
    SELECT jsonb_agg(jsonb_build_array(stage, state, warnings) ORDER BY position)
    FROM stage_runs WHERE stage_runs.run_id = run.id
) AS stages
FROM {source} AS run
"""


_GO_ON = text(f"WITH {_LOCKED} {_step('run')}")
_FINISH = text(f"WITH {_LOCKED}, {_FINISHED} {_step('finished')}").bindparams(bindparam("warnings", type_=JSONB))
_WARN = text("UPDATE runs SET warnings = :warnings WHERE id = :run_id").bindparams(bindparam("warnings", type_=JSONB))
_END = text("UPDATE runs SET state = :state, finished_at = clock_timestamp() WHERE id = :run_id")


@dataclass(frozen=True, slots=True)
class StageState:
    """As much of a stage as tells how its run goes on."""

    stage: str
    state: str
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run has come, its stages in their order; ``following`` is now queued, and its message not yet written.

    The run is locked: nobody else changes any of it.
    """

    run_id: UUID
    request_id: str | None
    cancel_requested: bool
    warnings: Sequence[str]
    stages: Sequence[StageState]
    following: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """The stage to which ``token`` gives the right, in the session of the caller."""

    session: AsyncSession
    run_id: UUID
    stage: str
    token: int

    async def confirm(self) -> bool:
        """Whether the token is the current one. It stays so, and the run is locked, until this transaction ends."""
        return await self.session.scalar(_CONFIRM, self._which()) is not None

    async def renew(self, lease: timedelta, fraction: float) -> bool:
        """Heartbeat. False: the token is not the current one any more, somebody else has the stage."""
        return await self._write({"lease_until": func.now() + lease, "fraction": fraction})

    async def settle(self, **values: Any) -> bool:
        """End an attempt: write ``values``, drop the lease. False when the token was lost: write nothing then."""
        return await self._write({**values, "lease_until": None, "worker": None})

    async def finish(self, artifact: str, engine_seconds: float, warnings: Sequence[str]) -> Standing | None:
        """Lock the run, settle the stage as done, queue the next. None when the token was lost: write nothing then."""
        done = {"artifact": artifact, "engine_seconds": engine_seconds, "warnings": list(warnings)}
        row = (await self.session.execute(_FINISH, {**self._which(), **done})).one_or_none()
        if row is None:
            return None
        return _standing(row, StageState(self.stage, "done", warnings))

    def _which(self) -> dict[str, object]:
        return {"run_id": self.run_id, "stage": str(self.stage), "token": self.token}

    async def _write(self, values: dict[str, Any]) -> bool:
        table = _STAGE_RUNS.c
        ours = (table.run_id == self.run_id, table.stage == self.stage, table.token == self.token)
        changed = await self.session.scalar(
            update(_STAGE_RUNS).where(*ours, table.state == "running").values(values).returning(table.token)
        )
        return changed is not None


def _standing(row: Row[Any], changed: StageState | None = None) -> Standing:
    stages = (StageState(*stage) for stage in row.stages)
    newest = tuple(changed if changed and changed.stage == stage.stage else stage for stage in stages)
    return Standing(row.id, row.request_id, row.cancel_requested, row.warnings, newest, row.following)


@dataclass(frozen=True, slots=True)
class Chain:
    """What comes after a stage, in the session of the caller."""

    session: AsyncSession

    async def go_on(self, run_id: UUID) -> Standing | None:
        """Lock the run, and queue its next stage."""
        row = (await self.session.execute(_GO_ON, {"run_id": run_id})).one_or_none()
        return _standing(row) if row else None

    async def warn(self, run_id: UUID, warnings: Sequence[str]) -> None:
        """Put these warnings in place of those that the run had."""
        await self.session.execute(_WARN, {"run_id": run_id, "warnings": list(warnings)})

    async def end(self, run_id: UUID, state: str) -> None:
        """The run is over."""
        await self.session.execute(_END, {"run_id": run_id, "state": state})
