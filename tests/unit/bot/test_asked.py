"""What in a group is meant for the bot, and the menu button of each person."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from aiogram.types import Chat, Message, User

from apps.bot_api.bot import profile
from apps.bot_api.bot.handlers.recordings import ToUs
from apps.bot_api.bot.texts import texts

CHAT = Chat(id=-5, type="group", title="Отдел")
BOT, ANNA = (User(id=number, is_bot=number == 1, first_name="x") for number in (1, 2))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def message(by: User, reply_to: Message | None = None) -> Message:
    return Message(message_id=1, date=NOW, chat=CHAT, from_user=by, reply_to_message=reply_to)


async def test_a_reply_to_the_bot_is_for_it() -> None:
    desk: Any = SimpleNamespace(bot=SimpleNamespace(id=BOT.id))
    assert await ToUs()(message(ANNA, message(BOT)), desk)
    assert not await ToUs()(message(ANNA, message(ANNA)), desk)
    assert not await ToUs()(message(ANNA), desk)


async def test_the_menu_button_is_in_the_language_of_the_person_and_only_where_there_is_a_page() -> None:
    told: list[tuple[int, str]] = []

    async def take(chat_id: int, menu_button: Any) -> None:
        told.append((chat_id, menu_button.text))

    bot: Any = SimpleNamespace(set_chat_menu_button=take)
    await profile.menu_button_for(bot, "https://stenogram.example", texts("ru"), 7)
    await profile.menu_button_for(bot, "https://stenogram.example", texts("en"), 8)
    await profile.menu_button_for(bot, "http://127.0.0.1:8000", texts("ru"), 9)
    assert told == [(7, "Открыть"), (8, "Open")]
