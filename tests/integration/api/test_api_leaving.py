"""Somebody deletes their account by the page: everything of theirs is gone, and nothing of anybody else's."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from stenogram.services import access
from stenogram.storage.access_models import ApiKey, AuditEntry, SessionRow
from stenogram.storage.link_models import ShareLink
from stenogram.storage.models import Blob, Recording, User
from stenogram.storage.repositories import Users
from tests.integration.api.conftest import Api, sign_in
from tests.integration.api.test_api_account import KEYS, ME
from tests.integration.api.test_api_sharing import look, recorded, shared


async def rows(api: Api, *columns: Any) -> list[Any]:
    async with api.runtime.database.session() as session:
        return [tuple(row) for row in await session.execute(select(*columns))]


def objects(api: Api) -> list[str]:
    """Names of the files that the vault keeps."""
    folder = api.settings.server.data_dir / "blobs"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def tickets(client: httpx.AsyncClient, recording: str) -> list[str]:
    """Addresses that open something without a header."""
    made = (
        await client.post(f"{ME}/export-ticket"),
        await client.post(f"/api/v1/recordings/{recording}/media-ticket"),
    )
    return [answer.json()["url"] for answer in made]


async def test_everything_that_was_theirs_is_gone_and_nothing_else(api: Api, boris: httpx.AsyncClient) -> None:
    kept = await recorded(api, boris)
    link_of_boris = await shared(boris, kept)
    files_of_boris = objects(api)
    anna = await api.user()
    token, other = await sign_in(api, anna), await sign_in(api, anna, "Phone")
    async with api.client(token) as client, api.client(other) as phone, api.client() as visitor:
        made = await recorded(api, client)
        link = await shared(client, made)
        secret = (await client.post(KEYS, json={"name": "backup", "scope": "write"})).json()["secret"]
        assert (await look(visitor, link)).status_code == 200
        opened = await tickets(client, made["id"])
        assert [(await visitor.get(url)).status_code for url in opened] == [200, 200]
        assert len(objects(api)) > len(files_of_boris)

        assert (await client.delete(ME)).status_code == 204

        for refused in (await client.get(ME), await phone.get(ME), await client.delete(ME)):
            assert (refused.status_code, refused.json()["code"]) == (401, "auth.required")
        assert [(await visitor.get(url)).status_code for url in opened] == [401, 401]
        assert (await look(visitor, link)).status_code == 404
        async with api.client(secret) as program:
            assert (await program.get("/api/v1/recordings")).status_code == 401
        assert (await look(visitor, link_of_boris)).status_code == 200
    assert objects(api) == files_of_boris
    assert (await boris.get(f"/api/v1/recordings/{kept['id']}/media")).status_code == 200
    assert [str(row[0]) for row in await rows(api, Recording.id)] == [kept["id"]]
    assert len(await rows(api, ShareLink.id)) == 1
    assert await rows(api, ApiKey.id) == await rows(api, SessionRow.id) == []
    assert all(kept["id"] in row[0] or kept["latest_run"]["id"] in row[0] for row in await rows(api, Blob.key))
    assert [row[0] for row in await rows(api, User.name)] == ["boris"]


async def test_the_audit_tells_that_somebody_has_left_and_not_who(api: Api) -> None:
    async with api.client(await sign_in(api, await api.user())) as client:
        assert (await client.delete(ME)).status_code == 204
    assert await rows(api, AuditEntry.action, AuditEntry.actor_id, AuditEntry.details) == [
        ("session.opened", None, {"way": "link"}),
        ("account.deleted", None, {}),
    ]


async def test_a_key_deletes_nobody(api: Api) -> None:
    async with api.client(await sign_in(api, await api.user())) as client:
        secret = (await client.post(KEYS, json={"name": "lost", "scope": "write"})).json()["secret"]
        async with api.client(secret) as thief:
            refused = await thief.delete(ME)
            assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope")
        async with api.client() as nobody:
            assert (await nobody.delete(ME)).status_code == 401
        assert (await client.get(ME)).status_code == 200


@pytest.mark.parametrize("others", [0, 1])
async def test_the_last_administrator_stays(api: Api, others: int) -> None:
    async with api.runtime.database.begin() as session:
        local = await access.ensure_local_admin(session)
        for number in range(others):
            await Users(session).add(User(name=f"olga {number}", role="admin"))
    async with api.client(await sign_in(api, local)) as client:
        answer = await client.delete(ME)
        assert answer.status_code == (204 if others else 409)
        assert (await client.get(ME)).status_code == (401 if others else 200)
