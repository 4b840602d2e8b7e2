"""People find their recordings again."""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Recording, Run, SegmentRow, TranscriptRow
from stenogram.storage.repositories import Users
from tests.integration.bot.scene import Scene, has_result
from tests.integration.bot.talk import alert, answered, labels, next_message, said, says, tapped, taps
from tests.telegram_stub import Message, Person


def keeps(scene: Scene, person: Person, *recordings: tuple[str, Sequence[str]], state: str = "done") -> list[UUID]:
    """The person has these recordings, a title and what is said in each, the oldest first."""

    async def add(session: AsyncSession) -> list[UUID]:
        owner = await Users(session).by_telegram(person.id)
        assert owner is not None
        return [await _add(session, owner.id, title, phrases, state) for title, phrases in recordings]

    return scene.bed.inside(add)


async def _add(session: AsyncSession, owner_id: UUID, title: str, phrases: Sequence[str], state: str) -> UUID:
    now = await session.scalar(select(func.clock_timestamp()))
    recording = Recording(
        owner_id=owner_id,
        title=title,
        file_name=f"{title}.ogg",
        content_type="audio/ogg",
        size=1,
        sha256=title.encode(),
        duration=10.0 * len(phrases),
        created_at=now,
    )
    session.add(recording)
    await session.flush()
    run = Run(recording_id=recording.id, state=state)
    session.add(run)
    await session.flush()
    if state == "done":
        session.add(TranscriptRow(run_id=run.id, duration=60.0, language="ru", language_probability=0.98))
        await session.flush()
        session.add_all(
            SegmentRow(
                run_id=run.id,
                id=f"s{n}",
                position=n,
                start=n * 10.0,
                end=n * 10 + 9.0,
                text=text,
                words=[[text, n * 10.0, n * 10 + 9.0, 0.9]],
            )
            for n, text in enumerate(phrases)
        )
    return recording.id


def enters(scene: Scene, person: Person) -> Person:
    """Known to the bot from now on."""
    says(scene, person, "/help")
    return person


def bold(message: Message) -> list[str]:
    """What is set in bold, in order."""
    text = message.text.encode("utf-16-le")
    return [
        text[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in message.entities
        if entity["type"] == "bold"
    ]


def test_the_list_has_pages_and_each_opens_its_card(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, *[(f"Планёрка {number}", ["Начали."]) for number in range(1, 11)])
    shown = says(scene, anna, "/history")
    assert said(shown).startswith("Мои записи · 10 записей\n\n1. ✅ Планёрка 10\n")
    assert shown.buttons[:3] == [["1", "2", "3", "4"], ["5", "6", "7", "8"], ["1 из 2", "›"]]
    taps(scene, anna, shown, "›")
    assert said(shown).count("✅") == 2
    assert shown.buttons[:2] == [["1", "2"], ["‹", "2 из 2"]]
    anna.presses(shown, "2")
    card = next_message(scene, shown, has_result)
    assert "Планёрка 1" in bold(card)
    assert "Начали." in card.text
    tapped(scene, anna, shown, "2 из 2")  # the page that is shown
    assert "Планёрка 10" in taps(scene, anna, shown, "‹").text


def test_states_and_dates(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, ("Готова", ["Да"]))
    keeps(scene, anna, ("В работе", ["Да"]), state="running")
    (failed,) = keeps(scene, anna, ("Не вышла", ["Да"]), state="dead")

    async def long_ago(session: AsyncSession) -> None:
        past = {"created_at": func.now() - timedelta(days=800)}
        await session.execute(update(Recording).where(Recording.id == failed).values(past))

    scene.bed.inside(long_ago)
    shown = says(scene, anna, "/history")
    lines = said(shown).splitlines()
    assert [line for line in lines if line[:2] in ("1.", "2.", "3.")] == [
        "1. ⏳ В работе",
        "2. ✅ Готова",
        "3. ❌ Не вышла",
    ]
    assert lines[-1].endswith("· 0:10")
    assert re.search(r" 20\d\d\b", lines[-1])  # its year
    assert alert(tapped(scene, anna, shown, "1"))  # not yet


def test_an_empty_list_says_what_to_do(scene: Scene) -> None:
    shown = says(scene, scene.person(), "/history")
    assert (said(shown), shown.buttons) == (
        "Записей пока нет. Пришлите голосовое, аудио, видео или ссылку на файл.",
        [],
    )


def test_a_search_shows_moments_and_opens_recordings(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, ("Планёрка", ["Доброе утро.", "Обсудим <договоры> аренды & склад.", "Договор за мной."]))
    keeps(scene, anna, ("Договор с подрядчиком", ["Ни слова о нём."]), ("Прочее", ["Пусто."]))
    shown = says(scene, anna, "/search договор")
    assert said(shown).startswith("Поиск: договор · 2 записи\n\n1. Договор с подрядчиком · ")
    assert "0:10 Обсудим <договоры> аренды & склад.\n0:20 Договор за мной." in said(shown)
    assert bold(shown) == ["Поиск: договор", "Договор с подрядчиком", "Планёрка", "договоры", "Договор"]
    anna.presses(shown, "2")
    assert "Доброе утро." in next_message(scene, shown, has_result).text


def test_pages_of_a_search_and_the_word_asked_for(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, *[(f"Звонок {number}", ["Про смету"] * 5) for number in range(7)])
    listed = says(scene, anna, "/history")
    anna.presses(listed, "🔍 Найти в записях")
    question = next_message(scene, listed, lambda m: "Ответьте словом" in m.text)
    shown = says(scene, anna, "  сметы ")
    assert shown.id > question.id
    assert said(shown).startswith("Поиск: сметы · 7 записей")
    assert "и ещё 2 места" in said(shown)
    assert shown.buttons[0] == ["1", "2", "3", "4", "5"]
    assert "Звонок 0" in taps(scene, anna, shown, "›").text
    assert "Звонок 6" in taps(scene, anna, shown, "‹").text
    assert says(scene, anna, "сметы").text.startswith("Я превращаю")  # asked for once


def test_a_page_of_a_search_whose_question_is_deleted(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, *[(f"Звонок {number}", ["Про смету"]) for number in range(7)])
    sent = anna.sends_text("/search смета")
    shown = next_message(scene, sent, lambda _: True)
    shown.reply_to = None
    assert "не действует" in alert(answered(scene, anna.presses(shown, "›")))


def test_nothing_found_says_what_to_try(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, ("Планёрка", ["Доброе утро."]))
    shown = says(scene, anna, "/search <кот>")
    assert said(shown).startswith("По запросу «<кот>» ничего не нашлось\n\nУберите лишние слова")
    assert labels(shown) == ["🔍 Искать другое"]
    assert "искать нечего" in says(scene, anna, "/search и -утро").text


def test_nobody_finds_what_others_said(scene: Scene) -> None:
    anna, boris = enters(scene, scene.person()), enters(scene, scene.person("Борис"))
    keeps(scene, boris, ("Тайное", ["Пароль от сейфа"]))
    assert "ничего не нашлось" in says(scene, anna, "/search пароль").text
    assert "Записей пока нет" in says(scene, anna, "/history").text
    theirs = says(scene, boris, "/history")
    forged = str(theirs.button("1")["callback_data"])
    mine = says(scene, anna, "/search пароль")
    assert alert(answered(scene, anna.presses_stale(mine, forged)))
    assert anna.messages[-1] is mine


def test_a_recording_that_was_sent_is_found_by_what_is_said_in_it(scene: Scene) -> None:
    anna = scene.person()
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))
    shown = says(scene, anna, "/search hello")
    assert "Hello" in bold(shown)
    assert says(scene, anna, "/history").text.count("✅") == 1


def test_in_english(scene: Scene) -> None:
    john = enters(scene, scene.person("John", "en"))
    keeps(scene, john, ("Stand-up", ["We released the new version."]))
    assert said(says(scene, john, "/history")).startswith("My recordings · 1 recording\n\n1. ✅ Stand-up\n")
    shown = says(scene, john, "/search “new versions”")
    assert bold(shown)[1:] == ["Stand-up", "new", "version"]
    assert said(says(scene, john, "/search cat")).startswith("Nothing was found for “cat”")
