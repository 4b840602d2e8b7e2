"""Messages that answer no recording: who gets them, how often, and in which order."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from apps.bot_api.bot.application import make_bot
from apps.bot_api.bot.notices import Notifier
from apps.bot_api.bot.pace import Pace
from stenogram.settings import load_settings
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.notice_rows import Broadcasts, Progress
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_models import TelegramNotice
from stenogram.storage.telegram_rows import Notices
from tests.service import free_port
from tests.telegram_stub import TOKEN, Person, TelegramStub

ANNA = 7


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """Its Telegram is at a port that is free."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{free_port()}")
    made = make_bot(load_settings(), Pace())
    yield made
    await made.session.close()


def telegram_of(bot: Bot) -> TelegramStub:
    """Telegram, where the bot looks for it."""
    return TelegramStub(port=int(bot.session.api.base.split("/")[2].split(":")[1]))


def anna(telegram: TelegramStub) -> Person:
    person = telegram.user(id=ANNA, name="Анна", language="ru")
    person.opens()
    return person


async def only(database: Database) -> TelegramNotice:
    async with database.session() as session:
        (notice,) = await Notices(session).due(10)
    return notice


async def to_everybody(database: Database) -> TelegramNotice:
    """A broadcast, to the one person there is."""
    async with database.begin() as session:
        session.add(User(name="Анна", language="ru", telegram_id=ANNA))
        await session.flush()
        assert await Broadcasts(session).queue(1, "<b>Новости</b>") == 1
    return await only(database)


async def again(database: Database) -> TelegramNotice:
    """The same, when its pause is over."""
    async with database.begin() as session:
        notice = await session.get_one(TelegramNotice, 1)
        await session.refresh(notice)
    return notice


async def test_what_telegram_cannot_have_is_sent_when_it_is_back(database: Database, bot: Bot) -> None:
    notifier, notice = Notifier(database, bot), await to_everybody(database)
    await notifier.send(notice)
    async with telegram_of(bot) as telegram:
        person = anna(telegram)
        await notifier.send(await again(database))
        assert [(m.text, m.entities[0]["type"]) for m in person.messages[1:]] == [("Новости", "bold")]
    assert await progress(database) == Progress(sent=1, failed=0, waiting=0)


async def progress(database: Database) -> Progress:
    async with database.session() as session:
        return await Broadcasts(session).progress(1)


async def test_a_broadcast_is_not_sent_again_when_nobody_knows(database: Database, bot: Bot) -> None:
    notifier, notice = Notifier(database, bot), await to_everybody(database)
    async with telegram_of(bot) as telegram:
        person = anna(telegram)
        telegram.loses_answers("sendMessage")
        await notifier.send(notice)
        assert await progress(database) == Progress(sent=0, failed=0, waiting=1)
        await notifier.send(await again(database))
        assert [m.text for m in person.messages[1:]] == ["Новости"]
    assert await progress(database) == Progress(sent=0, failed=1, waiting=0)
    assert await can_be_reached(database)  # nothing says that the person is gone


async def can_be_reached(database: Database) -> bool:
    async with database.session() as session:
        user = await Users(session).by_telegram(ANNA)
    assert user is not None
    return user.unreachable_at is None


async def test_who_has_blocked_the_bot_is_not_written_to_any_more(database: Database, bot: Bot) -> None:
    notifier, notice = Notifier(database, bot), await to_everybody(database)
    async with telegram_of(bot) as telegram:
        anna(telegram).blocks_bot()
        await notifier.send(notice)
    assert await progress(database) == Progress(sent=0, failed=1, waiting=0)
    assert not await can_be_reached(database)
    async with database.begin() as session:
        assert await Broadcasts(session).audience() == 0
        assert await Broadcasts(session).queue(2, "x") == 0


async def test_what_is_for_one_person_goes_before_what_is_for_all(database: Database) -> None:
    await to_everybody(database)
    receipt = {"key": "payment-received:1", "chat_id": ANNA, "text_key": "payment-received", "language": "ru"}
    async with database.begin() as session:
        await Notices(session).add([{**receipt, "params": {"added": "1 ч", "left": "1 ч"}}])
    async with database.session() as session:
        assert [notice.key for notice in await Notices(session).due(1)] == ["payment-received:1"]


async def test_a_number_is_used_once(database: Database) -> None:
    await to_everybody(database)
    async with database.begin() as session:
        assert await Broadcasts(session).queue(1, "once more") == 0
        assert await Broadcasts(session).queue(11, "another") == 1
    assert await progress(database) == Progress(sent=0, failed=0, waiting=1)
