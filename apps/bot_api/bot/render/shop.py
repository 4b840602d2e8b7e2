"""The shop: packages of hours for Telegram Stars."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from apps.bot_api.bot.render.admin_buttons import Buy, Pack
from apps.bot_api.bot.render.buttons import press, rows
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.texts import Texts
from stenogram.services.payments import Package
from stenogram.services.quotas import Allowance

UNLIMITED, PACKED, DAILY_ONLY = "unlimited", "packed", "daily"


def amount(texts: Texts, seconds: float) -> str:
    """``10 h``, ``1 h 30 min``, ``45 min``, ``20 s``: as hours however many they are, rounded down; 0 for a debt."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    if not minutes:
        return texts.plain("span-seconds", seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return texts.plain("span-hours", hours=hours, minutes=minutes) if hours else texts.span(60 * minutes)


def shop(texts: Texts, packages: Sequence[Package], has: Allowance) -> Shown:
    """What the person has, and a button for each package."""
    state = UNLIMITED if has.unlimited else PACKED if has.packs > 0 else DAILY_ONLY
    balance = texts("shop-balance", state=state, daily=amount(texts, has.daily), packs=amount(texts, has.packs))
    each = [[press(label(texts, one), Pack(seconds=one.seconds, stars=one.stars))] for one in packages]
    return Shown(texts("shop-title", balance=balance), rows(*each))


def label(texts: Texts, package: Package) -> str:
    return texts.plain("button-pack", amount=amount(texts, package.seconds), stars=package.stars)


def buy_button(texts: Texts) -> InlineKeyboardButton:
    return press(texts.plain("button-buy"), Buy())
