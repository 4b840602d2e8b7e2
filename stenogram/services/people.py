"""What administrators do about people: find them, invite them, and say what they may.

Stopping what somebody who is blocked has running is ``services.sanctions``.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.services import users
from stenogram.settings import Settings
from stenogram.storage.models import User
from stenogram.storage.repositories import clock
from stenogram.storage.user_rows import Accounts, Invites

Role = Literal["user", "admin"]

INVITE_LIFETIME = timedelta(days=7)


async def find(session: AsyncSession, text: str, limit: int = 20) -> Sequence[User]:
    """By Telegram id, our own id (its first eight digits at least), or a part of the name or @name; newest first."""
    return await Accounts(session).find(text.strip(), limit) if text.strip() else []


async def page(session: AsyncSession, limit: int = 20, offset: int = 0) -> tuple[Sequence[User], int]:
    """Newest first; and how many there are in all."""
    accounts = Accounts(session)
    return await accounts.page(limit, offset), await accounts.count()


async def block(session: AsyncSession, user: User) -> User:
    """Refuse this person from now on. Raises StenogramError("auth.forbidden") for an administrator."""
    fresh = await users.locked(session, user.id)
    if fresh.role == "admin":
        raise StenogramError("auth.forbidden", "an administrator is to be dismissed before")
    return await users.change(session, user.id, blocked_at=fresh.blocked_at or await clock(session))


async def unblock(session: AsyncSession, user: User) -> User:
    return await users.change(session, user.id, blocked_at=None)


async def set_role(session: AsyncSession, user: User, role: str) -> User:
    """``admin`` stays until an administrator takes it. Raises InvalidOptions, StenogramError("account.last_admin")."""
    if role not in get_args(Role):
        raise InvalidOptions("request.invalid", detail=f"role: {role}")
    if role == "user":
        await leave_an_admin(session, user)
    return await users.change(session, user.id, role=role, role_by_setting=False)


async def leave_an_admin(session: AsyncSession, user: User, *, lock: bool = True) -> None:
    """Before ``user`` ceases to be one. Raises StenogramError("account.last_admin"); with ``lock``, of two who leave at
    once, for the second."""
    if list(await Accounts(session).admins(lock=lock)) == [user.id]:
        raise StenogramError("account.last_admin")


async def set_plan(session: AsyncSession, user: User, plan: str | None, settings: Settings) -> User:
    """One of QUOTA_PLANS; None: the service's. Raises InvalidOptions("request.invalid")."""
    if plan is not None and plan not in settings.quota.plans:
        raise InvalidOptions("request.invalid", detail=f"plan: one of {', '.join(settings.quota.plans)}")
    return await users.change(session, user.id, plan=plan)


async def set_unlimited(session: AsyncSession, user: User, unlimited: bool) -> User:
    return await users.change(session, user.id, unlimited=unlimited)


async def make_invite(session: AsyncSession, by: User, uses: int = 1, lifetime: timedelta = INVITE_LIFETIME) -> str:
    """The secret of a new invitation (192 bits), fit to be the payload of a deep link; only its hash is kept."""
    if uses < 1:
        raise InvalidOptions("request.invalid", detail="uses")
    secret = f"inv-{secrets.token_urlsafe(24)}"
    await Invites(session).add(users.invite_hash(secret), by.id, uses, lifetime)
    return secret
