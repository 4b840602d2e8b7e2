"""Presses, inline queries, Stars, and the deadlines of their answers."""

from collections.abc import Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LabeledPrice,
)

from tests.telegram_stub import HandTime, Person, TelegramStub

STALE = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def bot(strict: TelegramStub, bots: Callable[[TelegramStub], Bot]) -> Bot:
    return bots(strict)


@pytest.fixture
def anna(strict: TelegramStub) -> Person:
    person = strict.user(id=101, name="Анна")
    person.opens()
    return person


async def with_button(bot: Bot, anna: Person) -> None:
    button = InlineKeyboardButton(text="Да", callback_data="yes")
    await bot.send_message(anna.id, "?", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


async def test_a_press_is_answered_in_time(bot: Bot, anna: Person, hand: HandTime) -> None:
    await with_button(bot, anna)
    first, second = anna.presses(anna.chat.last, "Да"), anna.presses(anna.chat.last, "yes")
    query = (await bot.get_updates(timeout=0))[-1].callback_query
    assert query
    assert query.message
    assert (query.id, query.data, query.message.message_id) == (second.id, "yes", anna.chat.last.id)
    await bot.answer_callback_query(first.id, text="принято", show_alert=True)
    assert first.answer == {"text": "принято", "show_alert": True, "url": ""}
    hand.advance(16.0)
    with pytest.raises(TelegramBadRequest, match=STALE):
        await bot.answer_callback_query(second.id)
    with pytest.raises(TelegramBadRequest, match=STALE):
        await bot.answer_callback_query("1")
    with pytest.raises(LookupError, match="no button 'Нет' among"):
        anna.presses(anna.chat.last, "Нет")


def article(number: int, text: str = "текст") -> InlineQueryResultArticle:
    content = InputTextMessageContent(message_text=text)
    return InlineQueryResultArticle(id=str(number), title=f"№ {number}", input_message_content=content)


async def test_inline_results(strict: TelegramStub, bot: Bot, anna: Person) -> None:
    question = anna.asks_inline("встреча")
    with pytest.raises(TelegramBadRequest, match="RESULTS_TOO_MUCH"):
        await bot.answer_inline_query(question.id, [article(number) for number in range(51)])
    with pytest.raises(TelegramBadRequest, match="RESULT_ID_DUPLICATE"):
        await bot.answer_inline_query(question.id, [article(1), article(1)])
    await bot.answer_inline_query(question.id, [article(1, "<b>итог</b>")], is_personal=True)
    results = await anna.types_inline("встреча")
    assert [result["title"] for result in results] == ["№ 1"]
    anna.picks(results[0])
    assert (anna.chat.last.text, anna.chat.last.via_bot) == ("итог", True)


async def test_what_is_not_personal_is_shown_to_everyone(
    strict: TelegramStub, bot: Bot, anna: Person, hand: HandTime
) -> None:
    oleg = strict.user(id=102, name="Олег")
    await bot.answer_inline_query(anna.asks_inline("тайна").id, [article(1)])
    assert oleg.asks_inline("тайна").cached
    hand.advance(301.0)
    assert not oleg.asks_inline("тайна").cached
    await bot.answer_inline_query(anna.asks_inline("моё").id, [article(1)], is_personal=True)
    assert anna.asks_inline("моё").cached
    assert not oleg.asks_inline("моё").cached
    await bot.answer_inline_query(anna.asks_inline("сейчас").id, [article(1)], cache_time=0)
    late = anna.asks_inline("сейчас")
    hand.advance(11.0)
    with pytest.raises(TelegramBadRequest, match=STALE):
        await bot.answer_inline_query(late.id, [])


async def invoice(bot: Bot, anna: Person, **other: object) -> None:
    values = {"title": "Час", "description": "Один час", "payload": "hour", "currency": "XTR", "chat_id": anna.id}
    await bot.send_invoice(**{**values, "prices": [LabeledPrice(label="Час", amount=50)], **other})  # type: ignore[arg-type]


async def test_paying_with_stars(strict: TelegramStub, bot: Bot, anna: Person) -> None:
    await invoice(bot, anna)
    payment = anna.pays(anna.chat.last)
    query = (await bot.get_updates(timeout=0))[-1].pre_checkout_query
    assert query
    assert (query.id, query.total_amount, query.invoice_payload) == (payment.id, 50, "hour")
    await bot.answer_pre_checkout_query(query.id, ok=True)
    assert payment.state == "paid"
    message = (await bot.get_updates(timeout=0))[-1].message
    assert message
    assert message.successful_payment
    charge = message.successful_payment.telegram_payment_charge_id
    assert charge == payment.charge_id
    await bot.refund_star_payment(anna.id, charge)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(anna.id, charge)
    assert anna.chat.last.service["refunded_payment"]["telegram_payment_charge_id"] == charge
    transactions = (await bot.get_star_transactions()).transactions
    assert [(bool(one.source), bool(one.receiver)) for one in transactions] == [(True, False), (False, True)]


async def test_a_payment_refused_and_one_answered_too_late(
    strict: TelegramStub, bot: Bot, anna: Person, hand: HandTime
) -> None:
    link = await bot.create_invoice_link(
        "Месяц", "Подписка", "month", "XTR", [LabeledPrice(label="x", amount=5)], subscription_period=2_592_000
    )
    refused, late, paid = anna.pays(link), anna.pays(link), anna.pays(link)
    await bot.answer_pre_checkout_query(refused.id, ok=False, error_message="уже оплачено")
    await bot.answer_pre_checkout_query(paid.id, ok=True)
    hand.advance(11.0)
    with pytest.raises(TelegramBadRequest, match=STALE):
        await bot.answer_pre_checkout_query(late.id, ok=True)
    assert [payment.state for payment in (refused, late, paid)] == ["refused", "late", "paid"]
    assert anna.chat.last.service["successful_payment"]["is_recurring"]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"prices": [LabeledPrice(label="x", amount=1)] * 2}, "exactly one price"),
        ({"provider_token": "token"}, "PAYMENT_PROVIDER_INVALID"),
        ({"currency": "RUB"}, "PAYMENT_PROVIDER_INVALID"),
        ({"title": "я" * 33}, "INVOICE_TITLE_INVALID"),
        ({"payload": "x" * 129}, "INVOICE_PAYLOAD_INVALID"),
    ],
)
async def test_invoices_that_are_refused(bot: Bot, anna: Person, other: dict[str, object], words: str) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await invoice(bot, anna, **other)
