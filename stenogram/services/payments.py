"""Packs of seconds for Telegram Stars. What Telegram has to be asked or told (invoices, refunds) is the caller's.

A pack is credited when Telegram says that it was paid, once per charge id, by what its payload promised: it is the
payload of the invoice that holds, though the prices may have changed since.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import quotas
from stenogram.settings import Settings
from stenogram.storage.ledger_rows import Payments
from stenogram.storage.models import Payment, User
from stenogram.storage.repositories import Users

_PAYLOAD = re.compile(r"pack:([1-9]\d{0,8}):([1-9]\d{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Package:
    """So many seconds for so many Stars."""

    seconds: int
    stars: int

    @property
    def payload(self) -> str:
        """Of its invoice."""
        return f"pack:{self.seconds}:{self.stars}"


def packages(settings: Settings) -> tuple[Package, ...]:
    """What is for sale; nothing where TELEGRAM_STARS_PACKAGES is empty."""
    return tuple(Package(seconds, stars) for seconds, stars in settings.telegram.stars_packages)


def package(settings: Settings, payload: str) -> Package:
    """What is for sale under this payload: ask before the payment. Raises StenogramError("payment.unknown")."""
    found = promised(payload)
    if found not in packages(settings):
        raise StenogramError("payment.unknown", payload[:64])
    return found


def promised(payload: str) -> Package:
    """What was sold with this payload, though it be sold no more. Raises StenogramError("payment.unknown")."""
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        raise StenogramError("payment.unknown", payload[:64])
    return Package(int(match[1]), int(match[2]))


async def receive(session: AsyncSession, user: User, charge_id: str, stars: int, seconds: int) -> bool:
    """Keep the payment and credit its pack. False: it was received before, and nothing is credited again."""
    values = {"charge_id": charge_id, "user_id": user.id, "stars": stars, "seconds": seconds}
    if not await Payments(session).add_once(**values):
        return False
    return await quotas.change_packs(session, user.id, _key("purchase", charge_id), "purchase", seconds)


async def refund(session: AsyncSession, charge_id: str) -> Payment:
    """Mark the payment refunded and take its seconds back, once. Raises StenogramError("not_found").

    Where they were used already the packs go below zero, and eat the next ones. Tell Telegram before the commit: what
    it refuses is then not taken back.
    """
    payments = Payments(session)
    payment = await payments.get(charge_id, lock=True)
    if payment is None:
        raise StenogramError("not_found", "the payment is not known")
    if payment.refunded_at is not None:
        return payment
    await quotas.change_packs(session, payment.user_id, _key("revoke", charge_id), "revoke", -payment.seconds)
    return await payments.mark_refunded(charge_id)


def _key(kind: str, charge_id: str) -> str:
    """Charge ids may be longer than a key of the ledger."""
    return f"{kind}:{hashlib.sha256(charge_id.encode()).hexdigest()}"


async def of_user(session: AsyncSession, user: User) -> Sequence[Payment]:
    """Newest first."""
    return await Payments(session).of_user(user.id)


async def payer(session: AsyncSession, charge_id: str) -> User:
    """Who has paid. Raises StenogramError("not_found")."""
    payment = await Payments(session).get(charge_id)
    found = await Users(session).get(payment.user_id) if payment else None
    if found is None:
        raise StenogramError("not_found", "the payment is not known")
    return found


async def page(session: AsyncSession, limit: int, offset: int = 0) -> tuple[Sequence[tuple[Payment, User]], int]:
    """Everybody's, newest first, each with who has paid; and how many there are in all."""
    received = Payments(session)
    return await received.page(limit, offset), await received.count()
