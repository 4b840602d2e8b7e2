"""Redis killed, stopped and emptied, while runs wait and while they are worked on."""

import time
from functools import partial
from uuid import UUID

import httpx
import pytest

from stenogram.pipeline.stage import Stage
from tests.api_server import Server
from tests.faults.conftest import Ledger
from tests.faults.infra.breakable import Breakable
from tests.faults.infra.front import QUICKLY, Follower, hand_over, run_of, upload, workers
from tests.faults.invariants import check
from tests.faults.scene import Scene
from tests.processes import PATIENCE, eventually

pytestmark = pytest.mark.xdist_group("faults-infra")
FREEZE_SECONDS = 20.0
MORE_THAN_CONNECTIONS = 11  # to the database, that the API has


def in_flight(scene: Scene) -> list[UUID]:
    """One run is held in preprocess and one in transcribe, by all the workers there are; the others wait."""
    stages = (Stage.PREPROCESS, Stage.TRANSCRIBE)
    held = [scene.start(stage, "working") for stage in stages]
    scene.bed.relay()
    for run_id, stage in zip(held, stages, strict=True):
        eventually(partial(scene.faults.reached, run_id, stage, "working"))
    waiting = [scene.bed.start() for _ in range(2)]
    scene.bed.relay()
    return [*held, *waiting, scene.bed.start()]  # the last one's message is in the outbox


def test_redis_is_emptied(infra: Scene, ledger: Ledger) -> None:
    with ledger.row("Redis emptied", 5):
        runs, before = in_flight(infra), workers(infra)

        infra.bed.empty_redis()
        infra.faults.forget()

        check(infra.bed, runs, killed=True)
        assert workers(infra) == before


@pytest.mark.faults
def test_redis_is_killed(infra: Scene, breakable: Breakable, ledger: Ledger, api_server: Server) -> None:
    with ledger.row("Redis SIGKILL and restart", 7):
        runs, before = in_flight(infra), workers(infra)
        hand_over(infra, api_server, infra.bed.view(runs[0]).recording_id)
        before_it = Follower(api_server, runs[0]).follow()
        eventually(lambda: before_it.events)

        breakable.kill_redis()
        runs.append(run_of(upload(api_server)))
        without_it = Follower(api_server, runs[-1]).follow()
        eventually(lambda: without_it.events)
        assert httpx.get(f"{api_server.url}/readyz", timeout=QUICKLY).json()["code"] == "queue.unavailable"
        breakable.start_redis()
        runs.append(run_of(upload(api_server)))
        infra.faults.forget()

        check(infra.bed, runs, killed=True)
        assert workers(infra) == before
        for follower in (before_it, without_it):  # neither was cut off
            follower.join(PATIENCE)
            assert (follower.is_alive(), follower.broken, follower.states[-1]) == (False, None, "done")


@pytest.mark.faults
def test_redis_is_stopped_for_a_while(infra: Scene, breakable: Breakable, ledger: Ledger, api_server: Server) -> None:
    with ledger.row("Redis SIGSTOP 20 s", 5 + MORE_THAN_CONNECTIONS):
        runs, before = in_flight(infra), workers(infra)

        with breakable.frozen([breakable.redis()]):
            until = time.monotonic() + FREEZE_SECONDS
            infra.faults.forget()
            runs += [run_of(upload(api_server)) for _ in range(MORE_THAN_CONNECTIONS)]
            follower = Follower(api_server, runs[-1]).follow()
            eventually(lambda: follower.events)
            eventually(lambda: time.monotonic() > until)

        check(infra.bed, runs, killed=True)
        assert workers(infra) == before
        follower.join(PATIENCE)
        assert (follower.is_alive(), follower.broken, follower.states[-1]) == (False, None, "done")
