"""Back-pressure over the API: whom it refuses, with what words, and that who was let in finds a place."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest

from apps.bot_api.api import events
from stenogram.settings import Settings, load_settings
from stenogram.storage.models import StageRun
from stenogram.storage.repositories import Runs, clock
from tests.integration.api.conftest import Api, running
from tests.integration.api.test_api_recordings import send, stored
from tests.integration.api.test_api_uploads import TUS, create, patch
from tests.processes import PATIENCE


@pytest.fixture
def settings(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    small = {**environment, "MAX_WAITING_RUNS": "3", "MAX_WAITING_RUNS_PER_USER": "2"}
    for name, value in small.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    async with running(settings) as made:
        yield made


def refused(answer: httpx.Response) -> tuple[int, str, int]:
    return answer.status_code, answer.json()["code"], int(answer.headers["retry-after"])


async def begin(api: Api, made: Mapping[str, Any]) -> None:
    """As if a worker had taken it."""
    run_id = UUID(made["latest_run"]["id"])
    async with api.runtime.database.begin() as session:
        run = await Runs(session).get(run_id)
        stage = await session.get(StageRun, (run_id, "preprocess"))
        assert run
        assert stage
        run.state = stage.state = "running"
        stage.started_at = await clock(session)


async def test_one_user_cannot_fill_the_queue_and_all_cannot_overfill_it(
    api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient
) -> None:
    first, second = (await send(anna)).json(), (await send(anna)).json()
    kept = stored(api)
    assert refused(await send(anna)) == (429, "queue.full_for_user", 60)
    assert "2 of your recordings" in (await send(anna)).json()["detail"]
    assert refused(await create(anna, 3)) == (429, "queue.full_for_user", 60)
    assert refused(await anna.post(f"/api/v1/recordings/{first['id']}/runs", json={}))[:2] == (
        429,
        "queue.full_for_user",
    )
    assert stored(api) == kept  # nothing of what was refused

    assert (await send(boris)).status_code == 201
    assert refused(await send(boris)) == (503, "queue.full", 60)

    await begin(api, first)
    await begin(api, second)
    assert (await send(boris)).status_code == 201
    answer = await send(boris)
    assert refused(answer) == (429, "queue.full_for_user", 300)  # two were begun within ten minutes


async def test_of_many_at_once_no_more_get_in_than_there_is_room(api: Api, anna: httpx.AsyncClient) -> None:
    recording = (await send(anna, data={"start": "false"})).json()["id"]
    address = f"/api/v1/recordings/{recording}/runs"
    answers = await asyncio.gather(*(anna.post(address, json={}) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 429, 429, 429, 429]


async def test_an_upload_that_was_let_in_is_taken_in_though_the_queue_has_filled_meanwhile(
    anna: httpx.AsyncClient,
) -> None:
    address = (await create(anna, 6)).headers["location"]
    await patch(anna, address, 0, b"abc")
    for _ in range(2):
        assert (await send(anna)).status_code == 201
    assert refused(await create(anna, 6))[0] == 429

    last = await patch(anna, address, 3, b"def")
    assert last.status_code == 204
    assert last.headers["stenogram-recording-id"]


async def test_even_promises_have_a_bound_and_the_upload_goes_on_later(api: Api, anna: httpx.AsyncClient) -> None:
    uploads = [(await create(anna, 3)).headers["location"] for _ in range(5)]
    for address in uploads[:4]:
        assert (await patch(anna, address, 0, b"abc")).status_code == 204
    assert refused(await patch(anna, uploads[4], 0, b"abc"))[:2] == (429, "queue.full_for_user")
    assert (await anna.head(uploads[4], headers=TUS)).headers["upload-offset"] == "0"

    for item in (await anna.get("/api/v1/recordings")).json()["items"]:
        await begin(api, item)
    assert (await patch(anna, uploads[4], 0, b"abc")).status_code == 204


async def test_a_run_that_waits_tells_its_place(api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient) -> None:
    first, second = (await send(anna)).json(), (await send(boris)).json()
    assert (first["latest_run"]["queue_place"], second["latest_run"]["queue_place"]) == (1, 2)
    await begin(api, first)
    runs = [(await client.get("/api/v1/recordings")).json()["items"][0]["latest_run"] for client in (anna, boris)]
    assert [run["queue_place"] for run in runs] == [None, 1]


async def test_who_follows_a_waiting_run_is_told_when_it_moves_up(
    api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BLOCK_SECONDS", 0.1)
    first, second = (await send(anna)).json(), (await send(boris)).json()

    async def follow() -> AsyncGenerator[tuple[str, int | None], None]:
        stream = events._Stream(api.runtime, UUID(second["latest_run"]["id"]), "en", "0", replay=False)
        async for event in stream.follow(await stream.snapshot()):
            yield str(event.event), json.loads(event.data or "")["queue_place"]

    told = follow()
    assert await anext(told) == ("snapshot", 2)
    await begin(api, first)
    assert await asyncio.wait_for(anext(told), PATIENCE) == ("snapshot", 1)
    await told.aclose()
