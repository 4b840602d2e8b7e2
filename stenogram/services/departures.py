"""Deleting an account and coming again gives nobody the day's allowance twice.

Of somebody who has left, an HMAC of their Telegram id and what they had used of the day are kept, for two days. The key
is derived from the service's secret, so a copy of the database alone does not tell whose they are.
"""

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services.access import service_secret
from stenogram.settings import ServerSettings
from stenogram.storage.ledger_rows import DAILY, Departures, Ledger
from stenogram.storage.models import LedgerEntry, User

LIFETIME = timedelta(hours=48)
_PURPOSE = b"stenogram departures 1"


async def note(session: AsyncSession, user: User, server: ServerSettings) -> None:
    """Before the user is deleted. One without a Telegram account cannot come again as the same."""
    if user.telegram_id is not None:
        await Departures(session).keep(_person(user.telegram_id, server), user.id, LIFETIME)


async def recall(session: AsyncSession, user: User, server: ServerSettings) -> None:
    """Book to a new user what the same person had used before."""
    if user.telegram_id is None:
        return
    for day, seconds in await Departures(session).take(_person(user.telegram_id, server)):
        key = f"before:{user.id}:{day}"
        entry = LedgerEntry(key=key, bucket=DAILY, user_id=user.id, kind="before", seconds=-seconds, day=day)
        await Ledger(session).add_once(entry)


def _person(telegram_id: int, server: ServerSettings) -> bytes:
    key = hmac.digest(service_secret(server).encode(), _PURPOSE, hashlib.sha256)
    return hmac.digest(key, str(telegram_id).encode(), hashlib.sha256)
