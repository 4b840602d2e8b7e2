"""What was paid in Telegram Stars, for administrators."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Output
from stenogram.storage.models import Payment, User


class PaymentOut(Output):
    charge_id: str = Field(description="Telegram's")
    payer_id: UUID
    payer: str
    stars: int
    seconds: int
    created_at: datetime
    refunded_at: datetime | None


class PaymentsPage(Output):
    """Newest first."""

    items: list[PaymentOut]
    total: int
    selling: bool = Field(description="There are packages for sale (TELEGRAM_STARS_PACKAGES)")


class RefundIn(Input):
    charge_id: str = Field(min_length=1, max_length=255)


def payment_out(payment: Payment, payer: User) -> PaymentOut:
    return PaymentOut(
        charge_id=payment.charge_id,
        payer_id=payer.id,
        payer=payer.name,
        stars=payment.stars,
        seconds=payment.seconds,
        created_at=payment.created_at,
        refunded_at=payment.refunded_at,
    )


def payments_page(found: Sequence[tuple[Payment, User]], total: int, *, selling: bool) -> PaymentsPage:
    return PaymentsPage(items=[payment_out(*one) for one in found], total=total, selling=selling)
