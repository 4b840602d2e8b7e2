"""The library over the API: what is said in it, folders, tags, filters, orders, many at once."""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from stenogram.services.library import MANY
from stenogram.storage.library_models import Tag
from stenogram.storage.models import Recording, Run, SegmentRow, SpeakerRow, StageRun, TranscriptRow
from tests.integration.api.conftest import Api

START = datetime(2026, 3, 1, tzinfo=UTC)


async def owner(client: httpx.AsyncClient) -> UUID:
    return UUID((await client.get("/api/v1/me")).json()["id"])


async def record(
    api: Api,
    client: httpx.AsyncClient,
    title: str,
    said: Sequence[tuple[str, str]] = (),
    *,
    day: int = 0,
    language: str = "ru",
    state: str = "done",
    size: int = 1,
) -> str:
    """``said``: who, and what, a segment every ten seconds."""
    owner_id = await owner(client)
    async with api.runtime.database.begin() as session:
        recording = Recording(
            owner_id=owner_id,
            title=title,
            file_name="a.ogg",
            content_type="audio/ogg",
            size=size,
            sha256=b"",
            duration=60.0 * (day + 1),
            created_at=START + timedelta(days=day),
        )
        session.add(recording)
        await session.flush()
        run = Run(recording_id=recording.id, state=state, language=language)
        session.add(run)
        await session.flush()
        session.add(StageRun(run_id=run.id, stage="transcribe", position=1, state="done"))
        session.add(TranscriptRow(run_id=run.id, duration=60.0, language=language, language_probability=1.0))
        names = list(dict.fromkeys(name for name, _ in said))
        session.add_all(
            SpeakerRow(run_id=run.id, label=f"S{place}", name=name, position=place) for place, name in enumerate(names)
        )
        session.add_all(
            SegmentRow(
                run_id=run.id,
                id=f"s{place}",
                position=place,
                speaker=f"S{names.index(name)}",
                start=place * 10.0,
                end=place * 10 + 9.0,
                text=text,
                words=[[text, place * 10.0, place * 10 + 9.0, 1.0]],
            )
            for place, (name, text) in enumerate(said)
        )
        return str(recording.id)


async def search(client: httpx.AsyncClient, query: str, **params: Any) -> dict[str, Any]:
    answer = await client.get("/api/v1/search", params={"q": query, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(found: dict[str, Any]) -> list[str]:
    return ["".join(part["text"] for part in item["title"]) for item in found["items"]]


async def listed(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/api/v1/recordings", params=params)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] >= len(page["items"])
    return [item["title"] for item in page["items"]]


async def test_a_search_is_grouped_ranked_and_says_when_and_who(api: Api, anna: httpx.AsyncClient) -> None:
    await record(api, anna, "Новая", [("Иван", "Договор подписан")], day=2)
    await record(api, anna, "Часто", [("Иван", "О погоде"), *[("Пётр", f"Договор номер {n}") for n in range(9)]])
    found = await search(anna, "договоры")
    assert titles(found) == ["Часто", "Новая"]
    assert titles(await search(anna, "договоры", sort="newest")) == ["Новая", "Часто"]
    often = found["items"][0]
    assert (often["times"], len(often["hits"]), found["total"], found["complete"]) == (9, 3, 2, True)
    assert (often["hits"][0]["start"], often["hits"][0]["speaker"]) == (10.0, "Пётр")
    assert [part["text"] for part in often["hits"][0]["fragment"] if part["found"]] == ["Договор"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("перего", ["Звонок"]),
        ("обсудим перегов", ["Звонок"]),
        ("дого", ["Договор"]),
        ("звонок -перегов", ["Звонок"]),
        ('"обсудим перегов', []),
        ("пе", []),
    ],
)
async def test_the_last_word_may_be_begun_only(
    api: Api, anna: httpx.AsyncClient, query: str, expected: list[str]
) -> None:
    await record(api, anna, "Звонок", [("Иван", "Обсудим переговоры")])
    await record(api, anna, "Договор")
    assert titles(await search(anna, query, typing=True)) == expected


async def test_a_begun_word_is_a_whole_one_when_typing_is_over(api: Api, anna: httpx.AsyncClient) -> None:
    await record(api, anna, "Звонок", [("Иван", "Обсудим переговоры")])
    assert titles(await search(anna, "перего")) == []


async def test_only_what_somebody_says(api: Api, anna: httpx.AsyncClient) -> None:
    await record(api, anna, "Первая", [("Иван", "Цена выросла"), ("Пётр", "Цена упала")])
    await record(api, anna, "Цена", [("Пётр", "О погоде")])
    found = await search(anna, "цена", speaker="иван")
    assert titles(found) == ["Первая"]
    assert [hit["start"] for hit in found["items"][0]["hits"]] == [0.0]
    assert titles(await search(anna, '"цена упала"', speaker="Пётр")) == ["Первая"]


async def test_what_changes_is_found_anew(api: Api, anna: httpx.AsyncClient) -> None:
    recording = await record(api, anna, "Звонок", [("Иван", "Старое слово")])
    assert titles(await search(anna, "старое")) == ["Звонок"]
    assert (await anna.patch(f"/api/v1/recordings/{recording}", json={"title": "Созвон"})).status_code == 200
    async with api.runtime.database.begin() as session:
        run = (await anna.get(f"/api/v1/recordings/{recording}")).json()["latest_run"]["id"]
        segment = await session.get(SegmentRow, (UUID(run), "s0"))
        assert segment is not None
        segment.text = "Новое слово"
        speaker = await session.get(SpeakerRow, (UUID(run), "S0"))
        assert speaker is not None
        speaker.name = "Мария"
    assert titles(await search(anna, "старое")) == []
    assert titles(await search(anna, "новое", speaker="Мария")) == ["Созвон"]
    assert titles(await search(anna, "новое", speaker="Иван")) == []
    await anna.delete(f"/api/v1/recordings/{recording}")
    assert titles(await search(anna, "новое")) == []


async def test_long_recordings_are_found_to_their_end(api: Api, anna: httpx.AsyncClient) -> None:
    said = [("Иван", f"Слово {'якорь' if n in (0, 1022, 1023, 2500) else 'мимо'}") for n in range(2501)]
    await record(api, anna, "Пять часов", said)
    found = await search(anna, "якорь")
    assert found["items"][0]["times"] == 4
    assert [hit["start"] for hit in found["items"][0]["hits"]] == [0.0, 10220.0, 10230.0]
    assert (await search(anna, "слово -мимо"))["items"][0]["times"] == 4


async def test_nobody_else_finds_it(api: Api, anna: httpx.AsyncClient, boris: httpx.AsyncClient) -> None:
    recording = await record(api, anna, "Тайна", [("Иван", "Секретный договор")])
    folder = (await anna.post("/api/v1/library/folders", json={"name": "Дела"})).json()["id"]
    tag = (await anna.post("/api/v1/library/tags", json={"name": "важно"})).json()["id"]
    assert titles(await search(boris, "договор")) == []
    assert await listed(boris) == []
    overview = (await boris.get("/api/v1/library")).json()
    assert (overview["recordings"], overview["folders"], overview["tags"], overview["speakers"]) == (0, [], [], [])
    for path, body in (
        ("move", {"recordings": [recording], "folder": None}),
        ("move", {"recordings": [recording], "folder": folder}),
        ("tag", {"recordings": [recording], "add": [tag]}),
        ("export", {"recordings": [recording], "formats": ["txt"]}),
    ):
        assert (await boris.post(f"/api/v1/library/{path}", json=body)).json()["code"] == "not_found", path
    for path in (f"folders/{folder}", f"tags/{tag}"):
        assert (await boris.patch(f"/api/v1/library/{path}", json={"name": "x"})).status_code == 404
        assert (await boris.delete(f"/api/v1/library/{path}")).status_code == 404
    assert (await boris.post("/api/v1/library/delete", json={"recordings": [recording]})).json() == {"deleted": 0}
    assert await listed(anna) == ["Тайна"]


async def test_folders_and_tags(api: Api, anna: httpx.AsyncClient) -> None:
    one, other = await record(api, anna, "Первая"), await record(api, anna, "Вторая", day=1)
    folder = (await anna.post("/api/v1/library/folders", json={"name": " Дела  года "})).json()
    assert (folder["name"], folder["recordings"]) == ("Дела года", 0)
    again = await anna.post("/api/v1/library/folders", json={"name": "дела ГОДА"})
    assert (again.status_code, again.json()["code"]) == (409, "library.name_taken")
    moved = await anna.post("/api/v1/library/move", json={"recordings": [one, one], "folder": folder["id"]})
    assert moved.status_code == 204
    assert await listed(anna, folder=folder["id"]) == ["Первая"]
    assert await listed(anna, unfiled=True) == ["Вторая"]

    tags = [(await anna.post("/api/v1/library/tags", json={"name": name})).json()["id"] for name in ("б", "а")]
    await anna.post("/api/v1/library/tag", json={"recordings": [one, other], "add": tags})
    await anna.post("/api/v1/library/tag", json={"recordings": [other], "remove": [tags[0]]})
    assert await listed(anna, tag=tags) == ["Первая"]
    assert await listed(anna, tag=[tags[1]]) == ["Вторая", "Первая"]
    shown = (await anna.get(f"/api/v1/recordings/{one}")).json()
    assert (shown["folder_id"], shown["tag_ids"]) == (folder["id"], tags[::-1])

    overview = (await anna.get("/api/v1/library")).json()
    assert [(item["name"], item["recordings"]) for item in overview["folders"]] == [("Дела года", 1)]
    assert [(item["name"], item["recordings"]) for item in overview["tags"]] == [("а", 2), ("б", 1)]
    assert (overview["recordings"], overview["seconds"], overview["size"]) == (2, 180.0, 2)

    assert (await anna.patch(f"/api/v1/library/tags/{tags[0]}", json={"name": "А"})).status_code == 409
    assert (await anna.patch(f"/api/v1/library/tags/{tags[0]}", json={"name": "Б"})).status_code == 204
    assert (await anna.delete(f"/api/v1/library/folders/{folder['id']}")).status_code == 204
    assert await listed(anna, unfiled=True) == ["Вторая", "Первая"]


async def test_of_two_folders_of_one_name_made_at_once_one_stays(api: Api, anna: httpx.AsyncClient) -> None:
    made = [anna.post("/api/v1/library/folders", json={"name": "Дела"}) for _ in range(8)]
    statuses = [answer.status_code for answer in await asyncio.gather(*made)]
    assert sorted(statuses) == [201, *[409] * 7]
    other = (await anna.post("/api/v1/library/folders", json={"name": "Иное"})).json()["id"]
    third = (await anna.post("/api/v1/library/folders", json={"name": "Третье"})).json()["id"]
    named = [anna.patch(f"/api/v1/library/folders/{one}", json={"name": "Одно"}) for one in (other, third)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*named)) == [204, 409]


async def test_as_many_recordings_as_are_allowed_get_as_many_tags(api: Api, anna: httpx.AsyncClient) -> None:
    owner_id = await owner(anna)
    async with api.runtime.database.begin() as session:
        given = {"owner_id": owner_id, "file_name": "a.ogg", "content_type": "audio/ogg", "size": 1, "sha256": b""}
        recordings = [Recording(**given, title=str(number)) for number in range(MANY)]
        tags = [Tag(owner_id=owner_id, name=str(number)) for number in range(50)]
        session.add_all([*recordings, *tags])
    wanted = {"recordings": [str(one.id) for one in recordings], "add": [str(tag.id) for tag in tags]}
    assert (await anna.post("/api/v1/library/tag", json=wanted)).status_code == 204
    assert (await anna.post("/api/v1/library/tag", json=wanted)).status_code == 204  # twice is once
    overview = (await anna.get("/api/v1/library")).json()
    assert [item["recordings"] for item in overview["tags"]] == [MANY] * 50


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_text_with_a_nul_is_refused(api: Api, language: str) -> None:
    async with api.client(await api.token(), language) as anna:
        answers = [
            await anna.get("/api/v1/recordings", params={"title": "a\0"}),
            await anna.post("/api/v1/glossary", json={"term": "a\0b"}),
        ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
        assert "NUL" in answer.json()["detail"]


async def test_filters(api: Api, anna: httpx.AsyncClient) -> None:
    await record(api, anna, "Meeting 100%", [("Иван", "Hello")], language="en", day=5)
    await record(api, anna, "Планёрка", [("Пётр", "Добрый день")], state="running")
    await anna.get("/api/v1/search", params={"q": "что-нибудь"})  # brings the speakers into the index
    for filters, expected in (
        ({"title": "100%"}, ["Meeting 100%"]),
        ({"title": "планёр"}, ["Планёрка"]),
        ({"title": "%"}, ["Meeting 100%"]),
        ({"language": "en"}, ["Meeting 100%"]),
        ({"state": "active"}, ["Планёрка"]),
        ({"state": "done"}, ["Meeting 100%"]),
        ({"state": "none"}, []),
        ({"speaker": "пётр"}, ["Планёрка"]),
        ({"since": "2026-03-03T00:00:00Z"}, ["Meeting 100%"]),
        ({"until": "2026-03-03T00:00:00Z"}, ["Планёрка"]),
        ({"language": "en", "state": "active"}, []),
    ):
        assert await listed(anna, **filters) == expected, filters
    assert titles(await search(anna, "hello", language="ru")) == []
    assert titles(await search(anna, "hello", language="en")) == ["Meeting 100%"]
    overview = (await anna.get("/api/v1/library")).json()
    assert (overview["languages"], overview["speakers"]) == (["en", "ru"], ["Иван", "Пётр"])


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["б", "А", "в"]),
        ("oldest", ["в", "А", "б"]),
        ("title", ["А", "б", "в"]),
        ("longest", ["б", "А", "в"]),
        ("largest", ["в", "б", "А"]),
    ],
)
async def test_orders_page_by_page(api: Api, anna: httpx.AsyncClient, sort: str, expected: list[str]) -> None:
    for day, (title, size) in enumerate((("в", 30), ("А", 10), ("б", 20))):
        await record(api, anna, title, day=day, size=size)
    assert await listed(anna, sort=sort) == expected
    seen, cursor = list[str](), None
    for _ in range(3):
        page = (await anna.get("/api/v1/recordings", params={"sort": sort, "limit": 1, "cursor": cursor or ""})).json()
        seen, cursor = seen + [item["title"] for item in page["items"]], page["next_cursor"]
        if cursor:
            assert page["total"] == 3
    assert (seen, cursor) == (expected, None)


async def test_a_cursor_of_another_order_is_refused(api: Api, anna: httpx.AsyncClient) -> None:
    for day in range(2):
        await record(api, anna, str(day), day=day)
    cursor = (await anna.get("/api/v1/recordings", params={"limit": 1})).json()["next_cursor"]
    wrong = await anna.get("/api/v1/recordings", params={"sort": "title", "cursor": cursor})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "request.invalid")


async def test_many_are_exported_as_one_zip(api: Api, anna: httpx.AsyncClient) -> None:
    one = await record(api, anna, "План/факт", [("Иван", "Раз")])
    other = await record(api, anna, "План/факт", [("Иван", "Два")])
    body = {"recordings": [one, other], "formats": ["txt", "srt"], "language": "ru"}
    answer = await anna.post("/api/v1/library/export", json=body)
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["План_факт (2).srt", "План_факт (2).txt", "План_факт.srt", "План_факт.txt"]
    assert "Раз" in archive.read("План_факт.txt").decode()
    assert "Два" in archive.read("План_факт (2).txt").decode()
    wrong = await anna.post("/api/v1/library/export", json={**body, "formats": ["exe"]})
    assert wrong.json()["code"] == "options.format"


async def test_many_are_deleted(api: Api, anna: httpx.AsyncClient) -> None:
    sent = [await record(api, anna, str(day), day=day) for day in range(3)]
    answer = await anna.post("/api/v1/library/delete", json={"recordings": [*sent[:2], str(uuid4())]})
    assert answer.json() == {"deleted": 2}
    assert await listed(anna) == ["2"]
