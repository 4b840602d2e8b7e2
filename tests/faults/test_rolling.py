"""API and workers are restarted under load: no upload, no event and no run is lost, and none comes twice."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection
from typing import Any
from uuid import UUID

import httpx
import pytest
from httpx_sse import SSEError, connect_sse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.children import dying_with_parent
from stenogram.events import TERMINAL, stream_name
from stenogram.pipeline.stage import Stage
from stenogram.services.access import open_tokens
from stenogram.storage.models import Recording, User
from stenogram.storage.repositories import Users
from tests import http
from tests.bed import CALM, QUICK, Bed, make_bed
from tests.fakes.engines import speech_wav
from tests.faults import invariants
from tests.faults.conftest import Ledger
from tests.processes import PATIENCE, eventually
from tests.servers import Servers
from tests.service import free_port

PIECE = 64 * 1024
TUS = {"Tus-Resumable": "1.0.0"}
OPTIONS = {"formats": ["txt", "json"]}
PAUSE = 0.1  # seconds between two attempts of a client whose server is away


class Api:
    """The API as a process on a port of its own, now and again."""

    def __init__(self, bed: Bed, **variables: str) -> None:
        self.port = free_port()
        self.log = bed.folder / "api.log"
        self._environment = {**os.environ, **bed.environment, **variables}
        self._process: subprocess.Popen[bytes] | None = None
        self.clients = ExitStack()  # closed with it

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("wb") as output:
            self._process = process = subprocess.Popen(
                dying_with_parent([sys.executable, "-m", "apps.bot_api", "--port", str(self.port)]),
                env=self._environment,
                stdout=output,
                stderr=output,
            )
        eventually(lambda: self._ready() or process.poll() is not None)
        assert process.poll() is None, self.log.read_text()

    def _ready(self) -> bool:
        with suppress(httpx.TransportError):
            return http.get(f"{self.url}/readyz").status_code == 200
        return False

    def stop(self) -> None:
        """In order: whoever had to be killed would not have finished."""
        self.tell_to_stop()
        self.await_end()

    def tell_to_stop(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def await_end(self) -> None:
        assert self._process is not None
        self._process.wait(PATIENCE)
        assert "Finished server process" in self.log.read_text()

    def end(self) -> None:
        self.clients.close()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@contextmanager
def serving(bed: Bed, **variables: str) -> Iterator[Api]:
    api = Api(bed, **variables)
    try:
        api.start()
        yield api
    finally:
        api.end()


def token(bed: Bed, name: str = "tester") -> str:
    async def add(session: AsyncSession) -> UUID:
        return (await Users(session).add(User(name=name, role="user", language="en"))).id

    return open_tokens(bed.settings.server).issue(bed.inside(add))[0]


@dataclass
class Followed:
    """One run as a client saw it: ids of its events after ``position``."""

    run_id: str
    position: str = ""
    ids: list[str] = field(default_factory=list)
    last: str = ""
    connections: int = 0


class Visitor(threading.Thread):
    """Sends a recording by tus, follows its run to the end, and again; a server that is away is asked again."""

    def __init__(self, api: Api, bearer: str, data: bytes) -> None:
        super().__init__(daemon=True)
        headers = {"Authorization": f"Bearer {bearer}"}
        self._http = api.clients.enter_context(
            httpx.Client(base_url=f"{api.url}/api/v1", headers=headers, timeout=PATIENCE)
        )
        self._data = data
        self.enough = threading.Event()
        self.sent = 0  # bytes of the upload under way
        self.following: Followed | None = None
        self.resumed = 0
        self.recordings: list[str] = []
        self.followed: list[Followed] = []
        self.error: BaseException | None = None

    @property
    def length(self) -> int:
        return len(self._data)

    @property
    def authorization(self) -> str:
        return self._http.headers["Authorization"]

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                recording = self.upload()
                self.recordings.append(recording["id"])
                self.followed.append(self.follow(recording["latest_run"]["id"]))
        except BaseException as error:  # noqa: BLE001 - told by ``join``
            self.error = error

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        if self.error:
            raise self.error
        assert not self.is_alive()

    # --- tus ---

    def upload(self) -> dict[str, Any]:
        return self.send_all(self.announce())

    def send_all(self, address: str) -> dict[str, Any]:
        while self.sent < self.length:
            self.send_piece(address)
        self.sent = 0
        made: dict[str, Any] = self._ask("GET", f"{address}/recording").json()
        return made

    def announce(self) -> str:
        metadata = "filename " + _base64("talk.wav") + ",filetype " + _base64("audio/wav")
        metadata += ",options " + _base64(json.dumps(OPTIONS))
        headers = {**TUS, "Upload-Length": str(len(self._data)), "Upload-Metadata": metadata}
        return self._ask("POST", "/uploads/", headers=headers).headers["Location"].removeprefix("/api/v1")

    def send_piece(self, address: str) -> None:
        headers = {**TUS, "Upload-Offset": str(self.sent), "Content-Type": "application/offset+octet-stream"}
        piece = self._data[self.sent : self.sent + PIECE]
        try:
            answer = self._http.patch(address, content=piece, headers=headers)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 204:
            self.sent = int(answer.headers["Upload-Offset"])
            return
        assert answer is None or answer.status_code in (409, 429, 503), answer.text
        self.resumed += 1
        time.sleep(PAUSE)
        self.sent = int(self._ask("HEAD", address, headers=TUS).headers["Upload-Offset"])

    def _ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        end = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                answer = self._http.request(method, path, **arguments)
                if answer.status_code not in (429, 503):
                    return answer.raise_for_status()
            assert time.monotonic() < end, f"{method} {path}: nobody answers"
            time.sleep(PAUSE)

    # --- server-sent events ---

    def follow(self, run_id: str) -> Followed:
        seen = self.following = Followed(run_id)
        end = time.monotonic() + PATIENCE
        while not self._stream(seen):
            assert time.monotonic() < end, f"run {run_id} does not end"
            time.sleep(PAUSE)
        self.following = None
        return seen

    def _stream(self, seen: Followed) -> bool:
        """One connection. True: the run has ended."""
        headers = {"Last-Event-ID": seen.last} if seen.last else {}
        with (
            suppress(httpx.TransportError, SSEError),
            connect_sse(self._http, "GET", f"/runs/{seen.run_id}/events", headers=headers) as source,
        ):
            seen.connections += 1
            for message in source.iter_sse():
                if not message.data:  # of one that was cut off its beginning may come, and does not count
                    continue
                if message.event == "snapshot":
                    seen.position = seen.position or message.id
                    seen.last = seen.last or message.id
                    if json.loads(message.data)["state"] in TERMINAL and not headers:  # else what was missed follows
                        return True
                    continue
                seen.ids.append(message.id)
                seen.last = message.id
                event = json.loads(message.data)
                if event["type"] == "run" and event["state"] in TERMINAL:
                    return True
        return False


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def missed_or_twice(bed: Bed, seen: Followed) -> Counter[str]:
    """Ids that the follower did not see exactly once, of those that came after its snapshot."""
    with bed.redis() as client:
        entries = client.xrange(stream_name(seen.run_id), min=f"({seen.position}" if seen.position != "0" else "-")
    difference = Counter(seen.ids)
    difference.subtract(entry_id.decode() for entry_id, _ in entries)
    return Counter({entry: count for entry, count in difference.items() if count})


def stored_recordings(bed: Bed) -> list[str]:
    async def read(session: AsyncSession) -> list[str]:
        return [str(recording_id) for recording_id in await session.scalars(select(Recording.id))]

    return sorted(bed.inside(read))


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, CALM) as made:
        yield made


@pytest.fixture
def crew(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    """Workers that have their default time to end what they do."""
    with make_bed(servers, tmp_path, {**QUICK, "WORKER_SHUTDOWN_SECONDS": "5"}) as made:
        made.staff()
        yield made


def test_a_restart_of_the_api_breaks_no_upload_and_hides_no_event(bed: Bed, ledger: Ledger) -> None:
    with ledger.row("API restarted under an upload and a follower"), serving(bed) as api:
        sender = Visitor(api, token(bed), speech_wav(40))
        address = sender.announce()
        sender.send_piece(address)
        follower = Visitor(api, token(bed), speech_wav(4))
        recording = follower.upload()
        run_id = recording["latest_run"]["id"]
        following = bed.beside(lambda: follower.follow(run_id))
        eventually(lambda: follower.following and follower.following.last)
        bed.work(UUID(run_id), until=Stage.TRANSCRIBE)
        eventually(lambda: follower.following and follower.following.ids)

        api.stop()
        bed.work(UUID(run_id), until=Stage.SUMMARIZE)  # nobody hears of it now
        api.start()
        bed.work(UUID(run_id))

        seen = following.result(PATIENCE)
        assert seen.connections >= 2
        assert not missed_or_twice(bed, seen)
        sent = sender.send_all(address)
        assert stored_recordings(bed) == sorted([recording["id"], sent["id"]])
        assert bed.work(UUID(sent["latest_run"]["id"])).state == "done"
        assert bed.phrases(UUID(sent["latest_run"]["id"])) == 40


def test_a_stopping_api_lets_a_request_end_and_takes_no_other(bed: Bed) -> None:
    with serving(bed, API_SHUTDOWN_SECONDS=str(PATIENCE)) as api:
        sender = Visitor(api, token(bed), bytes(2 * PIECE))
        address = sender.announce()
        with create_connection(("127.0.0.1", api.port)) as connection:
            connection.sendall(_head(sender, address, 2 * PIECE) + bytes(PIECE))
            api.tell_to_stop()
            eventually(lambda: "Shutting down" in api.log.read_text())
            with pytest.raises(httpx.TransportError):
                http.get(f"{api.url}/healthz")
            connection.sendall(bytes(PIECE))
            assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 204")
        api.await_end()


@pytest.mark.faults
def test_a_stopping_api_waits_no_longer_than_it_was_told(bed: Bed) -> None:
    with serving(bed, API_SHUTDOWN_SECONDS="1") as api:
        sender = Visitor(api, token(bed), bytes(2 * PIECE))
        address = sender.announce()
        with create_connection(("127.0.0.1", api.port)) as connection:
            connection.sendall(_head(sender, address, 2 * PIECE) + bytes(PIECE))
            api.stop()
        api.start()
        sender.send_all(address)
        assert len(stored_recordings(bed)) == 1


def _head(sender: Visitor, address: str, length: int) -> bytes:
    lines = (
        f"PATCH /api/v1{address} HTTP/1.1",
        "Host: api",
        f"Authorization: {sender.authorization}",
        "Tus-Resumable: 1.0.0",
        "Upload-Offset: 0",
        "Content-Type: application/offset+octet-stream",
        f"Content-Length: {length}",
    )
    return "\r\n".join((*lines, "", "")).encode()


@pytest.mark.faults
@pytest.mark.xdist_group("workers")
def test_everything_is_restarted_one_after_another_under_load(crew: Bed, ledger: Ledger) -> None:
    crew.script.tell("diarize", busy=1.0)  # long enough to be followed when the API goes
    with ledger.row("API and workers restarted in turn under load", 3 * 4) as tally, serving(crew) as api:
        users = [Visitor(api, token(crew, f"user{number}"), speech_wav(20)) for number in range(4)]
        for user in users:
            user.start()
        for _ in range(3):
            eventually(lambda: _half_sent(users) and any(user.following for user in users))
            api.stop()
            api.start()
            for worker in [process for process in crew.processes if process.poll() is None]:
                crew.replace(worker)
        for user in users:
            user.enough.set()
        for user in users:
            user.join(PATIENCE)

        followed = [seen for user in users for seen in user.followed]
        tally.cells = len(followed)
        invariants.check(crew, [UUID(seen.run_id) for seen in followed])
        assert [missed_or_twice(crew, seen) for seen in followed] == [Counter()] * len(followed)
        assert stored_recordings(crew) == sorted(recording for user in users for recording in user.recordings)
        assert sum(user.resumed for user in users) >= 1  # else nothing was tried
        assert sum(seen.connections - 1 for seen in followed) >= 1
        print(
            f"{len(followed)} runs, {sum(user.resumed for user in users)} uploads resumed, "
            f"{sum(seen.connections - 1 for seen in followed)} streams resumed"
        )


def _half_sent(users: list[Visitor]) -> bool:
    return any(0 < user.sent < user.length // 2 for user in users)
