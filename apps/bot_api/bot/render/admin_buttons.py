"""What the buttons of administration and of the shop tell the bot: 64 bytes at most."""

from typing import Literal
from uuid import UUID

from aiogram.filters.callback_data import CallbackData

Screen = Literal["main", "queue", "people", "find", "letters", "broadcast", "invite"]


class Go(CallbackData, prefix="adm"):
    """Show a screen; ``page`` is from 0, of letters the id of the last one seen (0: from the newest)."""

    to: Screen
    page: int = 0


Change = Literal["block", "unblock", "appoint", "dismiss", "unlimited", "limited"]
Look = Literal["card", "sure", "plans", "hours", "payments"]


class Person(CallbackData, prefix="adp"):
    """Look at a person; ``sure`` is the question before they are appointed."""

    user_id: UUID
    at: Look = "card"


class Treat(CallbackData, prefix="adt"):
    """Change a person."""

    user_id: UUID
    do: Change


class Plan(CallbackData, prefix="adn"):
    """Give this plan: its place among QUOTA_PLANS; -1: the service's own."""

    user_id: UUID
    number: int


class Grant(CallbackData, prefix="adg"):
    """Give so many hours, once for each ``occasion``: the update that opened the choice."""

    user_id: UUID
    hours: int
    occasion: int


class Refund(CallbackData, prefix="adr"):
    """Give Stars back: ``digest`` begins the SHA-256 of the charge id, which may be too long for a button."""

    user_id: UUID
    digest: str
    sure: bool = False


class Letter(CallbackData, prefix="adl"):
    """Show a dead letter, or deal with it."""

    id: int
    do: Literal["show", "replay", "discard"] = "show"


class Broadcast(CallbackData, prefix="adb"):
    """What to do with the text under which the button is, or how far it has come; ``number`` is the broadcast's."""

    number: int
    do: Literal["send", "drop", "progress"]


class Invite(CallbackData, prefix="adi"):
    """Make an invitation for so many people."""

    uses: int


class Buy(CallbackData, prefix="buy"):
    """Show what is for sale."""


class Pack(CallbackData, prefix="pack"):
    """Send the invoice for a package."""

    seconds: int
    stars: int
