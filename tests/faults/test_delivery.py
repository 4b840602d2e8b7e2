"""Messages that come twice, at once or long after, and relays that die with them."""

import os
import signal
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import housekeeping
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.storage.repositories import Runs
from tests.bed import Bed
from tests.faults.conftest import Ledger
from tests.faults.hooks import PUBLISHED
from tests.faults.invariants import check
from tests.faults.scene import Scene, cells
from tests.processes import PATIENCE, eventually, is_gone

pytestmark = pytest.mark.xdist_group("faults")
_DAY = 24 * 3600


@pytest.mark.parametrize("stage", cells([(stage,) for stage in STAGES], [(Stage.TRANSCRIBE,)]))
def test_of_two_deliveries_at_once_one_works(scene: Scene, ledger: Ledger, stage: Stage) -> None:
    """Two workers stand before the claim with a message of the same stage each, and go on together."""
    with ledger.row("message delivered twice, in parallel"):
        [run_id] = scene.start_each("unclaimed", stages=[stage], times=2)
        eventually(lambda: scene.faults.reached(run_id, stage, "unclaimed"))
        scene.bed.resend(run_id, stage)
        eventually(lambda: len(scene.faults.reached(run_id, stage, "unclaimed")) == 2)

        scene.faults.release(run_id, stage, "unclaimed")

        check(scene.bed, [run_id])
        assert [item.attempts for item in scene.bed.view(run_id).stages] == [1] * len(STAGES)


@pytest.mark.faults
def test_a_delivery_a_day_later_changes_nothing(scene: Scene, ledger: Ledger) -> None:
    with ledger.row("message delivered again a day later", len(STAGES)):
        run_id = scene.bed.start()
        scene.bed.relay()
        check(scene.bed, [run_id])
        scene.bed.later(_DAY)
        before = _everything(scene, run_id)

        for stage in STAGES:
            scene.bed.resend(run_id, stage)

        check(scene.bed, [run_id])
        eventually(lambda: not _unacknowledged(scene))
        assert _everything(scene, run_id) == before


def test_a_run_that_is_locked_keeps_the_reaper_from_no_other(calm: Bed) -> None:
    """A worker that was stopped in its last transaction has its run locked."""
    locked, other = calm.start(), calm.start()
    for run_id in (locked, other):
        calm.claim_and_vanish(run_id, Stage.PREPROCESS)
    calm.later()

    async def reap_beside(session: AsyncSession) -> None:
        await Runs(session).lock(locked)
        await housekeeping.reap(calm.context)

    calm.inside(reap_beside)
    assert [calm.states(run_id)[0] for run_id in (locked, other)] == ["running", "queued"]

    calm.reap()
    assert calm.states(locked)[0] == "queued"


def _everything(scene: Scene, run_id: UUID) -> list[object]:
    bed = scene.bed
    return [bed.view(run_id), bed.events(run_id), bed.keys(), [(row.id, row.text) for row in bed.segments(run_id)]]


def _unacknowledged(scene: Scene) -> int:
    with scene.bed.redis() as client:
        return int(client.hlen("unacked"))


@pytest.mark.parametrize("victim", cells([("child",), ("main",)], []))
def test_a_relay_that_dies_after_publishing_publishes_again(scene: Scene, ledger: Ledger, victim: str) -> None:
    """Whoever relays has published the message, and dies before that is marked: it comes twice."""
    with ledger.row("outbox relay killed between publish and mark", len(STAGES) - 1):
        stages = scene.start_each(PUBLISHED, stages=STAGES[1:])  # the first is published by this process
        beat = scene.bed.processes[0].pid
        left = dict(stages)
        while left:
            held = scene.held_at(PUBLISHED, left, at_least=1)
            whole = [who for who in held.values() if victim == "main" and who.main != beat]  # beat stays
            for who in held.values():
                os.kill(who.main if who in whole else who.pid, signal.SIGKILL)
            assert all(is_gone(who.pid, PATIENCE) for who in held.values())
            scene.replace(whole)

        check(scene.bed, stages, killed=True)
        attempts = [stage.attempts for run_id in stages for stage in scene.bed.view(run_id).stages]
        assert attempts == [1] * len(attempts)
