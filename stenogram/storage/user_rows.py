"""Queries on accounts and invitations. No commit inside."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Invite, LedgerEntry, Payment, Recording, Run, User
from stenogram.storage.telegram_models import TelegramPost

_ADMIN = "admin"
_ADD_TELEGRAM = select(User).from_statement(
    insert(User).on_conflict_do_nothing(index_elements=[User.telegram_id]).returning(User)
)
CAN_BE_REACHED = and_(User.telegram_id.is_not(None), User.unreachable_at.is_(None), User.blocked_at.is_(None))


class Accounts:
    """The users, in the session of the caller. What is written is read back, into the caller's object too."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def admin_by_name(self, name: str) -> User | None:
        """The oldest administrator of that name: names are for people and need not be unique."""
        query = select(User).where(User.name == name, User.role == _ADMIN).order_by(User.created_at).limit(1)
        return await self._session.scalar(query)

    async def add_telegram(self, telegram_id: int, **values: Any) -> User | None:
        """Make the user of a Telegram account. None: there is one; waits for whoever makes it right now."""
        made: User | None = await self._session.scalar(_ADD_TELEGRAM, {"telegram_id": telegram_id, **values})
        return made

    async def change(self, user_id: UUID, **values: Any) -> User | None:
        """The user as it is now. None: it is gone."""
        statement = update(User).where(User.id == user_id).values(values).returning(User)
        options = {"populate_existing": True, "synchronize_session": False}
        return await self._session.scalar(statement, execution_options=options)

    async def prefer(self, user_id: UUID, name: str, value: object) -> User | None:
        """Write one preference and leave the others, whoever writes them meanwhile."""
        return await self.change(user_id, preferences=User.preferences.concat({name: value}))

    async def lock(self, user_id: UUID) -> User | None:
        """Alone with it: until this transaction ends nobody changes it, nor gives it anything."""
        return await self._session.get(User, user_id, with_for_update=True, populate_existing=True)

    async def delete(self, user_id: UUID) -> None:
        """With everything that refers to it."""
        await self._session.execute(delete(User).where(User.id == user_id))

    async def owns_anything(self, user_id: UUID) -> bool:
        """Recordings, seconds booked here (not those of an account before), payments, or something under way."""
        under_way = TelegramPost.state.not_in(("failed", "cancelled"))
        owned = or_(
            exists().where(Recording.owner_id == user_id),
            exists().where(LedgerEntry.user_id == user_id, LedgerEntry.kind != "before"),
            exists().where(Payment.user_id == user_id),
            exists().where(TelegramPost.owner_id == user_id, under_way),
        )
        return bool(await self._session.scalar(select(owned)))

    async def recordings(self, user_id: UUID) -> Sequence[UUID]:
        """Of the user, the oldest first."""
        query = select(Recording.id).where(Recording.owner_id == user_id)
        return (await self._session.scalars(query.order_by(Recording.created_at, Recording.id))).all()

    async def admins(self, *, lock: bool) -> Sequence[UUID]:
        """Who are administrators and not blocked. ``lock``: nobody else appoints or dismisses one of them meanwhile."""
        query = select(User.id).where(User.role == _ADMIN, User.blocked_at.is_(None)).order_by(User.id)
        return (await self._session.scalars(query.with_for_update(key_share=True) if lock else query)).all()

    async def appoint(self, telegram_ids: Collection[int]) -> None:
        """Make these administrators, and users again those whom an earlier setting had made so."""
        named = User.telegram_id.in_(telegram_ids)
        await self._set(and_(named, User.role != _ADMIN), role=_ADMIN, role_by_setting=True)
        dismissed = and_(User.role_by_setting, or_(User.telegram_id.is_(None), ~named))
        await self._set(dismissed, role="user", role_by_setting=False)

    async def _set(self, which: ColumnElement[bool], **values: Any) -> None:
        await self._session.execute(update(User).where(which).values(values))

    async def find(self, text: str, limit: int) -> Sequence[User]:
        """By the whole Telegram id, a part of a name, or the first eight digits of our id. Newest first."""
        part = text.removeprefix("@")
        matches = or_(
            User.name.icontains(part, autoescape=True),
            User.telegram_name.icontains(part, autoescape=True),
            cast(User.telegram_id, String) == part,
            func.left(cast(User.id, String), 8) == part.lower()[:8],
        )
        query = select(User).where(matches).order_by(User.created_at.desc(), User.id).limit(limit)
        return (await self._session.scalars(query)).all()

    async def page(self, limit: int, offset: int) -> Sequence[User]:
        """Newest first."""
        query = select(User).order_by(User.created_at.desc(), User.id).limit(limit).offset(offset)
        return (await self._session.scalars(query)).all()

    async def count(self) -> int:
        return await self._session.scalar(select(func.count()).select_from(User)) or 0

    async def reachable(self) -> Sequence[User]:
        """Who can be written to on Telegram."""
        return (await self._session.scalars(select(User).where(CAN_BE_REACHED).order_by(User.id))).all()

    async def runs_under_way(self, user_id: UUID) -> Sequence[UUID]:
        """Of the user, in the order in which several of them are to be locked."""
        query = select(Run.id).join(Recording, Recording.id == Run.recording_id)
        mine = query.where(Recording.owner_id == user_id, Run.state.in_(("queued", "running")))
        return (await self._session.scalars(mine.order_by(Run.id))).all()

    async def keep(self, user_id: UUID) -> tuple[object, datetime] | None:
        """For how long this user's recordings are to be kept, as it is stored; and what time it is."""
        query = select(User.preferences["keep"], func.clock_timestamp()).where(User.id == user_id)
        row = (await self._session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None


class Invites:
    """Invitations by the hash of their secret, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, secret_hash: bytes, by: UUID, uses: int, lifetime: timedelta) -> None:
        values = {"secret_hash": secret_hash, "created_by": by, "uses_left": uses}
        await self._session.execute(insert(Invite).values(**values, expires_at=func.now() + lifetime))

    async def spend(self, secret_hash: bytes) -> bool:
        """One use of it. False: it is unknown, used up or expired. Atomic."""
        good = (Invite.secret_hash == secret_hash, Invite.uses_left > 0, Invite.expires_at > func.now())
        spent = update(Invite).where(*good).values(uses_left=Invite.uses_left - 1).returning(Invite.uses_left)
        options = {"synchronize_session": False}
        return await self._session.scalar(spent, execution_options=options) is not None
