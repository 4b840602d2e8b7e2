"""Messages that answer no recording: kept in the database by whoever has news, sent from there."""

import asyncio
from datetime import timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from loguru import logger
from sqlalchemy import func

from apps.bot_api.bot.pace import Urgency, on_terms
from apps.bot_api.bot.texts import texts
from stenogram.errors import StenogramError
from stenogram.services import users
from stenogram.storage.database import Database
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_models import TelegramNotice
from stenogram.storage.telegram_rows import Notices

BROADCAST = "broadcast:"
"""Keys of messages to everybody begin so. One whose answer was lost is not sent again: better never than twice."""

_LOOK_SECONDS = 1.0
_AT_ONCE = 20
_MOST_ATTEMPTS = 10
_PAUSE = timedelta(seconds=30)


class Notifier:
    def __init__(self, database: Database, bot: Bot) -> None:
        self._database, self._bot = database, bot

    async def run(self) -> None:
        """Send what is due, again and again."""
        while True:
            try:
                async with self._database.at_once() as session:
                    due = await Notices(session).due(_AT_ONCE)
                await asyncio.gather(*(self._send(notice) for notice in due))
            except StenogramError as error:
                due = []
                logger.warning("notices cannot be read: {}", error)
            if not due:
                await asyncio.sleep(_LOOK_SECONDS)

    async def _send(self, notice: TelegramNotice) -> None:
        if notice.attempts and (notice.key.startswith(BROADCAST) or notice.attempts >= _MOST_ATTEMPTS):
            await self._settle(notice, None)
            return
        async with self._database.at_once() as session:
            await Notices(session).set(notice.id, attempts=notice.attempts + 1, not_before=func.now() + _PAUSE)
        words = texts(notice.language)(notice.text_key, **notice.params)
        try:
            with on_terms(Urgency.BROADCAST):
                sent = await self._bot.send_message(notice.chat_id, words)
        except (TelegramForbiddenError, TelegramNotFound, TelegramBadRequest) as error:
            logger.info("notice {} cannot be delivered: {}", notice.key, error)
            await self._settle(notice, None)
        except TelegramAPIError as error:
            logger.warning("notice {} is sent later: {}", notice.key, error)
        else:
            await self._settle(notice, sent.message_id)

    async def _settle(self, notice: TelegramNotice, message_id: int | None) -> None:
        async with self._database.begin() as session:
            await Notices(session).set(notice.id, sent_at=func.now(), message_id=message_id)
            user = await Users(session).by_telegram(notice.chat_id)
            if user is not None and message_id is None:
                await users.reachable(session, user, False)
