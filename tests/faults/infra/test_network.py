"""The line to the API breaks or stalls: in an upload, in a live stream, in the media."""

import base64
import os
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

import httpx
import pytest

from stenogram.pipeline.stage import Stage
from stenogram.services.uploads import PIECE_BYTES
from tests.api_server import Server
from tests.fakes.engines import speech_wav
from tests.faults.conftest import Ledger
from tests.faults.infra.front import Follower, hand_over, run_of
from tests.faults.infra.proxy import DOWN, UP, Proxy, proxy_to
from tests.faults.invariants import check
from tests.faults.scene import Scene
from tests.processes import PATIENCE, eventually

pytestmark = pytest.mark.xdist_group("faults-infra")
TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def proxy(api_server: Server) -> Iterator[Proxy]:
    with proxy_to(httpx.URL(api_server.url).port or 80) as made:
        yield made


@pytest.fixture
def line(api_server: Server, proxy: Proxy) -> Server:
    """The API, as it is reached through the proxy."""
    return Server(api_server.process, proxy.url, api_server.token, api_server.ready_seconds, api_server.log)


@pytest.mark.parametrize("how", ["cut", pytest.param("stall", marks=pytest.mark.faults)])
def test_a_resumable_upload(line: Server, proxy: Proxy, ledger: Ledger, how: str) -> None:
    """Again and again broken off; what has come is never sent again, and the file is whole."""
    with ledger.row(f"network {how} in a resumable upload", 3), line.client() as client:
        body = os.urandom(PIECE_BYTES + 700_000)
        name = base64.b64encode(b"talk.ogg").decode()
        announced = {**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": f"filename {name}"}
        address = line.url + client.post("/uploads/", headers=announced).headers["location"]
        for after in (300_000, PIECE_BYTES + 50_000):
            (proxy.cut if how == "cut" else proxy.stall)(UP, after)
            with pytest.raises(httpx.TransportError):
                finish(line, address, body, timeout=PATIENCE if how == "cut" else 3)
            if how == "stall":
                proxy.refusing = True
                with pytest.raises(httpx.TransportError):
                    told(line, address)
            proxy.heal()

        recording = finish(line, address, body, timeout=PATIENCE).headers["stenogram-recording-id"]
        assert sha256(client.get(f"/recordings/{recording}/media").content).digest() == sha256(body).digest()


def told(line: Server, address: str) -> int:
    with line.client() as client:
        return int(client.head(address, headers=TUS).headers["upload-offset"])


def finish(line: Server, address: str, body: bytes, timeout: float) -> httpx.Response:
    """Send what is missing."""
    while True:
        offset = told(line, address)
        headers = {**PATCH, "Upload-Offset": str(offset)}
        with line.client() as client:
            answer = client.patch(address, content=body[offset:], headers=headers, timeout=timeout)
        if answer.status_code != 409:  # what a broken line had brought was kept after we asked
            return answer


@pytest.mark.faults
def test_a_plain_upload_is_repeated(
    infra: Scene, api_server: Server, line: Server, proxy: Proxy, ledger: Ledger
) -> None:
    """Cut in the file nothing is kept; cut before the answer came, the same key gives what was made."""
    with ledger.row("network cut in a plain upload", 2):
        sound = speech_wav(4)
        before = listed(api_server)
        for direction, after in ((UP, len(sound) // 2), (DOWN, 1)):
            proxy.cut(direction, after)
            with pytest.raises(httpx.TransportError):
                post(line, sound)
            assert direction == DOWN or listed(api_server) == before
            proxy.heal()
        answers = [post(line, sound) for _ in range(2)]

        assert [answer.json()["id"] for answer in answers] == [answers[0].json()["id"]] * 2
        assert listed(api_server) == before + 1
        check(infra.bed, [run_of(answers[0])])


def post(line: Server, sound: bytes) -> httpx.Response:
    with line.client() as client:
        form = {"options": '{"formats": ["txt", "json"]}'}
        headers = {"Idempotency-Key": "the same"}
        return client.post("/recordings", files={"file": ("a.wav", sound)}, data=form, headers=headers)


def listed(server: Server) -> int:
    with server.client() as client:
        return len(client.get("/recordings", params={"limit": 200}).json()["items"])


@pytest.mark.faults
def test_a_live_stream_goes_on_where_it_was_cut(
    infra: Scene, api_server: Server, line: Server, proxy: Proxy, ledger: Ledger
) -> None:
    with ledger.row("network cut in a live stream", 1):
        run_id = infra.start(Stage.TRANSCRIBE, "working")
        hand_over(infra, api_server, infra.bed.view(run_id).recording_id)
        whole = Follower(api_server, run_id).follow()
        eventually(lambda: whole.events)
        proxy.cut(DOWN, 2500)
        heard = [Follower(line, run_id).follow()]
        eventually(lambda: heard[0].events)
        infra.bed.relay()
        eventually(lambda: infra.faults.reached(run_id, Stage.TRANSCRIBE, "working"))
        heard[0].join(PATIENCE)
        assert heard[0].broken
        infra.faults.forget()
        while heard[-1].broken:  # every further line is cut as well, some events later
            known = [event_id for follower in heard for event_id, *_ in follower.events if event_id]
            heard.append(Follower(line, run_id, known[-1]).follow())
            heard[-1].join(PATIENCE)
            if len(heard) > 3:
                proxy.heal()
        whole.join(PATIENCE)

        parts = [entry for follower in heard for entry in follower.events if entry[1] != "snapshot"]
        since = position(heard[0].events[0][0])
        assert parts == [entry for entry in whole.events if entry[1] != "snapshot" and position(entry[0]) > since]
        assert whole.states[-1] == parts[-1][2]["state"] == "done"
        check(infra.bed, [run_id])


def position(event_id: str) -> tuple[int, ...]:
    return tuple(map(int, event_id.split("-")))


def test_media_go_on_where_they_were_cut(
    infra: Scene, api_server: Server, line: Server, proxy: Proxy, ledger: Ledger
) -> None:
    with ledger.row("network cut in media", 3):
        recording = infra.bed.record(phrases=20)
        hand_over(infra, api_server, recording)
        sound, got = speech_wav(20), b""
        for after in (100_000, 700_000):
            proxy.cut(DOWN, after)
            got += media(line, recording, len(got))
            proxy.heal()
            assert 0 < len(got) < len(sound)
        got += media(line, recording, len(got))

        assert got == sound


def test_damaged_media_are_never_served(api_server: Server, infra: Scene, ledger: Ledger) -> None:
    with ledger.row("artifact damaged", 1):
        recording = infra.bed.record(phrases=20)
        hand_over(infra, api_server, recording)
        name = infra.bed.keys()[f"recordings/{recording}/source"]
        path = infra.bed.settings.server.data_dir / "blobs" / name[:2] / name
        sealed = bytearray(path.read_bytes())
        sealed[len(sealed) // 2] ^= 1
        path.write_bytes(sealed)

        got = media(api_server, recording, 0)

        assert speech_wav(20).startswith(got)
        assert len(got) < len(sealed) // 2


def media(line: Server, recording: UUID, start: int) -> bytes:
    """As much as comes."""
    got = b""
    with line.client() as client:
        headers = {"Range": f"bytes={start}-"}
        try:
            with client.stream("GET", f"/recordings/{recording}/media", headers=headers) as answer:
                assert answer.status_code == 206
                for chunk in answer.iter_raw():
                    got += chunk
        except httpx.TransportError:
            return got
    return got
