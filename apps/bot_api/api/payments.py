"""For administrators: what was paid in Telegram Stars, and giving it back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from apps.bot_api.api.telegram import CurrentBot
from apps.bot_api.deps import Administrator, Running, require_admin
from apps.bot_api.schemas.payments import PaymentOut, PaymentsPage, RefundIn, payment_out, payments_page
from stenogram.errors import StenogramError
from stenogram.services import payments

router = APIRouter(prefix="/admin/payments", tags=["admin"], dependencies=[Depends(require_admin)])


@router.get("")
async def list_payments(
    runtime: Running,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> PaymentsPage:
    """Everybody's, newest first."""
    async with runtime.database.session() as session:
        found, total = await payments.page(session, limit, offset)
    return payments_page(found, total, selling=bool(payments.packages(runtime.settings)))


@router.post("/refund")
async def refund_payment(wanted: RefundIn, admin: Administrator, bot: CurrentBot) -> PaymentOut:
    """Give the Stars back, and take the hours back; once, however often it is asked for."""
    if bot is None:
        raise StenogramError("payment.not_refunded", "there is no bot to do it")
    return payment_out(*await bot.refund(admin, wanted.charge_id))
