"""The life of a stage as rows: claimed, renewed, completed, failed, given back; and what that makes of its run.

Every function works inside the caller's transaction and returns the events to publish after the commit. Locks are
always taken in the same order, the run first and then its stage, so that no two of these wait for each other.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.events import TERMINAL, Event
from stenogram.pipeline.stage import REQUIRED, STAGES, Stage
from stenogram.queue import QUEUES, dead_letter_message, stage_message
from stenogram.services import quotas
from stenogram.settings import QueueSettings
from stenogram.storage.held_rows import Chain, Held, StageState, Standing
from stenogram.storage.models import DeadLetter, Run, StageRun
from stenogram.storage.repositories import DeadLetters, Outboxes, Runs, StageRuns, clock
from stenogram.storage.schedule_rows import PATIENCE, Schedule, Taken, Terms

MISSING = {Stage.DIARIZE: "no_diarization", Stage.SUMMARIZE: "no_summary", Stage.EXPORT: "no_export"}
"""The warning that an exhausted optional stage leaves."""

CHECKPOINTED = (Stage.TRANSCRIBE,)
"""Stages that go on where they were interrupted."""

OF_THE_RECORDING = ("media.", "options.", "quota.")
"""Codes that begin so: the person who sent it can mend it, an administrator cannot; no dead letter."""


class TokenLost(Exception):
    """The fencing token is not the current one any more; whatever was made with it is to be dropped."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one stage, until ``token`` is not the current one any more."""

    run_id: UUID
    stage: Stage
    token: int
    attempt: int
    recording_id: UUID
    options: dict[str, Any] = field(repr=False)
    skipped: tuple[str, ...] = ()  # stages that this run leaves out
    artifacts: Mapping[str, str] = field(default_factory=dict)  # of earlier stages: the keys of their results
    turn: float | None = None  # seconds after which it gives way to short recordings; None: it does not


@dataclass(frozen=True, slots=True)
class Taker:
    """A worker that is free to go on."""

    worker: str
    queues: Collection[str]
    settings: QueueSettings


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a run's step makes known; and the stage that was taken with it, of whichever run."""

    events: list[Event]
    onward: Claim | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong in an attempt, as it is kept in the row. ``detail`` is for administrators, never for users."""

    code: str
    retryable: bool
    detail: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: StenogramError) -> "Failure":
        return cls(error.code, error.retryable, error.detail, dict(error.params))

    @property
    def in_the_recording(self) -> bool:
        return self.code.startswith(OF_THE_RECORDING)


def backoff(settings: QueueSettings, attempt: int) -> timedelta:
    """Exponential with jitter: between half of and the whole of ``base * 2^(attempt - 1)``, up to the maximum."""
    whole = min(settings.backoff_max_seconds, settings.backoff_seconds * 2 ** (attempt - 1))
    return timedelta(seconds=whole * random.uniform(0.5, 1.0))


def run_event(run: Run) -> Event:
    return Event(run_id=str(run.id), type="run", state=run.state, error_code=run.error_code)


def stage_event(run_id: UUID, stage: str, state: str, **more: Any) -> Event:
    return Event(run_id=str(run_id), type="stage", stage=str(stage), state=state, **more)


def _schedule(session: AsyncSession, queue: str) -> Schedule:
    return Schedule(session, queue, [stage for stage in STAGES if QUEUES[stage] == queue])


def _terms(worker: str, settings: QueueSettings) -> Terms:
    return Terms(worker, timedelta(seconds=settings.lease_seconds), settings.max_attempts)


async def claim_best(
    session: AsyncSession, queue: str, worker: str, settings: QueueSettings
) -> tuple[Claim, list[Event]] | None:
    """Take the stage of ``queue`` that is to be worked on next (see ``Schedule``). None: none is free."""
    taken = await _schedule(session, queue).take_best(_terms(worker, settings))
    return _claimed(taken) if taken else None


async def claim(
    session: AsyncSession, run_id: UUID, stage: Stage, worker: str, settings: QueueSettings
) -> tuple[Claim, list[Event]] | None:
    """Take this stage if it is to be had: queued and due, or deserted by its worker. None: drop the message."""
    taken = await _schedule(session, QUEUES[stage]).take(run_id, stage, _terms(worker, settings))
    return _claimed(taken) if taken else None


def _claimed(taken: Taken) -> tuple[Claim, list[Event]]:
    stage = Stage(taken.stage)
    events = [stage_event(taken.run_id, stage, "running", fraction=0.0)]
    if taken.run_state != "running":
        events.insert(0, Event(run_id=str(taken.run_id), type="run", state="running"))
    claimed = Claim(
        run_id=taken.run_id,
        stage=stage,
        token=taken.token,
        attempt=taken.attempt,
        recording_id=taken.recording_id,
        options=taken.options,
        skipped=tuple(name for name, (state, _) in taken.stages.items() if state == "skipped"),
        artifacts={name: artifact for name, (_, artifact) in taken.stages.items() if artifact},
        turn=_turn(taken) if stage in CHECKPOINTED and taken.long else None,
    )
    return claimed, events


def _turn(taken: Taken) -> float:
    """A long recording is kept waiting by short ones, but never for more than nine tenths of the time."""
    return PATIENCE.total_seconds() / 9 if taken.overdue else 0.0


async def waits(session: AsyncSession, queue: str) -> bool:
    """Whether a stage of ``queue`` is due, and nobody works on it."""
    return await _schedule(session, queue).waits()


async def is_urged(session: AsyncSession, held: Claim) -> bool:
    """Whether work on a short recording waits for the worker that has ``held``."""
    return await _schedule(session, QUEUES[held.stage]).short_waits()


async def hold(session: AsyncSession, claim: Claim) -> None:
    """Lock the run and make sure that the stage is still ours. Raises TokenLost: roll back what was written."""
    if not await Held(session, claim.run_id, claim.stage, claim.token).confirm():
        raise TokenLost


async def finish(
    session: AsyncSession, claim: Claim, artifact: str, engine_seconds: float, warnings: Sequence[str] = ()
) -> Standing:
    """The stage is done; ``advance`` is to follow. Raises TokenLost: roll back what was written."""
    held = Held(session, claim.run_id, claim.stage, claim.token)
    standing = await held.finish(artifact, engine_seconds, warnings)
    if standing is None:
        raise TokenLost
    return standing


async def fail(
    session: AsyncSession, run_id: UUID, stage: Stage, token: int, failure: Failure, settings: QueueSettings
) -> list[Event] | None:
    """The attempt failed: wait and try again, or give the stage up. None: the token was lost."""
    run = await Runs(session).lock(run_id)
    row = next((r for r in (await StageRuns(session).of([run_id]))[run_id] if r.stage == stage), None)
    if run is None or row is None:
        return None
    if run.cancel_requested:
        return await cancelled(session, run_id, stage, token)
    error = {"error_code": failure.code, "error_detail": failure.detail[:2000], "error_params": failure.params}
    if failure.retryable and row.attempts < settings.max_attempts:
        return await _retry(session, run, row, token, error, backoff(settings, row.attempts))
    return await _give_up(session, run, row, token, failure, error)


async def cancelled(session: AsyncSession, run_id: UUID, stage: Stage, token: int) -> list[Event] | None:
    """The worker stopped because somebody cancelled the run. None: the token was lost."""
    run = await Runs(session).lock(run_id)
    values = {"state": "cancelled", "finished_at": await clock(session)}
    settled = await Held(session, run_id, stage, token).settle(**values)
    if run is None or not settled:
        return None
    return [stage_event(run_id, stage, "cancelled"), *await end_cancelled(session, run)]


async def end_cancelled(session: AsyncSession, run: Run) -> list[Event]:
    """End a locked run that nobody works on any more as cancelled."""
    await StageRuns(session).cancel_pending(run.id)
    run.state, run.finished_at = "cancelled", await clock(session)
    run.error_code, run.error_params = None, {}
    await quotas.refund(session, run.recording_id)
    return [run_event(run)]


async def reap(session: AsyncSession, run_id: UUID, stage: str, token: int, settings: QueueSettings) -> list[Event]:
    """Take a stage from a worker that let its lease expire: try again, give it up, or end its cancelled run.

    The attempt counts: a recording that kills its worker must not do so for ever. Waits for nobody: a worker that was
    stopped in its last transaction has the run locked for a while, and the stages of others are not to wait for that.
    """
    run = await Runs(session).lock(run_id, wait=False)
    rows = (await StageRuns(session).of([run_id]))[run_id]
    row = next((r for r in rows if r.stage == stage and r.token == token and r.state == "running"), None)
    if run is None or row is None or row.lease_until is None or row.lease_until > await clock(session):
        return []
    lost = Failure("internal", retryable=True, detail=f"the worker {row.worker} was lost", params={"request_id": "-"})
    if run.cancel_requested:
        return await cancelled(session, run_id, Stage(stage), token) or []
    error = {"error_code": lost.code, "error_detail": lost.detail, "error_params": lost.params}
    if row.attempts < settings.max_attempts:
        return await _retry(session, run, row, token, error, None) or []
    return await _give_up(session, run, row, token, lost, error) or []


async def give_back(session: AsyncSession, run_id: UUID, stage: str, token: int) -> list[Event]:
    """A worker that is being shut down puts its stage back; this attempt does not count."""
    run = await Runs(session).lock(run_id)
    rows = (await StageRuns(session).of([run_id]))[run_id]
    row = next((r for r in rows if r.stage == stage and r.token == token and r.state == "running"), None)
    if run is None or row is None:
        return []
    if run.cancel_requested:
        return await cancelled(session, run_id, Stage(stage), token) or []
    row.attempts -= 1
    await session.flush()
    return await _retry(session, run, row, token, {}, None) or []


async def announce_again(session: AsyncSession, lost: Sequence[StageRun]) -> None:
    """Write messages anew for queued stages whose message vanished (a Redis that was emptied)."""
    for row in lost:
        await Outboxes(session).add(stage_message(row.run_id, row.stage))


async def record_dead_letter(session: AsyncSession, run_id: UUID, stage: Stage) -> DeadLetter | None:
    """The consumer of ``dead_letter``: put the exhausted stage on the list, once. None: nothing to record."""
    run = await Runs(session).lock(run_id)  # one recorder of a run at a time
    row = next((r for r in (await StageRuns(session).of([run_id]))[run_id] if r.stage == stage), None)
    if run is None or row is None or row.state != "dead" or row.finished_at is None:
        return None
    letters = DeadLetters(session)
    if await letters.exists(run_id, stage, row.finished_at):
        return None
    return await letters.add(
        DeadLetter(
            run_id=run_id,
            stage=str(stage),
            attempts=row.attempts,
            error_code=row.error_code or "internal",
            error_detail=row.error_detail or "",
            created_at=max(await clock(session), row.finished_at),  # the clock may have been set back in between
        )
    )


async def _retry(
    session: AsyncSession, run: Run, row: StageRun, token: int, error: dict[str, Any], wait: timedelta | None
) -> list[Event] | None:
    stage, when = row.stage, await clock(session) + wait if wait else None
    held = Held(session, run.id, stage, token)
    if not await held.settle(state="queued", not_before=when, fraction=0.0, **error):
        return None
    delay = {"not_before": when} if when else {}
    await Outboxes(session).add(stage_message(run.id, stage, run.request_id, **delay))
    return [stage_event(run.id, stage, "queued", fraction=0.0, error_code=error.get("error_code"))]


async def _give_up(
    session: AsyncSession, run: Run, row: StageRun, token: int, failure: Failure, error: dict[str, Any]
) -> list[Event] | None:
    stage = Stage(row.stage)
    warnings = [MISSING[stage]] if stage in MISSING else []
    values = {"state": "dead", "finished_at": await clock(session), "warnings": warnings, **error}
    if not await Held(session, run.id, stage, token).settle(**values):
        return None
    if not failure.in_the_recording:
        await Outboxes(session).add(dead_letter_message(run.id, stage, run.request_id))
    events = [
        stage_event(run.id, stage, "dead", error_code=failure.code),
        Event(run_id=str(run.id), type="error", stage=str(stage), error_code=failure.code),
    ]
    if stage not in REQUIRED:
        return events + await resume(session, run.id)
    run.state, run.finished_at = "dead", await clock(session)
    run.error_code, run.error_params = failure.code, failure.params
    await quotas.refund(session, run.recording_id)
    return [*events, run_event(run)]


async def resume(session: AsyncSession, run_id: UUID) -> list[Event]:
    """Look how far the run has come, and go on from there. What the session holds of it must have been flushed."""
    standing = await Chain(session).go_on(run_id)
    return (await advance(session, standing)).events if standing else []


async def advance(session: AsyncSession, standing: Standing, taker: Taker | None = None) -> Advanced:
    """Announce the stage that was queued, in this same transaction; or end the run.

    A ``taker`` that serves its queue takes what is next there, and no message is written: as many stages as before wait
    for as many messages.
    """
    chain, run_id = Chain(session), standing.run_id
    warnings = warnings_of(standing.stages)
    if warnings != standing.warnings:
        await chain.warn(run_id, warnings)
    if standing.cancel_requested:
        run = await Runs(session).lock(run_id)
        return Advanced(await end_cancelled(session, run) if run else [])
    if standing.following is None:
        state = final_state(standing.stages)
        await chain.end(run_id, state)
        return Advanced([Event(run_id=str(run_id), type="run", state=state)])
    queued = stage_event(run_id, standing.following, "queued", fraction=0.0)
    message = stage_message(run_id, standing.following, standing.request_id)
    if taker is not None and message.queue in taker.queues:
        taken = await claim_best(session, message.queue, taker.worker, taker.settings)
        if taken is not None:
            return Advanced([queued, *taken[1]], taken[0])
    await Outboxes(session).add(message)
    return Advanced([queued])


def final_state(stages: Sequence[StageRun | StageState]) -> str:
    """Of a run whose stages are over: ``done_with_warnings`` when an optional one was given up, else ``done``."""
    return "done_with_warnings" if any(stage.state == "dead" for stage in stages) else "done"


def warnings_of(rows: Sequence[StageRun | StageState]) -> list[str]:
    """Of all stages, each once, in the order of the chain."""
    return list(dict.fromkeys(warning for row in rows for warning in row.warnings or ()))


def is_over(run: Run) -> bool:
    return run.state in TERMINAL
