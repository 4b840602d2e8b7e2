"""Tickets for downloads: links to one file that need no header, as Telegram gets them."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from loguru import logger
from sqlalchemy import update

from stenogram.services.access import DOWNLOAD_LIFETIME
from stenogram.storage.models import User
from stenogram.storage.repositories import clock
from tests.integration.api.conftest import SECRET, Api
from tests.integration.api.test_api_account import ME
from tests.integration.api.test_api_library import record
from tests.integration.api.test_api_recordings import send
from tests.integration.api.test_api_runs import transcribe

TICKET = f"{ME}/download-ticket"


@pytest.fixture
async def telegram(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever has nothing but a link."""
    async with api.client() as client:
        yield client


async def exported(api: Api, client: httpx.AsyncClient) -> str:
    """The address of an export, which may be had."""
    run_id = (await send(client)).json()["latest_run"]["id"]
    await transcribe(api, run_id)
    return f"/api/v1/runs/{run_id}/exports?format=txt&language=ru"


async def ticketed(client: httpx.AsyncClient, address: str) -> str:
    answer = await client.post(TICKET, json={"address": address})
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return url


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_ticket_saves_what_it_was_made_for(
    api: Api, signed: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    url = await ticketed(signed, await exported(api, signed))
    answer = await telegram.get(url)
    assert answer.status_code == 200
    assert "Добрый" in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["access-control-allow-origin"] == "https://web.telegram.org"
    assert (await telegram.get(url)).content == answer.content  # a download that broke off is begun again
    looked = await telegram.head(url)
    assert (looked.status_code, looked.headers["content-disposition"]) == (200, answer.headers["content-disposition"])


async def test_a_ticket_opens_nothing_else(api: Api, signed: httpx.AsyncClient, telegram: httpx.AsyncClient) -> None:
    address, other = await exported(api, signed), await exported(api, signed)
    url = await ticketed(signed, address)
    ticket = url.partition("&ticket=")[2]
    run, recording = address.split("/")[4], (await signed.get("/api/v1/recordings")).json()["items"][0]["id"]
    attempts = [
        f"{other}&ticket={ticket}",
        url.replace("format=txt", "format=docx"),
        f"{url}&format=docx",
        f"{url}&from=0",
        url.replace("&language=ru", ""),
        f"{address}&%74icket={ticket}",
        f"{url}x",
        f"/api/v1/recordings/{recording}/clip?from=0&to=1&ticket={ticket}",
        f"/api/v1/recordings/{recording}/media?ticket={ticket}",
        f"/api/v1/library/export?recordings={recording}&formats=txt&ticket={ticket}",
        f"/api/v1/runs/{run}/transcript?ticket={ticket}",
        f"{ME}/export?ticket={ticket}",
        f"{ME}?ticket={ticket}",
    ]
    for attempt in attempts:
        assert code(await telegram.get(attempt)) == (401, "auth.required"), attempt
    bearer = {"Authorization": f"Bearer {ticket}"}
    assert code(await telegram.get(address, headers=bearer)) == (401, "auth.required")
    assert (await telegram.get(url)).status_code == 200


async def test_a_ticket_is_for_reading_alone(api: Api, signed: httpx.AsyncClient, telegram: httpx.AsyncClient) -> None:
    url = await ticketed(signed, await exported(api, signed))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert code(await telegram.request(method, url)) == (405, "request.method"), method
    recording = await record(api, signed, "План", [("Иван", "Раз")])
    zipped = await ticketed(signed, f"/api/v1/library/export?recordings={recording}&formats=txt")
    body = {"recordings": [recording], "formats": ["txt"]}
    assert code(await telegram.post(zipped, json=body)) == (401, "auth.required")


async def test_a_ticket_of_somebody_else_gives_nothing(
    api: Api, signed: httpx.AsyncClient, boris: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    address = await exported(api, signed)
    assert code(await telegram.get(await ticketed(boris, address))) == (404, "not_found")


async def test_a_ticket_expires(api: Api, user: User, signed: httpx.AsyncClient, telegram: httpx.AsyncClient) -> None:
    address = await exported(api, signed)
    answer = (await signed.post(TICKET, json={"address": address})).json()
    left = datetime.fromisoformat(answer["expires_at"]) - datetime.now(UTC)
    assert timedelta() < left <= DOWNLOAD_LIFETIME <= timedelta(minutes=15)
    claims = jwt.decode(answer["url"].partition("&ticket=")[2], options={"verify_signature": False})
    for change, secret in (({"exp": claims["iat"] - 1}, SECRET), ({}, "x" * 40)):
        forged = jwt.encode({**claims, **change}, secret, "HS256")
        assert code(await telegram.get(f"{address}&ticket={forged}")) == (401, "auth.required")


async def test_a_ticket_ends_with_its_session(
    api: Api, user: User, signed: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    url = await ticketed(signed, await exported(api, signed))
    archive = (await signed.post(f"{ME}/export-ticket")).json()["url"]
    assert [(await telegram.get(opened)).status_code for opened in (url, archive)] == [200, 200]
    assert (await signed.delete(f"{ME}/sessions/current")).status_code == 204
    for opened in (url, archive):
        assert code(await telegram.get(opened)) == (401, "auth.required")


async def test_a_ticket_of_a_blocked_person_is_refused(
    api: Api, user: User, signed: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    url = await ticketed(signed, await exported(api, signed))
    async with api.runtime.database.begin() as session:
        await session.execute(update(User).where(User.id == user.id).values(blocked_at=await clock(session)))
    assert code(await telegram.get(url)) == (403, "access.blocked")


async def test_only_downloads_get_tickets_and_only_people(api: Api, signed: httpx.AsyncClient) -> None:
    address = await exported(api, signed)
    wrong = [
        "/api/v1/me?x=1",
        f"{ME}/export?x=1",
        address.partition("?")[0],
        f"https://evil.example{address}",
        f"{address}#x",
        f"{address}&x=a b",
        address.replace("/exports", "/../exports"),
    ]
    for one in wrong:
        assert code(await signed.post(TICKET, json={"address": one})) == (422, "request.invalid"), one
    key = (await signed.post(f"{ME}/keys", json={"name": "backup", "scope": "write"})).json()["secret"]
    async with api.client(key) as program, api.client() as nobody:
        assert code(await program.post(TICKET, json={"address": address})) == (403, "auth.scope")
        assert code(await nobody.post(TICKET, json={"address": address})) == (401, "auth.required")


async def test_many_are_saved_as_one_zip_by_a_link(
    api: Api, signed: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    made = [await record(api, signed, title, [("Иван", "Раз")]) for title in ("План", "Факт")]
    address = f"/api/v1/library/export?recordings={made[0]}&recordings={made[1]}&formats=txt&language=ru"
    answer = await telegram.get(await ticketed(signed, address))
    assert sorted(zipfile.ZipFile(io.BytesIO(answer.content)).namelist()) == ["План.txt", "Факт.txt"]
    assert answer.headers["content-disposition"].startswith('attachment; filename="transcripts.zip"')
    assert answer.headers["access-control-allow-origin"] == "https://web.telegram.org"
    wrong = await signed.get("/api/v1/library/export", params={"recordings": made, "formats": "exe"})
    assert wrong.json()["code"] == "options.format"


async def test_an_archive_is_looked_at_without_being_made(
    signed: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    url = (await signed.post(f"{ME}/export-ticket")).json()["url"]
    looked = await telegram.head(url)
    assert looked.headers["content-disposition"].startswith('attachment; filename="stenogram.zip"')
    assert looked.headers["access-control-allow-origin"] == "https://web.telegram.org"
    assert looked.headers.get("content-length", "0") == "0"
    assert (await telegram.head(url.partition("?")[0])).status_code == 401


async def test_no_ticket_is_written_to_the_log(
    api: Api, signed: httpx.AsyncClient, telegram: httpx.AsyncClient
) -> None:
    address = await exported(api, signed)
    lines: list[str] = []
    sink = logger.add(lines.append, level="TRACE", format="{message} {extra}")
    try:
        url = await ticketed(signed, address)
        await telegram.get(url)
        await telegram.get(f"{url}x")
        await telegram.post(url)
    finally:
        logger.remove(sink)
    text = "".join(lines)
    assert "/exports 200" in text
    assert url.rpartition(".")[2] not in text
