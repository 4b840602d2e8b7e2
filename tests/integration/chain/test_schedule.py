"""Whose turn it is: short recordings first, fair between owners, and nobody waits for ever."""

import json
import threading
from collections.abc import Sequence
from uuid import UUID

import anyio.to_thread
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker.stage_runner import take_up
from stenogram.pipeline.stage import Stage
from stenogram.queue import CPU, GPU, LLM, QUEUES
from stenogram.services import chain
from stenogram.storage.models import Recording
from stenogram.storage.repositories import Runs
from stenogram.storage.schedule_rows import PATIENCE, Schedule
from tests.bed import Bed
from tests.processes import eventually

HOUR = 3600.0


def lasting(bed: Bed, seconds: float, of: UUID | None = None) -> UUID:
    """A run of a recording that is said to last so long; ``of``: another recording, whose owner has it too."""
    recording = bed.record()

    async def tell(session: AsyncSession) -> None:
        owner = await session.get_one(Recording, of or recording)
        await session.execute(
            update(Recording).where(Recording.id == recording).values(duration=seconds, owner_id=owner.owner_id)
        )

    bed.inside(tell)
    return bed.start(recording)


def recording_of(bed: Bed, run_id: UUID) -> UUID:
    return bed.view(run_id).recording_id


def order(bed: Bed, count: int, queue: str = CPU) -> Sequence[UUID]:
    """The runs that ``count`` workers get, one after another."""
    settings = bed.settings.queue
    taken = [bed.inside(lambda session: chain.claim_best(session, queue, "w", settings)) for _ in range(count)]
    return [claimed[0].run_id for claimed in taken if claimed]


def test_a_voice_message_does_not_wait_behind_a_long_meeting(bed: Bed) -> None:
    meeting, message = lasting(bed, 3 * HOUR), lasting(bed, 20)
    assert order(bed, 3) == [message, meeting]


def test_owners_take_turns_however_much_one_of_them_sends(bed: Bed) -> None:
    first = lasting(bed, 20)
    more = [lasting(bed, 20, recording_of(bed, first)) for _ in range(2)]
    other = lasting(bed, 20)
    assert order(bed, 4) == [first, other, *more]


def test_what_has_waited_long_enough_is_not_kept_waiting_by_short_ones(bed: Bed) -> None:
    meeting = lasting(bed, 3 * HOUR)
    bed.later(PATIENCE.total_seconds() + 1)
    message = lasting(bed, 20, recording_of(bed, meeting))
    assert order(bed, 2) == [meeting, message]


def test_neither_the_cancelled_nor_the_delayed_are_taken(bed: Bed) -> None:
    bed.cancel(lasting(bed, 20))
    bed.script.tell("preprocess", errors=("engine.failed",))
    delayed = lasting(bed, 20)
    assert bed.run(delayed, Stage.PREPROCESS)  # fails, and is to be tried again later
    assert order(bed, 1) == []
    bed.later()
    assert order(bed, 1) == [delayed]


def test_a_run_begun_is_finished_before_its_owner_s_next(bed: Bed) -> None:
    first = lasting(bed, 20)
    bed.work(first, until=Stage.EXPORT)
    second = lasting(bed, 20, recording_of(bed, first))
    assert order(bed, 2) == [first, second]


def test_two_at_once_get_two_runs(bed: Bed) -> None:
    expected = {lasting(bed, 20), lasting(bed, 20)}

    async def both(session: AsyncSession) -> set[UUID]:
        """The other's transaction is open meanwhile."""
        settings = bed.settings.queue
        mine = await chain.claim_best(session, CPU, "one", settings)
        async with bed.context.database.begin() as other:
            theirs = await chain.claim_best(other, CPU, "two", settings)
            nothing = await chain.claim_best(other, CPU, "three", settings)
        assert nothing is None
        return {claimed[0].run_id for claimed in (mine, theirs) if claimed}

    assert bed.inside(both) == expected


def test_every_message_wakes_somebody_for_something(bed: Bed) -> None:
    meeting, message = lasting(bed, 3 * HOUR), lasting(bed, 20)
    assert take_up(bed.context, meeting, Stage.PREPROCESS)
    assert (bed.states(meeting)[0], bed.states(message)[0]) == ("queued", "done")
    assert take_up(bed.context, message, Stage.PREPROCESS)
    assert bed.states(meeting)[0] == "done"
    assert not take_up(bed.context, message, Stage.PREPROCESS)


@pytest.mark.parametrize("queue", sorted(set(QUEUES.values())))
async def test_an_empty_queue_has_nothing(queue: str, bed: Bed) -> None:
    async with bed.context.database.begin() as session:
        schedule = Schedule(session, queue, [])
        assert not await schedule.short_waits()


class TestGivingWay:
    """A long recording is interrupted between two of its windows, and goes on there."""

    def start_a_long_one(self, bed: Bed) -> UUID:
        meeting = bed.start(bed.record(phrases=8))
        bed.work(meeting, until=Stage.TRANSCRIBE)
        recording = recording_of(bed, meeting)

        async def lengthen(session: AsyncSession) -> None:
            await session.execute(update(Recording).where(Recording.id == recording).values(duration=3 * HOUR))

        bed.inside(lengthen)
        return meeting

    def test_to_a_short_one_that_waits(self, beating_bed: Bed) -> None:
        bed = beating_bed
        meeting = self.start_a_long_one(bed)
        bed.script.tell("transcribe", hold_at=3)
        working = bed.beside(lambda: bed.run(meeting, Stage.TRANSCRIBE))
        eventually(lambda: len(bed.script.calls("transcribe")) == 3)

        message = bed.start()
        bed.work(message, until=Stage.TRANSCRIBE)
        bed.script.tell("transcribe", busy=1.2)  # the worker looks twice a second
        assert working.result()

        assert bed.row(meeting, Stage.TRANSCRIBE).state == "queued"
        assert bed.row(meeting, Stage.TRANSCRIBE).attempts == 0
        recognised = len(bed.script.calls("transcribe"))
        assert bed.work(message).state == "done"
        of_message = len(bed.script.calls("transcribe")) - recognised
        assert bed.work(meeting).state == "done"
        assert bed.phrases(meeting) == 8
        assert len(bed.script.calls("transcribe")) - of_message == 8  # no window twice

    def test_but_not_before_it_had_its_turn(self, beating_bed: Bed) -> None:
        bed = beating_bed
        meeting = self.start_a_long_one(bed)
        bed.later(PATIENCE.total_seconds() + 1)
        message = bed.start()
        bed.work(message, until=Stage.TRANSCRIBE)
        assert bed.run(meeting, Stage.TRANSCRIBE)
        assert bed.row(meeting, Stage.TRANSCRIBE).state == "done"


def test_a_worker_looks_again_when_another_was_in_its_way(bed: Bed) -> None:
    """Somebody else has the run locked, and the message that woke the worker was about something done."""
    over = lasting(bed, 20)
    assert bed.run(over, Stage.PREPROCESS)
    waiting = lasting(bed, 20)
    locked, release = threading.Event(), threading.Event()

    async def hold(session: AsyncSession) -> None:
        assert await Runs(session).lock(waiting)
        locked.set()
        await anyio.to_thread.run_sync(release.wait)

    other = bed.beside(lambda: bed.inside(hold))
    assert locked.wait(60)
    threading.Timer(0.3, release.set).start()
    assert take_up(bed.context, over, Stage.PREPROCESS)
    other.result()
    assert bed.states(waiting)[0] == "done"


def test_no_wake_up_is_lost_between_workers_that_look_at_once(bed: Bed) -> None:
    """Nobody comes to look for what was forgotten: as many messages as stages must do."""
    made = [lasting(bed, 20) for _ in range(12)]
    bed.relay()

    def work() -> None:
        while not all(bed.view(run_id).state == "done" for run_id in made):
            with bed.redis() as client:
                bodies = [body for queue in (CPU, GPU, LLM) if (body := client.rpop(queue))]
            for body in bodies:
                run_id, _, stage = json.loads(body)["headers"]["subject"].partition("/")
                take_up(bed.context, UUID(run_id), Stage(stage))
            if not bodies and stopped.wait(0.05):
                return

    stopped = threading.Event()
    workers = [bed.beside(work) for _ in range(4)]
    try:
        eventually(lambda: all(worker.done() for worker in workers), 60)
    finally:
        stopped.set()
    assert [bed.view(run_id).state for run_id in made] == ["done"] * len(made)
