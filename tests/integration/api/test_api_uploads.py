"""Resumable uploads by tus 1.0: over real sockets, broken off and taken up again; and what is refused."""

import base64
import json
import os
from datetime import timedelta
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from sqlalchemy import text

from stenogram.services import uploads
from stenogram.services.uploads import PIECE_BYTES
from tests.api_server import Server
from tests.integration.api.conftest import MAX_UPLOAD_MB, Api

TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": "application/offset+octet-stream"}
ADDRESS = "/api/v1/uploads/"


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


async def create(client: httpx.AsyncClient, length: int, **values: str) -> httpx.Response:
    values = {"filename": "talk.ogg", "filetype": "audio/ogg", **values}
    return await client.post(
        ADDRESS, headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(**values)}
    )


async def patch(client: httpx.AsyncClient, address: str, offset: int, body: bytes) -> httpx.Response:
    return await client.patch(address, content=body, headers={**PATCH, "Upload-Offset": str(offset)})


def send_and_hang_up(server: Server, path: str, offset: int, announced: int, body: bytes) -> None:
    """A PATCH whose line breaks after ``body``."""
    url = urlsplit(server.url)
    with create_connection((url.hostname, url.port)) as line:
        head = {
            **PATCH,
            "Host": url.netloc,
            "Authorization": f"Bearer {server.token}",
            "Upload-Offset": str(offset),
            "Content-Length": str(announced),
        }
        line.sendall(f"PATCH {path} HTTP/1.1\r\n".encode())
        line.sendall("".join(f"{name}: {value}\r\n" for name, value in head.items()).encode() + b"\r\n" + body)


def test_a_broken_upload_goes_on_where_it_stopped(server: Server, environment: dict[str, str]) -> None:
    body = os.urandom(PIECE_BYTES + 300_000)
    with server.client() as client:
        options = metadata(filename="Встреча.ogg", filetype="audio/ogg", options=json.dumps({"preset": "fast"}))
        made = client.post("/uploads/", headers={**TUS, "Upload-Length": str(len(body)), "Upload-Metadata": options})
        path = made.headers["location"]
        first = client.patch(f"{server.url}{path}", content=body[:100_000], headers={**PATCH, "Upload-Offset": "0"})
        assert (first.status_code, first.headers["upload-offset"]) == (204, "100000")

        send_and_hang_up(server, path, 100_000, len(body) - 100_000, body[100_000 : 100_000 + PIECE_BYTES + 5])
        offset = 100_000
        while offset < 100_000 + PIECE_BYTES:  # the server hears of the broken line a moment later
            offset = int(client.head(f"{server.url}{path}", headers=TUS).headers["upload-offset"])
        assert client.get(f"{server.url}{path}/recording").status_code == 404
        data = Path(environment["DATA_DIR"])
        assert not any(body[5000:5032] in file.read_bytes() for file in data.rglob("*") if file.is_file())

        last = client.patch(
            f"{server.url}{path}", content=body[offset:], headers={**PATCH, "Upload-Offset": str(offset)}
        )
        if last.status_code == 409:  # what the broken line had brought was kept after we asked
            offset = last.json()["params"]["offset"]
            last = client.patch(
                f"{server.url}{path}", content=body[offset:], headers={**PATCH, "Upload-Offset": str(offset)}
            )
        recording = client.get(f"{server.url}{path}/recording").json()
        assert last.headers["stenogram-recording-id"] == recording["id"]
        assert recording["file_name"] == "Встреча.ogg"
        assert recording["latest_run"]["options"]["preset"] == "fast"
        assert client.get(f"/recordings/{recording['id']}/media").content == body


async def test_what_the_server_speaks(api: Api) -> None:
    async with api.client() as client:
        told = (await client.options(ADDRESS)).headers
    assert told["tus-version"] == "1.0.0"
    assert set(told["tus-extension"].split(",")) == {"creation", "creation-with-upload", "expiration", "termination"}
    assert told["tus-max-size"] == str(MAX_UPLOAD_MB * 1024 * 1024)


async def test_a_whole_file_with_its_creation(anna: httpx.AsyncClient) -> None:
    headers = {**PATCH, "Upload-Length": "3", "Upload-Metadata": metadata(filename="../../../etc/passwd")}
    made = await anna.post(ADDRESS, content=b"abc", headers=headers)
    assert (made.status_code, made.headers["upload-offset"]) == (201, "3")
    recording = (await anna.get(f"/api/v1/recordings/{made.headers['stenogram-recording-id']}")).json()
    assert (recording["file_name"], recording["size"]) == ("passwd", 3)


async def test_uploads_are_refused_with_a_reason(anna: httpx.AsyncClient, boris: httpx.AsyncClient) -> None:
    address = (await create(anna, 10)).headers["location"]
    for answer, status, code in (
        (await create(anna, 0), 422, "media.empty"),
        (await create(anna, 201 * 1024 * 1024), 413, "media.too_large"),
        (await create(anna, 10, options='{"language": "tlh"}'), 422, "options.language"),
        (await create(anna, 10, options="{"), 422, "request.invalid"),
        (await anna.post(ADDRESS, headers={"Upload-Length": "10"}), 412, "upload.version"),
        (await anna.post(ADDRESS, headers={**TUS, "Upload-Length": "ten"}), 422, "request.invalid"),
        (await anna.post(ADDRESS, headers={**TUS, "Upload-Length": "9" * 30}), 413, "media.too_large"),
        (await patch(anna, address, 5, b"abc"), 409, "upload.offset"),
        (await patch(anna, address, 0, b"a" * 11), 422, "request.invalid"),
        (await patch(boris, address, 0, b"abc"), 404, "not_found"),
        (await boris.delete(address, headers=TUS), 404, "not_found"),
        (await boris.get(f"{address}/recording"), 404, "not_found"),
        (await patch(anna, f"{ADDRESS}{uuid4()}", 0, b"abc"), 404, "not_found"),
        (await patch(anna, f"{ADDRESS}..%2F..%2Fetc", 0, b"abc"), 404, "not_found"),
        (await anna.patch(address, content=b"a", headers={**TUS, "Upload-Offset": "0"}), 415, "request.media_type"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_playlist_is_refused_when_it_is_whole(anna: httpx.AsyncClient) -> None:
    body = b"#EXTM3U\nfile:///etc/passwd\n"
    address = (await create(anna, len(body))).headers["location"]
    answer = await patch(anna, address, 0, body)
    assert (answer.status_code, answer.json()["code"]) == (415, "media.playlist")
    assert (await anna.head(address, headers=TUS)).headers["upload-offset"] == "0"


async def test_an_upload_is_given_up_or_expires(api: Api, anna: httpx.AsyncClient) -> None:
    given_up, forgotten, kept = [(await create(anna, 10)).headers["location"] for _ in range(3)]
    await patch(anna, forgotten, 0, b"abc")
    assert (await anna.delete(given_up, headers=TUS)).status_code == 204
    async with api.runtime.database.begin() as session:
        await session.execute(
            text("UPDATE blobs SET created_at = now() - CAST(:age AS interval) WHERE key LIKE '%' || :id || '%'"),
            {"age": timedelta(hours=25), "id": forgotten.rsplit("/", 1)[1]},
        )
        assert await uploads.expire(session, api.runtime.vault, api.settings.limits) == 1
    statuses = [(await anna.head(address, headers=TUS)).status_code for address in (given_up, forgotten, kept)]
    assert statuses == [404, 404, 200]
