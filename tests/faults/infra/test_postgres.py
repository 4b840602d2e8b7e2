"""PostgreSQL stopped at once and started again, or frozen: at a claim, at a finish, in a request, in the relay."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event

from stenogram.errors import StorageError
from stenogram.pipeline.stage import Stage
from stenogram.storage.blobs import LocalStore
from stenogram.storage.database import Database
from stenogram.storage.envelope import Keyring
from stenogram.storage.vault import Vault, make_master_key
from tests.api_server import Server
from tests.faults.conftest import Ledger
from tests.faults.hooks import PUBLISHED
from tests.faults.infra.breakable import Breakable
from tests.faults.infra.front import QUICKLY, Follower, hand_over, run_of, upload, workers
from tests.faults.invariants import check
from tests.faults.scene import Scene
from tests.processes import PATIENCE, eventually

pytestmark = pytest.mark.xdist_group("faults-infra")
FREEZE_SECONDS = 20.0
Place = tuple[Stage, str]
FINISH_AND_CLAIM = ((Stage.TRANSCRIBE, "written"), (Stage.DIARIZE, "unclaimed"))
WORK_AND_RELAY = ((Stage.SUMMARIZE, "working"), (Stage.TRANSCRIBE, PUBLISHED))
COMMIT_AND_FINISH = ((Stage.PREPROCESS, "committed"), (Stage.EXPORT, "written"))


def in_flight(scene: Scene, places: Sequence[Place]) -> list[UUID]:
    """A run held at each place, by all the workers there are, and two that wait."""
    held = []
    for stage, point in places:  # one after the other: whoever is woken takes the best stage there is
        run_id = scene.start(stage, point)
        scene.bed.relay()
        eventually(partial(scene.faults.reached, run_id, stage, point))
        held.append(run_id)
    return [*held, *(scene.bed.start() for _ in range(2))]


def refused(server: Server) -> None:
    """Both a look and an upload are answered in time, with a problem that says what to do."""
    with server.client() as client:
        for answer in (client.get("/recordings", timeout=QUICKLY), upload(server, key="once")):
            assert (answer.status_code, answer.json()["code"]) == (503, "database.unavailable")
            assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "places",
    [
        FINISH_AND_CLAIM,
        pytest.param(WORK_AND_RELAY, marks=pytest.mark.faults),
        pytest.param(COMMIT_AND_FINISH, marks=pytest.mark.faults),
    ],
    ids=["finish and claim", "work and relay", "commit and finish"],
)
def test_postgres_is_restarted(
    infra: Scene, breakable: Breakable, ledger: Ledger, api_server: Server, places: Sequence[Place]
) -> None:
    with ledger.row("PostgreSQL immediate stop and restart", 5):
        runs, before = in_flight(infra, places), workers(infra)

        breakable.stop_postgres()
        infra.faults.forget()
        refused(api_server)
        breakable.start_postgres()
        answers = [upload(api_server, key=f"once {places}") for _ in range(2)]

        check(infra.bed, [*runs, run_of(answers[0])], killed=True)
        assert answers[0].json()["id"] == answers[1].json()["id"]
        assert workers(infra) == before
        assert all(stage.attempts == 1 for run_id in runs for stage in infra.bed.view(run_id).stages)


@pytest.mark.faults
def test_postgres_is_frozen(infra: Scene, breakable: Breakable, ledger: Ledger, api_server: Server) -> None:
    with ledger.row("PostgreSQL SIGSTOP 20 s", 5):
        runs, before = in_flight(infra, FINISH_AND_CLAIM), workers(infra)
        hand_over(infra, api_server, infra.bed.view(runs[0]).recording_id)
        follower = Follower(api_server, runs[0]).follow()
        eventually(lambda: follower.events)

        with breakable.frozen(breakable.postgres()):
            until = time.monotonic() + FREEZE_SECONDS
            infra.faults.forget()
            refused(api_server)
            assert httpx.get(f"{api_server.url}/healthz", timeout=QUICKLY).status_code == 200
            eventually(lambda: time.monotonic() > until)
        answers = [upload(api_server, key="frozen") for _ in range(2)]

        check(infra.bed, [*runs, run_of(answers[0])], killed=True)
        assert answers[0].json()["id"] == answers[1].json()["id"]
        assert workers(infra) == before
        follower.join(PATIENCE)
        assert (follower.is_alive(), follower.broken, follower.states[-1]) == (False, None, "done")


async def test_what_an_unconfirmed_commit_wrote_is_kept(breakable: Breakable, tmp_path: Path) -> None:
    database = Database(breakable.fresh_database(), patience=1)
    vault = Vault(LocalStore(tmp_path), Keyring.parse(make_master_key()), database)
    try:
        async with database.session() as session, AsyncExitStack() as stopped:
            await vault.put(session, "runs/1/a", b"said once")
            frozen = breakable.frozen(breakable.postgres())
            event.listen(session.sync_session, "before_commit", lambda _: stopped.enter_context(frozen))
            with pytest.raises(StorageError, match=r"database\.unavailable"):
                await session.commit()

        async with database.begin() as session:
            assert await vault.read(session, "runs/1/a") == b"said once"
    finally:
        await database.dispose()
