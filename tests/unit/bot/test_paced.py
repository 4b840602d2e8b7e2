"""What becomes of a request that Telegram did not take, or answered strangely."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import EditMessageText, GetMe, SendMessage, TelegramMethod

from apps.bot_api.bot import pace
from apps.bot_api.bot.pace import NotUnderstood, Pace, Paced, Stale, Urgency, on_terms

BOT = Bot("42:TEST")
SEND = SendMessage(chat_id=1, text="a secret of hers")
EDIT = EditMessageText(chat_id=1, message_id=2, text="x")


class Telegram:
    """Fails as told, then answers."""

    def __init__(self, *failures: Exception) -> None:
        self.failures, self.calls = list(failures), 0

    async def __call__(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(pace, "CHAT_SECONDS", 0.0)


async def ask(telegram: Telegram, method: TelegramMethod[Any]) -> Any:
    return await Paced(Pace())(telegram, BOT, method)


async def test_an_edit_is_tried_again_a_message_is_not() -> None:
    away = [TelegramNetworkError(EDIT, "gone"), TelegramServerError(EDIT, "502")]
    assert await ask(Telegram(*away), EDIT) == "done"
    telegram = Telegram(TelegramNetworkError(SEND, "gone"))
    with pytest.raises(TelegramNetworkError):
        await ask(telegram, SEND)  # it may have come: whoever sent it knows what to do
    assert telegram.calls == 1


async def test_it_ends_some_time() -> None:
    with pytest.raises(TelegramServerError):
        await ask(Telegram(*(TelegramServerError(EDIT, "502") for _ in range(9))), EDIT)


async def test_the_given_delay_is_kept() -> None:
    telegram = Telegram(TelegramRetryAfter(SEND, "slow down", 1))
    assert await ask(telegram, SEND) == "done"
    with on_terms(Urgency.PROGRESS, 0.2), pytest.raises(Stale):
        await ask(Telegram(TelegramRetryAfter(EDIT, "slow down", 1)), EDIT)


async def test_a_page_of_a_proxy_is_telegram_being_away() -> None:
    page = ClientDecodeError("Failed to decode object", ValueError(), "<html>Bad Gateway</html>")
    assert await ask(Telegram(page), EDIT) == "done"
    with pytest.raises(TelegramNetworkError):
        await ask(Telegram(page), SEND)


async def test_an_answer_that_is_not_understood_tells_no_secrets() -> None:
    answer = {"ok": True, "result": {"text": "a secret of hers"}}
    with pytest.raises(NotUnderstood) as caught:
        await ask(Telegram(ClientDecodeError("Failed to deserialize object", ValueError(), answer)), SEND)
    assert "secret" not in repr(caught.value)
    assert caught.value.__cause__ is None


async def test_questions_count_against_nothing() -> None:
    paced = Paced(Pace())
    for _ in range(100):
        assert await paced(Telegram(), BOT, GetMe()) == "done"
