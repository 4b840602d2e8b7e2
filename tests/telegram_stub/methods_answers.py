"""Answers to callback, inline and pre-checkout queries, invoices and Stars."""

from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    AnswerPreCheckoutQuery,
    CreateInvoiceLink,
    GetStarTransactions,
    RefundStarPayment,
    SendInvoice,
)

from tests.telegram_stub.entities import units
from tests.telegram_stub.errors import bad_request, stale_query
from tests.telegram_stub.keyboards import inline_keyboard
from tests.telegram_stub.limits import CALLBACK_SECONDS, CHECKOUT_SECONDS, INLINE_SECONDS
from tests.telegram_stub.methods import handles, plain
from tests.telegram_stub.methods_messages import body_text, caption_text, replied
from tests.telegram_stub.model import Content, Invoice, Json, Payment
from tests.telegram_stub.wire import payment_json, user_json
from tests.telegram_stub.world import World

MAX_RESULTS = 50
MONTH_SECONDS = 2_592_000
ANSWER_UNITS = 200
CACHE_SECONDS = 300
MAX_STARS = 100_000


@handles(AnswerCallbackQuery)
def answer_callback_query(world: World, call: AnswerCallbackQuery) -> bool:
    press = world.presses.get(call.callback_query_id)
    if press is None or world.clock.now() > press.at + CALLBACK_SECONDS:
        raise stale_query()
    if units(call.text or "") > ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": call.text or "", "show_alert": bool(call.show_alert), "url": call.url or ""}
    return True


@handles(AnswerInlineQuery)
def answer_inline_query(world: World, call: AnswerInlineQuery) -> bool:
    question = world.questions.get(call.inline_query_id)
    if question is None or question.results is not None or world.clock.now() > question.at + INLINE_SECONDS:
        raise stale_query()
    if len(call.results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    identifiers = [result.id for result in call.results]
    if len(set(identifiers)) != len(identifiers):
        raise bad_request("RESULT_ID_DUPLICATE")
    if not all(1 <= len(identifier.encode()) <= 64 for identifier in identifiers):
        raise bad_request("RESULT_ID_INVALID")
    question.results = [_inline_result(world, result) for result in call.results]
    question.next_offset = call.next_offset or ""
    question.button = plain(call.button) if call.button else None
    seconds = CACHE_SECONDS if call.cache_time is None else call.cache_time
    if seconds > 0:
        owner = question.user.id if call.is_personal else 0
        cached = {"results": question.results, "next_offset": question.next_offset, "button": question.button}
        world.inline_cache[question.query, question.offset, owner] = (world.clock.now() + seconds, cached)
    return True


def _inline_result(world: World, result: Any) -> Json:
    """The result as a user would see it, with the ``content`` that picking it would send."""
    body = plain(result)
    keyboard = inline_keyboard(result.reply_markup, None)
    message = getattr(result, "input_message_content", None)
    if message is not None:
        text = body_text(message.message_text, message.parse_mode, message.entities)
        return {**body, "content": Content(text.text, text.entities, keyboard=keyboard)}
    for name in ("audio_file_id", "document_file_id", "voice_file_id"):
        if name in body:
            world.files.find(body[name])
            caption = caption_text(result.caption, result.parse_mode, result.caption_entities)
            return {**body, "content": Content(caption.text, caption.entities, keyboard=keyboard)}
    raise bad_request("MESSAGE_EMPTY")


@handles(AnswerPreCheckoutQuery)
def answer_pre_checkout_query(world: World, call: AnswerPreCheckoutQuery) -> bool:
    payment = world.payments.get(call.pre_checkout_query_id)
    if payment is None or payment.state != "asked":
        raise stale_query()
    if world.clock.now() > payment.at + CHECKOUT_SECONDS:
        payment.state = "late"
        raise stale_query()
    if not call.ok:
        if not call.error_message:
            raise bad_request("error_message is required when ok is False")
        payment.state, payment.error_message = "refused", call.error_message
        return True
    _pay(world, payment)
    return True


def _pay(world: World, payment: Payment) -> None:
    """The money moves, and the bot hears of it."""
    now = int(world.clock.date())
    payment.state, payment.charge_id = "paid", f"stx{world.number(-2):020d}"
    period = payment.invoice.subscription_seconds
    service = {"successful_payment": payment_json(payment, now + period if period else None)}
    world.deliver(world.post(world.chat(payment.user.id), payment.user, Content(), service=service))
    world.transactions.append({**_transaction(payment, now), "source": _partner(payment)})


def _transaction(payment: Payment, date: int) -> Json:
    return {"id": payment.charge_id, "amount": payment.invoice.amount, "date": date}


def _partner(payment: Payment) -> Json:
    return {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": user_json(payment.user),
        "invoice_payload": payment.invoice.payload,
    }


def _invoice(call: SendInvoice | CreateInvoiceLink, period: int | None = None) -> Invoice:
    if not 1 <= units(call.title) <= 32:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= units(call.description) <= 255:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(call.payload.encode()) <= 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if call.currency != "XTR" or call.provider_token:
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if len(call.prices) != 1:
        raise bad_request("INVOICE_PRICES_INVALID: Stars take exactly one price")
    if not 1 <= call.prices[0].amount <= MAX_STARS:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    if period not in {None, MONTH_SECONDS}:
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    return Invoice(call.title, call.description, call.payload, call.currency, call.prices[0].amount, period)


@handles(SendInvoice)
def send_invoice(world: World, call: SendInvoice) -> Json:
    chat, invoice = world.open_chat(call.chat_id), _invoice(call)
    keyboard = inline_keyboard(call.reply_markup, chat) or (({"text": f"Pay ⭐️{invoice.amount}", "pay": True},),)
    if "pay" not in keyboard[0][0]:
        raise bad_request("the first button of an invoice must be a Pay button")
    content = Content(keyboard=keyboard)
    return world.json(world.post(chat, world.bot, content, invoice=invoice, **replied(chat, call)))


@handles(CreateInvoiceLink)
def create_invoice_link(world: World, call: CreateInvoiceLink) -> str:
    period = call.subscription_period
    link = f"https://t.me/${world.number(-3):08d}"
    world.invoice_links[link] = _invoice(call, period)
    return link


@handles(RefundStarPayment)
def refund_star_payment(world: World, call: RefundStarPayment) -> bool:
    charge, payer = call.telegram_payment_charge_id, call.user_id
    payment = next((p for p in world.payments.values() if p.charge_id == charge and p.user.id == payer), None)
    if payment is None:
        raise bad_request("CHARGE_ID_INVALID")
    if payment.state == "refunded":
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    payment.state = "refunded"
    body = payment_json(payment, None)
    service = {"refunded_payment": {**body, "currency": "XTR"}}
    world.deliver(world.post(world.chat(payer), payment.user, Content(), service=service))
    world.transactions.append({**_transaction(payment, int(world.clock.date())), "receiver": _partner(payment)})
    return True


@handles(GetStarTransactions)
def get_star_transactions(world: World, call: GetStarTransactions) -> Json:
    start = call.offset or 0
    return {"transactions": world.transactions[start : start + (call.limit or 100)]}
