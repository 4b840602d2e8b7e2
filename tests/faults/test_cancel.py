"""A run is cancelled, whatever it is just doing."""

from concurrent.futures import Future
from functools import partial
from uuid import UUID

import pytest

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import STAGES, Stage
from tests.bed import Bed
from tests.faults.conftest import Ledger
from tests.faults.hooks import POINTS
from tests.faults.invariants import check
from tests.faults.scene import Scene, cells, deliver
from tests.processes import PATIENCE

pytestmark = pytest.mark.xdist_group("faults")


def cancel(bed: Bed, run_id: UUID) -> None:
    for event in bed.cancel(run_id):
        bed.context.publisher.publish(event)


def refused(cancelled: "Future[None]") -> bool:
    """Whether it came too late."""
    error = cancelled.exception(PATIENCE)
    assert error is None or (isinstance(error, StenogramError) and error.code == "run.conflict")
    return error is not None


@pytest.mark.parametrize("point", cells([(point,) for point in POINTS], [("working",)]))
def test_a_run_is_cancelled_while_a_stage_is_at_work(scene: Scene, ledger: Ledger, point: str) -> None:
    with ledger.row("cancelled while it works", len(STAGES)):
        stages = scene.start_each(point)
        left, too_late = dict(stages), set()
        while left:
            for run_id in scene.held_at(point, left):
                cancelled = scene.bed.beside(partial(cancel, scene.bed, run_id))
                if point == "written":  # who commits has the run locked, and goes first
                    scene.faults.release(run_id, stages[run_id], point)
                if refused(cancelled):
                    too_late.add(run_id)
                scene.faults.release(run_id, stages[run_id], point)

        if point in ("claimed", "working"):
            assert not too_late
        if point in ("written", "committed"):
            assert Stage.EXPORT in {stages[run_id] for run_id in too_late}
        check(scene.bed, set(stages) - too_late, ["cancelled"])
        check(scene.bed, too_late)


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_is_cancelled_while_a_stage_waits(calm: Bed, ledger: Ledger, stage: Stage) -> None:
    with ledger.row("cancelled while it waits, or waits to be tried again", 2):
        queued, again = calm.start(), calm.start()
        calm.work(queued, until=stage)
        calm.work(again, until=stage)
        calm.script.tell(stage, errors=("crash",))
        if stage != Stage.EXPORT:  # it has no engine
            assert calm.run(again, stage)
            assert calm.row(again, stage).not_before

        for run_id in (queued, again):
            cancel(calm, run_id)

        deliver(calm)
        assert not calm.run(queued, stage)
        check(calm, [queued, again], ["cancelled"], patience=0.1)


@pytest.mark.parametrize(("stage", "end"), [(None, "done"), ("diarize", "done_with_warnings"), ("transcribe", "dead")])
def test_a_run_that_is_over_stays_what_it_is(calm: Bed, ledger: Ledger, stage: str | None, end: str) -> None:
    with ledger.row("cancelled when it is over"):
        calm.script.tell(stage or "none", errors=("engine.failed",) * 3)
        run_id = calm.start()
        calm.work(run_id)
        if stage:
            calm.record_dead_letter(run_id, Stage(stage))

        assert refused(calm.beside(partial(cancel, calm, run_id)))

        deliver(calm)
        check(calm, [run_id], [end], patience=0.1)
