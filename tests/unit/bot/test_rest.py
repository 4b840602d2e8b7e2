"""What becomes of an error in a handler, and of what nobody wanted: updates fed to aiogram, requests taken down."""

from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.base import BaseSession
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod

from apps.bot_api.bot.handlers import rest
from apps.bot_api.bot.texts import texts
from stenogram.errors import StenogramError

CHAT, PERSON = {"id": 7, "type": "private"}, {"id": 7, "is_bot": False, "first_name": "A", "language_code": "en"}
MESSAGE = {"message_id": 1, "date": 0, "chat": CHAT, "from": PERSON}


class Recorded(BaseSession):
    """Takes down what a bot asks of Telegram."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[TelegramMethod[Any]] = []

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 - aiogram's
        self.asked.append(method)
        return True

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *_: Any, **__: Any) -> Any:  # type: ignore[override]
        raise NotImplementedError


async def fed(update: dict[str, Any], error: Exception | None = None) -> list[TelegramMethod[Any]]:
    """What the bot asks when it gets the update; with ``error``, a handler raises it."""
    session, dispatcher, failing = Recorded(), Dispatcher(), Router()

    async def fail(_event: object) -> None:
        if error is not None:
            raise error

    if error is not None:
        failing.message.register(fail)
        failing.callback_query.register(fail)
    rest.router._parent_router = None
    dispatcher.include_routers(failing, rest.router)
    try:
        bot = Bot("42:TEST", session=session)
        await dispatcher.feed_raw_update(bot, {"update_id": 1, **update}, texts=texts("en"), user=None)
    finally:
        rest.router._parent_router = None
    return session.asked


async def test_what_nobody_wanted_is_answered() -> None:
    (sent,) = await fed({"message": {**MESSAGE, "text": "hello"}})
    assert isinstance(sent, SendMessage)
    assert "/help" in sent.text
    (answer,) = await fed({"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "data": "old"}})
    assert isinstance(answer, AnswerCallbackQuery)
    assert answer.show_alert


@pytest.mark.parametrize("code", ["not_found", "queue.full", "quota.files", "storage.full"])
async def test_an_error_that_a_person_can_understand_is_told(code: str) -> None:
    (sent,) = await fed({"message": {**MESSAGE, "text": "x"}}, StenogramError(code))
    assert isinstance(sent, SendMessage)
    assert sent.text == texts("en").error(code, {})
    pressed = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "x"}
    (answer,) = await fed({"callback_query": pressed}, StenogramError("not_found"))
    assert isinstance(answer, AnswerCallbackQuery)
    assert answer.text


@pytest.mark.parametrize("error", [StenogramError("database.unavailable"), ZeroDivisionError()])
async def test_any_other_is_for_the_inbox_to_try_again(error: Exception) -> None:
    with pytest.raises(type(error)):
        await fed({"message": {**MESSAGE, "text": "x"}}, error)
