"""How a stage lives: claimed, worked on, finished or failed. The only place that knows.

Two short transactions: one claims (and counts the attempt before the work), one writes the result, the next stage's
message and the new state, if the fencing token is still ours. None is open while an engine works.
"""

import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import main_process
from apps.worker.context import Context
from apps.worker.lease import Interrupted, Lease, Reporter
from apps.worker.patience import patiently
from apps.worker.stages import WORK, Bench, Outcome
from stenogram import telemetry
from stenogram.errors import RunCancelled, StenogramError
from stenogram.events import Event
from stenogram.pipeline.stage import Stage
from stenogram.queue import QUEUES, kick
from stenogram.services import chain
from stenogram.services.chain import Advanced, Claim, Failure, Taker
from stenogram.services.recordings import run_prefix
from stenogram.storage import artifacts
from stenogram.storage.blobs import NO_ROOM
from stenogram.storage.held_rows import Standing

_PATIENCE_SECONDS, _PAUSE_SECONDS = 2.0, 0.01  # for a claim, in which others get in the way for some milliseconds
T = TypeVar("T")
Claiming = Callable[[AsyncSession], Coroutine[Any, Any, tuple[Claim, list[Event]] | None]]
Ending = Callable[[], Coroutine[Any, Any, Advanced | None]]


def take_up(context: Context, run_id: UUID, stage: Stage) -> bool:
    """Woken by the message of a stage: do the one of its queue that is next, which may be another run's.

    False: nothing of the queue is to be done. Every queued stage has a message, so each is taken up by one of them.
    """
    runner = _Runner(context)
    claim = runner.claim_best(QUEUES[stage])
    return runner.work(claim) if claim else run_stage(context, run_id, stage)


def run_stage(context: Context, run_id: UUID, stage: Stage) -> bool:
    """Do the stage if it is to be done. False: it is done, taken, not due, cancelled or gone, so nothing was done."""
    runner = _Runner(context)
    settings = context.settings.queue
    claim = runner.claim(lambda session: chain.claim(session, run_id, stage, context.worker, settings))
    if claim is None:
        logger.debug("stage {} of run {} is not to be had", stage, run_id)
        return False
    return runner.work(claim)


class _Runner:
    """Does what one message began: a stage, and those that it takes up after it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings = context.settings.queue
        self._begun = time.monotonic()
        self._made = defaultdict[UUID, dict[Stage, object]](dict)  # by run: what the stages gone before have left

    def claim_best(self, queue: str) -> Claim | None:
        """Looks again while there is something to be had: one that others had locked, or took a moment before us."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            claim = self.claim(lambda session: chain.claim_best(session, queue, self._context.worker, self._settings))
            if claim or time.monotonic() > end or not self._waits(queue):
                return claim
            time.sleep(_PAUSE_SECONDS)

    def _waits(self, queue: str) -> bool:
        async def ask() -> bool:
            async with self._context.database.at_once() as session:
                return await chain.waits(session, queue)

        return self._context.portal.call(ask)

    def claim(self, take: Claiming) -> Claim | None:
        async def inside() -> tuple[Claim, list[Event]] | None:
            async with self._context.database.at_once() as session:
                return await take(session)

        taken = self._context.portal.call(inside)
        if taken is None:
            return None
        self._publish(taken[1])
        return taken[0]

    def work(self, claim: Claim) -> bool:
        """True, whatever comes of it."""
        onward: Claim | None = claim
        while onward is not None:
            with telemetry.bind(run_id=str(onward.run_id)):
                onward = self._work(onward)
        return True

    def _work(self, claim: Claim) -> Claim | None:
        """The stage that was taken up in the end of this one."""
        logger.info("stage {} begins, attempt {}", claim.stage, claim.attempt)
        try:
            with Lease(self._context, claim) as lease:
                progress = Reporter(self._context, lease)
                outcome = WORK[claim.stage](Bench(self._context, claim, progress, self._made[claim.run_id]))
                lease.check()
                ended = self._end(lambda: self._complete(claim, outcome))
        except chain.TokenLost:
            ended = None
        except RunCancelled:
            ended = self._end(lambda: self._cancelled(claim))
        except Interrupted:
            ended = self._end(lambda: self._give_way(claim))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is kept in the row, told and tried again
            failure = classify(error, claim)
            ended = self._end(lambda: self._fail(claim, failure))
            if ended:
                logger.warning("stage {} failed: {} {}", claim.stage, failure.code, failure.detail)
        if ended is None:
            logger.warning(
                "stage {} is another worker's now, or its run is gone; what was made is dropped", claim.stage
            )
        return ended.onward if ended else None

    def _end(self, ending: Ending) -> Advanced | None:
        """Commit, then wake the next worker and tell the followers. None: the token was lost, nothing was written."""

        async def end_and_wake() -> Advanced | None:
            ended = await ending()
            if ended is not None:
                await self._wake(ended)
            return ended

        ended = patiently(lambda: self._context.portal.call(end_and_wake))
        if ended is not None:
            self._publish(ended.events)
        return ended

    async def _wake(self, ended: Advanced) -> None:
        """Called after each commit."""
        if ended.onward is None:  # else there is no message to send
            await kick(self._context.database, self._context.celery, self._settings)

    async def _complete(self, claim: Claim, outcome: Outcome) -> Advanced | None:
        key = f"{run_prefix(claim.run_id)}{claim.stage}.json"
        data = artifacts.dump(outcome.artifact)
        finished: list[Standing] = []
        try:
            async with self._context.database.begin() as session:

                async def finish() -> None:
                    made = (key, outcome.engine_seconds, outcome.warnings)
                    finished.append(await chain.finish(session, claim, *made))

                await self._context.vault.put(session, key, data, "application/json", guard=finish)
                for record in outcome.records:
                    await record(session)
                advanced = await chain.advance(session, finished[0], self._taker())
        except chain.TokenLost:  # all that was written above is rolled back
            return None
        logger.info("stage {} is done, {:.2f} s in its engine", claim.stage, outcome.engine_seconds)
        self._made[claim.run_id][claim.stage] = outcome.artifact
        done = chain.stage_event(claim.run_id, claim.stage, "done", fraction=1.0)
        return Advanced([done, *advanced.events], advanced.onward)

    def _taker(self) -> Taker | None:
        """This worker, as long as its message is young: what was asked of it since is to have its turn."""
        if time.monotonic() - self._begun >= self._settings.go_on_seconds or main_process.is_stopping():
            return None
        return Taker(self._context.worker, self._context.queues, self._settings)

    async def _cancelled(self, claim: Claim) -> Advanced | None:
        logger.info("stage {} stops: the run was cancelled", claim.stage)
        async with self._context.database.begin() as session:
            return _told(await chain.cancelled(session, claim.run_id, claim.stage, claim.token))

    async def _give_way(self, claim: Claim) -> Advanced | None:
        logger.info("stage {} gives way to a short recording", claim.stage)
        async with self._context.database.begin() as session:
            return _told(await chain.give_back(session, claim.run_id, claim.stage, claim.token))

    async def _fail(self, claim: Claim, failure: Failure) -> Advanced | None:
        async with self._context.database.begin() as session:
            return _told(await chain.fail(session, claim.run_id, claim.stage, claim.token, failure, self._settings))

    def _publish(self, events: Iterable[Event]) -> None:
        self._context.publisher.publish(*events)


def _told(events: list[Event] | None) -> Advanced | None:
    return Advanced(events) if events else None


def classify(error: Exception, claim: Claim) -> Failure:
    """What is kept of an exception. Messages of unknown exceptions may quote the recording, so only their place is."""
    if isinstance(error, StenogramError):
        return Failure.of(error)
    if isinstance(error, SoftTimeLimitExceeded):
        return Failure("stage.timeout", retryable=True, params={"stage": claim.stage.value})
    if isinstance(error, MemoryError):
        return Failure("engine.out_of_memory", retryable=True, params={"engine": claim.stage.value})
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Failure("storage.full", retryable=True)
    return Failure("internal", retryable=True, detail=_place(error), params={"request_id": str(claim.run_id)})


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {where}"
