"""What administrators may do over the API, and that nobody else may."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from apps.bot_api import openapi
from stenogram.pipeline.stage import Stage
from stenogram.services import chain, runs
from stenogram.services.chain import Failure
from stenogram.services.workers import Heart, Worker
from stenogram.storage.admin_rows import Sweeps
from stenogram.storage.models import DeadLetter, Run, StageRun, User
from stenogram.storage.repositories import Users
from tests.integration.api.conftest import Api
from tests.integration.api.test_api_recordings import send

LETTERS = "/api/v1/admin/dead-letters"


@pytest.fixture
async def admin(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.runtime.database.begin() as session:
        user = await Users(session).add(User(name="olga", role="admin", language="ru"))
    async with api.client(api.runtime.tokens.issue(user.id)[0]) as client:
        yield client


async def exhaust(
    api: Api, client: httpx.AsyncClient, code: str = "engine.failed", name: str = "talk.ogg"
) -> DeadLetter:
    """A run whose first stage was given up, and its letter."""
    run_id = UUID((await send(client, name=name)).json()["latest_run"]["id"])
    failure = Failure(code, retryable=False, detail="ValueError at media.py:7 decode", params={"engine": "ffmpeg"})
    async with api.runtime.database.begin() as session:
        taken = await chain.claim(session, run_id, Stage.PREPROCESS, "w@host:1", api.settings.queue)
        assert taken is not None
        await chain.fail(session, run_id, Stage.PREPROCESS, taken[0].token, failure, api.settings.queue)
        letter = await chain.record_dead_letter(session, run_id, Stage.PREPROCESS)
    assert letter is not None
    return letter


async def state(api: Api, letter: DeadLetter) -> str:
    async with api.runtime.database.session() as session:
        return (await runs.get(session, letter.run_id)).state


def admin_operations() -> list[tuple[str, str]]:
    from fastapi import FastAPI

    app = FastAPI()
    openapi.mount(app)
    paths: dict[str, dict[str, Any]] = openapi.document(app)["paths"]
    return [(method, path) for path, item in paths.items() if "/admin/" in path for method in item]


@pytest.mark.parametrize(("method", "path"), admin_operations())
async def test_only_administrators_get_in(api: Api, anna: httpx.AsyncClient, method: str, path: str) -> None:
    address = path.replace("{letter_id}", "1")
    async with api.client() as anonymous:
        refused = await anonymous.request(method, address)
        assert (refused.status_code, refused.json()["code"]) == (401, "auth.required")
    forbidden = await anna.request(method, address, json={})
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "auth.forbidden")


async def test_letters_are_listed_by_pages_and_by_what_went_wrong(
    api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    codes = ("engine.failed", "storage.full", "engine.failed")
    made = [(await exhaust(api, anna, code)).id for code in codes][::-1]
    first = (await admin.get(LETTERS, params={"limit": 2})).json()
    second = (await admin.get(LETTERS, params={"limit": 2, "before": first["next_before"]})).json()
    assert [letter["id"] for letter in first["items"] + second["items"]] == made
    assert second["next_before"] is None
    full = (await admin.get(LETTERS, params={"code": "storage.full"})).json()["items"]
    assert [letter["id"] for letter in full] == [made[1]]
    assert (await admin.get(LETTERS, params={"stage": "diarize"})).json()["items"] == []
    assert (await admin.get(LETTERS, params={"stage": "nonsense"})).json()["code"] == "request.invalid"


async def test_a_letter_is_shown_with_its_run_and_without_what_is_private(
    api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    letter = await exhaust(api, anna, name="divorce.ogg")
    answer = await admin.get(f"{LETTERS}/{letter.id}")
    shown = answer.json()
    assert (shown["run_id"], shown["stage"], shown["attempts"]) == (str(letter.run_id), "preprocess", 1)
    assert shown["error_detail"] == "ValueError at media.py:7 decode"
    assert (shown["run"]["state"], shown["run"]["error"]["code"]) == ("dead", "engine.failed")
    assert "ffmpeg" in shown["run"]["stages"][0]["error"]["message"]
    assert "divorce" not in answer.text
    assert (await admin.get(f"{LETTERS}/{letter.id + 1}")).status_code == 404


async def test_a_letter_is_replayed_once(api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient) -> None:
    letter = await exhaust(api, anna)
    sent = (await admin.get("/metrics")).text.count('stenogram_queue_depth{queue="cpu"} 1.0')
    assert sent == 1  # of the upload
    answer = (await admin.post(f"{LETTERS}/{letter.id}/replay")).json()
    assert (answer["resolution"], answer["run"]["state"]) == ("replayed", "queued")
    assert (answer["run"]["stages"][0]["state"], answer["run"]["stages"][0]["attempts"]) == ("queued", 0)
    assert 'stenogram_queue_depth{queue="cpu"} 2.0' in (await admin.get("/metrics")).text
    assert (await admin.post(f"{LETTERS}/{letter.id}/replay")).status_code == 404
    assert (await admin.get(LETTERS)).json()["items"] == []


async def test_a_letter_is_discarded_and_its_run_stays(
    api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    letter = await exhaust(api, anna)
    assert (await admin.post(f"{LETTERS}/{letter.id}/discard")).status_code == 204
    assert (await admin.get(LETTERS)).json()["items"] == []
    assert (await admin.get(f"{LETTERS}/{letter.id}")).json()["resolution"] == "discarded"
    assert await state(api, letter) == "dead"


async def test_after_an_outage_all_of_a_kind_are_replayed_at_once(
    api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    outage = [await exhaust(api, anna, "engine.unavailable") for _ in range(3)]
    other = await exhaust(api, anna, "storage.full")
    async with api.runtime.database.begin() as session:
        run = await runs.get(session, outage[1].run_id)
        run.cancel_requested = True
    answer = (await admin.post(f"{LETTERS}/replay", json={"code": "engine.unavailable"})).json()
    assert answer["done"] == [outage[0].id, outage[2].id]
    assert [(refused["id"], refused["error"]["code"]) for refused in answer["refused"]] == [
        (outage[1].id, "run.conflict")
    ]
    assert [await state(api, letter) for letter in (*outage, other)] == ["queued", "dead", "queued", "dead"]
    left = (await admin.get(LETTERS)).json()["items"]
    assert [letter["id"] for letter in left] == [other.id, outage[1].id]
    assert (await admin.post(f"{LETTERS}/discard", json={})).json()["done"] == [outage[1].id, other.id]
    assert (await admin.get(LETTERS)).json()["items"] == []


async def test_the_overview_tells_the_state_of_the_service(
    api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    await exhaust(api, anna)
    await send(anna, name="divorce.ogg")
    assert api.settings.redis.url is not None
    heart = Heart(api.settings.redis.url.get_secret_value(), Worker("cpu@here:7", ("cpu",), 2, 1_790_000_000.0))
    heart.beat()
    answer = await admin.get("/api/v1/admin/overview")
    found = answer.json()
    assert [queue["name"] for queue in found["queues"]] == ["cpu", "gpu", "llm", "dead_letter"]
    assert (found["queues"][0]["messages"], found["queues"][0]["due"]) == (2, 1)
    assert found["queues"][0]["oldest_seconds"] >= 0
    assert found["workers"] == [
        {"name": "cpu@here:7", "queues": ["cpu"], "concurrency": 2, "since": "2026-09-21T14:13:20Z"}
    ]
    assert found["dead_letters"] == {"preprocess": 1}
    assert found["disk"]["files"] == 2
    assert found["servers"] == {"postgresql": "external", "redis": "external"}
    assert "divorce" not in answer.text
    heart.stop()


async def test_the_figures_tell_of_ages_workers_and_the_janitor(
    api: Api, anna: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    await send(anna)
    held = UUID((await send(anna)).json()["latest_run"]["id"])
    past = timedelta(hours=1)
    async with api.runtime.database.begin() as session:
        assert await chain.claim(session, held, Stage.PREPROCESS, "w@host:1", api.settings.queue)
        await session.execute(update(Run).values(created_at=Run.created_at - past))
        await session.execute(update(StageRun).values(started_at=StageRun.started_at - past))
        for removed, code in ((3, None), (0, "storage.unavailable")):
            await Sweeps(session).record("blobs", removed, code)
    assert api.settings.redis.url is not None
    heart = Heart(api.settings.redis.url.get_secret_value(), Worker("gpu@here:7", ("gpu", "llm"), 1, 0.0))
    heart.beat()
    figures = dict(line.rsplit(" ", 1) for line in (await admin.get("/metrics")).text.splitlines())
    heart.stop()
    assert float(figures['stenogram_queue_oldest_seconds{queue="cpu"}']) >= 3600
    assert float(figures['stenogram_queue_oldest_seconds{queue="gpu"}']) == 0
    assert float(figures["stenogram_lease_oldest_seconds"]) >= 3600
    assert figures['stenogram_workers{queues="gpu+llm"}'] == "1.0"
    assert figures['stenogram_janitor_removed_total{kind="blobs"}'] == "3.0"
    assert figures['stenogram_janitor_failing{kind="blobs"}'] == "1.0"
    assert 0 <= float(figures['stenogram_janitor_age_seconds{kind="blobs"}']) < 300
