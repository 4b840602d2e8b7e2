"""Signing in from inside Telegram: the same people as in the bot, let in by the same rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from stenogram.services import people, users
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests.integration.api.conftest import Api
from tests.telegram_stub import TOKEN
from tests.telegram_stub.webapp import init_data, widget_answer

ANNA = {"id": 7, "first_name": "Анна", "username": "anna", "language_code": "ru"}
HOUR = 3600.0


def with_bot(api: Api, **telegram: Any) -> Api:
    """The same API, as if it ran beside a bot with these settings."""
    given = api.settings.telegram.model_copy(update={"token": SecretStr(TOKEN), "access": "open", **telegram})
    settings = api.settings.model_copy(update={"telegram": given})
    api.app.state.runtime = replace(api.runtime, settings=settings)
    return Api(api.app, settings)


async def sign_in(api: Api, data: str, language: str = "en") -> httpx.Response:
    async with api.client(language=language) as client:
        return await client.post("/api/v1/auth/telegram", json={"init_data": data})


async def known(api: Api) -> User | None:
    async with api.runtime.database.session() as session:
        return await Users(session).by_telegram(7)


async def me(api: Api, answer: httpx.Response) -> dict[str, Any]:
    async with api.client(answer.json()["access_token"]) as client:
        told: dict[str, Any] = (await client.get("/api/v1/me")).json()
        return told


async def test_one_is_who_one_is_in_the_bot_as_often_as_the_page_is_opened(api: Api) -> None:
    api = with_bot(api)
    async with api.runtime.database.begin() as session:
        user = await users.welcome(session, users.Person(7, "Анна"), api.settings)
    data = init_data(TOKEN, ANNA)
    for _ in range(2):
        answer = await sign_in(api, data)
        assert answer.status_code == 200
        assert (await me(api, answer))["id"] == str(user.id)
        lifetime = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
        assert lifetime <= timedelta(hours=api.settings.server.session_hours)


async def test_whoever_is_new_is_made_by_it_where_the_bot_would(api: Api) -> None:
    api = with_bot(api)
    told = await me(api, await sign_in(api, init_data(TOKEN, ANNA)))
    assert (told["name"], told["language"], told["role"]) == ("Анна", "ru", "user")


async def test_refusals_are_readable(api: Api) -> None:
    api = with_bot(api)
    old = datetime.now(UTC).timestamp() - 25 * HOUR
    for data in ("hash=1", init_data("1:other", ANNA), init_data(TOKEN, ANNA, at=old)):
        answer = await sign_in(api, data, "ru")
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.init_data")
        assert "кнопкой в боте" in answer.json()["detail"]
    assert (await sign_in(api, "")).json()["code"] == "request.invalid"
    assert await known(api) is None


async def test_whoever_is_blocked_stays_out(api: Api) -> None:
    api = with_bot(api)
    signed_in = await sign_in(api, init_data(TOKEN, ANNA))
    async with api.runtime.database.begin() as session:
        user = await Users(session).by_telegram(7)
        assert user is not None
        await people.block(session, user)
    answer = await sign_in(api, init_data(TOKEN, ANNA))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.blocked")
    assert (await me(api, signed_in))["code"] == "access.blocked"


async def test_the_bots_access_policy_holds(api: Api) -> None:
    api = with_bot(api, access="allow-list", allowed_ids=frozenset({8}))
    answer = await sign_in(api, init_data(TOKEN, ANNA))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.closed")
    assert await known(api) is None
    assert (await sign_in(api, init_data(TOKEN, {**ANNA, "id": 8}))).status_code == 200


async def test_without_a_bot_there_is_no_such_way_in(api: Api) -> None:
    answer = await sign_in(api, init_data("", ANNA))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def sign_in_with_widget(api: Api, fields: dict[str, str | int], language: str = "en") -> httpx.Response:
    async with api.client(language=language) as client:
        return await client.post("/api/v1/auth/telegram-widget", json={"fields": fields})


async def test_the_login_widget_lets_in_whom_the_bot_knows(api: Api) -> None:
    api = with_bot(api)
    by_bot = await me(api, await sign_in(api, init_data(TOKEN, ANNA)))
    answer = await sign_in_with_widget(api, widget_answer(TOKEN, 7, "Анна"))
    assert answer.status_code == 200
    assert (await me(api, answer))["id"] == by_bot["id"]
    async with api.client(answer.json()["access_token"]) as client:
        sessions = (await client.get("/api/v1/me/sessions")).json()
    assert {one["way"]: one["current"] for one in sessions} == {"widget": True, "telegram": False}


async def test_an_answer_of_the_widget_that_is_forged_or_old_opens_nothing(api: Api) -> None:
    api = with_bot(api)
    old = datetime.now(UTC).timestamp() - HOUR
    forged: dict[str, str | int] = {**widget_answer(TOKEN, 8, "Olga"), "id": 7}
    for fields in (forged, widget_answer("1:other", 7, "Анна"), widget_answer(TOKEN, 7, "Анна", at=old), {}):
        answer = await sign_in_with_widget(api, fields, "ru")
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.widget")
    assert await known(api) is None


async def test_the_widget_keeps_to_the_bots_access_policy(api: Api) -> None:
    api = with_bot(api, access="allow-list", allowed_ids=frozenset({8}))
    answer = await sign_in_with_widget(api, widget_answer(TOKEN, 7, "Анна"))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.closed")
    assert await known(api) is None


async def test_the_page_offers_the_widget_where_telegram_can_come_back(api: Api) -> None:
    async def ways() -> Any:
        async with api.client() as client:
            return (await client.get("/api/v1/auth/ways")).json()

    assert await ways() == {"telegram": None}
    with_bot(api)
    assert await ways() == {"telegram": None}  # Telegram answers to a public address only
    server = api.runtime.settings.server.model_copy(update={"public_url": "https://notes.example.org"})
    settings = api.runtime.settings.model_copy(update={"server": server})
    api.app.state.runtime = replace(api.runtime, settings=settings)
    assert await ways() == {"telegram": {"bot_id": TOKEN.partition(":")[0]}}
    without = replace(api.runtime, settings=api.settings)
    api.app.state.runtime = without
    assert (await sign_in_with_widget(api, widget_answer(TOKEN, 7, "Анна"))).status_code == 404
