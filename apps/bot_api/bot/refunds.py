"""Giving Stars back: our side of it and Telegram's, whoever asks for it."""

import hashlib
from typing import Any

from aiogram.exceptions import TelegramBadRequest
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.render.shop import amount
from apps.bot_api.bot.texts import texts
from stenogram.errors import StenogramError
from stenogram.services import audit, payments
from stenogram.storage.models import Payment, User
from stenogram.storage.telegram_rows import Notices

_REFUNDED = "CHARGE_ALREADY_REFUNDED"


async def refund(
    desk: Desk, session: AsyncSession, admin: User, payer: User, charge_id: str, via: audit.Via
) -> Payment:
    """Give a payment back, in the caller's transaction: its hours go, its Stars come, the person hears of it, once.

    Telegram comes last, and gives nothing back twice: what is interrupted in between may be done again. Raises
    StenogramError: ``not_found``, ``payment.not_refunded``; TelegramAPIError where Telegram is away.
    """
    payment = await payments.refund(session, charge_id)
    await note(session, payer, payment)
    await audit.record(session, admin, "user.refunded", payer, via=via, stars=payment.stars)
    try:
        await give_back(desk, payer.telegram_id or 0, charge_id)
    except TelegramBadRequest as error:  # paid with an account that is not this user's any more
        raise StenogramError("payment.not_refunded", str(error)) from error
    return payment


async def note(session: AsyncSession, payer: User, payment: Payment) -> None:
    """The person hears that a payment was given back."""
    params = {"stars": payment.stars, "amount": amount(texts(payer.language), payment.seconds)}
    await receipt(session, payer, "payment-refunded", payment.charge_id, params)


async def receipt(session: AsyncSession, user: User, text_key: str, charge_id: str, params: dict[str, Any]) -> None:
    """News of a payment, once. Charge ids may be longer than a key."""
    if user.telegram_id is not None:
        key = f"{text_key}:{hashlib.sha256(charge_id.encode()).hexdigest()}"
        notice = {"key": key, "chat_id": user.telegram_id, "text_key": text_key, "params": params}
        await Notices(session).add([{**notice, "language": user.language}])


async def give_back(desk: Desk, telegram_id: int, charge_id: str) -> None:
    """Telegram's side of it; again and again as once."""
    try:
        await desk.bot.refund_star_payment(telegram_id, charge_id)
    except TelegramBadRequest as error:
        if _REFUNDED not in error.message:
            raise
        logger.info("a payment was given back already: {}", error)
