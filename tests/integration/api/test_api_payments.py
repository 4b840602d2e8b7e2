"""What administrators are told of payments, of people and of the audit, and who else is not."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from stenogram.services import audit, payments
from stenogram.storage.access_models import AuditEntry
from stenogram.storage.models import User
from stenogram.storage.repositories import Users, clock
from stenogram.storage.telegram_models import TelegramAnswer, TelegramPost
from tests.integration.api.conftest import Api, sign_in

PAYMENTS, AUDIT = "/api/v1/admin/payments", "/api/v1/admin/audit"


@pytest.fixture
async def olga(api: Api) -> User:
    async with api.runtime.database.begin() as session:
        return await Users(session).add(User(name="Olga", role="admin", language="ru"))


async def paid(api: Api, user: User, *charges: str) -> None:
    for charge in charges:
        async with api.runtime.database.begin() as session:
            assert await payments.receive(session, user, charge, 50, 3600)


async def test_payments_are_paged_newest_first(api: Api, olga: User) -> None:
    anna = await api.user()
    await paid(api, anna, "c1", "c2", "c3")
    async with api.client(await sign_in(api, olga)) as admin:
        first = (await admin.get(PAYMENTS, params={"limit": 2})).json()
        second = (await admin.get(PAYMENTS, params={"limit": 2, "offset": 2})).json()
    assert [one["charge_id"] for one in first["items"] + second["items"]] == ["c3", "c2", "c1"]
    assert (first["total"], first["selling"]) == (3, False)
    one = first["items"][0]
    assert (one["payer"], one["stars"], one["seconds"], one["refunded_at"]) == ("anna", 50, 3600, None)
    assert UUID(one["payer_id"]) == anna.id


async def test_without_a_bot_nothing_is_given_back(api: Api, olga: User) -> None:
    await paid(api, await api.user(), "c1")
    async with api.client(await sign_in(api, olga)) as admin:
        refused = await admin.post(f"{PAYMENTS}/refund", json={"charge_id": "c1"})
        assert (refused.status_code, refused.json()["code"]) == (502, "payment.not_refunded")
        assert (await admin.get(PAYMENTS)).json()["items"][0]["refunded_at"] is None


async def test_payments_are_for_administrators(api: Api, anna: httpx.AsyncClient) -> None:
    assert (await anna.get(PAYMENTS)).json()["code"] == "auth.forbidden"
    assert (await anna.post(f"{PAYMENTS}/refund", json={"charge_id": "c1"})).json()["code"] == "auth.forbidden"


async def test_blocking_stops_what_was_posted_to_the_bot_and_has_no_run_yet(api: Api, olga: User) -> None:
    anna, vera = await api.user(), await api.user("vera")
    ours, hers = [await posted(api, user) for user in (anna, vera)]
    async with api.client(await sign_in(api, olga)) as admin:
        assert (await admin.patch(f"/api/v1/admin/users/{anna.id}", json={"blocked": True})).status_code == 200
    async with api.runtime.database.session() as session:
        states = {post.id: post.state for post in await session.scalars(select(TelegramPost))}
    assert states == {ours: "cancelled", hers: "new"}


async def posted(api: Api, owner: User) -> UUID:
    """A voice message that the bot has not fetched yet."""
    of = {"owner_id": owner.id, "chat_id": owner.id.int % 1000}
    async with api.runtime.database.begin() as session:
        answer = TelegramAnswer(key="1", reply_to=1, private=True, **of)
        session.add(answer)
        await session.flush()
        file = {"kind": "voice", "file_name": "v.ogg", "content_type": "audio/ogg", "message_id": 1}
        post = TelegramPost(answer_id=answer.id, **of, **file)
        session.add(post)
        await session.flush()
        return post.id


async def test_the_audit_is_asked_for_who_what_and_when(api: Api, olga: User) -> None:
    anna = await api.user("Анна")
    async with api.runtime.database.begin() as session:
        now = await clock(session)
        done: tuple[tuple[audit.Action, User | None, int], ...] = (
            ("key.made", None, 0),
            ("user.blocked", anna, 3),
            ("user.unblocked", anna, 1),
        )
        for action, subject, days in done:
            await audit.record(session, olga, action, subject)
            when = now - timedelta(days=days)
            await session.execute(update(AuditEntry).where(AuditEntry.action == action).values(created_at=when))
    ago = {number: (now - timedelta(days=number)).isoformat() for number in (2, 4)}

    async def told(**wanted: str) -> list[str]:
        page = (await admin.get(AUDIT, params=wanted)).json()
        return [one["action"] for one in page["items"] if one["action"] != "session.opened"]

    async with api.client(await sign_in(api, olga)) as admin:
        assert await told() == ["user.unblocked", "user.blocked", "key.made"]
        assert await told(name="анн") == ["user.unblocked", "user.blocked"]
        assert await told(name="OLG", action="key") == ["key.made"]
        assert await told(name="%") == []
        assert await told(since=ago[4], until=ago[2]) == ["user.blocked"]
        assert await told(action="user.unblocked", until=ago[2]) == []
        assert await told(since=ago[2].split("+")[0]) == ["user.unblocked", "key.made"]  # without a zone: UTC
        assert (await admin.get(AUDIT, params={"since": "yesterday"})).json()["code"] == "request.invalid"
