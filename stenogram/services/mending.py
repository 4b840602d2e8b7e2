"""Runs whose state is not what their stages add up to. No transaction leaves one; whoever finds one has found a defect.

The janitor looks for them all the same: a run that nobody works on and that is not over would wait for ever.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.events import Event
from stenogram.pipeline.stage import REQUIRED
from stenogram.services import chain
from stenogram.storage.admin_rows import Sweeps
from stenogram.storage.models import Run, StageRun
from stenogram.storage.repositories import Runs, StageRuns


async def stuck(session: AsyncSession) -> Sequence[UUID]:
    """Up to a hundred of them. Mend each in a transaction of its own."""
    return await Sweeps(session).disagreeing()


async def mend(session: AsyncSession, run_id: UUID) -> list[Event]:
    """Make the run go on, or end it, as its stages say. The events to publish after the commit; none: it is well."""
    run = await Runs(session).lock(run_id)
    if run is None:
        return []
    rows = (await StageRuns(session).of([run_id]))[run_id]
    states = {row.state for row in rows}
    if run.cancel_requested or run.state == "cancelled":
        return await _cancel(session, run, states)
    if states & {"queued", "running"}:
        return _reopen(run, "running" if "running" in states else "queued")
    broken = next((row for row in rows if row.stage in REQUIRED and row.state in ("dead", "failed", "cancelled")), None)
    if broken is not None:
        return _bury(run, broken)
    if chain.is_over(run) and "waiting" not in states:
        return []
    events = _reopen(run, "running")
    await session.flush()
    return events + await chain.resume(session, run_id)


async def _cancel(session: AsyncSession, run: Run, states: set[str]) -> list[Event]:
    if "running" in states:  # its worker sees the wish at its next report, and ends the run
        run.cancel_requested = True
        return _reopen(run, "running")
    if run.state == "cancelled" and not states & {"waiting", "queued"}:
        return []
    return await chain.end_cancelled(session, run)


def _reopen(run: Run, state: str) -> list[Event]:
    if not chain.is_over(run):
        return []
    run.state, run.finished_at, run.error_code, run.error_params = state, None, None, {}
    return [chain.run_event(run)]


def _bury(run: Run, broken: StageRun) -> list[Event]:
    if run.state == "dead":
        return []
    run.state, run.finished_at = "dead", broken.finished_at
    run.error_code, run.error_params = broken.error_code or "internal", broken.error_params or {}
    return [chain.run_event(run)]
