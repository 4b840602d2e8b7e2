"""Queries on sessions, keys of the API and the audit. No commit inside."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from stenogram.storage.access_models import ApiKey, AuditEntry, SessionRow
from stenogram.storage.models import User

SEEN = timedelta(minutes=5)
"""How exactly it is told when a session or a key was last used: a write for each request would cost more."""

_KEY_LIVES = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now())


class _Rows:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def _delete(self, table: type[Any], *which: ColumnElement[bool]) -> int:
        options = {"synchronize_session": False}
        result = await self._session.execute(delete(table).where(*which), execution_options=options)
        return result.rowcount if isinstance(result, CursorResult) else 0


class Sessions(_Rows):
    """Who is signed in where."""

    async def user(self, session_id: UUID, user_id: UUID) -> tuple[User, bool] | None:
        """Whose session this is, and whether it is time to note that they are here. One read by the primary keys."""
        stale = SessionRow.seen_at < func.now() - SEEN
        query = select(User, stale).join(SessionRow, SessionRow.user_id == User.id)
        mine = query.where(SessionRow.id == session_id, User.id == user_id, SessionRow.expires_at > func.now())
        row = (await self._session.execute(mine)).one_or_none()
        return (row[0], row[1]) if row else None

    async def seen(self, session_id: UUID) -> None:
        statement = update(SessionRow).where(SessionRow.id == session_id).values(seen_at=func.now())
        await self._session.execute(statement, execution_options={"synchronize_session": False})

    async def add(self, user_id: UUID, way: str, client: str, lifetime: timedelta) -> UUID:
        row = SessionRow(user_id=user_id, way=way, client=client, seen_at=func.now(), expires_at=func.now() + lifetime)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def prolong(self, user_id: UUID, way: str, client: str, lifetime: timedelta) -> UUID | None:
        """The living session of this user that came the same way from the same browser, good for ``lifetime`` again."""
        newest = (
            select(SessionRow.id)
            .where(SessionRow.user_id == user_id, SessionRow.way == way, SessionRow.client == client)
            .where(SessionRow.expires_at > func.now())
            .order_by(SessionRow.expires_at.desc())
            .limit(1)
        )
        statement = update(SessionRow).where(SessionRow.id == newest.scalar_subquery())
        longer = statement.values(seen_at=func.now(), expires_at=func.now() + lifetime).returning(SessionRow.id)
        return await self._session.scalar(longer, execution_options={"synchronize_session": False})

    async def of_user(self, user_id: UUID) -> Sequence[SessionRow]:
        """Those that are good, the last used first."""
        query = select(SessionRow).where(SessionRow.user_id == user_id, SessionRow.expires_at > func.now())
        return (await self._session.scalars(query.order_by(SessionRow.seen_at.desc(), SessionRow.id))).all()

    async def remove(self, user_id: UUID, session_id: UUID) -> bool:
        return await self._delete(SessionRow, SessionRow.user_id == user_id, SessionRow.id == session_id) > 0

    async def remove_others(self, user_id: UUID, kept: UUID | None) -> int:
        """All of the user but ``kept``; how many."""
        which = [SessionRow.user_id == user_id]
        return await self._delete(SessionRow, *which, *([SessionRow.id != kept] if kept else []))

    async def forget_expired(self) -> int:
        return await self._delete(SessionRow, SessionRow.expires_at < func.now())


class Keys(_Rows):
    """Keys of the API, by the hash of their secret."""

    async def user(self, secret_hash: bytes) -> tuple[User, ApiKey, bool] | None:
        """Whose key this is, and whether it is time to note that it is used. One read by its hash."""
        stale = or_(ApiKey.used_at.is_(None), ApiKey.used_at < func.now() - SEEN)
        query = select(User, ApiKey, stale).join(ApiKey, ApiKey.user_id == User.id)
        row = (await self._session.execute(query.where(ApiKey.secret_hash == secret_hash, _KEY_LIVES))).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    async def used(self, key_id: UUID) -> None:
        statement = update(ApiKey).where(ApiKey.id == key_id).values(used_at=func.now())
        await self._session.execute(statement, execution_options={"synchronize_session": False})

    async def add(self, key: ApiKey, lifetime: timedelta | None) -> ApiKey:
        key.expires_at = func.now() + lifetime if lifetime else None
        self._session.add(key)
        await self._session.flush()
        await self._session.refresh(key)
        return key

    async def of_user(self, user_id: UUID) -> Sequence[ApiKey]:
        """Newest first, those that are over too."""
        query = select(ApiKey).where(ApiKey.user_id == user_id).order_by(ApiKey.created_at.desc(), ApiKey.id)
        return (await self._session.scalars(query)).all()

    async def remove(self, user_id: UUID, key_id: UUID) -> ApiKey | None:
        """The key that is no more. None: there was none of this user."""
        statement = delete(ApiKey).where(ApiKey.user_id == user_id, ApiKey.id == key_id).returning(ApiKey)
        return await self._session.scalar(statement, execution_options={"synchronize_session": False})


class Told(NamedTuple):
    """An entry with the names of those in it; None: nobody, or somebody who has left."""

    entry: AuditEntry
    actor: str | None
    subject: str | None


class Wanted(NamedTuple):
    """Which entries. None: any."""

    who: UUID | None = None  # who did it, or to whom it was done
    name: str | None = None  # a part of that one's name
    action: str | None = None  # an action, or its first part
    since: datetime | None = None
    until: datetime | None = None  # before that


ANY = Wanted()


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.who is not None:
        yield or_(AuditEntry.actor_id == wanted.who, AuditEntry.subject_id == wanted.who)
    if wanted.action is not None:
        yield or_(AuditEntry.action == wanted.action, AuditEntry.action.startswith(f"{wanted.action}."))
    if wanted.since is not None:
        yield AuditEntry.created_at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.created_at < wanted.until


class Audit(_Rows):
    """What was done by whom."""

    async def add(self, entry: AuditEntry) -> None:
        self._session.add(entry)
        await self._session.flush()

    async def page(self, limit: int, before: int | None = None, wanted: Wanted = ANY) -> Sequence[Told]:
        """Newest first."""
        actor, subject = aliased(User), aliased(User)
        query = (
            select(AuditEntry, actor.name, subject.name)
            .outerjoin(actor, actor.id == AuditEntry.actor_id)
            .outerjoin(subject, subject.id == AuditEntry.subject_id)
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(AuditEntry.id < before)
        if wanted.name:
            query = query.where(or_(*(one.name.icontains(wanted.name, autoescape=True) for one in (actor, subject))))
        return [Told(*row) for row in await self._session.execute(query.where(*_conditions(wanted)))]

    async def forget(self, age: timedelta) -> int:
        """Entries from so long ago; how many."""
        return await self._delete(AuditEntry, AuditEntry.created_at < func.now() - age)
