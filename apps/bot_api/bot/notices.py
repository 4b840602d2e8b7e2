"""Messages that answer no recording: kept in the database by whoever has news, sent from there."""

import asyncio
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError, TelegramNotFound
from aiohttp import ClientConnectorError
from loguru import logger
from sqlalchemy import func

from apps.bot_api.bot.pace import Urgency, on_terms
from apps.bot_api.bot.texts import Markup, texts
from stenogram.errors import StenogramError
from stenogram.services import users
from stenogram.storage.database import Database
from stenogram.storage.notice_rows import BROADCAST, HTML
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_models import TelegramNotice
from stenogram.storage.telegram_rows import Notices

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
                await asyncio.gather(*(self.send(notice) for notice in due))
            except StenogramError as error:
                due = []
                logger.warning("notices cannot be read: {}", error)
            if not due:
                await asyncio.sleep(_LOOK_SECONDS)

    async def send(self, notice: TelegramNotice) -> None:
        """Once, or once more, or give it up."""
        if notice.attempts and (_is_broadcast(notice) or notice.attempts >= _MOST_ATTEMPTS):
            await self._settle(notice, None)
            return
        await self._set(notice, attempts=notice.attempts + 1, not_before=func.now() + _PAUSE)
        try:
            with on_terms(Urgency.BROADCAST if _is_broadcast(notice) else Urgency.RESULT):
                sent = await self._bot.send_message(notice.chat_id, _words(notice))
        except (TelegramForbiddenError, TelegramNotFound, TelegramBadRequest) as error:
            logger.info("notice {} cannot be delivered: {}", notice.key, error)
            await self._settle(notice, None, unreachable=_shuts_out(error))
        except TelegramAPIError as error:
            logger.warning("notice {} is sent later: {}", notice.key, error)
            if _never_left(error):
                await self._set(notice, attempts=notice.attempts)
        else:
            await self._settle(notice, sent.message_id)

    async def _settle(self, notice: TelegramNotice, message_id: int | None, *, unreachable: bool = False) -> None:
        async with self._database.begin() as session:
            await Notices(session).set(notice.id, sent_at=func.now(), message_id=message_id)
            user = await Users(session).by_telegram(notice.chat_id) if unreachable else None
            if user is not None:
                await users.reachable(session, user, False)

    async def _set(self, notice: TelegramNotice, **values: Any) -> None:
        async with self._database.at_once() as session:
            await Notices(session).set(notice.id, **values)


def _is_broadcast(notice: TelegramNotice) -> bool:
    return notice.key.startswith(BROADCAST)


def _words(notice: TelegramNotice) -> Markup:
    if notice.text_key == HTML:
        return Markup(notice.params[HTML])
    return texts(notice.language)(notice.text_key, **notice.params)


def _shuts_out(error: TelegramAPIError) -> bool:
    """Nothing else will reach this person either."""
    return isinstance(error, TelegramForbiddenError) or "chat not found" in error.message


def _never_left(error: TelegramAPIError) -> bool:
    """Telegram cannot have it: there was nobody to take it."""
    return isinstance(error.__cause__, ClientConnectorError)
