"""Exhausted stages, for administrators: list, inspect, replay, discard. The ``dead_letter`` task records them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.events import Event
from stenogram.queue import stage_message
from stenogram.services import chain
from stenogram.services.runs import RunView, snapshot
from stenogram.storage.admin_rows import OpenLetters
from stenogram.storage.models import DeadLetter, Run, StageRun
from stenogram.storage.repositories import DeadLetters, Outboxes, Runs, StageRuns, clock


@dataclass(frozen=True, slots=True)
class Inspected:
    """A letter and the run that it is about, as that is now."""

    letter: DeadLetter
    run: RunView


MOST_AT_ONCE = 1000
"""Letters that one request may replay or discard."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Open letters by stage, by error code, or both; without either, all."""

    stage: str | None = None
    code: str | None = None


async def list_open(
    session: AsyncSession, limit: int = 100, *, before: int | None = None, chosen: Chosen = Chosen()
) -> Sequence[DeadLetter]:
    """Those nobody has dealt with, newest first; ``before`` is the id of the last one seen."""
    return await OpenLetters(session, chosen.stage, chosen.code).page(limit, before)


async def choose(session: AsyncSession, chosen: Chosen) -> Sequence[int]:
    """Ids of the open letters, oldest first, at most ``MOST_AT_ONCE``: deal with each in a transaction of its own."""
    return await OpenLetters(session, chosen.stage, chosen.code).ids(MOST_AT_ONCE)


async def inspect(session: AsyncSession, letter_id: int) -> Inspected:
    """The letter, open or resolved. Raises StenogramError("not_found")."""
    letter = await DeadLetters(session).get(letter_id)
    if letter is None:
        raise StenogramError("not_found", f"dead letter {letter_id}")
    return Inspected(letter, await snapshot(session, letter.run_id))


async def replay(session: AsyncSession, letter_id: int) -> tuple[Run, list[Event]]:
    """Try the stage again with fresh attempts; the chain goes on from there. What was made without it is made anew.

    Returns the events to publish after the commit. Raises StenogramError: ``not_found``; ``run.conflict`` when the
    stage is not dead any more, a later stage that went on without it is still at work, or the run was cancelled.
    """
    run, letter = await _open(session, letter_id)
    rows = (await StageRuns(session).of([run.id]))[run.id]
    row = next(row for row in rows if row.stage == letter.stage)
    busy = any(other.state in ("running", "queued") for other in rows)
    if row.state != "dead" or busy or run.cancel_requested:
        raise StenogramError("run.conflict", f"stage {row.stage} is {row.state}", state=run.state)
    for later in rows[row.position :]:
        if later.state in ("done", "dead"):
            _renew(later)
    row.state = "queued"
    run.state, run.finished_at, run.error_code, run.error_params = "queued", None, None, {}
    run.warnings = chain.warnings_of(rows)
    await Outboxes(session).add(stage_message(run.id, row.stage, run.request_id))
    await _resolve(session, letter, "replayed")
    return run, [chain.run_event(run), chain.stage_event(run.id, row.stage, "queued", fraction=0.0)]


def _renew(row: StageRun) -> None:
    row.state, row.attempts, row.fraction, row.not_before, row.warnings = "waiting", 0, 0.0, None, []
    row.started_at, row.finished_at, row.engine_seconds = None, None, None
    row.error_code, row.error_detail, row.error_params = None, None, {}


async def discard(session: AsyncSession, letter_id: int) -> None:
    """Take it off the list; the run stays as it is. Raises StenogramError("not_found")."""
    _, letter = await _open(session, letter_id)
    await _resolve(session, letter, "discarded")


async def _open(session: AsyncSession, letter_id: int) -> tuple[Run, DeadLetter]:
    """Both locked, the run first as everywhere."""
    letters = DeadLetters(session)
    known = await letters.get(letter_id)
    run = await Runs(session).lock(known.run_id) if known else None
    letter = await letters.get(letter_id, lock=True) if run else None
    if run is None or letter is None or letter.resolved_at is not None:
        raise StenogramError("not_found", f"dead letter {letter_id}")
    return run, letter


async def _resolve(session: AsyncSession, letter: DeadLetter, resolution: str) -> None:
    letter.resolved_at, letter.resolution = await clock(session), resolution
    await session.flush()
