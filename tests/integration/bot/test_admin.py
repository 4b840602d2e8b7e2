"""Administrators look after the service and its people, in the bot."""

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot.pace import CHAT_SECONDS
from stenogram.pipeline.stage import Stage
from stenogram.services import quotas
from stenogram.storage.models import DeadLetter, User
from stenogram.storage.notice_rows import NEW_LETTERS, tell_of_letter
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_models import TelegramNotice
from tests.integration.bot.scene import Scene, playing
from tests.integration.bot.talk import alert, answered, labels, next_message, said, says, tapped, taps
from tests.servers import Servers
from tests.telegram_stub import Message, Person

OLGA, OLIVER = 900, 901


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {"BOT_ADMIN_IDS": f"{OLGA},{OLIVER}", "QUOTA_PLANS": "small:60,large:7200", "QUOTA_PLAN": "small"}
    with playing(servers, tmp_path_factory.mktemp("admin"), settings) as made:
        yield made


@pytest.fixture
def olga(scene: Scene) -> Person:
    return scene.telegram.user(id=OLGA, name="Ольга", language="ru")


def known(scene: Scene, person: Person) -> User:
    async def find(session: AsyncSession) -> User:
        found = await Users(session).by_telegram(person.id)
        assert found is not None
        return found

    return scene.bed.inside(find)


def packs(scene: Scene, person: Person) -> float:
    """Seconds in the person's reserve."""
    user = known(scene, person)
    return scene.bed.inside(lambda session: quotas.allowance(session, user, scene.bed.settings)).packs


def comes(scene: Scene, name: str, language: str = "ru") -> Person:
    """Somebody who has talked to the bot."""
    person = scene.person(name, language)
    says(scene, person, "/start")
    return person


def card(scene: Scene, admin: Person, person: Person) -> Message:
    """The card of this person, by way of the search."""
    menu = taps(scene, admin, says(scene, admin, "/admin"), "Люди")
    taps(scene, admin, menu, "Найти")
    found = says(scene, admin, str(person.id))
    return taps(scene, admin, found, next(label for label in labels(found) if person.account.name in label))


# --- who is one ---


def test_for_everybody_else_the_command_is_unknown(scene: Scene, olga: Person) -> None:
    anna = scene.person()
    assert says(scene, anna, "/admin").text.startswith("Такой команды нет.")
    menu = says(scene, olga, "/admin")
    assert menu.text.startswith("Управление")
    data = menu.button("Очередь")["callback_data"]
    press = anna.presses_stale(anna.messages[-1], str(data))  # forged
    scene.until(lambda: press.answer is not None)
    assert alert(press) == "Эта кнопка уже не действует. Откройте меню заново."


def test_in_english(scene: Scene) -> None:
    oliver = scene.telegram.user(id=OLIVER, name="Oliver", language="en")
    menu = says(scene, oliver, "/admin")
    assert menu.text.startswith("Administration")
    assert {"Queue", "People", "Broadcast"} < set(labels(menu))
    assert "Workers: " in taps(scene, oliver, menu, "Queue").text
    assert "Invite" not in labels(menu)  # everybody is let in here


def test_the_queue(scene: Scene, olga: Person) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=2)
    scene.answer(sent, lambda m: "%" in m.text)
    menu = taps(scene, olga, says(scene, olga, "/admin"), "Очередь")
    assert "Речь и голоса: ждёт 0, в работе 1" in menu.text
    assert "Обработчиков: 2, заданий в работе: 1" in menu.text
    assert "На диске свободно" in menu.text
    scene.bed.script.release(Stage.TRANSCRIBE)
    scene.result_of(sent)
    assert "Очередь пуста" in taps(scene, olga, menu, "Обновить").text
    assert taps(scene, olga, menu, "‹ Назад").text.startswith("Управление")


# --- people ---


def test_people_by_pages_and_by_search(scene: Scene, olga: Person) -> None:
    menu = says(scene, olga, "/admin")  # she was here before the others
    crowd = [comes(scene, f"Житель {number}") for number in range(9)]
    menu = taps(scene, olga, menu, "Люди")
    assert [label for label in labels(menu) if "Житель" in label] == [f"Житель {n}" for n in range(8, 0, -1)]
    assert "Житель 0" in labels(taps(scene, olga, menu, "›"))
    assert "Житель 1" in labels(taps(scene, olga, menu, "‹"))
    taps(scene, olga, menu, "Найти")
    found = says(scene, olga, "житель")
    assert "Нашлось много" in found.text
    taps(scene, olga, found, "Искать ещё")
    assert labels(says(scene, olga, str(crowd[3].id)))[0] == "Житель 3"
    assert says(scene, olga, "просто слова").text.startswith("Я превращаю записи")  # nothing is searched any more


def test_nobody_is_found(scene: Scene, olga: Person) -> None:
    menu = taps(scene, olga, says(scene, olga, "/admin"), "Люди")
    taps(scene, olga, menu, "Найти")
    lost = says(scene, olga, "<Нет> такого")
    assert "Никого не нашлось" in lost.text
    assert "«<Нет> такого»" in lost.text


def test_the_card_tells_what_there_is_to_know(scene: Scene, olga: Person) -> None:
    anna = comes(scene, "Анна Карточкина")
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))
    shown = card(scene, olga, anna)
    text = said(shown)
    assert text.startswith("Анна Карточкина\n")
    assert f"Telegram: {anna.id}" in text
    assert "План small: 1 мин в день" in text
    assert "Записей за 30 дней: 1" in text
    assert labels(shown) == [
        "Закрыть доступ",
        "Сделать администратором",
        "План: small",
        "Безлимит: нет",
        "Добавить часы",
        "‹ Назад",
    ]


def test_plan_limits_and_hours(scene: Scene, olga: Person) -> None:
    anna = comes(scene, "Анна Планова")
    shown = taps(scene, olga, card(scene, olga, anna), "План: small")
    assert labels(shown)[:3] == ["✓ По умолчанию: small", "small", "large"]
    assert "План large: 2 ч в день" in said(taps(scene, olga, shown, "large"))
    assert known(scene, anna).plan == "large"
    assert "✓ large" in labels(taps(scene, olga, shown, "План: large"))
    assert "План small" in taps(scene, olga, shown, "По умолчанию: small").text
    assert "без ограничений" in taps(scene, olga, shown, "Безлимит: нет").text
    assert known(scene, anna).unlimited
    assert "без ограничений" not in taps(scene, olga, shown, "Безлимит: да").text
    taps(scene, olga, shown, "Добавить часы")
    twice = [olga.presses(shown, "5\xa0ч"), olga.presses(shown, "5\xa0ч")]
    scene.until(lambda: all(press.answer is not None for press in twice))
    assert packs(scene, anna) == 5 * 3600
    scene.until(lambda: "В запасе: 5\xa0ч" in shown.text)
    told = next_message(scene, anna.messages[0], lambda m: "добавлено" in m.text)
    assert said(told) == "Вам добавлено 5 ч. Теперь в запасе 5 ч, они не сгорают."


def test_who_is_blocked_is_stopped_and_refused(scene: Scene, olga: Person) -> None:
    anna = comes(scene, "Анна Стопова")
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=2)
    answer = scene.answer(sent, lambda m: "%" in m.text)
    shown = card(scene, olga, anna)
    assert "⛔ Доступ закрыт" in taps(scene, olga, shown, "Закрыть доступ").text
    scene.bed.script.release(Stage.TRANSCRIBE)
    scene.until(lambda: "Остановлено" in answer.text)
    refused = "Администратор закрыл вам доступ."
    assert says(scene, anna, "/help").text.startswith(refused)
    sent = anna.sends_voice(scene.voice(), duration=6)
    assert next_message(scene, sent, lambda _: True).text.startswith(refused)
    assert alert(tapped(scene, anna, answer, "Запустить снова")).startswith("Администратор закрыл вам доступ.")
    assert "⛔" not in taps(scene, olga, shown, "Открыть доступ").text
    assert "Hello there." in scene.result_of(anna.sends_voice(scene.voice(), duration=6)).text


def test_administrators_are_made_and_dismissed(scene: Scene, olga: Person) -> None:
    boris = comes(scene, "Борис Помощник")
    shown = taps(scene, olga, card(scene, olga, boris), "Сделать администратором")
    assert "Борис Помощник" in shown.text
    taps(scene, olga, shown, "Да, сделать")
    assert labels(shown) == ["Снять с администраторов", "Добавить часы", "‹ Назад"]
    scene.until(lambda: boris.messages[-1].text == "Вы теперь администратор этого бота. Управление: /admin.")
    own = card(scene, boris, boris)
    assert "Снять с администраторов" not in labels(own)
    forged = boris.presses_stale(own, str(shown.button("Снять с администраторов")["callback_data"]))
    assert alert(answered(scene, forged)).startswith("У вас нет на это прав.")  # nobody dismisses themselves
    assert "Снять с администраторов" not in labels(card(scene, boris, olga))  # nor whom the settings name
    assert "задан в BOT_ADMIN_IDS" in taps(scene, boris, card(scene, boris, olga), "‹ Назад").versions[-2].content.text
    taps(scene, olga, shown, "Снять с администраторов")
    assert known(scene, boris).role == "user"
    assert says(scene, boris, "/admin").text.startswith("Такой команды нет.")


# --- dead letters ---


def dies(scene: Scene, person: Person) -> tuple[Message, UUID]:
    """A recording whose recognition was given up: the message, and its run."""
    scene.bed.script.tell(Stage.TRANSCRIBE, errors=("engine.failed",) * 3)
    sent = person.sends_voice(scene.voice(), duration=6)
    scene.answer(sent, lambda m: "❌" in m.text)
    return sent, scene.until(lambda: newest_letter(scene)).run_id


def newest_letter(scene: Scene) -> DeadLetter | None:
    async def find(session: AsyncSession) -> DeadLetter | None:
        query = select(DeadLetter).where(DeadLetter.resolved_at.is_(None)).order_by(DeadLetter.id.desc()).limit(1)
        return await session.scalar(query)

    return scene.bed.inside(find)


def test_a_dead_letter_is_told_seen_and_replayed(scene: Scene, olga: Person) -> None:
    menu = says(scene, olga, "/admin")
    anna = comes(scene, "Анна Сбоева")
    sent, run_id = dies(scene, anna)
    told = next_message(scene, menu, lambda m: "Новый сбой" in m.text)
    assert told.text.startswith("⚠️ Новый сбой")
    taps(scene, olga, menu, "Очередь")
    assert "Сбоев без разбора: 1" in menu.text
    taps(scene, olga, menu, "Сбои: 1")
    taps(scene, olga, menu, next(label for label in labels(menu) if label.startswith("Речь · engine.failed")))
    assert "Сбой: распознавание речи" in menu.text
    assert "Чья: Анна Сбоева" in menu.text
    assert "3\xa0попытки" in menu.text
    assert run_id.hex[:8] in menu.text
    assert "Неразобранных сбоев нет" in taps(scene, olga, menu, "Запустить заново").text
    assert "Hello there." in scene.result_of(sent).text  # in the message that had said that it failed
    assert sum(m.reply_to is sent for m in anna.messages) == 1


def test_a_dead_letter_is_discarded(scene: Scene, olga: Person) -> None:
    anna = comes(scene, "Анна Бросова")
    dies(scene, anna)
    menu = taps(scene, olga, says(scene, olga, "/admin"), "Сбои: 1")
    label = labels(menu)[0]
    taps(scene, olga, menu, label)
    assert "Неразобранных сбоев нет" in taps(scene, olga, menu, "Снять с разбора").text
    assert newest_letter(scene) is None


def test_at_most_one_message_an_hour_tells_of_dead_letters(scene: Scene, olga: Person) -> None:
    says(scene, olga, "/admin")

    async def forget(session: AsyncSession) -> None:
        """As if the last message had been sent two hours ago."""
        ago = func.now() - timedelta(hours=2)
        mine = TelegramNotice.text_key == NEW_LETTERS
        await session.execute(update(TelegramNotice).where(mine).values(sent_at=ago, key=TelegramNotice.key + ":old"))

    async def waiting(session: AsyncSession) -> list[tuple[int, bool]]:
        mine = (TelegramNotice.text_key == NEW_LETTERS, TelegramNotice.chat_id == OLGA)
        later = TelegramNotice.not_before > func.now() + timedelta(minutes=59)
        query = select(TelegramNotice.params, later).where(*mine, TelegramNotice.sent_at.is_(None))
        return [(params["count"], late) for params, late in await session.execute(query)]

    scene.bed.inside(forget)
    before = len(olga.messages)
    scene.bed.inside(tell_of_letter)
    scene.until(lambda: any("Новый сбой" in m.text for m in olga.messages[before:]))
    scene.until(lambda: not scene.bed.inside(waiting))
    for _ in range(3):
        scene.bed.inside(tell_of_letter)
    assert scene.bed.inside(waiting) == [(3, True)]


# --- a text to everybody ---


def drafts(scene: Scene, admin: Person, text: str) -> Message:
    menu = taps(scene, admin, says(scene, admin, "/admin"), "Рассылка")
    assert "Напишите текст" in menu.text
    return says(scene, admin, text)


def send_label(draft: Message) -> str:
    return next(label for label in labels(draft) if label.startswith("Отправить"))


def hears(person: Person, text: str) -> int:
    return sum(m.text == text and m.sender.is_bot and not m.buttons for m in person.messages)


def test_a_broadcast_reaches_everybody_once(scene: Scene, olga: Person) -> None:
    crowd = [comes(scene, f"Слушатель {number}") for number in range(3)]
    gone = comes(scene, "Ушедший")
    gone.blocks_bot()
    scene.until(lambda: known(scene, gone).unreachable_at is not None)
    draft = drafts(scene, olga, "Завтра работы с 9:00. Подробнее: https://example.com")
    label = send_label(draft)
    presses = [olga.presses(draft, label), olga.presses(draft, label)]
    report = next_message(scene, draft, lambda m: "Рассылка" in m.text and "Всего" in m.text)
    text = "Завтра работы с 9:00. Подробнее: https://example.com"
    scene.until(lambda: all(hears(person, text) for person in crowd))
    scene.until(lambda: all(press.answer is not None for press in presses))

    for _ in range(20):  # as many as it takes: what goes out a second is Telegram's to say
        time.sleep(2 * CHAT_SECONDS)  # her own copy comes in a second in which we write nothing else to her
        if "Обновить" not in labels(report):
            break
        tapped(scene, olga, report, "Обновить")
    assert "Рассылка закончена" in report.text
    assert "Не доставлено: 0" in report.text
    assert [hears(person, text) for person in crowd] == [1, 1, 1]
    assert not hears(gone, text)
    assert not any(text in m.text for m in gone.messages)


def test_a_broadcast_keeps_its_formatting_and_can_be_dropped(scene: Scene, olga: Person) -> None:
    draft = drafts(scene, olga, "Строка\nhttps://example.com & <b>")
    assert draft.text == "Строка\nhttps://example.com & <b>"
    assert taps(scene, olga, draft, "Не отправлять").text == "Рассылка отменена."
    assert not draft.buttons


def test_a_broadcast_goes_on_after_a_crash_and_reaches_nobody_twice(scene: Scene, olga: Person) -> None:
    crowd = [comes(scene, f"Толпа {number}") for number in range(26)]
    draft = drafts(scene, olga, "Новости")
    label = send_label(draft)
    number = str(draft.button(label)["callback_data"]).split(":")[1]

    async def left(session: AsyncSession) -> int:
        mine = TelegramNotice.key.startswith(f"broadcast:{number}:")
        return await session.scalar(select(func.count()).where(mine, TelegramNotice.sent_at.is_(None))) or 0

    def heard() -> list[int]:
        return [hears(person, "Новости") for person in crowd]

    scene.telegram.answers_slowly("sendMessage", seconds=20, count=15)  # they have it, and we shall never know
    olga.presses(draft, label)
    scene.until(lambda: scene.bed.inside(left) > len(crowd) and sum(everywhere(scene, "Новости")) >= 12)
    scene.kill()
    early = sum(heard())
    assert early < len(crowd)
    scene.start()
    scene.until(lambda: scene.bed.inside(left) == 0)
    assert sum(heard()) > early
    assert max(everywhere(scene, "Новости")) == 1


def everywhere(scene: Scene, text: str) -> list[int]:
    """How often each person has been told this."""
    chats = list(scene.telegram.world.chats.values())
    return [sum(m.text == text and m.sender.is_bot and not m.buttons for m in chat.messages) for chat in chats]
