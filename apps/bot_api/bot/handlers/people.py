"""/admin → people: who they are, what they may, and what they have paid."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot import refunds
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.handlers.screens import show
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.render import people as render
from apps.bot_api.bot.render.admin import back
from apps.bot_api.bot.render.admin_buttons import Go, Grant, Person, Plan, Refund, Treat
from apps.bot_api.bot.render.buttons import rows
from apps.bot_api.bot.render.shop import amount
from apps.bot_api.bot.texts import Texts
from apps.bot_api.bot.texts import texts as texts_of
from stenogram.errors import StenogramError
from stenogram.events import Event
from stenogram.services import audit, payments, people, quotas, sanctions, users
from stenogram.storage.models import Payment, User
from stenogram.storage.repositories import clock
from stenogram.storage.telegram_rows import Notices

router = Router(name="people")

_RECENT = timedelta(days=30)


class Searching(StatesGroup):
    """The next message says whom to look for."""

    name = State()


@router.callback_query(Go.filter(F.to == "people"))
async def everybody(query: CallbackQuery, callback_data: Go, desk: Desk, texts: Texts, state: FSMContext) -> None:
    await state.clear()
    number = max(0, callback_data.page)
    async with desk.runtime.database.at_once() as session:
        found, count = await people.page(session, render.PEOPLE, number * render.PEOPLE)
    await show(query, render.people(texts, found, number, count))


@router.callback_query(Go.filter(F.to == "find"))
async def ask_whom(query: CallbackQuery, texts: Texts, state: FSMContext) -> None:
    await state.set_state(Searching.name)
    await show(query, Shown(texts("people-question"), rows(back(texts, "people"))))


@router.message(Searching.name, F.text, ~F.text.startswith("/"))
async def find(message: Message, desk: Desk, texts: Texts, state: FSMContext) -> None:
    asked = message.text or ""
    async with desk.runtime.database.at_once() as session:
        found = await people.find(session, asked, render.PEOPLE + 1)
    shown = render.found(texts, found, asked)
    await message.answer(shown.text, reply_markup=shown.keyboard)
    await state.clear()


# --- one of them ---


@router.callback_query(Person.filter())
async def look(query: CallbackQuery, callback_data: Person, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.at_once() as session:
        found = await users.get(session, callback_data.user_id)
        shown = await _SCREENS[callback_data.at](session, desk, user, found, texts)
    await show(query, shown)


async def _card(session: AsyncSession, desk: Desk, reader: User, found: User, texts: Texts) -> Shown:
    settings = desk.runtime.settings
    since = (await clock(session) - _RECENT).date()
    days = await quotas.usage(session, found)
    card = render.Card(
        user=found,
        allowance=await quotas.allowance(session, found, settings),
        recordings=sum(day.recordings for day in days if day.day >= since),
        zone=users.zone(reader, settings),
        named=found.telegram_id in settings.telegram.admin_ids,
        oneself=found.id == reader.id,
        paid=bool(await payments.of_user(session, found)),
    )
    return render.person(texts, card)


async def _sure(_session: AsyncSession, _desk: Desk, _reader: User, found: User, texts: Texts) -> Shown:
    return render.appoint(texts, found)


async def _plans(_session: AsyncSession, desk: Desk, _reader: User, found: User, texts: Texts) -> Shown:
    quota = desk.runtime.settings.quota
    return render.plans(texts, found, list(quota.plans), quota.plan)


async def _hours(_session: AsyncSession, _desk: Desk, _reader: User, found: User, texts: Texts) -> Shown:
    return render.hours(texts, found, delivery.get().update_id)


async def _payments(session: AsyncSession, desk: Desk, reader: User, found: User, texts: Texts) -> Shown:
    received = await payments.of_user(session, found)
    return render.payments(texts, found, received, users.zone(reader, desk.runtime.settings))


_SCREENS: Mapping[str, Callable[[AsyncSession, Desk, User, User, Texts], Awaitable[Shown]]] = {
    "card": _card,
    "sure": _sure,
    "plans": _plans,
    "hours": _hours,
    "payments": _payments,
}


async def _again(
    query: CallbackQuery, desk: Desk, reader: User, user_id: UUID, texts: Texts, words: str | None = None
) -> None:
    """The card as it is after a change."""
    async with desk.runtime.database.at_once() as session:
        found = await users.get(session, user_id)
        shown = await _card(session, desk, reader, found, texts)
    await show(query, shown, words)


# --- changes ---


@router.callback_query(Treat.filter())
async def treat(query: CallbackQuery, callback_data: Treat, desk: Desk, user: User, texts: Texts) -> None:
    if callback_data.do == "dismiss" and callback_data.user_id == user.id:
        raise StenogramError("auth.forbidden", "nobody dismisses themselves")
    async with desk.runtime.database.begin() as session:
        found = await users.get(session, callback_data.user_id)
        events = await _CHANGES[callback_data.do](session, found)
        await audit.record(session, user, _ACTIONS[callback_data.do], found, via="bot")
    await desk.runtime.dispatcher.flush(events)
    await _again(query, desk, user, callback_data.user_id, texts, _told(texts, callback_data.do))


def _told(texts: Texts, change: str) -> str | None:
    """What the card alone would not tell at a glance."""
    key = {"block": "alert-blocked", "unblock": "alert-unblocked", "appoint": "alert-appointed"}.get(
        change, "alert-dismissed" if change == "dismiss" else None
    )
    return texts.plain(key) if key else None


async def _block(session: AsyncSession, found: User) -> Sequence[Event]:
    return (await sanctions.block(session, found))[1]


async def _unblock(session: AsyncSession, found: User) -> Sequence[Event]:
    await people.unblock(session, found)
    return ()


async def _appoint(session: AsyncSession, found: User) -> Sequence[Event]:
    if found.role != "admin":
        await people.set_role(session, found, "admin")
        await _tell(session, found, "notice-appointed")
    return ()


async def _dismiss(session: AsyncSession, found: User) -> Sequence[Event]:
    await people.set_role(session, found, "user")
    return ()


async def _unlimited(session: AsyncSession, found: User) -> Sequence[Event]:
    await people.set_unlimited(session, found, True)
    return ()


async def _limited(session: AsyncSession, found: User) -> Sequence[Event]:
    await people.set_unlimited(session, found, False)
    return ()


_CHANGES: Mapping[str, Callable[[AsyncSession, User], Awaitable[Sequence[Event]]]] = {
    "block": _block,
    "unblock": _unblock,
    "appoint": _appoint,
    "dismiss": _dismiss,
    "unlimited": _unlimited,
    "limited": _limited,
}


_ACTIONS: Mapping[str, audit.Action] = {
    "block": "user.blocked",
    "unblock": "user.unblocked",
    "appoint": "user.appointed",
    "dismiss": "user.dismissed",
    "unlimited": "user.unlimited",
    "limited": "user.limited",
}
"""As they are called in the audit."""


async def _tell(session: AsyncSession, found: User, text_key: str, **params: str) -> None:
    """Who has Telegram hears what has been done for them, once for each update."""
    if found.telegram_id is not None:
        key = f"{text_key}:{delivery.get().update_id}"
        notice = {"key": key, "chat_id": found.telegram_id, "text_key": text_key, "params": params}
        await Notices(session).add([{**notice, "language": found.language}])


@router.callback_query(Plan.filter())
async def set_plan(query: CallbackQuery, callback_data: Plan, desk: Desk, user: User, texts: Texts) -> None:
    settings, number = desk.runtime.settings, callback_data.number
    names = [None, *settings.quota.plans]
    if not 0 <= number + 1 < len(names):
        raise StenogramError("not_found", "the plan is gone")
    async with desk.runtime.database.begin() as session:
        found = await users.get(session, callback_data.user_id)
        await people.set_plan(session, found, names[number + 1], settings)
        await audit.record(session, user, "user.plan", found, via="bot", plan=names[number + 1])
    await _again(query, desk, user, callback_data.user_id, texts)


@router.callback_query(Grant.filter())
async def grant(query: CallbackQuery, callback_data: Grant, desk: Desk, user: User, texts: Texts) -> None:
    if callback_data.hours not in render.HOURS:
        raise StenogramError("not_found", "no such grant")
    seconds = 3600.0 * callback_data.hours
    async with desk.runtime.database.begin() as session:
        found = await users.get(session, callback_data.user_id)
        given = await quotas.grant(session, found, seconds, f"telegram:{callback_data.occasion}")
        if given:
            await audit.record(session, user, "user.granted", found, via="bot", hours=callback_data.hours)
            theirs = texts_of(found.language)
            packs = (await quotas.allowance(session, found, desk.runtime.settings)).packs
            values = {"amount": amount(theirs, seconds), "packs": amount(theirs, packs)}
            await _tell(session, found, "notice-granted", **values)
        await delivery.get().settle(session)
    words = texts.plain("alert-granted", amount=amount(texts, seconds)) if given else None
    await _again(query, desk, user, callback_data.user_id, texts, words)


# --- payments ---


@router.callback_query(Refund.filter(F.sure.is_(False)))
async def ask_to_refund(query: CallbackQuery, callback_data: Refund, desk: Desk, texts: Texts) -> None:
    async with desk.runtime.database.at_once() as session:
        found = await users.get(session, callback_data.user_id)
        payment = await _payment(session, found, callback_data.digest)
    await show(query, render.refund(texts, found, payment))


@router.callback_query(Refund.filter(F.sure))
async def refund(query: CallbackQuery, callback_data: Refund, desk: Desk, user: User, texts: Texts) -> None:
    """Ours and Telegram's side in one: what is interrupted in between is done again by the inbox, as this update stays
    until our side is kept."""
    async with desk.runtime.database.begin() as session:
        found = await users.get(session, callback_data.user_id)
        payment = await _payment(session, found, callback_data.digest)
        await refunds.refund(desk, session, user, found, payment.charge_id, "bot")
        await delivery.get().settle(session)
    async with desk.runtime.database.at_once() as session:
        shown = await _payments(session, desk, user, found, texts)
    await show(query, shown, texts.plain("alert-refunded", stars=payment.stars))


async def _payment(session: AsyncSession, found: User, digest: str) -> Payment:
    """Raises StenogramError("not_found")."""
    received = await payments.of_user(session, found)
    payment = next((one for one in received if render.digest(one.charge_id) == digest), None)
    if payment is None:
        raise StenogramError("not_found", "the payment is not known")
    return payment
