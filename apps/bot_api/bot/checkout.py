"""The answer that Telegram waits for before it lets somebody pay."""

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import PreCheckoutQuery
from loguru import logger


async def agree(query: PreCheckoutQuery, objection: str | None = None) -> None:
    """Let them pay; or do not, and say why in plain words."""
    try:
        await query.answer(ok=objection is None, error_message=objection)
    except TelegramBadRequest as error:
        logger.warning("a payment was not let through: {}", error)  # Telegram waits for ten seconds
