"""Queries on messages to many: broadcasts, and news for administrators. No commit inside."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import User
from stenogram.storage.telegram_models import TelegramNotice
from stenogram.storage.user_rows import CAN_BE_REACHED

BROADCAST = "broadcast:"
"""Keys of messages to everybody begin so. One whose answer was lost is not sent again: better never than twice."""

HTML = "html"
"""``text_key`` of a notice that is no Fluent message: its text is the param ``html``, ready for Telegram."""

NEW_LETTERS = "notice-letters"

_TELL = text(
    """
WITH admins AS (
    SELECT id, telegram_id, language FROM users
    WHERE role = 'admin' AND telegram_id IS NOT NULL AND unreachable_at IS NULL AND blocked_at IS NULL
), added AS (
    UPDATE telegram_notices
    SET params = jsonb_build_object('count', CAST(params ->> 'count' AS integer) + 1)
    WHERE text_key = :key AND sent_at IS NULL AND attempts = 0 AND chat_id IN (SELECT telegram_id FROM admins)
    RETURNING chat_id
), due AS (
    SELECT admins.*, greatest(now(), max(sent_at) + interval '1 hour') AS at
    FROM admins LEFT JOIN telegram_notices ON text_key = :key AND chat_id = telegram_id
    WHERE telegram_id NOT IN (SELECT chat_id FROM added)
    GROUP BY admins.id, admins.telegram_id, admins.language
)
INSERT INTO telegram_notices (key, chat_id, text_key, params, language, not_before, attempts)
SELECT 'letters:' || id || ':' || floor(extract(epoch FROM at) / 3600), telegram_id, CAST(:key AS varchar),
    jsonb_build_object('count', 1), language, at, 0
FROM due
ON CONFLICT (key) DO UPDATE
SET params = jsonb_build_object('count', CAST(telegram_notices.params ->> 'count' AS integer) + 1)
"""
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many people a broadcast has reached, will not reach, and is still to be sent to."""

    sent: int
    failed: int
    waiting: int


class Broadcasts:
    """One text to everybody who can be written to, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def audience(self) -> int:
        """How many people a broadcast would go to now."""
        return await self._session.scalar(select(func.count()).select_from(User).where(CAN_BE_REACHED)) or 0

    async def queue(self, number: int, html: str) -> int:
        """For all of them, in one statement; under one ``number`` nobody gets a second one. How many are new."""
        values = {
            "key": literal(f"{BROADCAST}{number}:").concat(cast(User.id, String)),
            "chat_id": User.telegram_id,
            "text_key": literal(HTML),
            "params": literal({"html": html}, JSONB),
            "language": User.language,
            "attempts": literal(0),
        }
        people: Select[*tuple[Any, ...]] = select(*(column.label(name) for name, column in values.items()))
        added = insert(TelegramNotice).from_select(list(values), people.where(CAN_BE_REACHED)).on_conflict_do_nothing()
        return len((await self._session.scalars(added.returning(TelegramNotice.id))).all())

    async def progress(self, number: int) -> Progress:
        mine = TelegramNotice.key.startswith(f"{BROADCAST}{number}:", autoescape=True)
        over, reached = TelegramNotice.sent_at.is_not(None), TelegramNotice.message_id.is_not(None)

        def count(*which: ColumnElement[bool]) -> ColumnElement[int]:
            return func.count().filter(and_(*which))

        query = select(count(over, reached), count(over, ~reached), count(~over)).where(mine)
        return Progress(*(await self._session.execute(query)).one())


async def tell_of_letter(session: AsyncSession) -> None:
    """A dead letter more: tell every administrator on Telegram, at most once an hour; what comes meanwhile is counted.

    One statement, without effect where there is no such administrator.
    """
    await session.execute(_TELL, {"key": NEW_LETTERS})
