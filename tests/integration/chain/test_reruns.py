"""Cancelling a run, running it again from a stage, and deleting what others refer to."""

import random
from contextlib import suppress

import pytest
from loguru import logger
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.storage.models import Run
from tests.bed import Bed
from tests.processes import eventually


def test_a_waiting_run_is_cancelled_at_once(bed: Bed) -> None:
    run_id = bed.start()
    bed.relay()

    told = bed.cancel(run_id)

    assert [(event.type, event.state) for event in told] == [("run", "cancelled")]
    assert bed.states(run_id) == ["cancelled"] * 5
    assert bed.view(run_id).finished_at is not None
    assert not bed.run(run_id, Stage.PREPROCESS)  # its message comes too late
    assert bed.cancel(run_id) == []


def test_a_run_that_waits_for_its_next_attempt_is_cancelled_at_once(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("engine.failed",))
    run_id = bed.start()
    bed.work(run_id, until=Stage.TRANSCRIBE)
    bed.run(run_id, Stage.TRANSCRIBE)

    bed.cancel(run_id)
    bed.later()

    assert not bed.run(run_id, Stage.TRANSCRIBE)
    assert bed.states(run_id) == ["done", *["cancelled"] * 4]


def test_a_running_stage_stops_at_its_next_report(bed: Bed) -> None:
    bed.script.tell("diarize", hold_at=1)
    run_id = bed.start()
    bed.work(run_id, until=Stage.DIARIZE)
    working = bed.beside(lambda: bed.run(run_id, Stage.DIARIZE))
    eventually(lambda: bed.script.calls("diarize"))

    assert bed.cancel(run_id) == []  # it will be told when the stage has stopped
    assert bed.view(run_id).state == "running"
    working.result(60)

    assert bed.view(run_id).state == "cancelled"
    assert bed.states(run_id) == ["done", "done", "cancelled", "cancelled", "cancelled"]
    assert bed.events(run_id)[-1].final
    assert bed.phrases(run_id) == 4  # what is finished stays


def test_a_cancelled_stage_whose_worker_died_is_ended_by_the_reaper(bed: Bed) -> None:
    bed.script.tell("diarize", hold_at=1)
    run_id = bed.start()
    bed.work(run_id, until=Stage.DIARIZE)
    bed.claim_and_vanish(run_id, Stage.DIARIZE)
    bed.cancel(run_id)

    bed.later()
    assert bed.reap() == 1

    assert (bed.view(run_id).state, bed.row(run_id, Stage.DIARIZE).state) == ("cancelled", "cancelled")


def test_what_is_over_cannot_be_cancelled(bed: Bed) -> None:
    run_id = bed.start()
    bed.work(run_id)

    with pytest.raises(StenogramError) as caught:
        bed.cancel(run_id)

    assert (caught.value.code, caught.value.params["state"]) == ("run.conflict", "done")


def test_a_rerun_uses_what_came_before_with_other_options(bed: Bed) -> None:
    parent = bed.start()
    bed.work(parent)
    before = bed.keys(f"runs/{parent}/")

    child = bed.rerun(parent, Stage.DIARIZE, speakers=3)
    assert bed.phrases(child) == 4  # readable before anything was done
    view = bed.work(child)

    assert view.state == "done"
    assert [stage.attempts for stage in view.stages] == [0, 0, 1, 1, 1]
    assert len(bed.script.calls("transcribe")) == 4  # of the parent
    assert {row.speaker for row in bed.segments(parent)} == {"S1", "S2"}
    assert {row.speaker for row in bed.segments(child)} == {"S1", "S2", "S3"}
    assert bed.keys(f"runs/{parent}/") == before
    assert not any(key.endswith(("audio.pcm", "preprocess.json")) for key in bed.keys(f"runs/{child}/"))


@pytest.mark.parametrize("stage", STAGES)
def test_a_rerun_from_any_stage(bed: Bed, stage: Stage) -> None:
    parent = bed.start()
    bed.work(parent)

    child = bed.rerun(parent, stage, formats=["srt"])

    view = bed.work(child)
    assert view.state == "done"
    assert [item.stage for item in view.stages if item.attempts] == list(STAGES[STAGES.index(stage) :])
    assert bed.phrases(child) == 4
    assert bed.export(child, "srt").count(b"Hello there.") == 4


def test_a_rerun_of_what_has_not_got_so_far_is_refused(bed: Bed) -> None:
    parent = bed.start()
    bed.work(parent, until=Stage.TRANSCRIBE)

    with pytest.raises(StenogramError) as caught:
        bed.rerun(parent, Stage.DIARIZE)

    assert caught.value.code == "run.conflict"


def test_a_rerun_outlives_its_parents_row(bed: Bed) -> None:
    parent = bed.start()
    bed.work(parent)
    child = bed.rerun(parent, Stage.DIARIZE)

    async def remove(session: AsyncSession) -> None:
        await session.execute(delete(Run).where(Run.id == parent))

    bed.inside(remove)

    assert bed.work(child).state == "done"
    assert bed.phrases(child) == 4


def test_deleting_a_recording_takes_all_its_runs_and_files(bed: Bed) -> None:
    kept = bed.start()
    bed.work(kept)
    others = bed.keys()
    recording = bed.record()
    parent = bed.start(recording)
    bed.work(parent)
    child = bed.rerun(parent, Stage.SUMMARIZE)
    bed.work(child)

    bed.delete(recording)

    assert bed.keys() == others
    assert bed.objects() == set(others.values())
    assert not bed.run(child, Stage.SUMMARIZE)


@pytest.mark.parametrize("stage", ["preprocess", "transcribe", "diarize"])
def test_a_recording_deleted_under_a_working_stage_leaves_nothing(bed: Bed, stage: str) -> None:
    bed.script.tell(stage, hold_at=1)
    recording = bed.record()
    run_id = bed.start(recording)
    bed.work(run_id, until=Stage(stage))
    working = bed.beside(lambda: bed.run(run_id, Stage(stage)))
    eventually(lambda: bed.script.calls(stage))

    bed.delete(recording)
    bed.script.release(stage)
    working.result(60)

    assert bed.keys() == {}
    assert bed.objects() == set()
    assert not bed.scratch()


@pytest.mark.parametrize("seed", range(4))
def test_workers_cancellation_and_deletion_at_once_neither_fail_nor_wait_for_each_other(bed: Bed, seed: int) -> None:
    dice = random.Random(seed)
    recording = bed.record(phrases=2)
    parent = bed.start(recording)
    bed.work(parent)
    run_id = bed.rerun(parent, dice.choice(STAGES))
    said: list[str] = []
    listening = logger.add(said.append, level="WARNING", format="{message}")

    def deliver() -> None:
        for stage in STAGES * 2:
            bed.run(run_id, stage)

    def give_up() -> None:
        eventually(lambda: bed.view(run_id).state != "queued")
        bed.script.tell("summarize", busy=dice.random() / 10)
        with suppress(StenogramError):  # it may be over, or gone
            bed.cancel(run_id)
        bed.delete(recording)

    for done in [bed.beside(deliver), bed.beside(deliver), bed.beside(give_up)]:
        done.result(100)
    logger.remove(listening)

    assert not [line for line in said if "failed" in line]  # a deadlock is a failed stage
    assert (bed.keys(), bed.objects()) == ({}, set())
