"""A worker that has finished a stage quickly goes on with the next by itself."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import main_process
from apps.worker.context import Context
from apps.worker.stage_runner import take_up
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.queue import CPU, GPU, LLM
from stenogram.storage.models import Outbox, Recording, Share
from tests.bed import Bed
from tests.processes import eventually

ALL = (CPU, GPU, LLM)


def worker(bed: Bed, queues: Collection[str] = ALL, seconds: float = 60) -> Context:
    """One that serves these queues, in this process."""
    settings = bed.settings
    queue = settings.queue.model_copy(update={"go_on_seconds": seconds})
    return replace(
        bed.context, queues=frozenset(queues), settings=settings.model_copy(update={"queue": queue}), worker="goes:on"
    )


def announced(bed: Bed, run_id: UUID) -> list[str]:
    """The stages for which a message was written."""

    async def read(session: AsyncSession) -> list[str]:
        rows = await session.scalars(select(Outbox.args).order_by(Outbox.id))
        return [stage for run, stage in rows if run == str(run_id)]

    return bed.inside(read)


def test_one_message_is_enough_for_a_whole_run(bed: Bed) -> None:
    run_id = bed.start()

    assert take_up(worker(bed), run_id, Stage.PREPROCESS)

    view = bed.view(run_id)
    assert (view.state, [stage.attempts for stage in view.stages]) == ("done", [1] * 5)
    assert announced(bed, run_id) == ["preprocess"]
    assert b"Hello there." in bed.export(run_id)


def test_the_followers_are_told_the_same(bed: Bed) -> None:
    by_messages, at_once = bed.start(), bed.start()
    bed.work(by_messages)

    assert take_up(worker(bed), at_once, Stage.PREPROCESS)

    told = [[(event.type, event.stage, event.state) for event in bed.events(run)] for run in (by_messages, at_once)]
    assert told[1] == told[0]


@pytest.mark.parametrize(
    ("queues", "by_message"),
    [((CPU,), STAGES[:2]), ((CPU, GPU), (*STAGES[:1], Stage.SUMMARIZE)), ((), STAGES[:2])],
    ids=lambda names: "+".join(map(str, names)),
)
def test_what_it_does_not_serve_gets_a_message(
    bed: Bed, queues: tuple[str, ...], by_message: tuple[Stage, ...]
) -> None:
    run_id = bed.start()

    assert take_up(worker(bed, queues), run_id, Stage.PREPROCESS)

    assert announced(bed, run_id) == [*map(str, by_message)]
    assert bed.row(run_id, by_message[-1]).state == "queued"


def test_whoever_has_worked_for_long_lets_others_have_their_turn(bed: Bed) -> None:
    run_id = bed.start()

    assert take_up(worker(bed, seconds=0), run_id, Stage.PREPROCESS)

    assert announced(bed, run_id) == ["preprocess", "transcribe"]


def test_a_worker_that_is_told_to_end_takes_up_nothing_more(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_process, "is_stopping", lambda: True)
    run_id = bed.start()

    assert take_up(worker(bed), run_id, Stage.PREPROCESS)

    assert announced(bed, run_id) == ["preprocess", "transcribe"]


def test_it_takes_what_is_next_in_the_queue_and_not_what_is_its_own(bed: Bed) -> None:
    waiting, own = bed.start(), bed.start()
    recording = bed.view(own).recording_id
    bed.work(waiting, until=Stage.TRANSCRIBE)

    async def served_lately(session: AsyncSession) -> None:
        owner = select(Recording.owner_id).where(Recording.id == recording)
        await session.execute(
            insert(Share).values(owner_id=owner.scalar_subquery(), queue=GPU, served_at=datetime.now(UTC))
        )

    bed.inside(served_lately)
    assert take_up(worker(bed, (CPU, GPU)), own, Stage.PREPROCESS)

    begun = [bed.row(run_id, Stage.TRANSCRIBE).started_at for run_id in (waiting, own)]
    assert begun == sorted(when for when in begun if when)
    assert take_up(worker(bed, (CPU, GPU)), waiting, Stage.TRANSCRIBE)  # the message that was left
    assert [bed.states(run_id)[3] for run_id in (waiting, own)] == ["queued"] * 2
    assert announced(bed, own)[1:] == announced(bed, waiting)[2:] == ["summarize"]


def test_a_run_that_was_cancelled_meanwhile_is_not_gone_on_with(bed: Bed) -> None:
    run_id = bed.start()
    bed.script.tell("preprocess", hold_at=1)
    working = bed.beside(lambda: take_up(worker(bed), run_id, Stage.PREPROCESS))
    eventually(lambda: bed.script.calls("preprocess"))
    bed.cancel(run_id)
    bed.script.release("preprocess")

    assert working.result(60)

    assert (bed.view(run_id).state, announced(bed, run_id)) == ("cancelled", ["preprocess"])


def test_an_attempt_that_fails_waits_for_its_message(bed: Bed) -> None:
    run_id = bed.start()
    bed.script.tell("diarize", errors=("engine.failed",))

    assert take_up(worker(bed), run_id, Stage.PREPROCESS)

    assert announced(bed, run_id) == ["preprocess", "diarize"]
    assert bed.row(run_id, Stage.DIARIZE).state == "queued"
