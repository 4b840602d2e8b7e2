"""Hours for Telegram Stars: /buy, the way of a payment, /paysupport, /terms.

Only where TELEGRAM_STARS_PACKAGES is set; but what somebody has paid is credited in any case.
"""

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import CallbackQuery, LabeledPrice, Message, PreCheckoutQuery, SuccessfulPayment, TelegramObject
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot import refunds
from apps.bot_api.bot.checkout import agree
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.handlers.screens import hush, message_of
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.render import shop as render
from apps.bot_api.bot.render.admin_buttons import Buy, Pack
from apps.bot_api.bot.texts import Texts
from apps.bot_api.bot.texts import texts as texts_of
from stenogram.errors import StenogramError
from stenogram.services import payments, quotas
from stenogram.services.payments import Package
from stenogram.storage.models import User

router = Router(name="shop")

STARS = "XTR"
_PRIVATE = F.chat.type == "private"


class Selling(BaseFilter):
    """There is something for sale."""

    async def __call__(self, _event: TelegramObject, desk: Desk) -> bool:
        return bool(payments.packages(desk.runtime.settings))


@router.message(Command("buy"), _PRIVATE, Selling())
async def buy(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    shown = await _shop(desk, user, texts)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Buy.filter(), Selling())
async def buy_instead(query: CallbackQuery, desk: Desk, user: User, texts: Texts) -> None:
    """Under a refusal that says that the time is used up."""
    message, shown = message_of(query), await _shop(desk, user, texts)
    await hush(query)
    await message.answer(shown.text, reply_markup=shown.keyboard)


async def _shop(desk: Desk, user: User, texts: Texts) -> Shown:
    settings = desk.runtime.settings
    async with desk.runtime.database.at_once() as session:
        has = await quotas.allowance(session, user, settings)
    return render.shop(texts, payments.packages(settings), has)


@router.message(Command("paysupport"), _PRIVATE, Selling())
async def support(message: Message, desk: Desk, texts: Texts) -> None:
    await message.answer(texts("pay-support", support=desk.runtime.settings.telegram.support or "none"))


@router.message(Command("terms"), _PRIVATE, Selling())
async def terms(message: Message, texts: Texts) -> None:
    await message.answer(texts("pay-terms"))


# --- the way of a payment ---


@router.callback_query(Pack.filter())
async def invoice(query: CallbackQuery, callback_data: Pack, desk: Desk, texts: Texts) -> None:
    """Raises StenogramError("payment.unknown") for what is sold no more."""
    wanted = Package(callback_data.seconds, callback_data.stars)
    package = payments.package(desk.runtime.settings, wanted.payload)
    await hush(query)
    hours = render.amount(texts, package.seconds)
    await message_of(query).answer_invoice(
        title=texts.plain("invoice-title", amount=hours),
        description=texts.plain("invoice-description", amount=hours),
        payload=package.payload,
        currency=STARS,
        provider_token="",
        prices=[LabeledPrice(label=texts.plain("invoice-label", amount=hours), amount=package.stars)],
    )


@router.pre_checkout_query()
async def check_out(query: PreCheckoutQuery, desk: Desk, texts: Texts) -> None:
    """Telegram waits for ten seconds; without an answer nothing is paid."""
    try:
        _check(query, desk)
    except StenogramError as error:
        await agree(query, texts.plain_error(error.code, error.params))
    else:
        await agree(query)


def _check(query: PreCheckoutQuery, desk: Desk) -> None:
    """Raises StenogramError("payment.unknown") for what is not for sale on these terms."""
    package = payments.package(desk.runtime.settings, query.invoice_payload)
    if (query.currency, query.total_amount) != (STARS, package.stars):
        raise StenogramError("payment.unknown", query.invoice_payload[:64])


@router.message(F.successful_payment.as_("payment"))
async def paid(message: Message, payment: SuccessfulPayment, desk: Desk, user: User | None = None) -> None:
    """What was paid is credited by what its invoice promised; what cannot be is given back."""
    try:
        package = payments.promised(payment.invoice_payload)
    except StenogramError as error:
        logger.error("a payment of {} stars for {}", payment.total_amount, error)
        package = None
    if user is None or package is None:
        await _return(message, payment, desk)
        return
    async with desk.runtime.database.begin() as session:
        await _credit(session, desk, user, payment, package)
        await delivery.get().settle(session)


async def _credit(session: AsyncSession, desk: Desk, user: User, payment: SuccessfulPayment, package: Package) -> None:
    charge_id = payment.telegram_payment_charge_id
    if not await payments.receive(session, user, charge_id, payment.total_amount, package.seconds):
        return
    texts = texts_of(user.language)
    packs = (await quotas.allowance(session, user, desk.runtime.settings)).packs
    params = {"added": render.amount(texts, package.seconds), "left": render.amount(texts, packs)}
    await refunds.receipt(session, user, "payment-received", charge_id, params)


async def _return(message: Message, payment: SuccessfulPayment, desk: Desk) -> None:
    """There is nobody to credit any more, or nothing that we ever sold."""
    person = message.from_user
    if person is None:
        raise StenogramError("payment.unknown", "paid by nobody")
    await refunds.give_back(desk, person.id, payment.telegram_payment_charge_id)
    await message.answer(texts_of(person.language_code)("payment-impossible", stars=payment.total_amount))


# --- giving back ---


@router.message(F.refunded_payment.telegram_payment_charge_id.as_("charge_id"))
async def refunded(_message: Message, charge_id: str, desk: Desk, user: User | None = None) -> None:
    """Telegram says so of every refund, also of those that were not ours to make."""
    if user is None:
        return
    async with desk.runtime.database.begin() as session:
        if any(one.charge_id == charge_id for one in await payments.of_user(session, user)):
            await refunds.note(session, user, await payments.refund(session, charge_id))
        await delivery.get().settle(session)
