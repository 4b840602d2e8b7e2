"""Workers that are killed, at every point of every stage."""

from itertools import product

import pytest

from stenogram.pipeline.stage import STAGES
from tests.faults.conftest import Ledger
from tests.faults.hooks import POINTS
from tests.faults.invariants import check
from tests.faults.scene import Scene, cells

pytestmark = pytest.mark.xdist_group("faults")


@pytest.mark.parametrize(("victim", "point"), cells(list(product(("child", "main"), POINTS)), [("child", "working")]))
def test_a_killed_worker_costs_one_attempt(scene: Scene, ledger: Ledger, victim: str, point: str) -> None:
    with ledger.row(f"SIGKILL of a worker's {victim} process, {point}", len(STAGES)) as tally:
        stages = scene.start_each(point)
        killed = scene.kill_at(point, stages, victim)

        check(scene.bed, stages, killed=True)
        again = 1 if point in ("unclaimed", "committed") else 2  # attempts are counted at the claim
        assert [scene.bed.row(run_id, stage).attempts for run_id, stage in stages.items()] == [again] * len(STAGES)
        for run_id in stages:
            tally.recovered(scene.went_on_after(run_id, killed[run_id]))
