"""Recordings over the API: sent, listed, played by range, destroyed; and what is refused."""

import errno
import json
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import AsyncAdaptedQueuePool

from stenogram.errors import render
from stenogram.storage import blobs
from stenogram.storage.blobs import LocalStore
from tests.integration.api.conftest import MAX_UPLOAD_MB, Api

BODY = bytes(range(256)) * 1200  # spans several segments of the vault


async def send(client: httpx.AsyncClient, body: bytes = BODY, name: str = "talk.ogg", **more: Any) -> httpx.Response:
    kind = more.pop("kind", "audio/ogg")
    return await client.post("/api/v1/recordings", files={"file": (name, body, kind)}, **more)


async def test_a_recording_is_sent_listed_renamed_and_destroyed(api: Api, anna: httpx.AsyncClient) -> None:
    answer = await send(anna, data={"options": json.dumps({"language": "ru", "speakers": 3})})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["title"], made["size"], made["duration"]) == ("talk", len(BODY), None)
    assert made["latest_run"]["state"] == "queued"
    assert made["latest_run"]["options"]["speakers"] == 3
    assert [stage["state"] for stage in made["latest_run"]["stages"]][:2] == ["queued", "waiting"]

    address = f"/api/v1/recordings/{made['id']}"
    assert (await anna.patch(address, json={"title": "Планёрка"})).json()["title"] == "Планёрка"
    assert (await anna.get(address)).json()["title"] == "Планёрка"
    assert [item["id"] for item in (await anna.get("/api/v1/recordings")).json()["items"]] == [made["id"]]
    assert (await anna.get(f"{address}/peaks")).status_code == 404
    assert (await anna.get(f"{address}/transcript")).json()["code"] == "transcript.not_ready"

    assert (await anna.delete(address)).status_code == 204
    assert (await anna.get(address)).json()["code"] == "not_found"
    assert stored(api) == []


def stored(api: Api) -> list[str]:
    return [item.name for item in LocalStore(api.settings.server.data_dir / "blobs").list()]


async def test_pages_follow_one_another(anna: httpx.AsyncClient) -> None:
    sent = [(await send(anna, name=f"{number}.ogg")).json()["id"] for number in range(3)]
    first = (await anna.get("/api/v1/recordings", params={"limit": 2})).json()
    second = (await anna.get("/api/v1/recordings", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in first["items"] + second["items"]] == sent[::-1]
    assert second["next_cursor"] is None
    assert (await anna.get("/api/v1/recordings", params={"cursor": "nonsense"})).json()["code"] == "request.invalid"


async def test_options_may_follow_the_file_and_a_run_may_wait(anna: httpx.AsyncClient) -> None:
    fields: dict[str, Any] = {
        "file": ("a.ogg", BODY, "audio/ogg"),
        "options": (None, '{"preset": "fast"}'),
        "start": (None, "true"),
    }
    made = (await anna.post("/api/v1/recordings", files=fields)).json()
    assert made["latest_run"]["options"]["preset"] == "fast"
    idle = (await send(anna, data={"start": "false"})).json()
    assert idle["latest_run"] is None
    started = await anna.post(f"/api/v1/recordings/{idle['id']}/runs", json={"options": {"diarize": False}})
    assert started.status_code == 201
    listed = (await anna.get(f"/api/v1/recordings/{idle['id']}/runs")).json()
    assert [run["id"] for run in listed] == [started.json()["id"]]


async def test_the_same_key_again_gives_the_first_recording(anna: httpx.AsyncClient, boris: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first, again = [(await send(anna, headers=headers)).json() for _ in range(2)]
    assert again["id"] == first["id"]
    assert again["latest_run"]["id"] == first["latest_run"]["id"]
    assert (await send(boris, headers=headers)).json()["id"] != first["id"]


async def test_a_slow_line_holds_no_connection_to_the_database(api: Api, anna: httpx.AsyncClient) -> None:
    held: list[int] = []

    async def trickle() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="slow.ogg"\r\n\r\n' + BODY[:100]
        pool = api.runtime.database.engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        held.append(pool.checkedout())
        yield BODY[100:] + b"\r\n--b--\r\n"

    headers = {"Idempotency-Key": "slow", "Content-Type": "multipart/form-data; boundary=b"}
    made = await anna.post("/api/v1/recordings", headers=headers, content=trickle())

    assert (made.status_code, made.json()["size"]) == (201, len(BODY))
    assert held == [0]


async def test_what_belongs_to_others_is_not_found(anna: httpx.AsyncClient, boris: httpx.AsyncClient) -> None:
    made = (await send(anna)).json()
    recording, run = f"/api/v1/recordings/{made['id']}", f"/api/v1/runs/{made['latest_run']['id']}"
    attempts = [
        ("GET", recording, None),
        ("PATCH", recording, {"title": "mine"}),
        ("DELETE", recording, None),
        ("GET", f"{recording}/media", None),
        ("POST", f"{recording}/media-ticket", None),
        ("GET", f"{recording}/peaks", None),
        ("GET", f"{recording}/runs", None),
        ("POST", f"{recording}/runs", {}),
        ("GET", f"{recording}/transcript", None),
        ("GET", run, None),
        ("POST", f"{run}/cancel", None),
        ("POST", f"{run}/rerun", {"from_stage": "diarize"}),
        ("GET", f"{run}/events", None),
        ("GET", f"{run}/transcript", None),
        ("GET", f"{run}/exports?format=txt", None),
        ("PATCH", f"{run}/speakers/S1", {"name": "x"}),
    ]
    for method, path, body in attempts:
        answer = await boris.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path)
    assert (await boris.get("/api/v1/recordings")).json()["items"] == []


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=65530-65545", 65530, 65546),
        ("bytes=-7", -7, None),
        ("bytes=300000-", 300000, None),
    ],
)
async def test_media_by_range(anna: httpx.AsyncClient, header: str, start: int, end: int | None) -> None:
    made = (await send(anna)).json()
    answer = await anna.get(f"/api/v1/recordings/{made['id']}/media", headers={"Range": header})
    assert answer.status_code == 206
    assert answer.content == BODY[start:end]
    first = start if start >= 0 else len(BODY) + start
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(BODY)}"


async def test_media_whole_cached_and_out_of_range(anna: httpx.AsyncClient) -> None:
    made = (await send(anna, name="Встреча «1».ogg")).json()
    address = f"/api/v1/recordings/{made['id']}/media"
    whole = await anna.get(address)
    assert whole.content == BODY
    assert whole.headers["content-type"] == "audio/ogg"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "filename*=UTF-8''%D0%92" in whole.headers["content-disposition"]
    head = await anna.head(address)
    assert (head.headers["content-length"], head.content) == (str(len(BODY)), b"")
    etag = whole.headers["etag"]
    assert (await anna.get(address, headers={"If-None-Match": etag})).status_code == 304
    part = {"Range": "bytes=0-1"}
    assert (await anna.get(address, headers={**part, "If-Range": etag})).status_code == 206
    assert (await anna.get(address, headers={**part, "If-Range": '"old"'})).status_code == 200
    assert (await anna.get(address, headers={"Range": "bytes=0-1,4-5"})).status_code == 200
    beyond = await anna.get(address, headers={"Range": f"bytes={len(BODY)}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "request.range")
    assert beyond.headers["content-range"] == f"bytes */{len(BODY)}"


async def test_a_ticket_plays_one_recording_without_headers(api: Api, anna: httpx.AsyncClient) -> None:
    made, other = [(await send(anna)).json()["id"] for _ in range(2)]
    ticket = (await anna.post(f"/api/v1/recordings/{made}/media-ticket")).json()["url"]
    async with api.client() as stranger:
        assert (await stranger.get(ticket)).content == BODY
        assert (await stranger.get(ticket.replace(made, other))).status_code == 401
        assert (await stranger.get(ticket + "x")).status_code == 401
        bare = ticket.partition("ticket=")[2]
        assert (await stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {bare}"})).status_code == 401


REFUSED = [
    ({"body": b""}, 422, "media.empty", {}),
    ({"body": b"x" * (MAX_UPLOAD_MB * 1024 * 1024 + 1)}, 413, "media.too_large", {"limit_mb": MAX_UPLOAD_MB}),
    ({"body": b"#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n", "name": "talk.mp3"}, 415, "media.playlist", {}),
    ({"data": {"options": '{"language": "tlh"}'}}, 422, "options.language", None),
    ({"data": {"options": '{"preset": "best"}'}}, 422, "options.preset", None),
    ({"data": {"options": '{"engine": "abacus"}'}}, 422, "options.engine", None),
    ({"data": {"options": '{"formats": ["odt"]}'}}, 422, "options.format", None),
    ({"data": {"options": '{"speakers": 99}'}}, 422, "options.speakers", None),
    ({"data": {"options": '{"sperakes": 2}'}}, 422, "request.invalid", None),
    ({"data": {"options": "{"}}, 422, "request.invalid", None),
]


@pytest.mark.parametrize(("request_", "status", "code", "params"), REFUSED, ids=[str(case[2]) for case in REFUSED])
@pytest.mark.parametrize("language", ["ru", "en"])
async def test_bad_input_is_refused_and_nothing_kept(
    api: Api, request_: dict[str, Any], status: int, code: str, params: dict[str, Any] | None, language: str
) -> None:
    async with api.client(await api.token(), language) as client:
        answer = await send(client, **request_)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["detail"] == render(code, told["params"] if params is None else params, language)
    assert "?" not in told["detail"]
    assert stored(api) == []


async def test_a_lie_about_type_and_name_is_harmless(anna: httpx.AsyncClient) -> None:
    made = (await send(anna, name="../../etc/pass\x07wd<script>.html", kind="text/html")).json()
    assert "/" not in made["file_name"]
    media = await anna.get(f"/api/v1/recordings/{made['id']}/media")
    assert media.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in media.headers["content-security-policy"]


async def test_a_broken_form_is_refused(anna: httpx.AsyncClient) -> None:
    address, kind = "/api/v1/recordings", "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ogg"\r\n\r\nabc'
    for body, content_type, code in (
        (b"{}", "application/json", "request.media_type"),
        (part, kind, "request.invalid"),
        (b"nonsense", kind, "request.invalid"),
        (b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n', kind, "request.invalid"),
        (part + b"\r\n" + part + b"\r\n--b--\r\n", kind, "request.invalid"),
    ):
        answer = await anna.post(address, content=body, headers={"Content-Type": content_type})
        assert answer.json()["code"] == code


async def test_too_large_is_refused_by_its_declared_length(anna: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(201 * 1024 * 1024)}
    answer = await anna.post("/api/v1/recordings", content=b"", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "media.too_large")


async def test_a_full_disk_is_said_and_nothing_is_kept(
    api: Api, anna: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, chunk: bytes) -> None:
        os.write(descriptor, chunk[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs, "_write_all", full)
    answer = await send(anna)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage.full")
    assert stored(api) == []
    assert not [path for path in (api.settings.server.data_dir / "blobs").rglob("*") if path.is_file()]


async def test_nothing_readable_lies_on_the_disk(api: Api, anna: httpx.AsyncClient) -> None:
    await send(anna)
    files = [path for path in api.settings.server.data_dir.rglob("*") if path.is_file()]
    assert files
    assert not any(BODY[1000:1032] in path.read_bytes() for path in files)


async def test_models_and_unknown_things(anna: httpx.AsyncClient) -> None:
    models = (await anna.get("/api/v1/models")).json()
    assert {"name", "engine", "languages", "size_mb", "present", "default_for"} == set(models[0])
    assert any(model["name"] == "demo" and model["present"] for model in models)
    for path in (f"/api/v1/runs/{uuid4()}", f"/api/v1/recordings/{uuid4()}", "/api/v1/nonsense"):
        assert (await anna.get(path)).json()["code"] == "not_found"
    assert (await anna.get("/api/v1/runs/7")).json()["params"]["field"] == "run_id"
