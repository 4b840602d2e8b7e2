"""Whoever has a transcript open hears that somebody edits it."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import httpx
import pytest
from httpx_sse import connect_sse

from stenogram.services import edit_news, transcripts
from stenogram.speech.transcript import Hypothesis, HypothesisSegment, Word
from stenogram.storage.database import Database
from tests.api_server import Server
from tests.integration.api.conftest import Api
from tests.processes import PATIENCE

HYPOTHESIS = Hypothesis("ru", 0.98, (HypothesisSegment(0.0, 4.0, (Word(" а", 0, 1.0, 0.5),)),), "fake", "fake")
SPEAKER = {"type": "add_speaker", "label": "S1", "name": None, "position": 0}


async def _transcribe(url: str, run_id: str) -> None:
    database = Database(url)
    try:
        async with database.begin() as session:
            await transcripts.save_hypothesis(session, UUID(run_id), HYPOTHESIS, 9.0)
    finally:
        await database.dispose()


@pytest.fixture
def run_id(server: Server, environment: Mapping[str, str]) -> str:
    """Of a recording with one segment, whose speakers nobody tells apart."""
    options = json.dumps({"diarize": False})
    with server.client() as client:
        files = {"file": ("a.ogg", b"OggS" * 100, "audio/ogg")}
        made: str = client.post("/recordings", files=files, data={"options": options}).json()["latest_run"]["id"]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _transcribe(environment["DATABASE_URL"], made)).result()
    return made


def _change(client: httpx.Client, run_id: str, version: int, *operations: Mapping[str, object]) -> int:
    change = {"id": str(uuid4()), "operations": operations}
    answer = client.post(f"/runs/{run_id}/changes", json={"base_version": version, "changes": [change]})
    made: int = answer.raise_for_status().json()["version"]
    return made


def test_an_edit_a_name_and_a_restoration_are_told_with_their_versions(server: Server, run_id: str) -> None:
    news = f"/runs/{run_id}/changes/news"
    with server.client() as client, server.client() as other, connect_sse(client, "GET", news) as source:
        told = source.iter_sse()
        now = json.loads(next(told).data)["version"]
        added = _change(other, run_id, now, SPEAKER)
        other.patch(f"/runs/{run_id}/speakers/S1", json={"name": "Анна"}).raise_for_status()
        other.post(f"/runs/{run_id}/restore", json={"version": now}).raise_for_status()
        versions = [json.loads(next(told).data)["version"] for _ in range(3)]
    assert added == now + 1
    assert versions == [now + 1, now + 2, now + 3]


def test_news_are_for_those_who_may_read(server: Server, run_id: str) -> None:
    with server.client() as client:
        assert client.get(f"/runs/{uuid4()}/changes/news").status_code == 404
    assert httpx.get(f"{server.url}/api/v1/runs/{run_id}/changes/news").status_code == 401


def test_an_open_line_does_not_hold_up_the_shutdown(server: Server, run_id: str) -> None:
    with server.client() as client, connect_sse(client, "GET", f"/runs/{run_id}/changes/news") as source:
        next(source.iter_sse())
        server.process.terminate()
        assert server.process.wait(PATIENCE) in (0, -15)
    assert "Traceback" not in server.log.read_text()


async def test_an_edit_is_taken_although_nobody_can_be_told(api: Api) -> None:
    await api.runtime.redis.aclose()
    api.runtime.redis.connection_pool.connection_kwargs["port"] = 1
    await edit_news.tell(api.runtime.redis, uuid4(), 2)
