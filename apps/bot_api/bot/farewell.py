"""Somebody leaves: their account goes, and with it what the bot shows of work that is no more."""

from collections.abc import Awaitable, Callable

from aiogram.exceptions import TelegramAPIError
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot.desk import Desk
from stenogram.services import account
from stenogram.services.audit import Via
from stenogram.storage.models import User
from stenogram.storage.telegram_rows import Answers

Also = Callable[[AsyncSession], Awaitable[None]]


async def forget(desk: Desk, user: User, via: Via, also: Also | None = None) -> None:
    """Destroy the account, and whatever ``also`` does in the same transaction; then take away statuses of its work.

    Raises what ``account.forget`` raises; then nothing has gone but an archive that was on its way.
    """
    async with desk.runtime.database.at_once() as session:
        under_way = await Answers(session).open_of_owner(user.id)
    await desk.errands.cancel(user.id)
    async with desk.runtime.database.begin() as session:
        await account.forget(session, desk.runtime.vault, user, desk.runtime.settings, via=via)
        if also is not None:
            await also(session)
    for answer in under_way:
        if answer.message_id is not None:
            await _delete(desk, answer.chat_id, answer.message_id)


async def _delete(desk: Desk, chat_id: int, message_id: int) -> None:
    try:
        await desk.bot.delete_message(chat_id, message_id)
    except TelegramAPIError as error:
        logger.info("message {} of {} stays: {}", message_id, chat_id, error)
