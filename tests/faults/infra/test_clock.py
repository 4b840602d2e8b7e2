"""Clocks that are an hour off, or are set an hour forward or back: of workers, of the API, of PostgreSQL."""

import base64
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.services.access import make_link
from stenogram.storage.models import Outbox
from stenogram.storage.repositories import Users
from tests import http
from tests.api_server import Server, serving
from tests.bed import CALM, QUICK, Bed, make_bed
from tests.faults.conftest import Ledger
from tests.faults.infra.breakable import Breakable
from tests.faults.infra.faketime import Clock
from tests.faults.infra.front import run_of, upload, user_of
from tests.faults.invariants import check
from tests.faults.scene import Scene, make_scene
from tests.processes import eventually
from tests.servers import Servers

pytestmark = pytest.mark.xdist_group("faults-infra")
HOUR = 3600
SEEN_SECONDS = 3.0  # after which a process under a clock that was set lives by it, and what it sent before is done
TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": "application/offset+octet-stream"}
PATIENT = {**QUICK, "RETRY_BACKOFF_SECONDS": "4", "RETRY_BACKOFF_MAX_SECONDS": "4"}


def reach(scene: Scene, stage: Stage, point: str = "working") -> UUID:
    run_id = scene.start(stage, point)
    scene.bed.relay()
    eventually(lambda: scene.faults.reached(run_id, stage, point))
    return run_id


def lease(bed: Bed, run_id: UUID, stage: Stage) -> datetime:
    until = bed.row(run_id, stage).lease_until
    assert until is not None
    return until


def renewed(bed: Bed, run_id: UUID, stage: Stage, beyond: datetime) -> bool:
    return lease(bed, run_id, stage) > beyond


# --- PostgreSQL ---


@pytest.fixture
def calm(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, CALM) as made:
        yield made


def test_what_lies_an_hour_ahead_is_brought_back(calm: Bed, ledger: Ledger) -> None:
    """As rows look when the database's clock was set back."""
    with ledger.row("clock of PostgreSQL −1 h", 3):
        deserted, failed, unsent = calm.start(), calm.start(), calm.start()
        calm.work(deserted, until=Stage.DIARIZE)
        calm.claim_and_vanish(deserted, Stage.DIARIZE)
        calm.script.tell("preprocess", errors=("crash",))
        calm.run(failed, Stage.PREPROCESS)
        calm.later(-HOUR)

        async def ahead(session: AsyncSession) -> None:
            await session.execute(update(Outbox).values(created_at=Outbox.created_at + timedelta(seconds=HOUR)))

        calm.inside(ahead)

        calm.reap()  # brings everything back to the longest wait there is for it
        assert calm.waits_for_a_worker(unsent, Stage.PREPROCESS) == 1
        calm.later(float(CALM["LEASE_SECONDS"]))
        assert calm.reap() == 1
        assert calm.row(deserted, Stage.DIARIZE).state == "queued"
        calm.later(calm.settings.queue.backoff_max_seconds)
        calm.empty_redis()
        calm.reap()
        assert calm.waits_for_a_worker(failed, Stage.PREPROCESS) == 1
        assert [calm.work(run_id).state for run_id in (deserted, failed, unsent)] == ["done"] * 3


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("postgres"), at_once=True)


@pytest.fixture(scope="module")
def moving(clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Workers on a PostgreSQL that lives by ``clock``."""
    made = Breakable(tmp_path_factory.mktemp("moving"))
    made.start_by(clock.environment)
    try:
        with make_scene(made, tmp_path_factory.mktemp("crew"), PATIENT) as scene:
            scene.begin()
            yield scene
    finally:
        made.stop()


@pytest.mark.faults
def test_postgres_is_set_forward_and_back(moving: Scene, clock: Clock, ledger: Ledger) -> None:
    bed = moving.bed
    with ledger.row("clock of PostgreSQL +1 h", 3):
        stages = (Stage.TRANSCRIBE, Stage.PREPROCESS)
        held = dict(zip([reach(moving, stage) for stage in stages], stages, strict=True))
        waiting = bed.start()
        for hours in (1, 2, 3):
            before = {(run_id, stage): lease(bed, run_id, stage) for run_id, stage in held.items()}
            clock.set(hours * HOUR)
            for (run_id, stage), until in before.items():
                eventually(partial(renewed, bed, run_id, stage, until + timedelta(seconds=HOUR / 2)))
        moving.faults.forget()
        check(bed, [*held, waiting])
        for run_id in (*held, waiting):
            assert [stage.attempts for stage in bed.view(run_id).stages] == [1] * 5

    with ledger.row("clock of PostgreSQL −1 h", 4):
        bed.script.tell("diarize", errors=("engine.failed",))
        failed = bed.start()
        bed.relay()
        eventually(lambda: bed.row(failed, Stage.DIARIZE).not_before)
        held_there = reach(moving, Stage.TRANSCRIBE)
        unsent = bed.start()
        bed.holder(held_there, Stage.TRANSCRIBE).send_signal(signal.SIGKILL)
        moving.faults.forget()
        clock.set(2 * HOUR)
        later = bed.start()
        bed.empty_redis()
        bed.staff()
        check(bed, [failed, held_there, unsent, later], killed=True)
        assert bed.row(held_there, Stage.TRANSCRIBE).attempts == 2


# --- workers ---


@pytest.mark.faults
def test_workers_live_by_other_clocks(
    breakable: Breakable, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, ledger: Ledger
) -> None:
    """Beat's is set back while it runs; of the two that work one is an hour ahead and one an hour behind."""
    with ledger.row("clock of workers ±1 h", 4), make_scene(breakable, tmp_path, QUICK) as scene:
        bed = scene.bed
        clocks = [Clock(tmp_path_factory.mktemp("clock"), offset) for offset in (0, HOUR, -HOUR)]
        for wanted, clock in enumerate(clocks):
            bed.environment.update(clock.environment)
            bed.staff(wanted)
        held = [reach(scene, stage) for stage in (Stage.TRANSCRIBE, Stage.PREPROCESS)]
        bed.script.tell("summarize", errors=("engine.failed",))
        waiting = [bed.start() for _ in range(2)]
        bed.relay()

        clocks[0].set(-HOUR)
        since = time.monotonic()
        eventually(lambda: time.monotonic() > since + SEEN_SECONDS)
        bed.empty_redis()  # now only the reaper can tell anybody of those that wait
        scene.faults.forget()

        check(bed, [*held, *waiting], killed=True)


# --- the API ---


@pytest.mark.faults
def test_the_api_lives_by_other_clocks(
    infra: Scene, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, ledger: Ledger
) -> None:
    clock = Clock(tmp_path_factory.mktemp("clock"))
    environment = {**infra.bed.environment, **clock.environment}
    with ledger.row("clock of the API ±1 h", 3), serving(environment, tmp_path) as server:
        made = run_of(upload(server))
        recording = infra.bed.view(made).recording_id
        body, address = b"OggS" + bytes(99), begin_upload(server, 103)
        tokens, tickets = [server.token], []
        for offset in (0, HOUR, -HOUR):
            clock.set(offset)
            eventually(partial(sees, server, offset))
            for token in tokens:
                assert ask(server, token, "/me").status_code == 200
            tokens.append(sign_in(infra.bed, server))
            tickets.append(ticket(server, tokens[-1], recording))
            for url in tickets:
                assert http.get(server.url + url).status_code == 200
            sent = {0: 0, HOUR: 40, -HOUR: 80}[offset]
            headers = {**PATCH, "Upload-Offset": str(sent)}
            with server.client() as client:
                answer = client.patch(server.url + address, content=body[sent : min(103, sent + 40)], headers=headers)
                assert answer.status_code == 204
        assert answer.headers["stenogram-recording-id"]
        check(infra.bed, [made])


def sees(server: Server, offset: int) -> bool:
    told = parsedate_to_datetime(http.get(f"{server.url}/healthz").headers["date"])
    return abs((told - datetime.now(UTC)).total_seconds() - offset) < HOUR / 2


def ask(server: Server, token: str, path: str) -> httpx.Response:
    return http.get(f"{server.url}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})


def sign_in(bed: Bed, server: Server) -> str:
    """With a link made where the clock is right."""

    user_id = user_of(server)

    async def link(session: AsyncSession) -> str:
        user = await Users(session).get(user_id)
        assert user is not None
        return await make_link(session, user)

    answer = http.post(f"{server.url}/api/v1/auth/link", json={"secret": bed.inside(link)})
    token: str = answer.json()["access_token"]
    return token


def ticket(server: Server, token: str, recording: UUID) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    url: str = http.post(f"{server.url}/api/v1/recordings/{recording}/media-ticket", headers=headers).json()["url"]
    return url


def begin_upload(server: Server, length: int) -> str:
    name = base64.b64encode(b"talk.ogg").decode()
    with server.client() as client:
        headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": f"filename {name}"}
        address: str = client.post("/uploads/", headers=headers).headers["location"]
        return address
