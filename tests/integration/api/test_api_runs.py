"""Runs over the API: cancelled, run again, followed live; transcripts read, named, exported."""

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx
from httpx_sse import connect_sse
from sqlalchemy import update

from stenogram.events import Event, Publisher
from stenogram.exporters.document import PALETTE
from stenogram.services import transcripts
from stenogram.speech.transcript import Diarization, Hypothesis, HypothesisSegment, Turn, Word
from stenogram.storage.models import Run, StageRun
from stenogram.storage.repositories import Runs, StageRuns
from tests.api_server import Server
from tests.integration.api.conftest import Api
from tests.integration.api.test_api_recordings import send
from tests.processes import PATIENCE

WORDS = (Word(" Добрый", 0.0, 0.5, 0.9), Word(" день", 0.5, 1.0, 0.8))


async def transcribe(api: Api, run_id: str) -> None:
    """Put a transcript into the rows, as the worker does."""
    hypothesis = Hypothesis("ru", 0.98, (HypothesisSegment(0.0, 1.0, WORDS),), "faster-whisper", "small")
    turns = (Turn("S1", 0.0, 1.0, 0.7),)
    async with api.runtime.database.begin() as session:
        await transcripts.save_hypothesis(session, UUID(run_id), hypothesis, 2.0)
        diarization = Diarization(turns, turns, "embedded", "resemblyzer")
        await transcripts.save_diarized(session, UUID(run_id), hypothesis, diarization, 2.0)
        run = await Runs(session).get(UUID(run_id))
        assert run is not None
        run.warnings = ["demo_model"]


async def test_the_colour_of_a_voice_is_kept_and_reaches_files(api: Api, anna: httpx.AsyncClient) -> None:
    run_id = (await send(anna)).json()["latest_run"]["id"]
    await transcribe(api, run_id)
    speaker = f"/api/v1/runs/{run_id}/speakers/S1"
    painted = (await anna.patch(speaker, json={"colour": 7})).json()
    assert (painted["speakers"][0]["colour"], painted["speakers"][0]["name"]) == (7, None)
    await anna.patch(speaker, json={"name": "Анна"})
    assert (await anna.get(f"/api/v1/runs/{run_id}/transcript")).json()["speakers"][0]["colour"] == 7
    page = await anna.get(f"/api/v1/runs/{run_id}/exports", params={"format": "html"})
    assert f'class="speaker name c{PALETTE[7]}"' in page.text
    assert (await anna.patch(speaker, json={"colour": 10})).status_code == 422
    assert (await anna.patch(speaker, json={"colour": None})).json()["speakers"][0]["colour"] is None


async def test_talk_follows_who_is_said_to_speak(api: Api, anna: httpx.AsyncClient) -> None:
    run_id = (await send(anna)).json()["latest_run"]["id"]
    await transcribe(api, run_id)
    async with api.runtime.database.begin() as session:
        await session.execute(update(StageRun).where(StageRun.run_id == UUID(run_id)).values(state="done"))
    read = (await anna.get(f"/api/v1/runs/{run_id}/transcript")).json()
    segment, seconds = read["segments"][0]["id"], read["speakers"][0]["talk_seconds"]
    added = {"type": "add_speaker", "label": "S2", "name": None, "position": 1}
    moved = {"type": "reassign", "segments": [segment], "before": ["S1"], "after": ["S2"]}
    changes = [{"id": str(uuid4()), "operations": [added, moved]}]
    made = await anna.post(f"/api/v1/runs/{run_id}/changes", json={"base_version": read["version"], "changes": changes})
    assert made.status_code == 200
    now = (await anna.get(f"/api/v1/runs/{run_id}/transcript")).json()
    assert {one["label"]: one["talk_seconds"] for one in now["speakers"]} == {"S1": 0.0, "S2": seconds}
    assert seconds > 0


async def test_a_transcript_is_read_named_and_exported(api: Api, anna: httpx.AsyncClient) -> None:
    made = (await send(anna)).json()
    run_id = made["latest_run"]["id"]
    await transcribe(api, run_id)
    answer = await anna.get(f"/api/v1/runs/{run_id}/transcript")
    read = answer.json()
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = await anna.get(f"/api/v1/runs/{run_id}/transcript", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.json() == read
    assert read == (await anna.get(f"/api/v1/recordings/{made['id']}/transcript")).json()
    assert [segment["text"] for segment in read["segments"]] == ["Добрый день"]
    unnamed = {"label": "S1", "name": None, "display": "Speaker 1", "talk_seconds": 1.0, "colour": None}
    assert read["speakers"] == [unnamed]
    assert [warning["code"] for warning in read["warnings"]] == ["demo_model"]
    assert "demo model" in read["warnings"][0]["message"]

    speaker = f"/api/v1/runs/{run_id}/speakers/S1"
    named = (await anna.patch(speaker, json={"name": "Анна"})).json()
    assert (named["speakers"][0]["display"], named["version"]) == ("Анна", read["version"] + 1)
    assert (await anna.patch(f"{speaker}7", json={"name": "x"})).status_code == 404

    address = f"/api/v1/runs/{run_id}/exports"
    text = await anna.get(address, params={"format": "txt"})
    assert "Анна" in text.text
    assert "attachment" in text.headers["content-disposition"]
    part = await anna.get(address, params={"format": "srt", "from": 0.5, "to": 1})
    assert "день" in part.text
    assert "Добрый" not in part.text
    for params, code in (
        ({"format": "odt"}, "options.format"),
        ({"format": "txt", "from": "99"}, "request.range"),
        ({"format": "txt", "from": "-1"}, "request.invalid"),
        ({}, "request.invalid"),
    ):
        assert (await anna.get(address, params=params)).json()["code"] == code


async def test_cancel_then_rerun(api: Api, anna: httpx.AsyncClient) -> None:
    run = (await send(anna)).json()["latest_run"]
    address = f"/api/v1/runs/{run['id']}"
    cancelled = (await anna.post(f"{address}/cancel")).json()
    assert cancelled["state"] == "cancelled"
    assert (await anna.get(address)).json() == cancelled
    again = await anna.post(f"{address}/rerun", json={"from_stage": "preprocess", "options": {"preset": "fast"}})
    assert (again.status_code, again.json()["options"]["preset"]) == (201, "fast")
    same = await anna.post(f"{address}/rerun", json={"from_stage": "preprocess"})
    assert same.json()["options"] == run["options"]
    early = await anna.post(f"{address}/rerun", json={"from_stage": "diarize"})
    assert (early.status_code, early.json()["code"]) == (409, "run.conflict")
    assert (await anna.post(f"{address}/rerun", json={"from_stage": "boil"})).json()["params"]["field"] == "from_stage"


def _made(server: Server) -> str:
    with server.client() as client:
        answer = client.post("/recordings", files={"file": ("a.ogg", b"OggS" * 100, "audio/ogg")}).json()
        run_id: str = answer["latest_run"]["id"]
        return run_id


def test_events_snapshot_live_resumed_and_ended(server: Server, environment: dict[str, str]) -> None:
    run_id = _made(server)
    publisher = Publisher(environment["REDIS_URL"])

    def publish(state: str, kind: str = "stage") -> None:
        publisher.publish(Event(run_id=run_id, type=kind, stage="preprocess", state=state))  # type: ignore[arg-type]  # a literal by its caller

    with server.client() as client, connect_sse(client, "GET", f"/runs/{run_id}/events") as source:
        assert source.response.headers["x-accel-buffering"] == "no"
        events = source.iter_sse()
        first = next(events)
        assert (first.event, json.loads(first.data)["state"]) == ("snapshot", "queued")
        publish("running")
        live = next(events)
        assert (live.event, json.loads(live.data)["state"]) == ("stage", "running")

    publish("done")  # while nobody listens
    headers = {"Last-Event-ID": live.id}
    with server.client() as client, connect_sse(client, "GET", f"/runs/{run_id}/events", headers=headers) as source:
        events = source.iter_sse()
        assert next(events).event == "snapshot"
        assert json.loads(next(events).data)["state"] == "done"
        publish("dead", "run")
        assert [event.event for event in events] == ["run"]  # and the stream is over
    publisher.close()


def test_a_finished_run_is_told_at_once(server: Server) -> None:
    run_id = _made(server)
    with server.client() as client:
        client.post(f"/runs/{run_id}/cancel")
        with connect_sse(client, "GET", f"/runs/{run_id}/events") as source:
            told = list(source.iter_sse())
    assert [(event.event, json.loads(event.data)["state"]) for event in told] == [("snapshot", "cancelled")]


def test_an_open_stream_does_not_hold_up_the_shutdown(server: Server, tmp_path: object) -> None:
    run_id = _made(server)
    with server.client() as client, connect_sse(client, "GET", f"/runs/{run_id}/events") as source:
        next(source.iter_sse())
        server.process.terminate()
        assert server.process.wait(PATIENCE) in (0, -15)
    wait: Callable[[], str] = server.log.read_text
    assert "Traceback" not in wait()


async def test_what_is_given_up_promises_no_other_try(api: Api, anna: httpx.AsyncClient) -> None:
    run_id = (await send(anna)).json()["latest_run"]["id"]
    failure = {"error_code": "engine.failed", "error_params": {"engine": "openai-whisper"}}
    told = []
    for state, of_run in (("failed", {}), ("dead", {"state": "dead", **failure})):
        async with api.runtime.database.begin() as session:
            row = (await StageRuns(session).of([UUID(run_id)]))[UUID(run_id)][0]
            await session.execute(
                update(StageRun)
                .where(StageRun.run_id == row.run_id, StageRun.stage == row.stage)
                .values(state=state, **failure)
            )
            if of_run:
                await session.execute(update(Run).where(Run.id == UUID(run_id)).values(**of_run))
        told.append((await anna.get(f"/api/v1/runs/{run_id}")).json())
    waiting, dead = told
    assert waiting["stages"][0]["error"]["message"].endswith("We try again by ourselves.")
    assert dead["stages"][0]["error"] == dead["error"]
    assert dead["error"]["message"].startswith("The engine “openai-whisper” failed again and again. Start once more")
