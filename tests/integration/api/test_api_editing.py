"""Editing over the API: changes kept and merged, history, and back to any version."""

import asyncio
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from stenogram.services import edit_json, editing, transcripts
from stenogram.services.transcripts import Readable
from stenogram.speech.edits import Document, apply, document_of
from stenogram.speech.transcript import Diarization, Hypothesis, HypothesisSegment, Turn, Word
from stenogram.storage.models import Run, StageRun
from stenogram.storage.repositories import Runs
from tests.editing_hands import random_change
from tests.integration.api.conftest import Api
from tests.integration.api.test_api_recordings import send

TURNS = (Turn("S1", 0.0, 4.0, 0.7), Turn("S2", 4.0, 8.0, 0.7))
HYPOTHESIS = Hypothesis(
    "ru",
    0.98,
    (
        HypothesisSegment(0.0, 4.0, tuple(Word(f" а{n}", n, n + 1.0, 0.5) for n in range(4))),
        HypothesisSegment(4.0, 8.0, tuple(Word(f" б{n}", n, n + 1.0, 0.5) for n in range(4, 8))),
    ),
    "fake",
    "fake",
)
DIARIZATION = Diarization(TURNS, TURNS, "fake", "fake")


@pytest.fixture
async def run_id(api: Api, anna: httpx.AsyncClient) -> str:
    """Of a recording with two segments by two speakers: what the worker would have made."""
    made: str = (await send(anna)).json()["latest_run"]["id"]
    async with api.runtime.database.begin() as session:
        await transcripts.save_hypothesis(session, UUID(made), HYPOTHESIS, 9.0)
        await transcripts.save_diarized(session, UUID(made), HYPOTHESIS, DIARIZATION, 9.0)
    await stage(api, made, "done")
    return made


async def stage(api: Api, run_id: str, state: str) -> None:
    async with api.runtime.database.begin() as session:
        where = (StageRun.run_id == UUID(run_id), StageRun.stage == "diarize")
        await session.execute(update(StageRun).where(*where).values(state=state))


async def read(api: Api, run_id: str) -> Readable:
    async with api.runtime.database.session() as session:
        return await transcripts.read(session, UUID(run_id))


def document(readable: Readable) -> Document:
    return document_of(readable.transcript.segments, readable.transcript.speakers)


def texts(readable: Readable) -> list[str]:
    return [segment.text for segment in readable.transcript.segments]


def words(text: str, start: float, probability: float = 0.5) -> list[dict[str, Any]]:
    return [{"text": text, "start": start, "end": start + 1, "probability": probability}]


def typed(at: int, before: str, after: str, segment: str = "s0001", offset: int = 0) -> dict[str, Any]:
    return change(
        {
            "type": "replace",
            "segment": segment,
            "at": at,
            "before": words(before, at + offset),
            "after": words(after, at + offset, 1.0),
        }
    )


def change(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(uuid4()), "operations": list(operations)}


async def post(client: httpx.AsyncClient, run_id: str, base: int, *changes: dict[str, Any]) -> httpx.Response:
    return await client.post(f"/api/v1/runs/{run_id}/changes", json={"base_version": base, "changes": changes})


async def test_changes_are_applied_once_and_found_everywhere(api: Api, anna: httpx.AsyncClient, run_id: str) -> None:
    version = (await read(api, run_id)).version
    made = typed(1, " а1", " Ёлкин")
    answer = await post(anna, run_id, version, made)
    assert answer.status_code == 200, answer.text
    (applied,) = answer.json()["applied"]
    assert (applied["version"], applied["change_id"], applied["mine"]) == (version + 1, made["id"], True)
    assert applied["operations"] == [{**made["operations"][0], "ends": None}]
    assert applied["author"]["name"] == "anna"
    again = (await post(anna, run_id, version, made)).json()
    assert again == answer.json()
    assert texts(await read(api, run_id)) == ["а0 Ёлкин а2 а3", "б4 б5 б6 б7"]
    export = await anna.get(f"/api/v1/runs/{run_id}/exports", params={"format": "txt"})
    assert "Ёлкин" in export.text
    found = (await anna.get("/api/v1/search", params={"q": "Ёлкин"})).json()
    assert found["total"] == 1


async def test_two_people_at_one_version_keep_their_words(api: Api, anna: httpx.AsyncClient, run_id: str) -> None:
    version = (await read(api, run_id)).version
    await post(anna, run_id, version, typed(1, " а1", " первый"))
    second = typed(1, " а1", " второй")
    third = typed(3, " а3", " третий")
    answer = (await post(anna, run_id, version, second, third)).json()
    assert [one["change_id"] for one in answer["applied"][1:]] == [second["id"], third["id"]]
    assert answer["version"] == version + 3
    assert texts(await read(api, run_id))[0] == "а0 первый второй а2 третий"
    seen = (await anna.get(f"/api/v1/runs/{run_id}/changes", params={"after": version + 1})).json()
    assert seen["applied"] == answer["applied"][1:]


async def test_segments_are_cut_joined_and_given_to_others(api: Api, anna: httpx.AsyncClient, run_id: str) -> None:
    version = (await read(api, run_id)).version
    split = {"type": "split", "segment": "s0001", "at": 2, "new_segment": "x", "speaker_after": "S2", "ends": [2, 2]}
    added = {"type": "add_speaker", "label": "S3", "name": "Вера", "position": 2}
    given = {"type": "reassign", "segments": ["x", "s0002"], "before": ["S2", "S2"], "after": ["S3", "S3"]}
    gone = {"type": "remove_speaker", "label": "S2", "name": None, "position": 1}
    assert (await post(anna, run_id, version, change(split, added, given, gone))).status_code == 200
    now = await read(api, run_id)
    assert [(s.id, s.speaker, s.text) for s in now.transcript.segments] == [
        ("s0001", "S1", "а0 а1"),
        ("x", "S3", "а2 а3"),
        ("s0002", "S3", "б4 б5 б6 б7"),
    ]
    assert [(s.label, s.name) for s in now.transcript.speakers] == [("S1", None), ("S3", "Вера")]
    merge = {"type": "merge", "segment": "x", "next": "s0002", "at": 2, "next_speaker": "S3", "ends": [4, 4]}
    assert (await post(anna, run_id, now.version, change(merge))).status_code == 200
    assert texts(await read(api, run_id)) == ["а0 а1", "а2 а3 б4 б5 б6 б7"]


async def test_history_tells_who_and_what_and_any_version_comes_back(
    api: Api, anna: httpx.AsyncClient, run_id: str
) -> None:
    first = await read(api, run_id)
    await post(anna, run_id, first.version, typed(1, " а1", " один"))
    await post(anna, run_id, first.version + 1, typed(2, " а2", " два"))
    address = f"/api/v1/runs/{run_id}"
    history = (await anna.get(f"{address}/history")).json()
    (entry,) = history["items"]
    assert (entry["before_version"], entry["version"], entry["changes"]) == (first.version, first.version + 2, 2)
    assert entry["summary"] == "“а1” → “один” · Text edits: 2"
    assert entry["kinds"] == {"replace": 2}
    assert entry["examples"] == [{"before": "а1", "after": "один"}, {"before": "а2", "after": "два"}]
    assert (history["baseline"], history["more"], entry["mine"]) == (first.version, False, True)

    old = (await anna.get(f"{address}/versions/{first.version + 1}")).json()
    assert [segment["text"] for segment in old["segments"]] == ["а0 один а2 а3", "б4 б5 б6 б7"]
    restored = (await anna.post(f"{address}/restore", json={"version": first.version})).json()
    assert (restored["version"], restored["applied"][0]["restored"]) == (first.version + 3, first.version)
    assert document(await read(api, run_id)) == document(first)
    nothing = (await anna.post(f"{address}/restore", json={"version": first.version})).json()
    assert (nothing["version"], nothing["applied"]) == (first.version + 3, [])
    await anna.post(f"{address}/restore", json={"version": first.version + 2})
    assert texts(await read(api, run_id))[0] == "а0 один два а3"
    page = (await anna.get(f"{address}/history", params={"limit": 1})).json()
    assert (page["more"], page["items"][0]["restored"]) == (True, first.version + 2)
    older = {"before": page["items"][0]["before_version"] + 1}
    assert len((await anna.get(f"{address}/history", params=older)).json()["items"]) == 2


async def test_what_does_not_fit_changes_nothing(api: Api, anna: httpx.AsyncClient, run_id: str) -> None:
    version = (await read(api, run_id)).version
    good, bad = typed(1, " а1", " один"), typed(2, " другое", " два")
    for base, changes, status, code in (
        (version, [good, bad], 422, "edit.invalid"),
        (version - 1, [good], 409, "edit.unknown_version"),
        (version + 1, [good], 409, "edit.unknown_version"),
        (version, [change({"type": "replace", "segment": "s0001"})], 422, "request.invalid"),
        (version, [typed(1, " а1", " \x00")], 422, "request.invalid"),
        (version, [typed(1, " а1", " один", offset=-1)], 422, "edit.invalid"),
    ):
        answer = await post(anna, run_id, base, *changes)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await read(api, run_id)).version == version
    await stage(api, run_id, "running")
    answer = await post(anna, run_id, version, good)
    assert (answer.status_code, answer.json()["code"]) == (409, "edit.too_early")


async def test_what_is_somebody_elses_is_not_found(api: Api, run_id: str) -> None:
    async with api.client(await api.token("boris")) as boris:
        address = f"/api/v1/runs/{run_id}"
        assert (await post(boris, run_id, 2, typed(1, " а1", " чужой"))).status_code == 404
        assert (await boris.get(f"{address}/changes", params={"after": 2})).status_code == 404
        assert (await boris.get(f"{address}/history")).status_code == 404
        assert (await boris.get(f"{address}/versions/2")).status_code == 404
        assert (await boris.post(f"{address}/restore", json={"version": 2})).status_code == 404


async def test_a_later_stage_leaves_the_words_alone(api: Api, anna: httpx.AsyncClient, run_id: str) -> None:
    version = (await read(api, run_id)).version
    silent = {"type": "reassign", "segments": ["s0002"], "before": ["S2"], "after": [None]}
    await post(anna, run_id, version, typed(1, " а1", " правка"), change(silent))
    async with api.runtime.database.begin() as session:
        await editing.save_diarized(session, UUID(run_id), HYPOTHESIS, DIARIZATION, 9.0)
    now = await read(api, run_id)
    assert texts(now) == ["а0 правка а2 а3", "б4 б5 б6 б7"]
    assert [segment.speaker for segment in now.transcript.segments] == ["S1", "S2"]
    answer = (await anna.get(f"/api/v1/runs/{run_id}/changes", params={"after": version})).json()
    assert answer["applied"][-1]["author"] is None


async def test_speakers_told_apart_anew_speak_the_edited_words(api: Api, anna: httpx.AsyncClient, run_id: str) -> None:
    version = (await read(api, run_id)).version
    await post(anna, run_id, version, typed(1, " а1", " правка"))
    async with api.runtime.database.begin() as session:
        parent = await Runs(session).get(UUID(run_id))
        assert parent is not None
        child = await Runs(session).add(Run(recording_id=parent.recording_id, parent_id=parent.id), ())
        await transcripts.copy(session, parent.id, child.id, attributed=False, minutes=False)
        await editing.save_diarized(session, child.id, HYPOTHESIS, DIARIZATION, 9.0)
    assert texts(await read(api, str(child.id))) == ["а0 правка а2 а3", "б4 б5 б6 б7"]


@pytest.mark.parametrize("seed", range(6))
async def test_rows_are_what_the_operations_say(api: Api, anna: httpx.AsyncClient, run_id: str, seed: int) -> None:
    random = Random(seed)
    start = await read(api, run_id)
    wanted = document(start)
    for number in range(12):
        made = random_change(random, wanted, f"c{number}")
        wanted = apply(wanted, made.operations)
        body = {"id": str(uuid4()), "operations": edit_json.dump(made.operations)}
        answer = await post(anna, run_id, start.version + number, body)
        assert answer.status_code == 200, answer.text
    now = await read(api, run_id)
    assert document(now) == wanted
    async with api.runtime.database.begin() as session:
        then = await editing.at_version(session, UUID(run_id), start.version)
    assert document(then) == document(start)


async def test_a_glossary_is_told_to_new_runs(api: Api, anna: httpx.AsyncClient) -> None:
    address = "/api/v1/glossary"
    for term in ("  Ёлкин  Пётр ", "вебхук", "ВебХук"):
        assert (await anna.post(address, json={"term": term})).status_code == 200
    items = (await anna.get(address)).json()["items"]
    assert {item["term"] for item in items} == {"Ёлкин Пётр", "ВебХук"}
    assert (await anna.post(address, json={"term": "  "})).json()["code"] == "request.invalid"
    made = (await send(anna)).json()
    run = (await anna.get(f"/api/v1/runs/{made['latest_run']['id']}")).json()
    assert run["options"]["glossary"] == ["Ёлкин Пётр", "ВебХук"]
    async with api.client(await api.token("boris")) as boris:
        assert (await boris.get(address)).json() == {"items": []}
        assert (await boris.delete(f"{address}/{items[0]['id']}")).status_code == 404
    assert (await anna.delete(f"{address}/{items[0]['id']}")).status_code == 204
    assert len((await anna.get(address)).json()["items"]) == 1


async def test_a_term_that_is_sent_many_times_at_once_is_kept_once(anna: httpx.AsyncClient) -> None:
    address = "/api/v1/glossary"
    answers = await asyncio.gather(*(anna.post(address, json={"term": "вебхук"}) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert [item["term"] for item in (await anna.get(address)).json()["items"]] == ["вебхук"]
