"""Workers that are killed while they go on by themselves, without a message for what they do."""

from collections.abc import Collection, Iterator
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import STAGES
from stenogram.storage.models import Outbox
from tests.bed import QUICK
from tests.faults.conftest import Ledger
from tests.faults.invariants import check
from tests.faults.scene import Scene, make_scene
from tests.servers import Servers

# Not in `make test`: workers of their own are dear, and chain/test_going_on has the rule without them.
pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.faults]
_POINTS = ("claimed", "working", "written", "committed")
_LATER = STAGES[1:]  # the first one has its message


@pytest.fixture(scope="module")
def onward(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Its workers go on for as long as there is something to do."""
    with make_scene(servers, tmp_path_factory.mktemp("onward"), {**QUICK, "GO_ON_SECONDS": "60"}) as made:
        yield made


@pytest.mark.parametrize(("victim", "point"), list(product(("child", "main"), _POINTS)))
def test_a_worker_killed_while_it_goes_on_costs_one_attempt(
    onward: Scene, ledger: Ledger, victim: str, point: str
) -> None:
    onward.begin()
    with ledger.row(f"SIGKILL of a worker's {victim} process that goes on, {point}", len(_LATER)) as tally:
        stages = onward.start_each(point, stages=_LATER)
        killed = onward.kill_at(point, stages, victim)

        check(onward.bed, stages, killed=True)
        again = 1 if point == "committed" else 2
        assert [onward.bed.row(run_id, stage).attempts for run_id, stage in stages.items()] == [again] * len(_LATER)
        assert _messages(onward, stages) < len(STAGES) * len(stages)  # what was gone on with has had none
        for run_id in stages:
            tally.recovered(onward.went_on_after(run_id, killed[run_id]))


def _messages(scene: Scene, runs: Collection[UUID]) -> int:
    async def read(session: AsyncSession) -> int:
        told = await session.scalars(select(Outbox.args))
        return sum(UUID(args[0]) in runs for args in told)

    return scene.bed.inside(read)
