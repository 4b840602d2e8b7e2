"""Queries of the Telegram bot. No commit inside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from stenogram.storage.models import Recording, Run, User, table_of
from stenogram.storage.notice_rows import BROADCAST
from stenogram.storage.telegram_models import (
    TelegramAnswer,
    TelegramChat,
    TelegramNotice,
    TelegramPost,
    TelegramUpdate,
)

_DUE = text(
    """
SELECT update_id, lane, payload, attempts FROM telegram_updates WHERE update_id IN (
    SELECT update_id FROM (
        SELECT DISTINCT ON (lane) update_id, lane, not_before FROM telegram_updates
        WHERE done_at IS NULL AND NOT (lane = ANY(CAST(:busy AS bigint[])))
        ORDER BY lane, update_id
    ) AS firsts
    WHERE not_before <= clock_timestamp() AND lane >= :above
    ORDER BY lane = ANY(CAST(:served AS bigint[])), update_id LIMIT :limit
) ORDER BY update_id
"""
)
# Statements for every message of a crowd: each is put together once, and written without the ORM where no row is wanted
_UPDATES = table_of(TelegramUpdate)
_KEEP = insert(_UPDATES).on_conflict_do_nothing().returning(_UPDATES.c.update_id)
_FINISH = (
    update(_UPDATES)
    .where(_UPDATES.c.update_id == bindparam("number"), _UPDATES.c.done_at.is_(None))
    .values(done_at=func.clock_timestamp(), payload=None, error=bindparam("why"))
    .returning(_UPDATES.c.update_id)
)
_ANSWER = insert(TelegramAnswer)
_FIND_OR_ADD = select(TelegramAnswer).from_statement(
    _ANSWER.on_conflict_do_update(index_elements=["chat_id", "key"], set_={"key": _ANSWER.excluded.key}).returning(
        TelegramAnswer
    )
)
_ADD_POST = select(TelegramPost).from_statement(insert(TelegramPost).on_conflict_do_nothing().returning(TelegramPost))
_ANSWERS = table_of(TelegramAnswer)
_SET_ANSWER = update(_ANSWERS).where(_ANSWERS.c.id == bindparam("answer"))  # what is given along is set
_UNSYNCHRONIZED = {"synchronize_session": False}
_USELESS = ("dead", "cancelled")


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that nobody has handled yet."""

    update_id: int
    lane: int
    payload: Mapping[str, Any]
    attempts: int


class Inbox:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, updates: Iterable[tuple[int, int, Mapping[str, Any]]]) -> int:
        """Keep (update_id, lane, payload); how many of them are new."""
        rows = [{"update_id": number, "lane": lane, "payload": payload} for number, lane, payload in updates]
        if not rows:
            return 0
        connection = await self._session.connection()
        return len((await connection.execute(_KEEP, rows)).all())

    async def due(
        self, limit: int, busy: Collection[int] = (), served: Collection[int] = (), above: int = -(1 << 63)
    ) -> Sequence[Pending]:
        """The first of lanes that are not ``busy``, where it is due; of those ``served`` lately only if there is room.

        Only of lanes from ``above`` on.
        """
        asked = {"busy": list(busy), "served": list(served), "limit": limit, "above": above}
        rows = await self._session.execute(_DUE, asked)
        return [Pending(row.update_id, row.lane, row.payload, row.attempts) for row in rows]

    async def finish(self, update_id: int, error: str | None = None) -> bool:
        """It is handled, or given up; what it said is forgotten. False: somebody else was first."""
        return await self._session.scalar(_FINISH, {"number": update_id, "why": error}) is not None

    async def postpone(self, update_id: int, wait: timedelta, error: str, *, counts: bool) -> None:
        await self._session.execute(
            update(TelegramUpdate)
            .where(TelegramUpdate.update_id == update_id)
            .values(
                not_before=func.clock_timestamp() + wait,
                error=error,
                attempts=TelegramUpdate.attempts + (1 if counts else 0),
            ),
            execution_options=_UNSYNCHRONIZED,
        )


class Answers:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_or_add(self, answer: TelegramAnswer) -> TelegramAnswer:
        """The answer of this chat and key, made when there is none."""
        values = {
            name: getattr(answer, name)
            for name in ("owner_id", "chat_id", "key", "thread_id", "reply_to", "private", "silent")
        }
        found: TelegramAnswer = (await self._session.scalars(_FIND_OR_ADD, values)).one()
        return found

    async def add_post(self, values: Mapping[str, Any]) -> TelegramPost | None:
        """None: this very recording of this message was posted before."""
        added: TelegramPost | None = await self._session.scalar(_ADD_POST, values)
        return added

    async def get(self, answer_id: UUID) -> TelegramAnswer | None:
        return await self._session.get(TelegramAnswer, answer_id, populate_existing=True)

    async def with_owner(self, answer_id: UUID) -> tuple[TelegramAnswer, User] | None:
        """The answer and whose it is."""
        query = select(TelegramAnswer, User).join(User, User.id == TelegramAnswer.owner_id)
        row = (await self._session.execute(query.where(TelegramAnswer.id == answer_id))).one_or_none()
        return (row[0], row[1]) if row else None

    async def open(self) -> Sequence[UUID]:
        """Those whose result is not delivered, oldest first."""
        query = select(TelegramAnswer.id).where(TelegramAnswer.delivered_at.is_(None))
        return (await self._session.scalars(query.order_by(TelegramAnswer.created_at))).all()

    async def set(self, answer_id: UUID, **values: Any) -> None:
        await self._session.execute(_SET_ANSWER, {"answer": answer_id, **values})

    async def open_of_owner(self, owner_id: UUID) -> Sequence[TelegramAnswer]:
        where = (TelegramAnswer.owner_id == owner_id, TelegramAnswer.delivered_at.is_(None))
        return (await self._session.scalars(select(TelegramAnswer).where(*where))).all()


class Posts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, post_id: UUID) -> TelegramPost | None:
        return await self._session.get(TelegramPost, post_id, populate_existing=True)

    async def lock(self, post_id: UUID) -> TelegramPost | None:
        """As it is now; nobody else changes it before this transaction ends."""
        return await self._session.get(TelegramPost, post_id, with_for_update=True, populate_existing=True)

    async def of(self, answer_ids: Collection[UUID]) -> Sequence[TelegramPost]:
        """Posts of these answers, in the order of their messages."""
        query = select(TelegramPost).where(TelegramPost.answer_id.in_(answer_ids))
        ordered = query.order_by(TelegramPost.message_id, TelegramPost.id).execution_options(populate_existing=True)
        return (await self._session.scalars(ordered)).all()

    async def set(self, post_id: UUID, **values: Any) -> None:
        await self._session.execute(
            update(TelegramPost).where(TelegramPost.id == post_id).values(**values), execution_options=_UNSYNCHRONIZED
        )

    async def of_run(self, run_id: UUID) -> Sequence[TelegramPost]:
        """All that the run answers."""
        return (await self._session.scalars(select(TelegramPost).where(TelegramPost.run_id == run_id))).all()

    async def posted_in(self, chat_id: int, recording_id: UUID) -> bool:
        """Whether this chat has an answer with the recording."""
        where = (TelegramPost.chat_id == chat_id, TelegramPost.recording_id == recording_id)
        return await self._session.scalar(select(TelegramPost.id).where(*where).limit(1)) is not None

    async def message_of(self, run_id: UUID, chat_id: int) -> int | None:
        """The newest answer of the chat that was delivered with this run and no other."""
        other = aliased(TelegramPost)
        posts = select(func.count(other.id)).where(other.answer_id == TelegramAnswer.id).scalar_subquery()
        return await self._session.scalar(
            select(TelegramAnswer.message_id)
            .join(TelegramPost, TelegramPost.answer_id == TelegramAnswer.id)
            .where(
                TelegramPost.run_id == run_id,
                TelegramAnswer.chat_id == chat_id,
                TelegramAnswer.delivered_at.is_not(None),
                posts == 1,
            )
            .order_by(TelegramAnswer.created_at.desc())
            .limit(1)
        )

    async def earlier(self, post: TelegramPost) -> Sequence[Row[Run, Recording]]:
        """Runs of the same owner's same Telegram file that may answer it, newest first."""
        return await self._useful(
            TelegramPost.owner_id == post.owner_id,
            TelegramPost.file_unique_id == post.file_unique_id,
            TelegramPost.id != post.id,
        )

    async def _useful(self, *where: Any) -> Sequence[Row[Run, Recording]]:
        query = (
            select(Run, Recording)
            .join(Recording, Recording.id == Run.recording_id)
            .join(TelegramPost, TelegramPost.run_id == Run.id)
            .where(Run.state.not_in(_USELESS), *where)
            .order_by(Run.created_at.desc())
            .limit(5)
        )
        return (await self._session.execute(query)).all()

    async def same_content(self, recording: Recording) -> Sequence[Row[Run, Recording]]:
        """Runs of the same owner's other recordings with the same bytes that may answer for it, newest first."""
        query = (
            select(Run, Recording)
            .join(Recording, Recording.id == Run.recording_id)
            .where(
                Recording.owner_id == recording.owner_id,
                Recording.sha256 == recording.sha256,
                Recording.id != recording.id,
                Run.state.not_in(_USELESS),
            )
            .order_by(Run.created_at.desc())
            .limit(5)
        )
        return (await self._session.execute(query)).all()


class Notices:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, notices: Iterable[Mapping[str, Any]]) -> int:
        """Each with ``key``, ``chat_id``, ``text_key``, ``params``, ``language``. How many are new."""
        rows = list(notices)
        if not rows:
            return 0
        added = insert(TelegramNotice).values(rows).on_conflict_do_nothing().returning(TelegramNotice.id)
        return len((await self._session.scalars(added)).all())

    async def due(self, limit: int) -> Sequence[TelegramNotice]:
        """What is for one person before what is for all."""
        where = (TelegramNotice.sent_at.is_(None), TelegramNotice.not_before <= func.clock_timestamp())
        order = (TelegramNotice.key.startswith(BROADCAST), TelegramNotice.not_before, TelegramNotice.id)
        query = select(TelegramNotice).where(*where).order_by(*order)
        return (await self._session.scalars(query.limit(limit))).all()

    async def set(self, notice_id: int, **values: Any) -> None:
        await self._session.execute(
            update(TelegramNotice).where(TelegramNotice.id == notice_id).values(**values),
            execution_options=_UNSYNCHRONIZED,
        )


class Chats:
    """Groups that have the bot."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def joined(self, chat_id: int, title: str, language: str) -> None:
        """Added, perhaps again: its settings stay."""
        values = {"chat_id": chat_id, "title": title, "language": language}
        made = insert(TelegramChat).values(**values)
        back = {"title": title, "left_at": None}
        await self._session.execute(made.on_conflict_do_update(index_elements=["chat_id"], set_=back))

    async def left(self, chat_id: int) -> None:
        await self.set(chat_id, left_at=func.now())

    async def get(self, chat_id: int) -> TelegramChat | None:
        return await self._session.get(TelegramChat, chat_id, populate_existing=True)

    async def set(self, chat_id: int, **values: Any) -> None:
        await self._session.execute(
            update(TelegramChat).where(TelegramChat.chat_id == chat_id).values(**values),
            execution_options=_UNSYNCHRONIZED,
        )
