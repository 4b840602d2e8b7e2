"""The screens on which administrators look after people."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from aiogram.types import InlineKeyboardButton

from apps.bot_api.bot.render.admin import back, go
from apps.bot_api.bot.render.admin_buttons import Go, Grant, Person, Plan, Refund, Treat
from apps.bot_api.bot.render.buttons import chunks, press, rows
from apps.bot_api.bot.render.measure import TEXT_LIMIT, Page, joined, line
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.render.shop import amount
from apps.bot_api.bot.texts import Markup, Texts, shown
from stenogram.services.quotas import Allowance
from stenogram.storage.models import Payment, User

PEOPLE = 8
"""On a page, and of what is found."""

HOURS: tuple[int, ...] = (1, 5, 10, 50)

_NAME_CHARACTERS = 32
_MOST_PAYMENTS = 20
_DIGEST = 16  # hex digits: enough to tell the payments of one person apart


@dataclass(frozen=True, slots=True)
class Card:
    """A person as an administrator sees them. ``recordings`` were taken in within 30 days; ``zone`` is the reader's.

    ``named``: an administrator by BOT_ADMIN_IDS; ``oneself``: it is the reader.
    """

    user: User
    allowance: Allowance
    recordings: int
    zone: tzinfo
    named: bool
    oneself: bool
    paid: bool


def people(texts: Texts, found: Sequence[User], page: int, count: int) -> Shown:
    """One page of everybody; ``page`` from 0."""
    last = max(0, (count - 1) // PEOPLE)
    turn = [
        press(texts.plain("button-previous"), Go(to="people", page=page - 1)) if page else None,
        press(texts.plain("button-page", page=page + 1, pages=last + 1), Go(to="people", page=page)) if last else None,
        press(texts.plain("button-next"), Go(to="people", page=page + 1)) if page < last else None,
    ]
    find = go(texts, "button-find", "find")
    return Shown(texts("people-title", count=count), rows(*_each(texts, found), turn, [find, *back(texts)]))


def found(texts: Texts, who: Sequence[User], asked: str) -> Shown:
    """What a search has found; of more than a page the newest."""
    buttons = [go(texts, "button-find-again", "find"), *back(texts, "people")]
    if not who:
        return Shown(texts("people-none", asked=line(asked)), rows(buttons))
    key = "people-many" if len(who) > PEOPLE else "people-found"
    return Shown(texts(key, asked=line(asked)), rows(*_each(texts, who[:PEOPLE]), buttons))


def _each(texts: Texts, who: Sequence[User]) -> list[list[InlineKeyboardButton]]:
    return [[press(_label(texts, user), Person(user_id=user.id))] for user in who]


def _label(texts: Texts, user: User) -> str:
    state = "blocked" if user.blocked_at else "admin" if user.role == "admin" else "user"
    name = _short(user.name)
    handle = "none" if user.telegram_name is None or user.telegram_name == name else f"@{user.telegram_name}"
    return texts.plain("button-person", name=name, state=state, handle=handle)


def _short(name: str) -> str:
    words = " ".join(shown(name).split())
    return words if len(words) <= _NAME_CHARACTERS else f"{words[: _NAME_CHARACTERS - 1]}…"


# --- one of them ---


def person(texts: Texts, card: Card) -> Shown:
    """Everything that an administrator may know, and what they may do."""
    page = Page(TEXT_LIMIT)
    page.add(texts("person-title", name=line(card.user.name)))
    page.add(joined(_account(texts, card)))
    page.add(joined(_usage(texts, card)), "\n\n")
    page.add(joined(_trouble(texts, card)), "\n\n")
    return Shown(page.markup, rows(*_actions(texts, card), back(texts, "people")))


def _account(texts: Texts, card: Card) -> Iterator[Markup]:
    user = card.user
    if user.telegram_id is not None:
        handle = f"@{user.telegram_name}" if user.telegram_name else "none"
        yield texts("person-telegram", id=str(user.telegram_id), handle=handle)
    yield texts("person-role", role="named" if card.named else user.role)
    yield texts("person-since", moment=texts.moment(user.created_at, card.zone))


def _usage(texts: Texts, card: Card) -> Iterator[Markup]:
    has = card.allowance
    if has.unlimited:
        yield texts("person-unlimited", plan=has.plan)
    else:
        yield texts("person-plan", plan=has.plan, daily=amount(texts, has.daily))
    yield texts("person-used", used=amount(texts, has.used))
    if has.packs:
        yield texts("person-packs", sign="debt" if has.packs < 0 else "have", packs=amount(texts, abs(has.packs)))
    yield texts("person-recordings", count=card.recordings)


def _trouble(texts: Texts, card: Card) -> Iterator[Markup]:
    if card.user.blocked_at is not None:
        yield texts("person-blocked", moment=texts.moment(card.user.blocked_at, card.zone))
    if card.user.unreachable_at is not None:
        yield texts("person-unreachable")


def _actions(texts: Texts, card: Card) -> Iterator[list[InlineKeyboardButton]]:
    user, user_id = card.user, card.user.id
    if user.role != "admin":
        yield from _powers(texts, card)
    elif not card.named and not card.oneself:
        yield [press(texts.plain("button-dismiss"), Treat(user_id=user_id, do="dismiss"))]
    grant = press(texts.plain("button-grant"), Person(user_id=user_id, at="hours"))
    payments = [press(texts.plain("button-payments"), Person(user_id=user_id, at="payments"))] if card.paid else []
    yield [grant, *payments]


def _powers(texts: Texts, card: Card) -> Iterator[list[InlineKeyboardButton]]:
    """Over those who are no administrators."""
    user = card.user
    if user.blocked_at is not None:
        yield [press(texts.plain("button-unblock"), Treat(user_id=user.id, do="unblock"))]
    else:
        yield [press(texts.plain("button-block"), Treat(user_id=user.id, do="block"))]
        yield [press(texts.plain("button-appoint"), Person(user_id=user.id, at="sure"))]
    limits = Treat(user_id=user.id, do="limited" if user.unlimited else "unlimited")
    yield [
        press(texts.plain("button-plan", plan=card.allowance.plan), Person(user_id=user.id, at="plans")),
        press(texts.plain("button-unlimited", value=user.unlimited), limits),
    ]


def appoint(texts: Texts, user: User) -> Shown:
    """The step between pressing and appointing."""
    sure = press(texts.plain("button-appoint-sure"), Treat(user_id=user.id, do="appoint"))
    return Shown(texts("appoint-question", name=line(user.name)), rows([sure, *_card(texts, user.id)]))


def plans(texts: Texts, user: User, names: Sequence[str], default: str) -> Shown:
    """Every plan there is, and the service's own, which may be another tomorrow."""
    labels = [texts.plain("button-plan-default", plan=default), *names]
    present = names.index(user.plan) + 1 if user.plan in names else 0
    default_one, *others = [
        press(_marked(texts, label, number == present), Plan(user_id=user.id, number=number - 1))
        for number, label in enumerate(labels)
    ]
    return Shown(
        texts("plans-title", name=line(user.name)), rows([default_one], *chunks(others, 2), _card(texts, user.id))
    )


def _marked(texts: Texts, label: str, present: bool) -> str:
    return texts.plain("button-chosen", label=label) if present else label


def hours(texts: Texts, user: User, occasion: int) -> Shown:
    """How many hours to give; whatever is pressed how often, once."""
    labels = [(many, texts.plain("button-hours", amount=amount(texts, 3600 * many))) for many in HOURS]
    choices = [press(label, Grant(user_id=user.id, hours=many, occasion=occasion)) for many, label in labels]
    return Shown(texts("hours-title", name=line(user.name)), rows(choices, _card(texts, user.id)))


def _card(texts: Texts, user_id: UUID) -> list[InlineKeyboardButton]:
    return [press(texts.plain("button-back"), Person(user_id=user_id))]


# --- payments ---


def digest(charge_id: str) -> str:
    """How buttons name a payment."""
    return hashlib.sha256(charge_id.encode()).hexdigest()[:_DIGEST]


def payments(texts: Texts, user: User, received: Sequence[Payment], zone: tzinfo) -> Shown:
    """The newest payments, and a button for each that can be given back."""
    shown, page = received[:_MOST_PAYMENTS], Page(TEXT_LIMIT)
    page.add(texts("payments-title", name=line(user.name)))
    for number, payment in enumerate(shown, 1):
        page.add(_payment(texts, payment, zone, number), "\n" if number > 1 else "\n\n")
    if len(received) > len(shown):
        page.add(texts("payments-more", count=len(received) - len(shown)))
    again = [
        press(texts.plain("button-refund-number", number=number), Refund(user_id=user.id, digest=digest(one.charge_id)))
        for number, one in enumerate(shown, 1)
        if one.refunded_at is None
    ]
    return Shown(page.markup, rows(*chunks(again, 2), _card(texts, user.id)))


def _payment(texts: Texts, payment: Payment, zone: tzinfo, number: int) -> Markup:
    when, bought = texts.moment(payment.created_at, zone), amount(texts, payment.seconds)
    state = "refunded" if payment.refunded_at else "paid"
    return texts("payment-line", number=number, amount=bought, stars=payment.stars, when=when, state=state)


def refund(texts: Texts, user: User, payment: Payment) -> Shown:
    """The step between pressing and giving back."""
    sure = Refund(user_id=user.id, digest=digest(payment.charge_id), sure=True)
    keep = press(texts.plain("button-back"), Person(user_id=user.id, at="payments"))
    words = texts("refund-question", name=line(user.name), stars=payment.stars, amount=amount(texts, payment.seconds))
    return Shown(words, rows([press(texts.plain("button-refund-sure", stars=payment.stars), sure), keep]))
