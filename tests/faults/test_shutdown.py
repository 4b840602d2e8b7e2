"""Workers that are told to end, or stopped and woken again, while they work."""

import os
import signal
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

import psutil
import pytest

from stenogram.pipeline.stage import STAGES, Stage
from tests.bed import QUICK
from tests.faults.conftest import Ledger
from tests.faults.hooks import LEFT
from tests.faults.invariants import check, scratch
from tests.faults.scene import Scene, cells, make_scene, now
from tests.processes import eventually
from tests.servers import Servers

pytestmark = pytest.mark.xdist_group("faults")
_ENGINES = (Stage.TRANSCRIBE, Stage.DIARIZE, Stage.SUMMARIZE)
_WINDOWS = 4  # that transcribe recognises of one recording


@pytest.fixture(scope="module")
def shared_patient(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {**QUICK, "WORKER_SHUTDOWN_SECONDS": "2", "LEASE_SECONDS": "30"}
    with make_scene(servers, tmp_path_factory.mktemp("patient"), settings) as made:
        yield made


@pytest.fixture
def patient(shared_patient: Scene) -> Scene:
    """Its workers have a moment to finish what they have begun."""
    shared_patient.begin()
    return shared_patient


def end_workers(
    scene: Scene, point: str, left: dict[UUID, Stage], number: int, *, released: bool
) -> dict[UUID, datetime]:
    """Tell the workers of these runs to end, and wait until they have. When each was told."""
    stages = dict(left)
    told: dict[UUID, datetime] = {}
    while left:
        held = scene.held_at(point, left)
        told |= dict.fromkeys(held, now())
        for run_id, who in held.items():
            os.kill(who.main, number)
            if released:
                eventually(partial(_is_told, scene, who.main))
                scene.faults.release(run_id, stages[run_id], point)
        scene.replace(held.values())
    return told


def _is_told(scene: Scene, main: int) -> bool:
    """The children know that they are to take up nothing more."""
    return any(scratch(scene.bed).glob(f"stage-{main}-*/stopping"))


def attempts(scene: Scene, runs: Iterable[UUID]) -> list[int]:
    return [stage.attempts for run_id in runs for stage in scene.bed.view(run_id).stages]


@pytest.mark.faults
def test_a_worker_that_must_end_hands_its_stage_back(scene: Scene, ledger: Ledger) -> None:
    with ledger.row("SIGTERM while it works: handed back", len(STAGES)) as tally:
        stages = scene.start_each("working", "hang")

        told = end_workers(scene, "working", dict(stages), signal.SIGTERM, released=False)

        check(scene.bed, stages, killed=True)
        assert attempts(scene, stages) == [1] * len(STAGES) ** 2
        assert len(scene.bed.script.calls("transcribe")) == _WINDOWS * len(STAGES) + 1  # the one that was at work
        for run_id in stages:
            tally.recovered(scene.went_on_after(run_id, told[run_id]))


@pytest.mark.faults
@pytest.mark.parametrize(("point", "do", "at"), [("written", "hold", STAGES), ("working", "deafen", _ENGINES)])
def test_a_worker_that_does_not_hear_that_it_must_end_is_ended(
    patient: Scene, ledger: Ledger, point: str, do: str, at: tuple[Stage, ...]
) -> None:
    """It waits for its database or its store, or computes outside of Python; no signal reaches it there."""
    with ledger.row(f"SIGTERM, deaf to it, {point}: handed back", len(at)) as tally:
        stages = patient.start_each(point, do, at)

        told = end_workers(patient, point, dict(stages), signal.SIGTERM, released=False)

        check(patient.bed, stages, killed=True)
        assert attempts(patient, stages) == [1] * len(STAGES) * len(at)
        again = 1 if point == "working" else 0  # the window at work; those that were ready are kept
        assert len(patient.bed.script.calls("transcribe")) == _WINDOWS * len(at) + again
        for run_id in stages:
            tally.recovered(patient.went_on_after(run_id, told[run_id]))


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["soft", "warm"])
def test_a_worker_that_may_finish_does(patient: Scene, ledger: Ledger, number: signal.Signals) -> None:
    with ledger.row(f"{number.name}, time enough: finished first", len(STAGES)):
        stages = patient.start_each("working")

        end_workers(patient, "working", dict(stages), number, released=True)

        check(patient.bed, stages)
        assert attempts(patient, stages) == [1] * len(STAGES) ** 2
        assert len(patient.bed.script.calls("transcribe")) == _WINDOWS * len(STAGES)


def group(main: int) -> list[psutil.Process]:
    process = psutil.Process(main)
    return [process, *process.children(recursive=True)]


@pytest.mark.parametrize(
    ("point", "stage"),
    cells([(point, stage) for point in ("working", "written") for stage in STAGES], [("working", Stage.DIARIZE)]),
)
def test_a_worker_that_wakes_too_late_overwrites_nothing(
    scene: Scene, ledger: Ledger, point: str, stage: Stage
) -> None:
    with ledger.row(f"SIGSTOP past the lease, SIGCONT, {point}") as tally:
        [run_id] = scene.start_each(point, "hang", [stage])
        [who] = scene.held_at(point, {run_id: stage}).values()
        worker, since = group(who.main), now()
        for process in worker:
            process.suspend()
        try:
            scene.bed.finished(run_id)
            before = _visible(scene, run_id)
        finally:
            for process in worker:
                process.resume()
        scene.faults.release(run_id, stage, point)
        eventually(lambda: who in scene.faults.reached(run_id, stage, LEFT))

        check(scene.bed, [run_id], killed=point == "written")
        assert _visible(scene, run_id) == before
        assert scene.bed.row(run_id, stage).attempts == 2
        tally.recovered(scene.went_on_after(run_id, since))


def _visible(scene: Scene, run_id: UUID) -> list[object]:
    """What people get."""
    bed = scene.bed
    files = [bed.read(key) for key in bed.keys(f"runs/{run_id}/")]
    return [bed.view(run_id), [(row.id, row.text, row.speaker) for row in bed.segments(run_id)], files]
