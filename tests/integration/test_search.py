"""What a person finds in their own recordings."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import search
from stenogram.services.search import Found, Hit, Part
from stenogram.storage import search_rows
from stenogram.storage.database import Database
from stenogram.storage.models import Recording, Run, SegmentRow, TranscriptRow, User
from stenogram.storage.search_rows import BEGIN, END

_numbers = count(1)
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
async def database(postgres_url: str) -> AsyncIterator[Database]:
    made = Database(postgres_url)
    yield made
    await made.dispose()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.session() as made:
        yield made


@pytest.fixture
async def anna(session: AsyncSession) -> User:
    return await person(session)


async def person(session: AsyncSession) -> User:
    user = User(name="Анна", role="user")
    session.add(user)
    await session.flush()
    return user


async def record(session: AsyncSession, owner: User, title: str, *segments: str) -> Recording:
    """Each newer than the one before; a segment every ten seconds."""
    number = next(_numbers)
    recording = Recording(
        owner_id=owner.id,
        title=title,
        file_name=f"{title}.ogg",
        content_type="audio/ogg",
        size=1,
        sha256=b"",
        duration=60.0,
        created_at=START + timedelta(hours=number),
    )
    session.add(recording)
    await session.flush()
    if segments:
        await transcribe(session, recording, segments)
    return recording


async def transcribe(session: AsyncSession, recording: Recording, segments: Sequence[str], minutes: int = 0) -> UUID:
    run = Run(recording_id=recording.id, state="done", created_at=START + timedelta(minutes=minutes))
    session.add(run)
    await session.flush()
    session.add(TranscriptRow(run_id=run.id, duration=60.0, language="ru", language_probability=1.0))
    await session.flush()
    session.add_all(
        SegmentRow(
            run_id=run.id, id=f"s{place}", position=place, start=place * 10.0, end=place * 10 + 9.0, text=text, words=[]
        )
        for place, text in enumerate(segments)
    )
    await session.flush()
    return run.id


async def titles(session: AsyncSession, owner: User, query: str) -> list[str]:
    page = await search.search(session, owner.id, query, 20)
    assert page.total == len(page.found)
    return ["".join(part.text for part in one.title) for one in page.found]


def marked(hit: Hit) -> str:
    return "".join(f"[{part.text}]" if part.found else part.text for part in hit.fragment)


def only(found: Sequence[Found]) -> Found:
    assert len(found) == 1
    return found[0]


async def test_any_form_of_a_word_is_found_with_its_moment(session: AsyncSession, anna: User) -> None:
    await record(session, anna, "Планёрка", "Доброе утро.", "Обсудим договоры аренды.", "Кто против?")
    found = only((await search.search(session, anna.id, "договор", 5)).found)
    assert [(hit.start, marked(hit)) for hit in found.hits] == [(10.0, "Обсудим [договоры] аренды.")]
    assert (found.times, found.duration, found.title) == (1, 60.0, (Part("Планёрка"),))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("аренда склад", ["первая"]),
        ("«аренда склада»", ["первая"]),
        ('"склада аренда"', []),
        ("аренда -склад", ["вторая"]),
        ("склад or офис", ["вторая", "первая"]),
        ("АРЕНДУ", ["вторая", "первая"]),
        ("ёлки", ["третья"]),
        ("елки", ["третья"]),
        ("releases", ["третья"]),
        ("кот", []),
    ],
)
async def test_queries(session: AsyncSession, anna: User, query: str, expected: list[str]) -> None:
    await record(session, anna, "третья", "Ёлка зелёная, the release is green")
    await record(session, anna, "первая", "Аренда склада подорожала")
    await record(session, anna, "вторая", "Аренда офиса")
    assert await titles(session, anna, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("дого", ["вторая", "первая"]),
        ("склад дого", ["первая"]),
        ("договор договор", ["вторая", "первая"]),
        ("договоренность", ["вторая"]),
        ("-склад дого", ["вторая"]),
        ("офис or склад дого", ["вторая", "первая"]),
        ("дог", ["третья", "вторая", "первая"]),
    ],
)
async def test_the_last_word_may_have_been_begun_only(
    session: AsyncSession, anna: User, query: str, expected: list[str]
) -> None:
    await record(session, anna, "первая", "Договор о складе")
    await record(session, anna, "вторая", "Договорённость об офисе, договор")
    await record(session, anna, "третья", "Догнать и перегнать")
    page = await search.search(session, anna.id, query, 20, scope=search.Scope(typing=True))
    assert ["".join(part.text for part in one.title) for one in page.found] == expected
    assert page.complete


async def test_a_beginning_of_too_many_words_says_that_there_may_be_more(
    session: AsyncSession, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in ("договор", "догнать", "догадка"):
        await record(session, anna, word, word)
    monkeypatch.setattr(search_rows, "BEGUN", 2)
    page = await search.search(session, anna.id, "дог", 20, scope=search.Scope(typing=True))
    assert 0 < page.total < 3
    assert not page.complete


@pytest.mark.parametrize("query", ["", "  ", "и в на", "-договор", "\0", "!!!", '"'])
async def test_a_query_without_a_word_has_no_sense(session: AsyncSession, anna: User, query: str) -> None:
    await record(session, anna, "Договор", "Договор и точка")
    page = await search.search(session, anna.id, query, 5)
    assert (page.found, page.total, page.sensible) == ((), 0, False)


HOSTILE = ("a:*&|!()<->", "'; DROP TABLE users; --", "ктоэто" * 500, "\x00\ue010")


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
async def test_nothing_that_is_typed_breaks_it(session: AsyncSession, anna: User, query: str) -> None:
    assert (await search.search(session, anna.id, query, 5)).found == ()


async def test_nobody_elses_recordings_are_found(session: AsyncSession, anna: User) -> None:
    boris = await person(session)
    await record(session, boris, "Договор Бориса", "Договор подписан")
    assert await titles(session, anna, "договор") == []
    assert await titles(session, boris, "договор") == ["Договор Бориса"]
    assert (await search.latest(session, anna.id, 5)).found == ()
    assert (await search.history(session, anna.id, 5))[1] == 0
    assert await search.size(session, boris.id) == (1, 60.0)


async def test_titles_match_too(session: AsyncSession, anna: User) -> None:
    await record(session, anna, "Интервью с директором")
    found = only((await search.search(session, anna.id, "интервью директор", 5)).found)
    assert [part.text for part in found.title if part.found] == ["Интервью", "директором"]
    assert (found.hits, found.times) == ((), 0)


async def test_only_the_newest_transcript_counts(session: AsyncSession, anna: User) -> None:
    recording = await record(session, anna, "Звонок", "Старый договор")
    await transcribe(session, recording, ["Новый разговор"], minutes=5)
    assert await titles(session, anna, "договор") == []
    assert await titles(session, anna, "разговор") == ["Звонок"]


async def test_the_best_moments_come_first_and_all_are_counted(session: AsyncSession, anna: User) -> None:
    await record(session, anna, "Суд", *["Договор"] * 2, "Договор, договор и ещё договор", *["Договор"] * 4)
    found = only((await search.search(session, anna.id, "договор", 5)).found)
    assert [hit.start for hit in found.hits] == [20.0, 0.0, 10.0]
    assert found.times == 7


async def test_a_long_segment_is_cut_around_the_word(session: AsyncSession, anna: User) -> None:
    words = " ".join(f"слово{number}" for number in range(60))
    await record(session, anna, "Лекция", f"{words} договор {words}")
    hit = only((await search.search(session, anna.id, "договор", 5)).found).hits[0]
    assert marked(hit).startswith("…")
    assert marked(hit).endswith("…")
    assert "[договор]" in marked(hit)
    assert len(marked(hit).split()) <= 30


async def test_marks_and_html_in_a_text_are_text(session: AsyncSession, anna: User) -> None:
    await record(session, anna, "Код <договор>", f"тег <b>договор</b> {BEGIN}и{END} & точка < запятая")
    found = only((await search.search(session, anna.id, "договор", 5)).found)
    assert marked(found.hits[0]) == "тег <b>[договор]</b> и & точка < запятая"
    assert [part.text for part in found.title] == ["Код <", "договор", ">"]


async def test_pages(session: AsyncSession, anna: User) -> None:
    for number in range(5):
        await record(session, anna, f"Запись {number}", "Договор")
    first, second, beyond = [await search.search(session, anna.id, "договор", 2, offset) for offset in (0, 2, 8)]
    assert [page.total for page in (first, second, beyond)] == [5, 5, 5]
    assert ["".join(part.text for part in one.title) for one in (*first.found, *second.found)] == [
        "Запись 4",
        "Запись 3",
        "Запись 2",
        "Запись 1",
    ]
    assert beyond.found == ()


async def test_history_has_the_newest_run_of_each(session: AsyncSession, anna: User) -> None:
    await record(session, anna, "без запуска")
    recording = await record(session, anna, "с двумя", "Раз")
    newest = await transcribe(session, recording, ["Два"], minutes=5)
    listed, total = await search.history(session, anna.id, 8)
    assert total == 2
    assert [(one.recording.title, one.run.id if one.run else None) for one in listed] == [
        ("с двумя", newest),
        ("без запуска", None),
    ]


async def test_the_latest_begin_with_their_first_words(session: AsyncSession, anna: User) -> None:
    await record(session, anna, "пустая")
    await record(session, anna, "с текстом", "Начало.", "Конец.")
    page = await search.latest(session, anna.id, 5)
    assert [[marked(hit) for hit in one.hits] for one in page.found] == [["Начало."], []]
