"""Quotas over the API: what is charged, what is refused and in which words, and who is told what is left."""

from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import httpx
import pytest

from stenogram.services import people, quotas, recordings, users
from stenogram.settings import Settings, load_settings
from stenogram.storage.models import User
from tests.integration.api.conftest import Api, running
from tests.integration.api.test_api_recordings import send, stored
from tests.integration.api.test_api_uploads import TUS, create, patch

DAILY = 60
USAGE = "/api/v1/me/usage"


@pytest.fixture
def settings(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    small = {**environment, "QUOTA_PLANS": f"standard:{DAILY}", "QUOTA_FILES_PER_HOUR": "4"}
    for name, value in small.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    async with running(settings) as made:
        yield made


async def owner(api: Api, client: httpx.AsyncClient) -> User:
    user_id = UUID((await client.get("/api/v1/me")).json()["id"])
    async with api.runtime.database.session() as session:
        return await users.get(session, user_id)


async def use_up(api: Api, client: httpx.AsyncClient, seconds: float = DAILY) -> None:
    user = await owner(api, client)
    async with api.runtime.database.begin() as session:
        await quotas.charge(session, user, UUID(int=1), seconds, api.settings)


async def settle(api: Api, made: Mapping[str, str], seconds: float) -> None:
    async with api.runtime.database.begin() as session:
        await quotas.settle(session, UUID(made["id"]), seconds, api.settings)


async def test_what_is_left_and_what_was_sent_on_which_day(api: Api, anna: httpx.AsyncClient) -> None:
    fresh = (await anna.get(USAGE)).json()
    assert (fresh["plan"], fresh["unlimited"], fresh["daily_seconds"], fresh["days"]) == ("standard", False, DAILY, [])
    made = (await send(anna)).json()
    await settle(api, made, 20.5)
    used = (await anna.get(USAGE)).json()
    assert (used["used_seconds"], used["left_today_seconds"], used["pack_seconds"], used["left_seconds"]) == (
        20.5,
        DAILY - 20.5,
        0,
        DAILY - 20.5,
    )
    assert [(day["seconds"], day["recordings"]) for day in used["days"]] == [(20.5, 1)]
    assert used["resets_at"].endswith("00:00:00+03:00")


async def test_nothing_is_taken_in_when_nothing_is_left(
    api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient
) -> None:
    address = (await create(anna, 6)).headers["location"]
    await patch(anna, address, 0, b"abc")
    await use_up(api, anna)
    kept = stored(api)

    for answer in (await send(anna), await create(anna, 3), await patch(anna, address, 3, b"def")):
        assert (answer.status_code, answer.json()["code"]) == (429, "quota.exceeded")
        assert "0:00 are left for today" in answer.json()["detail"]
        assert 0 < int(answer.headers["retry-after"]) <= 24 * 3600

    assert stored(api) == kept
    assert (await anna.head(address, headers=TUS)).headers["upload-offset"] == "3"  # it can go on tomorrow
    assert (await send(boris)).status_code == 201


async def test_so_many_files_an_hour(api: Api, anna: httpx.AsyncClient) -> None:
    assert (await send(anna)).status_code == 201
    assert (await create(anna, 3)).status_code == 201
    address = (await create(anna, 3)).headers["location"]
    assert (await patch(anna, address, 0, b"abc")).status_code == 204
    for _ in range(2):
        assert (await send(anna)).status_code == 201
    answer = await send(anna)
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]["limit"]) == (429, "quota.files", 4)
    assert 3000 < int(answer.headers["retry-after"]) <= 3600


async def test_a_recording_that_is_only_kept_is_charged_when_it_is_run(api: Api, anna: httpx.AsyncClient) -> None:
    made = (await send(anna, data={"start": "false"})).json()
    assert (await anna.get(USAGE)).json()["days"] == []
    runs = f"/api/v1/recordings/{made['id']}/runs"
    first = (await anna.post(runs, json={})).json()
    assert (await anna.get(USAGE)).json()["days"][0]["recordings"] == 1

    await settle(api, made, 50)
    assert (await anna.post(runs, json={})).status_code == 201  # charged once, however often it is run
    assert (await anna.get(USAGE)).json()["used_seconds"] == 50
    assert (await anna.get(USAGE)).json()["days"][0]["recordings"] == 1
    assert (await anna.post(f"/api/v1/runs/{first['id']}/cancel")).status_code == 200
    assert (await anna.get(USAGE)).json()["used_seconds"] == 50  # the other run still goes on


async def test_a_cancelled_run_is_given_back_and_charged_when_it_is_run_again(
    api: Api, anna: httpx.AsyncClient
) -> None:
    made = (await send(anna)).json()
    await settle(api, made, 40)
    run = made["latest_run"]["id"]
    await anna.post(f"/api/v1/runs/{run}/cancel")
    assert (await anna.get(USAGE)).json()["used_seconds"] == 0
    async with api.runtime.database.begin() as session:
        (await recordings.get(session, UUID(made["id"]))).duration = 40.0

    again = await anna.post(f"/api/v1/runs/{run}/rerun", json={"from_stage": "preprocess"})
    assert again.status_code == 201
    assert (await anna.get(USAGE)).json()["used_seconds"] == 40
    await anna.post(f"/api/v1/runs/{again.json()['id']}/cancel")

    await use_up(api, anna, 30)
    refused = await anna.post(f"/api/v1/runs/{run}/rerun", json={"from_stage": "preprocess"})
    assert (refused.status_code, refused.json()["params"]["needed"], refused.json()["params"]["left"]) == (
        429,
        "0:40",
        "0:30",
    )


async def test_the_blocked_are_refused_though_their_token_is_good(api: Api, anna: httpx.AsyncClient) -> None:
    user = await owner(api, anna)
    async with api.runtime.database.begin() as session:
        await people.block(session, user)
    answer = await anna.get("/api/v1/recordings")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.blocked")


async def test_a_recording_is_kept_as_long_as_its_owner_prefers_when_it_comes(
    api: Api, anna: httpx.AsyncClient
) -> None:
    before, user = (await send(anna)).json(), await owner(api, anna)
    async with api.runtime.database.begin() as session:
        await users.set_preference(session, user, "keep", "day")
    after = (await send(anna)).json()
    async with api.runtime.database.session() as session:
        assert (await recordings.get(session, UUID(before["id"]))).expires_at is None
        kept = await recordings.get(session, UUID(after["id"]))
    assert kept.expires_at is not None
    assert abs((kept.expires_at - kept.created_at).total_seconds() - 24 * 3600) < 60
