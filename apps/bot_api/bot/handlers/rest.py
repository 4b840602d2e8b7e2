"""What nobody else wanted: it gets an answer all the same, and an error its words."""

from typing import Any

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, ErrorEvent, Message
from loguru import logger

from apps.bot_api.bot.inbox import is_away
from apps.bot_api.bot.texts import Texts, texts
from stenogram.errors import StenogramError

router = Router(name="rest")


@router.message(F.chat.type == "private", F.text)
async def unknown_text(message: Message, texts: Texts) -> None:
    await message.reply(texts("unknown-command" if (message.text or "").startswith("/") else "unknown-text"))


@router.message(F.chat.type == "private")
async def unsupported(message: Message, texts: Texts) -> None:
    await message.reply(texts("unsupported"))


@router.callback_query()
async def outdated_button(query: CallbackQuery, texts: Texts) -> None:
    await query.answer(texts.plain("outdated-button"), show_alert=True)


@router.error(F.exception.as_("error"))
async def failed(event: ErrorEvent, error: Exception, **data: Any) -> None:
    """An error that a person can understand is told to them; any other is for the inbox to try again."""
    words: Texts = data.get("texts") or texts("en")  # the gate has not got as far as to know them
    if not isinstance(error, StenogramError) or is_away(error) or not await _tell(event, error, words):
        raise error


async def _tell(event: ErrorEvent, error: StenogramError, words: Texts) -> bool:
    subject = event.update.event
    if isinstance(subject, CallbackQuery):
        return await _alert(subject, words.plain_error(error.code, error.params))
    if isinstance(subject, Message):
        await subject.reply(words.error(error.code, error.params))
        return True
    return False


async def _alert(query: CallbackQuery, words: str) -> bool:
    try:
        await query.answer(words[:200], show_alert=True)
    except TelegramBadRequest as error:
        logger.info("a tap was not answered: {}", error)  # more than a minute ago
    return True
