"""Who is asking: a person who is signed in somewhere, or a program with a key of theirs."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError, StorageError
from stenogram.services import users
from stenogram.storage.access_models import ApiKey, SessionRow
from stenogram.storage.access_rows import Keys, Sessions
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.repositories import Users

Way = Literal["link", "telegram", "widget"]
Scope = Literal["read", "write"]

KEY_PREFIX = "stg_"
MOST_KEYS = 20
_CLIENT_LENGTH = 200
_RETURNING: tuple[Way, ...] = ("telegram",)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks. Without a key it is the person; ``session_id`` is None for tokens of before there were sessions."""

    user: User
    session_id: UUID | None = None
    key_scope: str | None = None

    @property
    def by_key(self) -> bool:
        return self.key_scope is not None


async def of_session(database: Database, user_id: UUID, session_id: UUID | None) -> Identity:
    """Whose token this is. Raises StenogramError: ``auth.required`` when the session was ended, ``access.blocked``."""
    async with database.session() as session:
        if session_id is None:
            return Identity(_let_in(await Users(session).get(user_id)))
        found = await Sessions(session).user(session_id, user_id)
    user, stale = found or (None, False)
    identity = Identity(_let_in(user), session_id)
    if stale:
        await _note(database, session_id)
    return identity


async def of_key(database: Database, secret: str) -> Identity:
    """Whose key this is. Looked up by its hash, so the time it takes tells nothing. Raises as ``of_session``."""
    async with database.session() as session:
        found = await Keys(session).user(_hash(secret))
    if found is None:
        raise StenogramError("auth.required", "the key is unknown, revoked or over")
    user, key, stale = found
    identity = Identity(_let_in(user), key_scope=key.scope)
    if stale:
        await _note(database, key.id, key=True)
    return identity


def _let_in(user: User | None) -> User:
    if user is None:
        raise StenogramError("auth.required", "the user is gone, or the session was ended")
    if user.blocked_at is not None:
        raise StenogramError("access.blocked")
    return user


async def _note(database: Database, row_id: UUID, *, key: bool = False) -> None:
    """That somebody was here. A database that takes no writes must not keep people from reading."""
    try:
        async with database.at_once() as session:
            await (Keys(session).used(row_id) if key else Sessions(session).seen(row_id))
    except StorageError as error:
        logger.warning("not noted when {} was last used: {}", row_id, error)


# --- sessions ---


async def open_session(session: AsyncSession, user: User, way: Way, client: str, lifetime: timedelta) -> UUID:
    """The id for the access token of somebody who has just signed in. ``client`` is what the browser calls itself.

    Telegram signs people in anew each time they open the page: from the same device that prolongs one session.
    """
    rows, client = Sessions(session), client[:_CLIENT_LENGTH].replace("\0", "")
    known = await rows.prolong(user.id, way, client, lifetime) if way in _RETURNING else None
    return known or await rows.add(user.id, way, client, lifetime)


async def sessions(session: AsyncSession, user: User) -> Sequence[SessionRow]:
    """Where the user is signed in, the last used first."""
    return await Sessions(session).of_user(user.id)


async def end_session(session: AsyncSession, user: User, session_id: UUID) -> None:
    """Its tokens are refused from the commit on. Raises StenogramError("not_found")."""
    if not await Sessions(session).remove(user.id, session_id):
        raise StenogramError("not_found", f"session {session_id}")


async def end_others(session: AsyncSession, user: User, kept: UUID | None) -> int:
    """All sessions of the user but one; how many there were."""
    return await Sessions(session).remove_others(user.id, kept)


async def forget_expired(session: AsyncSession) -> int:
    """Sessions whose time is over; how many."""
    return await Sessions(session).forget_expired()


# --- keys ---


async def make_key(
    session: AsyncSession, user: User, name: str, scope: Scope, lifetime: timedelta | None
) -> tuple[ApiKey, str]:
    """A new key and its secret (256 bits), of which only the hash is kept. ``lifetime`` None: until it is revoked.

    Raises InvalidOptions("request.invalid") for an empty name, StenogramError("keys.too_many").
    """
    name = " ".join(name.split())
    if not name:
        raise InvalidOptions("request.invalid", detail="name")
    await users.locked(session, user.id)  # one at a time: not too many
    if len(await Keys(session).of_user(user.id)) >= MOST_KEYS:
        raise StenogramError("keys.too_many", limit=MOST_KEYS)
    secret = f"{KEY_PREFIX}{secrets.token_urlsafe(32)}"
    key = ApiKey(user_id=user.id, secret_hash=_hash(secret), name=name, ending=secret[-4:], scope=scope)
    return await Keys(session).add(key, lifetime), secret


async def keys(session: AsyncSession, user: User) -> Sequence[ApiKey]:
    """Newest first, those that are over too."""
    return await Keys(session).of_user(user.id)


async def revoke_key(session: AsyncSession, user: User, key_id: UUID) -> ApiKey:
    """It is refused from the commit on. Raises StenogramError("not_found")."""
    removed = await Keys(session).remove(user.id, key_id)
    if removed is None:
        raise StenogramError("not_found", f"key {key_id}")
    return removed


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
