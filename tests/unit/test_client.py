"""The client's promises about problems, uploads and lost connections, over a scripted transport."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from stenogram import client as module
from stenogram.client import ApiError, Client

Answer = httpx.Response | Exception
PROBLEM = {"code": "run.conflict", "title": "Conflict", "detail": "It is over."}


class Script(httpx.BaseTransport):
    """Gives the answers in turn and remembers what was asked."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = iter(answers)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def scripted(*answers: Answer, language: str = "en") -> tuple[Client, Script]:
    script = Script(answers)
    return Client("http://service/", "t0ken", language, script), script


def events(*lines: str, then: Exception | None = None) -> httpx.Response:
    """A stream of server-sent events that may break off."""

    class Stream(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for line in lines:
                yield f"{line}\n\n".encode()
            if then:
                raise then

    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=Stream())


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECONNECT_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (httpx.Response(409, json=PROBLEM), "run.conflict", "It is over."),
        (httpx.Response(409, json={**PROBLEM, "detail": ""}), "run.conflict", "Conflict"),
        (httpx.Response(502, text="<html>proxy"), "service.unexpected", "HTTP 502 from http://service/api/v1/runs/r1"),
        (httpx.Response(500, json=["odd"]), "service.unexpected", "HTTP 500 from http://service/api/v1/runs/r1"),
        (httpx.ConnectError("refused"), "service.unreachable", "cannot reach http://service: refused"),
    ],
)
def test_whatever_goes_wrong_has_a_code(answer: Answer, code: str, message: str) -> None:
    client, _ = scripted(answer)
    with client, pytest.raises(ApiError) as raised:
        client.run("r1")
    assert (raised.value.code, str(raised.value)) == (code, message)


def test_its_own_messages_speak_the_language_too() -> None:
    client, script = scripted(httpx.ConnectError("refused"), language="ru")
    with pytest.raises(ApiError, match="http://service не отвечает"):
        client.run("r1")
    assert script.asked[0].headers["Accept-Language"] == "ru"
    assert script.asked[0].headers["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("link", ["http://service/login#secret", "secret"])
def test_a_sign_in_link_is_spent_for_a_token(link: str) -> None:
    client, script = scripted(httpx.Response(200, json={"access_token": "fresh"}), httpx.Response(200, json={}))
    assert client.sign_in(link) == "fresh"
    client.me()
    assert json.loads(script.asked[0].content) == {"secret": "secret"}
    assert script.asked[1].headers["Authorization"] == "Bearer fresh"


@pytest.mark.parametrize("content", [b"x" * 300_000, b""])
def test_an_upload_tells_how_far_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "встреча.ogg"
    path.write_bytes(content)
    client, script = scripted(httpx.Response(201, json={"id": "rec"}))
    fractions: list[float] = []
    assert client.upload(path, {"speakers": 2}, fractions.append) == {"id": "rec"}
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert content in script.asked[0].content
    assert b'{"speakers": 2}' in script.asked[0].content


def test_the_other_addresses(tmp_path: Path) -> None:
    calls: Sequence[tuple[Callable[[Client], object], str, str]] = (
        (lambda client: client.cancel("r1"), "POST", "/api/v1/runs/r1/cancel"),
        (lambda client: client.delete("rec"), "DELETE", "/api/v1/recordings/rec"),
        (lambda client: client.transcript("r1"), "GET", "/api/v1/runs/r1/transcript"),
        (lambda client: client.export("r1", "srt"), "GET", "/api/v1/runs/r1/exports?format=srt"),
        (lambda client: client.export("r1", "md", "ru"), "GET", "/api/v1/runs/r1/exports?format=md&language=ru"),
        (lambda client: client.models(), "GET", "/api/v1/models"),
    )
    client, script = scripted(*(httpx.Response(200, json={}) for _ in calls))
    for call, method, path in calls:
        call(client)
        assert (script.asked[-1].method, script.asked[-1].url.raw_path.decode()) == (method, path)


def test_a_run_is_followed_across_lost_connections() -> None:
    client, script = scripted(
        events('id: 4\nevent: progress\ndata: {"fraction": 0.1}', then=httpx.ReadError("gone")),
        httpx.ConnectError("restarting"),
        httpx.Response(503, json={"code": "database.unavailable", "title": "away"}),
        events(": heartbeat", 'id: 5\nevent: progress\ndata: {"fraction": 0.9}'),
        httpx.Response(200, json={"state": "running"}),
        events(),
        httpx.Response(200, json={"state": "done"}),
    )
    assert list(client.follow("r1")) == [
        ("progress", {"fraction": 0.1}),
        ("progress", {"fraction": 0.9}),
        ("snapshot", {"state": "done"}),
    ]
    streams = [request for request in script.asked if request.url.path.endswith("/events")]
    assert [request.headers.get("Last-Event-ID") for request in streams] == [None, "4", "4", "4", "5"]


def test_a_run_that_is_not_there_is_not_followed() -> None:
    client, _ = scripted(httpx.Response(404, json={"code": "not_found", "title": "Not found"}))
    with pytest.raises(ApiError) as raised:
        list(client.follow("r1"))
    assert (raised.value.code, raised.value.status) == ("not_found", 404)


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", -1.0)
    client, _ = scripted(httpx.ConnectError("refused"))
    with pytest.raises(ApiError, match="lost http://service: refused") as raised:
        list(client.follow("r1"))
    assert raised.value.code == "service.unreachable"
