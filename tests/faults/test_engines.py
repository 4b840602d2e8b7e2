"""Engines that fail in every way there is, and recordings that no worker survives."""

from collections.abc import Iterator

import pytest

from stenogram.pipeline.stage import REQUIRED, Stage
from tests.bed import QUICK
from tests.faults.conftest import Ledger
from tests.faults.invariants import check
from tests.faults.scene import Scene, cells, make_scene
from tests.processes import eventually
from tests.servers import Servers

pytestmark = pytest.mark.xdist_group("faults")
_ENGINES = (Stage.TRANSCRIBE, Stage.DIARIZE, Stage.SUMMARIZE)
_LIMIT, _GRACE = 8, 2  # seconds: the soft limit of every stage, and how much later comes the hard one
_TOLD = {  # what the engine does, and what is told of it
    "fail": "engine.failed",
    "crash": "internal",
    "hang": "stage.timeout",
    "deafen": "internal",
    "exhaust memory": "engine.out_of_memory",
    "kill": "internal",
    "segfault": "internal",
}
_DEADLY = ("deafen", "kill", "segfault")
_SLOW = ("hang", "deafen")


def survive(scene: Scene, ledger: Ledger, fault: str) -> None:
    """Each of the engines does so once."""
    with ledger.row(f"engine: {fault}", len(_ENGINES)):
        stages = scene.start_each("working", fault, _ENGINES)

        check(scene.bed, stages, killed=fault in _DEADLY)

        for run_id, stage in stages.items():
            view = scene.bed.view(run_id)
            assert {item.stage: item.attempts for item in view.stages if item.attempts != 1} == {stage: 2}
            codes = {event.error_code for event in scene.bed.events(run_id) if event.error_code}
            assert codes == {_TOLD[fault]}


@pytest.mark.parametrize("fault", cells([(fault,) for fault in _TOLD if fault not in _SLOW], [("fail",)]))
def test_a_broken_engine_costs_an_attempt(scene: Scene, ledger: Ledger, fault: str) -> None:
    survive(scene, ledger, fault)


@pytest.fixture(scope="module")
def limited(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    limits = dict.fromkeys(("CPU_TIME_LIMIT", "GPU_TIME_LIMIT", "LLM_TIME_LIMIT"), str(_LIMIT))
    settings = {**QUICK, **limits, "KILL_AFTER_SECONDS": str(_GRACE)}
    with make_scene(servers, tmp_path_factory.mktemp("limited"), settings) as made:
        yield made


@pytest.mark.faults
@pytest.mark.parametrize("fault", _SLOW)
def test_an_engine_that_does_not_end_is_ended(limited: Scene, ledger: Ledger, fault: str) -> None:
    limited.begin()
    survive(limited, ledger, fault)


@pytest.mark.faults
@pytest.mark.parametrize(("fault", "poisoned"), [("kill", _ENGINES), ("kill worker", (Stage.TRANSCRIBE,))])
def test_a_recording_that_no_worker_survives_ends_dead_and_can_be_replayed(
    scene: Scene, ledger: Ledger, fault: str, poisoned: tuple[Stage, ...]
) -> None:
    most = scene.bed.settings.queue.max_attempts
    with ledger.row(f"poison pill: {fault}, every time", len(poisoned)):
        stages = scene.start_each("working", fault, poisoned, times=most)

        eventually(lambda: all(scene.restaffed().row(*which).state == "dead" for which in stages.items()))
        check(scene.bed, stages, ["dead", "done_with_warnings"], killed=True)
        for run_id, stage in stages.items():
            assert scene.bed.row(run_id, stage).attempts == most
            assert (scene.bed.view(run_id).state == "dead") == (stage in REQUIRED)

        for letter in scene.bed.dead_letters():
            if letter.run_id in stages:
                scene.bed.replay(letter.id)
        scene.bed.relay()

        check(scene.bed, stages, killed=True)
