"""What is kept for a time only: recordings whose owners say so, and what the bot remembers. No commit inside."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Departure, Recording
from stenogram.storage.telegram_models import TelegramNotice, TelegramUpdate


class Retention:
    """By the database's clock, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def expired_recordings(self, limit: int = 500) -> Sequence[UUID]:
        """Those that have been due longest. Not locked: look again when destroying each."""
        query = select(Recording.id).where(Recording.expires_at < func.now()).order_by(Recording.expires_at)
        return (await self._session.scalars(query.limit(limit))).all()

    async def is_expired(self, recording_id: UUID) -> bool:
        query = select(Recording.id).where(Recording.id == recording_id, Recording.expires_at < func.now())
        return await self._session.scalar(query) is not None

    async def forget_updates(self, age: timedelta) -> int:
        """Updates that were done with so long ago; how many."""
        return await self._delete(TelegramUpdate, TelegramUpdate.done_at < func.now() - age)

    async def forget_notices(self, age: timedelta) -> int:
        """Notices that were sent so long ago; how many."""
        return await self._delete(TelegramNotice, TelegramNotice.sent_at < func.now() - age)

    async def forget_chat(self, chat_id: int) -> int:
        """Notices to one chat, sent or not; how many."""
        return await self._delete(TelegramNotice, TelegramNotice.chat_id == chat_id)

    async def forget_departures(self) -> int:
        return await self._delete(Departure, Departure.expires_at < func.now())

    async def _delete(self, table: type[Any], which: ColumnElement[bool]) -> int:
        result = await self._session.execute(
            delete(table).where(which), execution_options={"synchronize_session": False}
        )
        return result.rowcount if isinstance(result, CursorResult) else 0
