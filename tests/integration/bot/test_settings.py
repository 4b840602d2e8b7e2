"""People change what they prefer, in one menu."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import users
from stenogram.services.users import Preferences
from stenogram.storage.models import Run, User
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_models import TelegramPost
from tests.integration.bot.scene import Scene
from tests.integration.bot.talk import alert, answered, labels, says, taps
from tests.processes import eventually
from tests.telegram_stub import Person


def known(scene: Scene, person: Person) -> User:
    async def find(session: AsyncSession) -> User:
        found = await Users(session).by_telegram(person.id)
        assert found is not None
        return found

    return scene.bed.inside(find)


def preferred(scene: Scene, person: Person) -> Preferences:
    return users.preferences(known(scene, person), scene.bed.settings)


def test_every_button_shows_its_value_and_changes_in_place(scene: Scene) -> None:
    anna = scene.person()
    menu = says(scene, anna, "/settings")
    assert menu.text.startswith("Настройки")
    assert labels(menu) == [
        "🌐 Язык бота: русский",
        "Язык речи: авто",
        "Качество: точнее",
        "Голоса: различать",
        "Говорящих: авто",
        "Шум: не трогать",
        "Хранить: пока не удалю",
        "Оповещать: да",
        "Тихий режим: нет",
        "Файл: DOCX",
        "Часовой пояс: Москва, UTC+3",
        "Готово",
    ]
    for before, after in {
        "Качество: точнее": "Качество: быстрее",
        "Шум: не трогать": "Шум: убирать",
        "Оповещать: да": "Оповещать: нет",
        "Тихий режим: нет": "Тихий режим: да",
        "Голоса: различать": "Голоса: не различать",
    }.items():
        assert after in labels(taps(scene, anna, menu, before))
    assert "Говорящих: авто" not in labels(menu)  # nobody to count
    wanted = Preferences(preset="fast", diarize=False, denoise=True, notify=False, silent=True)
    assert preferred(scene, anna) == wanted
    assert anna.messages[-1] is menu


@pytest.mark.parametrize(
    ("opener", "choice", "shown", "values"),
    [
        ("Язык речи: авто", "Русский", "Язык речи: русский", {"speech": "ru"}),
        ("Говорящих: авто", "3", "Говорящих: 3", {"speakers": 3}),
        ("Хранить: пока не удалю", "7 дней", "Хранить: 7 дней", {"keep": "week"}),
        ("Файл: DOCX", "SRT", "Файл: SRT", {"export": "srt"}),
    ],
)
def test_a_choice_of_several(scene: Scene, opener: str, choice: str, shown: str, values: dict[str, Any]) -> None:
    boris = scene.person("Борис")
    menu = taps(scene, boris, says(scene, boris, "/settings"), opener)
    assert any(label.startswith("✓ ") for label in labels(menu))
    assert shown in labels(taps(scene, boris, menu, choice))
    assert preferred(scene, boris) == replace(Preferences(), **values)


def test_the_menu_itself_switches_its_language_at_once(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "🌐 Язык бота: русский")
    assert menu.text.startswith("Settings")
    assert {"🌐 Bot language: English", "Time zone: Moscow, UTC+3", "Done"} <= set(labels(menu))
    assert known(scene, anna).language == "en"
    assert says(scene, anna, "hello").text.startswith("I turn recordings into text")
    assert taps(scene, anna, menu, "🌐 Bot language: English").text.startswith("Настройки")
    assert anna.messages[-1].text.startswith("I turn")


def test_all_languages_of_speech_by_pages(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Язык речи: авто")
    assert "1 из 5" in labels(taps(scene, anna, menu, "Другие языки…"))
    assert "Азербайджанский" in labels(menu)
    assert "2 из 5" in labels(taps(scene, anna, menu, "›"))
    assert "Казахский" in labels(menu)
    assert "Язык речи: казахский" in labels(taps(scene, anna, menu, "Казахский"))
    assert "✓ Казахский" in labels(taps(scene, anna, menu, "Язык речи: казахский"))
    assert "Язык речи: авто" in labels(taps(scene, anna, menu, "Определять автоматически"))


def test_a_time_zone_by_its_city(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Часовой пояс: Москва, UTC+3")
    assert "✓ Москва, UTC+3" in labels(menu)
    assert "Часовой пояс: Иркутск, UTC+8" in labels(taps(scene, anna, menu, "Иркутск, UTC+8"))
    assert known(scene, anna).timezone == "Asia/Irkutsk"


@pytest.mark.parametrize(
    ("typed", "zone", "shown"),
    [
        ("екатеринбург", "Asia/Yekaterinburg", "✓ Екатеринбург, UTC+5"),
        ("America/Sao_Paulo", "America/Sao_Paulo", "✓ Сан-Паулу, UTC−3"),
        ("utc+7", "Etc/GMT-7", "✓ UTC+7"),
    ],
)
def test_a_time_zone_that_is_typed(scene: Scene, typed: str, zone: str, shown: str) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Часовой пояс: Москва, UTC+3")
    assert "Напишите город" in taps(scene, anna, menu, "Другое место…").text
    lost = says(scene, anna, "Тридевятое царство")
    assert lost.text.startswith("Такого места я не знаю")
    found = says(scene, anna, typed)
    assert shown in labels(found)
    assert known(scene, anna).timezone == zone
    assert not menu.buttons  # the menu has moved down


def test_the_last_question_gets_the_answer(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Часовой пояс: Москва, UTC+3")
    assert "Что найти" in says(scene, anna, "/search").text
    taps(scene, anna, menu, "Другое место…")
    assert "✓ Лондон, UTC" in labels(says(scene, anna, "Лондон"))


def test_words_and_recordings_are_not_taken_for_answers_to_a_menu(scene: Scene) -> None:
    anna = scene.person()
    menu = says(scene, anna, "/settings")
    assert says(scene, anna, "привет").text.startswith("Я превращаю записи")
    taps(scene, anna, menu, "Часовой пояс: Москва, UTC+3")
    taps(scene, anna, menu, "Другое место…")
    assert says(scene, anna, "/help").text.startswith("Что прислать")
    sent = anna.sends_voice(scene.voice(), duration=6, reply_to=menu)
    assert "Hello there." in scene.result_of(sent).text


def test_done_leaves_a_line_without_buttons(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Готово")
    assert (menu.text, menu.buttons) == ("Настройки сохранены. Вернуться к ним: /settings.", [])


def test_a_menu_that_was_opened_anew_says_so(scene: Scene) -> None:
    anna = scene.person()
    first = says(scene, anna, "/settings")
    old = first.button("Качество: точнее")["callback_data"]
    second = says(scene, anna, "/settings")
    assert not first.buttons
    press = answered(scene, anna.presses_stale(first, old))
    assert alert(press) == "Эта кнопка уже не действует. Откройте меню заново."
    assert "Качество: быстрее" in labels(taps(scene, anna, second, "Качество: точнее"))
    assert preferred(scene, anna).preset == "fast"


def test_two_people_have_their_menus_open(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    of_anna, of_boris = says(scene, anna, "/settings"), says(scene, boris, "/settings")
    taps(scene, anna, of_anna, "Качество: точнее")
    assert "Качество: точнее" in labels(taps(scene, boris, of_boris, "Шум: не трогать"))
    assert (preferred(scene, anna).preset, preferred(scene, boris).preset) == ("fast", "quality")


def test_a_menu_outlives_the_process_that_showed_it(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Хранить: пока не удалю")
    scene.kill()
    scene.start()
    assert "Хранить: 24 часа" in labels(taps(scene, anna, menu, "24 часа"))
    assert anna.messages[-1] is menu


@pytest.mark.parametrize("data", ["nonsense", "x\x1dm:preset=fast", "x\x1d"])
def test_a_forged_button_gets_an_answer(scene: Scene, data: str) -> None:
    anna = scene.person()
    menu = says(scene, anna, "/settings")
    assert "не действует" in alert(answered(scene, anna.presses_stale(menu, data)))


@pytest.mark.parametrize("value", ["preset=best", "speakers=99", "zone=Mars", "open=nowhere", "nothing=at all"])
def test_a_value_of_another_version_is_refused(scene: Scene, value: str) -> None:
    anna = scene.person(language="en")  # in Telegram; here she prefers Russian
    menu = taps(scene, anna, says(scene, anna, "/settings"), "🌐 Bot language: English")
    own = str(menu.button("Готово")["callback_data"]).replace("close=", value)
    assert re.search("[а-я]", alert(answered(scene, anna.presses_stale(menu, own))))
    assert preferred(scene, anna) == Preferences()
    assert "Готово" in labels(menu)


def test_a_dialog_that_went_out_of_redis_loses_no_recording(scene: Scene) -> None:
    """As when its state has expired, or was kept by another version of the bot."""
    anna = scene.person()
    menu = says(scene, anna, "/settings")
    with scene.bed.redis() as client:
        keys = eventually(lambda: list(client.scan_iter(f"*{anna.id}*aiogd:context*")))  # kept after it is shown
        client.delete(*keys)
    sent = anna.sends_voice(scene.voice(), duration=6)
    assert "Hello there." in scene.result_of(sent).text
    assert "не действует" in alert(answered(scene, anna.presses(menu, "Готово")))
    assert labels(says(scene, anna, "/settings"))


def test_invisible_characters_at_the_end_are_no_button(scene: Scene) -> None:
    anna = scene.person()
    assert says(scene, anna, "привет\u2063\u00ad\u2063").text.startswith("Я превращаю записи")


def test_recordings_are_made_as_preferred(scene: Scene) -> None:
    anna = scene.person()
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Качество: точнее")
    taps(scene, anna, menu, "Голоса: различать")
    sent = anna.sends_voice(scene.voice(), duration=6)
    scene.result_of(sent)

    async def options(session: AsyncSession) -> dict[str, Any]:
        query = select(Run.options).join(TelegramPost, TelegramPost.run_id == Run.id)
        found: dict[str, Any] = (await session.scalars(query.where(TelegramPost.chat_id == anna.id))).one()
        return found

    made = scene.bed.inside(options)
    assert (made["preset"], made["diarize"]) == ("fast", False)


def test_in_english(scene: Scene) -> None:
    john = scene.person("John", "en")
    menu = says(scene, john, "/settings")
    assert labels(taps(scene, john, menu, "Keep: until I delete it")) == [
        "24 hours",
        "7 days",
        "✓ Until I delete it",
        "‹ Back",
    ]
    taps(scene, john, menu, "24 hours")
    taps(scene, john, menu, "Time zone: Moscow, UTC+3")
    taps(scene, john, menu, "Another place…")
    assert says(scene, john, "nowhere").text.startswith("I do not know this place")
    assert "✓ Tokyo, UTC+9" in labels(says(scene, john, "Tokyo"))
    assert preferred(scene, john).keep == "day"
