"""How menus that change in place are shown."""

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, Message
from loguru import logger

from apps.bot_api.bot.render import Shown
from stenogram.errors import StenogramError


def message_of(query: CallbackQuery) -> Message:
    """That under which the button is. Raises StenogramError("not_found") for one that Telegram hides from us."""
    if query.message is None or isinstance(query.message, InaccessibleMessage):
        raise StenogramError("not_found", "the message is too old")
    return query.message


async def show(query: CallbackQuery, shown: Shown, words: str | None = None) -> None:
    """In place of what the message says; ``words`` appear over it for a moment."""
    message = message_of(query)
    await hush(query, words)
    try:
        await message.edit_text(shown.text, reply_markup=shown.keyboard)
    except TelegramBadRequest as error:
        if "not modified" not in error.message:
            raise
        logger.debug("the screen says so already")  # pressed twice


async def take_buttons_away(message: Message) -> bool:
    """False: somebody did so before."""
    try:
        await message.edit_reply_markup(reply_markup=None)
    except TelegramBadRequest as error:
        if "not modified" not in error.message:
            raise
        return False
    return True


async def hush(query: CallbackQuery, words: str | None = None) -> None:
    """Let the button rest, if it still waits."""
    try:
        await query.answer(words)
    except TelegramBadRequest as error:
        logger.info("a tap was not answered: {}", error)  # more than a minute ago
