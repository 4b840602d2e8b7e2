"""How soon work goes on after its worker was killed, with the settings that everybody has."""

import os
import signal
from collections.abc import Iterator

import pytest

from stenogram.pipeline.stage import Stage
from stenogram.settings import QueueSettings
from tests.faults.conftest import Ledger
from tests.faults.invariants import check
from tests.faults.scene import Scene, make_scene, now
from tests.processes import eventually
from tests.servers import Servers

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.faults]
_PROMISED = 60  # seconds


@pytest.fixture(scope="module")
def shared_scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with make_scene(servers, tmp_path_factory.mktemp("defaults"), {"REMAP_SIGTERM": "SIGQUIT"}) as made:
        assert made.bed.settings.queue.lease_seconds == QueueSettings.model_fields["lease_seconds"].default
        assert made.bed.settings.queue.reaper_seconds == QueueSettings.model_fields["reaper_seconds"].default
        yield made


def test_work_goes_on_within_a_minute(scene: Scene, ledger: Ledger) -> None:
    """At the worst moment: the lease was renewed just now."""
    stage = Stage.TRANSCRIBE
    with ledger.row("SIGKILL of a worker's main process, default settings") as tally:
        stages = scene.start_each("working", stages=[stage])
        [(run_id, who)] = scene.held_at("working", dict(stages)).items()
        first = scene.bed.row(run_id, stage).lease_until
        eventually(lambda: scene.bed.row(run_id, stage).lease_until != first)
        killed = now()

        os.kill(who.main, signal.SIGKILL)

        check(scene.bed, stages, killed=True)
        ended = scene.bed.view(run_id).finished_at
        assert ended
        tally.recovered((ended - killed).total_seconds())
        assert (ended - killed).total_seconds() < _PROMISED
