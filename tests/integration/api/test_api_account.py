"""Sessions that can be ended, keys for programs, settings, and what the audit keeps of it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from stenogram.services import audit, identity
from stenogram.services.janitor import forget_bygones
from stenogram.storage.access_models import ApiKey, AuditEntry, SessionRow
from stenogram.storage.models import LedgerEntry, Run, User
from stenogram.storage.repositories import Users, clock
from tests.integration.api.conftest import Api, sign_in
from tests.integration.api.test_api_recordings import send

ME = "/api/v1/me"
SESSIONS, KEYS, SETTINGS = f"{ME}/sessions", f"{ME}/keys", f"{ME}/settings"


@pytest.fixture
async def admin(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.runtime.database.begin() as session:
        olga = await Users(session).add(User(name="olga", role="admin", language="ru"))
    async with api.client(await sign_in(api, olga)) as client:
        yield client


async def entries(api: Api) -> list[tuple[str, UUID | None, UUID | None]]:
    async with api.runtime.database.session() as session:
        found = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.actor_id, entry.subject_id) for entry in found]


async def test_a_session_is_listed_and_ended_from_elsewhere_at_once(
    api: Api, user: User, signed: httpx.AsyncClient
) -> None:
    async with api.client(await sign_in(api, user, "Chrome " + "x" * 300)) as phone:
        found = (await signed.get(SESSIONS)).json()
        assert [(one["client"], one["way"], one["current"]) for one in found] == [
            ("Chrome " + "x" * 193, "link", False),
            ("Firefox", "link", True),
        ]
        assert (await phone.get(ME)).status_code == 200
        assert (await signed.delete(f"{SESSIONS}/{found[0]['id']}")).status_code == 204
        refused = await phone.get(ME)
        assert (refused.status_code, refused.json()["code"]) == (401, "auth.required")
    assert (await signed.get(ME)).status_code == 200
    assert [action for action, *_ in await entries(api)] == ["session.opened", "session.opened", "session.ended"]


async def test_signing_out_ends_the_session_and_the_tickets_made_in_it(api: Api, signed: httpx.AsyncClient) -> None:
    recording = (await send(signed)).json()["id"]
    url = (await signed.post(f"/api/v1/recordings/{recording}/media-ticket")).json()["url"]
    async with api.client() as player:
        assert (await player.get(url)).status_code == 200
        assert (await signed.delete(f"{SESSIONS}/current")).status_code == 204
        assert (await signed.get(ME)).status_code == 401
        assert (await player.get(url)).status_code == 401


async def test_all_other_sessions_are_ended_and_nobody_else_s(
    api: Api, user: User, signed: httpx.AsyncClient, boris: httpx.AsyncClient
) -> None:
    others = [await sign_in(api, user) for _ in range(3)]
    assert (await signed.delete(SESSIONS)).json() == {"ended": 3}
    for token in others:
        async with api.client(token) as client:
            assert (await client.get(ME)).status_code == 401
    mine = (await signed.get(SESSIONS)).json()
    assert [one["current"] for one in mine] == [True]
    assert (await boris.delete(f"{SESSIONS}/{mine[0]['id']}")).json()["code"] == "not_found"
    assert (await signed.get(ME)).status_code == 200


async def test_a_session_that_is_over_is_refused_and_then_forgotten(
    api: Api, user: User, signed: httpx.AsyncClient
) -> None:
    async with api.runtime.database.begin() as session:
        await session.execute(update(SessionRow).values(expires_at=await clock(session) - timedelta(seconds=1)))
    assert (await signed.get(ME)).status_code == 401
    async with api.runtime.database.begin() as session:
        assert await forget_bygones(session) == 1
        assert await identity.sessions(session, user) == []


async def test_when_a_session_was_last_used_is_written_rarely(api: Api, user: User, signed: httpx.AsyncClient) -> None:
    async with api.runtime.database.begin() as session:
        long_ago = await clock(session) - timedelta(hours=1)
        await session.execute(update(SessionRow).values(seen_at=long_ago))
    await signed.get(ME)
    first = (await signed.get(SESSIONS)).json()[0]["seen_at"]
    assert first > long_ago.isoformat()
    await signed.get(ME)
    assert (await signed.get(SESSIONS)).json()[0]["seen_at"] == first


async def test_telegram_prolongs_one_session_for_a_device(api: Api, user: User) -> None:
    async with api.runtime.database.begin() as session:
        hour = timedelta(hours=1)
        first = await identity.open_session(session, user, "telegram", "Telegram 11", hour)
        assert await identity.open_session(session, user, "telegram", "Telegram 11", hour) == first
        assert await identity.open_session(session, user, "telegram", "Telegram 12", hour) != first
        assert await identity.open_session(session, user, "link", "Telegram 11", hour) != first
        assert len(await identity.sessions(session, user)) == 3


async def test_a_blocked_person_is_refused_with_a_session_and_with_a_key(
    api: Api, user: User, signed: httpx.AsyncClient
) -> None:
    secret = (await signed.post(KEYS, json={"name": "backup"})).json()["secret"]
    async with api.runtime.database.begin() as session:
        await session.execute(update(User).where(User.id == user.id).values(blocked_at=await clock(session)))
    assert (await signed.get(ME)).json()["code"] == "access.blocked"
    async with api.client(secret) as program:
        assert (await program.get(ME)).json()["code"] == "access.blocked"


# --- keys ---


async def test_a_key_is_told_once_and_kept_as_a_hash(api: Api, signed: httpx.AsyncClient) -> None:
    made = (await signed.post(KEYS, json={"name": " Nightly  backup ", "scope": "write", "days": 30})).json()
    listed = await signed.get(KEYS)
    assert made["secret"].startswith("stg_")
    assert made["secret"] not in listed.text
    assert [(key["name"], key["scope"], key["ending"], key["used_at"]) for key in listed.json()] == [
        ("Nightly backup", "write", made["secret"][-4:], None)
    ]
    async with api.runtime.database.session() as session:
        stored = (await session.scalars(select(ApiKey))).one()
        assert made["secret"].encode() not in stored.secret_hash
    async with api.client(made["secret"]) as program:
        assert (await program.get(ME)).json()["name"] == "anna"
        assert (await send(program)).status_code == 201
    assert (await signed.get(KEYS)).json()[0]["used_at"] is not None


async def test_a_key_that_reads_changes_nothing(api: Api, signed: httpx.AsyncClient) -> None:
    recording = (await send(signed)).json()["id"]
    secret = (await signed.post(KEYS, json={"name": "reader"})).json()["secret"]
    async with api.client(secret) as program:
        assert (await program.get(f"/api/v1/recordings/{recording}")).status_code == 200
        assert (await program.get(f"/api/v1/recordings/{recording}/media")).status_code == 200
        for refused in (
            await program.delete(f"/api/v1/recordings/{recording}"),
            await program.patch(SETTINGS, json={"preset": "fast"}),
            await send(program),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope")


async def test_a_lost_key_opens_no_other_doors(api: Api, admin: httpx.AsyncClient) -> None:
    secret = (await admin.post(KEYS, json={"name": "lost", "scope": "write"})).json()["secret"]
    session_id = (await admin.get(SESSIONS)).json()[0]["id"]
    async with api.client(secret) as thief:
        for refused in (
            await thief.post(KEYS, json={"name": "mine"}),
            await thief.get(KEYS),
            await thief.get(SESSIONS),
            await thief.delete(f"{SESSIONS}/{session_id}"),
            await thief.get("/api/v1/admin/overview"),
            await thief.get("/api/v1/admin/users"),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope")


async def test_a_key_is_revoked_by_its_owner_alone_and_at_once(
    api: Api, signed: httpx.AsyncClient, boris: httpx.AsyncClient
) -> None:
    made = (await signed.post(KEYS, json={"name": "backup"})).json()
    async with api.client(made["secret"]) as program:
        assert (await boris.delete(f"{KEYS}/{made['id']}")).json()["code"] == "not_found"
        assert (await program.get(ME)).status_code == 200
        assert (await signed.delete(f"{KEYS}/{made['id']}")).status_code == 204
        assert (await program.get(ME)).json()["code"] == "auth.required"
    assert (await signed.delete(f"{KEYS}/{made['id']}")).status_code == 404


async def test_a_key_ends_on_its_day_and_there_are_not_too_many(api: Api, signed: httpx.AsyncClient) -> None:
    made = (await signed.post(KEYS, json={"name": "short", "days": 1})).json()
    async with api.runtime.database.begin() as session:
        await session.execute(update(ApiKey).values(expires_at=await clock(session) - timedelta(seconds=1)))
    async with api.client(made["secret"]) as program:
        assert (await program.get(ME)).status_code == 401
    for number in range(identity.MOST_KEYS - 2):
        assert (await signed.post(KEYS, json={"name": f"key {number}"})).status_code == 201
    last = await asyncio.gather(*(signed.post(KEYS, json={"name": "the last"}) for _ in range(5)))
    assert sorted(answer.status_code for answer in last) == [201, *[409] * 4]
    full = await signed.post(KEYS, json={"name": "one more"})
    assert (full.status_code, full.json()["code"]) == (409, "keys.too_many")
    assert (await signed.post(KEYS, json={"name": "   "})).json()["code"] == "request.invalid"


# --- settings ---


async def test_settings_are_those_of_the_bot(api: Api, user: User, signed: httpx.AsyncClient) -> None:
    before = (await signed.get(SETTINGS)).json()
    assert (before["preset"], before["keep"], before["timezone"], before["telegram"]) == (
        "quality",
        "forever",
        None,
        False,
    )
    wanted = {"speech": "ru", "speakers": 3, "keep": "week", "timezone": "Asia/Omsk", "language": "en", "notify": False}
    after = (await signed.patch(SETTINGS, json=wanted)).json()
    assert {name: after[name] for name in wanted} == wanted
    assert after["preset"] == "quality"
    assert (await signed.patch(SETTINGS, json={"speakers": None})).json()["speakers"] is None
    async with api.runtime.database.session() as session:
        stored = await session.get(User, user.id)
        assert stored is not None
        assert (stored.timezone, stored.language, stored.preferences["keep"]) == ("Asia/Omsk", "en", "week")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"timezone": "Mars/Olympus"}, "request.invalid"),
        ({"speech": "xx"}, "options.language"),
        ({"preset": "best"}, "options.preset"),
        ({"speakers": 99}, "options.speakers"),
        ({"diarize": None}, "request.invalid"),
        ({"keep": "never"}, "request.invalid"),
        ({"language": "de"}, "options.language"),
        ({"colour": "red"}, "request.invalid"),
    ],
)
async def test_wrong_settings_change_nothing(signed: httpx.AsyncClient, wanted: dict[str, object], code: str) -> None:
    before = (await signed.get(SETTINGS)).json()
    refused = await signed.patch(SETTINGS, json={"export": "pdf", **wanted})
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await signed.get(SETTINGS)).json() == before


async def test_an_archive_is_fetched_by_a_link(api: Api, signed: httpx.AsyncClient) -> None:
    url = (await signed.post(f"{ME}/export-ticket")).json()["url"]
    async with api.client() as browser:
        answer = await browser.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")


# --- administrators ---


async def test_administrators_find_and_change_people_and_the_audit_says_so(
    api: Api, user: User, signed: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    page = (await admin.get("/api/v1/admin/users")).json()
    assert ([one["name"] for one in page["items"]], page["total"]) == (["olga", "anna"], 2)
    assert [one["name"] for one in (await admin.get("/api/v1/admin/users", params={"q": "ann"})).json()["items"]] == [
        "anna"
    ]
    path = f"/api/v1/admin/users/{user.id}"
    assert (await admin.get(path)).json()["usage"]["plan"] == "standard"
    changed = (await admin.patch(path, json={"plan": "large", "unlimited": True})).json()
    assert (changed["plan"], changed["usage"]["plan"], changed["usage"]["unlimited"]) == ("large", "large", True)
    assert (await admin.patch(path, json={"plan": None})).json()["plan"] is None
    assert (await admin.patch(path, json={"plan": "free"})).json()["code"] == "request.invalid"
    told = (await admin.get("/api/v1/admin/audit", params={"who": str(user.id), "action": "user"})).json()
    assert [(one["action"], one["actor"], one["subject"], one["details"]) for one in told["items"]] == [
        ("user.plan", "olga", "anna", {"plan": None}),
        ("user.plan", "olga", "anna", {"plan": "large"}),
        ("user.unlimited", "olga", "anna", {}),
    ]


async def test_whoever_is_blocked_is_out_at_once_and_their_runs_end(
    api: Api, user: User, signed: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    await send(signed, name="divorce.ogg")
    path = f"/api/v1/admin/users/{user.id}"
    assert (await admin.patch(path, json={"blocked": True})).json()["blocked_at"] is not None
    assert (await signed.get(ME)).json()["code"] == "access.blocked"
    async with api.runtime.database.session() as session:
        assert [run.state for run in await session.scalars(select(Run))] == ["cancelled"]
    assert (await admin.patch(path, json={"blocked": False})).json()["blocked_at"] is None
    assert (await signed.get(ME)).status_code == 200
    told = await admin.get("/api/v1/admin/audit")
    assert "divorce" not in told.text
    assert [one["action"] for one in told.json()["items"]][:2] == ["user.unblocked", "user.blocked"]


async def test_nobody_dismisses_themselves_and_administrators_are_not_blocked(
    api: Api, user: User, admin: httpx.AsyncClient
) -> None:
    me = (await admin.get(ME)).json()["id"]
    assert (await admin.patch(f"/api/v1/admin/users/{me}", json={"role": "user"})).json()["code"] == "auth.forbidden"
    path = f"/api/v1/admin/users/{user.id}"
    assert (await admin.patch(path, json={"role": "admin"})).json()["role"] == "admin"
    assert (await admin.patch(path, json={"blocked": True})).json()["code"] == "auth.forbidden"
    assert (await admin.patch(path, json={"role": "user"})).json()["role"] == "user"
    assert [action for action, *_ in await entries(api)][1:] == ["user.appointed", "user.dismissed"]


async def test_hours_are_given_once(api: Api, user: User, admin: httpx.AsyncClient) -> None:
    wanted = {"hours": 2.5, "key": str(uuid4())}
    answers = [(await admin.post(f"/api/v1/admin/users/{user.id}/grant", json=wanted)).json() for _ in range(2)]
    assert answers == [{"given": True}, {"given": False}]
    async with api.runtime.database.session() as session:
        assert [entry.seconds for entry in await session.scalars(select(LedgerEntry))] == [9000.0]
    assert [action for action, *_ in await entries(api)].count("user.granted") == 1


async def test_the_audit_is_paged_and_forgets_who_has_left(
    api: Api, user: User, signed: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    for unlimited in (True, False, True):
        await admin.patch(f"/api/v1/admin/users/{user.id}", json={"unlimited": unlimited})
    first = (await admin.get("/api/v1/admin/audit", params={"limit": 3})).json()
    second = (await admin.get("/api/v1/admin/audit", params={"limit": 3, "before": first["next_before"]})).json()
    assert [len(first["items"]), len(second["items"]), second["next_before"]] == [3, 2, None]
    async with api.runtime.database.begin() as session:
        await session.delete(await session.get(User, user.id))
    left = (await admin.get("/api/v1/admin/audit", params={"limit": 1})).json()["items"][0]
    assert (left["action"], left["actor"], left["subject"]) == ("user.unlimited", "olga", None)
    assert (await signed.get(ME)).status_code == 401


async def test_old_entries_are_forgotten(api: Api, user: User) -> None:
    async with api.runtime.database.begin() as session:
        await audit.record(session, user, "key.made")
        await audit.record(session, user, "key.revoked")
        long_ago = await clock(session) - audit.KEEP - timedelta(days=1)
        await session.execute(update(AuditEntry).where(AuditEntry.action == "key.made").values(created_at=long_ago))
    async with api.runtime.database.begin() as session:
        assert await audit.forget(session) == 1
    assert [action for action, *_ in await entries(api)] == ["key.revoked"]


async def test_settings_hold_for_what_is_sent_and_what_is_asked_for_with_it_goes_before(
    signed: httpx.AsyncClient,
) -> None:
    wanted = {"speech": "ru", "preset": "fast", "speakers": 3, "denoise": True, "export": "pdf"}
    assert (await signed.patch(SETTINGS, json=wanted)).status_code == 200

    async def options(**given: object) -> dict[str, object]:
        form = {"options": json.dumps(given)} if given else {}
        used: dict[str, object] = (await send(signed, data=form)).json()["latest_run"]["options"]
        return {name: used[name] for name in ("language", "preset", "speakers", "denoise")}

    by_settings = {"language": "ru", "preset": "fast", "speakers": 3, "denoise": True}
    assert await options() == by_settings
    assert await options(language=None, preset="quality") == {**by_settings, "language": None, "preset": "quality"}
    recording = (await signed.get("/api/v1/recordings")).json()["items"][0]["id"]
    again = (await signed.post(f"/api/v1/recordings/{recording}/runs", json={})).json()["options"]
    assert (again["language"], again["formats"][-1]) == ("ru", "pdf")
    metadata = f"filename {base64.b64encode(b'talk.ogg').decode()}"
    announced = await signed.post(
        "/api/v1/uploads/",
        content=b"OggS",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "4",
            "Upload-Metadata": metadata,
            "Content-Type": "application/offset+octet-stream",
        },
    )
    assert announced.status_code == 201
    newest = (await signed.get("/api/v1/recordings")).json()["items"][0]["latest_run"]["options"]
    assert (newest["preset"], newest["speakers"]) == ("fast", 3)
