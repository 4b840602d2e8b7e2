"""Exhausted stages, for administrators: list, replay, discard. The worker's ``dead_letter`` task records them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.queue import stage_message
from stenogram.storage.models import DeadLetter, Run, StageRun
from stenogram.storage.repositories import DeadLetters, Outboxes, Runs, StageRuns


async def list_open(session: AsyncSession, limit: int = 100) -> Sequence[DeadLetter]:
    """Those nobody has dealt with, newest first."""
    return await DeadLetters(session).open(limit)


async def replay(session: AsyncSession, letter_id: int) -> Run:
    """Try the stage again with fresh attempts; the chain goes on from there. Flush the outbox after the commit.

    Raises StenogramError: ``not_found``; ``run.conflict`` when the stage is not dead any more, or a later stage that
    went on without it is still at work.
    """
    letter = await _open(session, letter_id)
    run = await Runs(session).lock(letter.run_id)
    if run is None:
        raise StenogramError("not_found", f"run {letter.run_id}")
    rows = (await StageRuns(session).of([run.id]))[run.id]
    row = next(row for row in rows if row.stage == letter.stage)
    if row.state != "dead" or any(other.state in ("running", "queued") for other in rows):
        raise StenogramError("run.conflict", f"stage {row.stage} is {row.state}", state=run.state)
    _revive(run, row)
    for later in rows[row.position + 1 :]:
        if later.state in ("done", "dead"):  # what went on without this stage's result is made anew with it
            later.state, later.attempts, later.fraction, later.warnings = "waiting", 0, 0.0, []
    await Outboxes(session).add(stage_message(run.id, row.stage, run.request_id))
    _resolve(letter, "replayed")
    return run


def _revive(run: Run, row: StageRun) -> None:
    row.state, row.attempts, row.fraction, row.not_before, row.warnings = "queued", 0, 0.0, None, []
    run.state, run.finished_at, run.error_code, run.error_params = "queued", None, None, {}


async def discard(session: AsyncSession, letter_id: int) -> None:
    """Take it off the list; the run stays as it is. Raises StenogramError("not_found")."""
    _resolve(await _open(session, letter_id), "discarded")


async def _open(session: AsyncSession, letter_id: int) -> DeadLetter:
    letter = await session.get(DeadLetter, letter_id, with_for_update=True)
    if letter is None or letter.resolved_at is not None:
        raise StenogramError("not_found", f"dead letter {letter_id}")
    return letter


def _resolve(letter: DeadLetter, resolution: str) -> None:
    letter.resolved_at, letter.resolution = datetime.now(UTC), resolution
