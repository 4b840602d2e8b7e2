"""Links to a transcript: what they show, and what nobody gets out of them whatever they ask."""

import io
import json
import subprocess
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from anyio import to_thread
from sqlalchemy import update

from stenogram.pipeline.ports import Loudness, MediaFacts
from stenogram.pipeline.preprocess import Prepared
from stenogram.pipeline.stage import Stage
from stenogram.services import sharing, transcripts
from stenogram.speech.transcript import Diarization, Hypothesis, HypothesisSegment, Turn, Word
from stenogram.storage import artifacts
from stenogram.storage.link_models import ShareLink
from stenogram.storage.models import StageRun, User
from tests.integration.api.conftest import Api
from tests.integration.api.test_api_recordings import send

MEETING = Path(__file__).parents[3] / "examples" / "meeting-en.ogg"
FORMATS = ("docx", "txt", "md", "html", "srt", "vtt", "json", "csv", "rttm")


def said(text: str, start: float) -> HypothesisSegment:
    words = tuple(Word(f" {word}", start + at, start + at + 1, 0.9) for at, word in enumerate(text.split()))
    return HypothesisSegment(start, start + len(words), words)


async def recorded(api: Api, client: httpx.AsyncClient, sound: bytes | None = None) -> dict[str, Any]:
    """Twelve seconds of three people; the second of them is Vera, the third speaks of a secret."""
    made: dict[str, Any] = (await send(client, sound or MEETING.read_bytes(), "hidden-name.ogg")).json()
    run_id = UUID(made["latest_run"]["id"])
    lines = (said("alpha alpha alpha alpha", 0), said("bravo bravo bravo bravo", 4), said("secret words are here", 8))
    hypothesis = Hypothesis("en", 0.98, lines, "faster-whisper", "small")
    turns = tuple(Turn(f"S{at + 1}", at * 4.0, at * 4.0 + 4.0) for at in range(3))
    async with api.runtime.database.begin() as session:
        await transcripts.save_diarized(session, run_id, hypothesis, Diarization(turns, turns, "e", "m"), 12.0)
    named = await client.patch(f"/api/v1/runs/{run_id}/speakers/S2", json={"name": "Vera"})
    assert named.status_code == 200
    await client.patch(f"/api/v1/runs/{run_id}/speakers/S3", json={"name": "Hidden"})
    await client.patch(f"/api/v1/recordings/{made['id']}", json={"title": "Talk"})
    return made


async def shared(client: httpx.AsyncClient, made: dict[str, Any], **wish: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/runs/{made['latest_run']['id']}/links", json={"audio": True, **wish})
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "secret": answer.json()["path"].removeprefix("/s/")}


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client() as client:
        yield client


async def look(client: httpx.AsyncClient, link: dict[str, Any], what: str = "", **params: Any) -> httpx.Response:
    return await client.get(f"/api/v1/shared{what}", params={"link": link["secret"], **params})


def seconds(data: bytes) -> float:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", "pipe:0", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    return len(subprocess.run(command, input=data, check=True, capture_output=True).stdout) / 16_000


async def test_a_whole_transcript_is_read_and_heard(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    made = await recorded(api, anna)
    link = await shared(anna, made)
    page = (await look(visitor, link)).json()
    assert [segment["text"].split()[0] for segment in page["segments"]] == ["alpha", "bravo", "secret"]
    assert page["whole"] is True
    assert {made["id"], made["latest_run"]["id"]}.isdisjoint(json.dumps(page).split('"'))
    media = await visitor.get("/api/v1/shared/media", params={"link": link["secret"]}, headers={"Range": "bytes=0-3"})
    assert (media.status_code, media.content) == (206, b"OggS")
    assert "noindex" in media.headers["x-robots-tag"]
    listed = (await anna.get(f"/api/v1/recordings/{made['id']}/links")).json()
    assert [(item["path"], item["opened"]) for item in listed] == [(link["path"], 1)]


async def test_a_part_gives_nothing_of_the_rest(api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    made = await recorded(api, anna)
    link = await shared(anna, made, **{"from": 4.0, "to": 8.0})
    wider: dict[str, Any] = {"from": 0, "to": 12}
    page = (await look(visitor, link, **wider)).json()
    assert [segment["text"] for segment in page["segments"]] == ["bravo bravo bravo bravo"]
    assert [speaker["display"] for speaker in page["speakers"]] == ["Vera"]
    assert (page["start"], page["end"], page["minutes"]) == (4.0, 8.0, None)
    for name in FORMATS:
        for more in ({}, {"from": 0, "to": 12, "segments": "s0001,s0003"}):
            file = await look(visitor, link, "/exports", format=name, **more)
            assert file.status_code == 200, file.text
            text = plain(name, file.content)
            assert "bravo" in text or name == "rttm"
            for hidden in ("alpha", "secret", "Hidden", "hidden-name", "S1", "S3", made["id"]):
                assert hidden not in text, (name, hidden)
    media = (await look(visitor, link, "/media")).content
    assert seconds(media) == pytest.approx(4.0, abs=0.1)
    beyond = await visitor.get(
        "/api/v1/shared/media", params={"link": link["secret"]}, headers={"Range": f"bytes={len(media)}-"}
    )
    assert beyond.status_code == 416


def plain(name: str, data: bytes) -> str:
    if name != "docx":
        return data.decode()
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "".join(parts.read(part).decode() for part in parts.namelist() if "document" in part or "core" in part)


async def test_chosen_segments_leave_out_what_lies_between(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    made = await recorded(api, anna)
    read = (await anna.get(f"/api/v1/runs/{made['latest_run']['id']}/transcript")).json()
    first, _, third = [segment["id"] for segment in read["segments"]]
    link = await shared(anna, made, segments=[first, third], audio=False)
    page = (await look(visitor, link)).json()
    assert [segment["id"] for segment in page["segments"]] == [first, third]
    assert "Vera" not in json.dumps(page)
    heard = {"audio": True, "segments": [first, third]}
    refused = await anna.post(f"/api/v1/runs/{made['latest_run']['id']}/links", json=heard)
    assert (refused.status_code, refused.json()["code"]) == (416, "request.range")


async def edited(api: Api, client: httpx.AsyncClient, made: dict[str, Any], *operations: dict[str, Any]) -> None:
    """Apply these, as if all stages were over."""
    run_id = made["latest_run"]["id"]
    async with api.runtime.database.begin() as session:
        await session.execute(update(StageRun).where(StageRun.run_id == UUID(run_id)).values(state="done"))
    version = (await client.get(f"/api/v1/runs/{run_id}/transcript")).json()["version"]
    changes = [{"id": str(uuid4()), "operations": list(operations)}]
    answer = await client.post(f"/api/v1/runs/{run_id}/changes", json={"base_version": version, "changes": changes})
    assert answer.status_code == 200, answer.text


async def test_what_is_merged_into_a_part_later_is_not_shown(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    made = await recorded(api, anna)
    read = (await anna.get(f"/api/v1/runs/{made['latest_run']['id']}/transcript")).json()
    first, second, third = [segment["id"] for segment in read["segments"]]
    outer = await shared(anna, made, segments=[first, third], audio=False)
    inner = await shared(anna, made, segments=[second], audio=False)
    merge = {"type": "merge", "at": 4, "ends": [4.0, 4.0], "segment": first, "next": second, "next_speaker": "S2"}
    split = {
        "type": "split",
        "at": 2,
        "ends": [10.0, 10.0],
        "segment": third,
        "new_segment": "n1",
        "speaker_after": "S3",
    }
    await edited(api, anna, made, merge, split)
    shown = [segment["text"] for segment in (await look(visitor, outer)).json()["segments"]]
    assert shown == ["alpha alpha alpha alpha", "secret words", "are here"]
    page = (await look(visitor, inner)).json()
    assert [(one["text"], one["start"], one["end"]) for one in page["segments"]] == [
        ("bravo bravo bravo bravo", 4.0, 8.0)
    ]
    back = {
        "type": "split",
        "at": 4,
        "ends": [4.0, 4.0],
        "segment": first,
        "new_segment": second,
        "speaker_after": "S2",
    }
    await edited(api, anna, made, back)
    shown = [segment["id"] for segment in (await look(visitor, outer)).json()["segments"]]
    assert shown == [first, third, "n1"]


async def test_the_sound_of_the_whole_tells_nothing_of_its_file(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient, tmp_path: Path
) -> None:
    tagged = tmp_path / "tagged.ogg"
    tags = ["-metadata", "title=Secret title", "-metadata", "location=+55.7558+037.6173/"]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(MEETING), "-c", "copy", *tags, str(tagged)]
    await to_thread.run_sync(partial(subprocess.run, command, check=True))
    made = await recorded(api, anna, tagged.read_bytes())
    link, again = [await shared(anna, made) for _ in range(2)]
    whole = await look(visitor, link, "/media")
    assert b"Secret title" in tagged.read_bytes()
    assert b"Secret title" not in whole.content
    assert b"+55.7558" not in whole.content
    assert whole.headers["content-type"] == "audio/ogg"
    assert abs(seconds(whole.content) - seconds(tagged.read_bytes())) < 0.05
    middle = {"Range": "bytes=1000-1999"}
    part = await visitor.get("/api/v1/shared/media", params={"link": again["secret"]}, headers=middle)
    assert (part.status_code, part.content) == (206, whole.content[1000:2000])


async def test_peaks_of_a_part_are_of_nothing_else(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    made = await recorded(api, anna)
    loudness = [number / 100 for number in range(24)]  # one for each half second
    facts = MediaFacts("ogg", "opus", 12.0, 48_000, 1)
    prepared = Prepared(12.0, facts, Loudness(-20.0, -1.0, 5.0, -30.0), (), tuple(loudness), 0.5)
    key = f"runs/{made['latest_run']['id']}/preprocess.json"
    async with api.runtime.database.begin() as session:
        await api.runtime.vault.put(session, key, artifacts.dump(prepared))
        stage = (StageRun.run_id == UUID(made["latest_run"]["id"]), StageRun.stage == Stage.PREPROCESS)
        await session.execute(update(StageRun).where(*stage).values(artifact=key))
    for bounds, shown in (((4.0, 8.0), loudness[8:16]), ((4.2, 8.2), loudness[9:16]), ((4.1, 4.4), [])):
        link = await shared(anna, made, **{"from": bounds[0], "to": bounds[1]})
        assert (await look(visitor, link, "/peaks")).json() == {"interval_seconds": 0.5, "peaks": shown}
    assert (await look(visitor, await shared(anna, made), "/peaks")).json()["peaks"] == loudness


async def test_a_pass_is_good_for_twelve_hours(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await shared(anna, await recorded(api, anna), password="opensesame", days=2)
    unlock = {"link": link["secret"], "password": "opensesame"}
    passed = (await visitor.post("/api/v1/shared/unlock", json=unlock)).json()["passed"]
    now = time.time()
    for hours, status in ((11.9, 200), (12.1, 403)):
        monkeypatch.setattr(sharing, "time", SimpleNamespace(time=lambda hours=hours: now + hours * 3600))
        assert (await look(visitor, link, **{"pass": passed})).status_code == status


async def test_without_sound_nothing_is_heard(api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    made = await recorded(api, anna)
    for wish in ({}, {"from": 4.0, "to": 8.0}):
        link = await shared(anna, made, audio=False, **wish)
        assert (await look(visitor, link)).json()["audio"] is False
        assert (await look(visitor, link, "/media")).status_code == 404
        assert (await look(visitor, link, "/peaks")).status_code == 404
    for address in ("media", "peaks", "transcript", "clip?from=0&to=1", "links"):
        answer = await visitor.get(f"/api/v1/recordings/{made['id']}/{address}", params={"link": link["secret"]})
        assert answer.status_code == 401, address


async def test_a_password_keeps_everything_shut(api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    made = await recorded(api, anna)
    link, other = [await shared(anna, made, password=password) for password in ("opensesame", "another")]
    everything = ("", "/media", "/peaks", "/exports")
    for passed in (None, "", "9999999999.", "9999999999." + "0" * 32, "²." + "0" * 32, "-1.x", "é.é"):
        for what in everything:
            params = {"format": "txt", **({"pass": passed} if passed is not None else {})}
            assert (await look(visitor, link, what, **params)).json()["code"] == "share.locked", (what, passed)
    unlock = {"link": link["secret"], "password": "wrong"}
    assert (await visitor.post("/api/v1/shared/unlock", json=unlock)).json()["code"] == "share.password"
    good = await visitor.post("/api/v1/shared/unlock", json={**unlock, "password": "opensesame"})
    passed = good.json()["passed"]
    assert (await look(visitor, link, **{"pass": passed})).status_code == 200
    assert (await look(visitor, link, "/media", **{"pass": passed})).status_code == 200
    later = f"{int(passed.split('.')[0]) + 1}.{passed.split('.')[1]}"
    assert (await look(visitor, link, **{"pass": later})).json()["code"] == "share.locked"
    assert (await look(visitor, other, **{"pass": passed})).json()["code"] == "share.locked"


async def test_passwords_cannot_be_guessed_quickly(
    api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    link = await shared(anna, await recorded(api, anna), password="opensesame")
    codes = []
    for number in range(12):
        body = {"link": link["secret"], "password": f"guess{number}"}
        codes.append((await visitor.post("/api/v1/shared/unlock", json=body)).json()["code"])
    assert codes == ["share.password"] * 10 + ["request.too_many"] * 2
    late = await visitor.post("/api/v1/shared/unlock", json={"link": link["secret"], "password": "opensesame"})
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 600


async def test_what_is_over_or_revoked_shows_nothing(
    api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    made = await recorded(api, anna)
    gone, revoked, orphan = [await shared(anna, made, **{"from": 4.0, "to": 8.0}) for _ in range(3)]
    async with api.runtime.database.begin() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(ShareLink).where(ShareLink.id == UUID(gone["id"])).values(expires_at=past))
    assert (await boris.delete(f"/api/v1/links/{revoked['id']}")).status_code == 404
    assert (await anna.delete(f"/api/v1/links/{revoked['id']}")).status_code == 204
    for what in ("", "/media", "/peaks", "/exports"):
        assert (await look(visitor, gone, what, format="txt")).json()["code"] == "share.gone"
        assert (await look(visitor, revoked, what, format="txt")).json()["code"] == "not_found"
    async with api.runtime.database.begin() as session:
        await session.execute(update(User).where(User.name == "anna").values(blocked_at=datetime.now(UTC)))
    assert (await look(visitor, orphan)).json()["code"] == "not_found"


async def test_secrets_cannot_be_made_up(api: Api, anna: httpx.AsyncClient, visitor: httpx.AsyncClient) -> None:
    link = await shared(anna, await recorded(api, anna))
    secret = link["secret"]
    for wrong in ("", "x", secret[:-2], secret + "A", secret[:30] + "AAAA" + secret[34:], link["id"], "é" * 20, "\x00"):
        assert (await look(visitor, {"secret": wrong})).status_code == 404, wrong


async def test_only_the_owner_shares_and_cuts(api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient) -> None:
    made = await recorded(api, anna)
    run = f"/api/v1/runs/{made['latest_run']['id']}"
    assert (await boris.post(f"{run}/links", json={"audio": False})).status_code == 404
    assert (await boris.get(f"{run}/cues")).status_code == 404
    assert (await boris.get(f"/api/v1/recordings/{made['id']}/links")).status_code == 404
    clip = f"/api/v1/recordings/{made['id']}/clip"
    assert (await boris.get(clip, params={"from": 0, "to": 1})).status_code == 404
    for name in ("m4a", "wav"):
        cut = await anna.get(clip, params={"from": 1.25, "to": 3.75, "format": name})
        assert seconds(cut.content) == pytest.approx(2.5, abs=0.05)
    for start, end in ((5, 5), (5, 4), (0, 1e9), (0, "nan")):
        params = {"from": start, "to": end}
        assert (await anna.get(clip, params=params)).status_code in (416, 422), params
    lines = (await anna.get(f"{run}/cues")).json()
    assert lines[0]["lines"] == ["alpha alpha alpha alpha"]


async def test_a_link_needs_sense(api: Api, anna: httpx.AsyncClient) -> None:
    made = await recorded(api, anna)
    wishes: tuple[dict[str, Any], ...] = (
        {"from": 1},
        {"from": 5, "to": 4},
        {"segments": ["nothing"]},
        {"days": 0},
        {"days": 366},
        {"password": "abc"},
    )
    for wish in wishes:
        answer = await anna.post(f"/api/v1/runs/{made['latest_run']['id']}/links", json={"audio": False, **wish})
        assert answer.status_code in (416, 422), wish
