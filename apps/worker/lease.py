"""Holding a stage: the heartbeat that renews its lease, and the progress hook that stops a stage nobody wants."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType

from billiard.pool import SIG_SOFT_TIMEOUT
from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from apps.worker.context import Context
from stenogram.errors import RunCancelled, StorageError
from stenogram.events import Event, eta, stages_after
from stenogram.queue import time_limit
from stenogram.services import chain
from stenogram.services.chain import Claim, TokenLost
from stenogram.speech.transcript import HypothesisSegment
from stenogram.storage.held_rows import Held
from stenogram.storage.repositories import StageRuns

_TELL_SECONDS = 0.5  # how often progress is published, unless there is text to show


class Interrupted(Exception):
    """The stage goes back into the queue, since others wait that mind it more; it goes on where it was."""


class Lease:
    """While the block runs, keeps the claimed stage ours, and watches its time and whether its run was cancelled.

    The pulse lives in the loop's thread, so a stage that never reports progress still keeps its lease.
    """

    def __init__(self, context: Context, claim: Claim) -> None:
        self.claim = claim
        self.fraction = 0.0
        self._context = context
        self._lost = threading.Event()
        self._cancelled = threading.Event()
        self._urged = threading.Event()
        self._begun = self._renewed = time.monotonic()
        self._limit = time_limit(claim.stage, context.settings.queue)
        self._told = False  # that its time is over

    def __enter__(self) -> "Lease":
        self._context.pulse.watch(self._look)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._context.pulse.forget(self._look)

    def check(self) -> None:
        """Raises TokenLost or RunCancelled; costs nothing."""
        if self._lost.is_set():
            raise TokenLost
        if self._cancelled.is_set():
            raise RunCancelled

    def give_way(self) -> None:
        """Call it where an interruption costs nothing. Raises Interrupted when a short recording waits."""
        if self._urged.is_set():
            raise Interrupted

    async def _look(self) -> None:
        self._keep_time()
        settings = self._context.settings.queue
        due = time.monotonic() - self._renewed >= settings.heartbeat_seconds
        try:
            await self._ask(timedelta(seconds=settings.lease_seconds) if due else None)
        except (StorageError, SQLAlchemyError) as error:
            # A database that is away for a moment must not stop the work: the lease outlives some lost beats.
            logger.warning("heartbeat of {} {} failed: {}", self.claim.run_id, self.claim.stage, error)
        else:
            self._renewed = time.monotonic() if due else self._renewed

    def _keep_time(self) -> None:
        """Beyond its limit the stage is told to end, as Celery does it; one that is deaf ends with its process."""
        over = time.monotonic() - self._begun - self._limit
        if over > self._context.settings.queue.kill_after_seconds:
            logger.error("stage {} of run {} does not end; its process is killed", self.claim.stage, self.claim.run_id)
            os.kill(os.getpid(), signal.SIGKILL)
        elif over > 0 and not self._told:
            self._told = True
            signal.pthread_kill(threading.main_thread().ident or 0, SIG_SOFT_TIMEOUT)

    def _had_its_turn(self) -> bool:
        return self.claim.turn is not None and time.monotonic() - self._begun >= self.claim.turn

    async def _ask(self, lease: timedelta | None) -> None:
        claim = self.claim
        async with self._context.database.at_once() as session:
            held = Held(session, claim.run_id, claim.stage, claim.token)
            if lease and not await held.renew(lease, self.fraction):
                self._lost.set()
            elif await StageRuns(session).cancel_requested(claim.run_id):
                self._cancelled.set()
            elif self._had_its_turn() and await chain.is_urged(session, claim):
                self._urged.set()
            else:
                self._urged.clear()


class Reporter:
    """The ``Progress`` of a claimed stage: publishes fraction, time left and new phrases, and stops unwanted work."""

    def __init__(self, context: Context, lease: Lease) -> None:
        self._publish = context.publisher.publish
        self._lease = lease
        self._started = time.monotonic()
        self._told = self._started  # that it began was told with the claim
        self._later = stages_after(lease.claim.stage, lease.claim.skipped)

    def __call__(self, fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        self._lease.check()
        self._lease.fraction = max(self._lease.fraction, min(1.0, fraction))
        self._tell(partial)
        if self._lease.claim.turn is not None and 0 < fraction < 1:
            self._lease.give_way()  # what yields reports when it has made a checkpoint

    def _tell(self, partial: Sequence[HypothesisSegment]) -> None:
        now = time.monotonic()
        if partial:
            self._publish(self._event("partial", now, segments=tuple(_phrase(segment) for segment in partial)))
        elif now - self._told >= _TELL_SECONDS:
            self._publish(self._event("progress", now))
        else:
            return
        self._told = now

    def _event(self, kind: str, now: float, **more: object) -> Event:
        claim, fraction = self._lease.claim, self._lease.fraction
        return Event(
            run_id=str(claim.run_id),
            type=kind,  # type: ignore[arg-type]  # one of the two literals above
            stage=claim.stage,
            state="running",
            fraction=round(fraction, 4),
            eta_seconds=eta(claim.stage, fraction, now - self._started, self._later),
            **more,  # type: ignore[arg-type]  # only ``segments``
        )


def _phrase(segment: HypothesisSegment) -> dict[str, object]:
    return {"start": segment.start, "end": segment.end, "text": segment.text.strip()}
