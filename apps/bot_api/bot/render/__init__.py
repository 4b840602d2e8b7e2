"""Messages out of values: pure, always within Telegram's limits, always HTML that it can parse."""

from apps.bot_api.bot.render.albums import album
from apps.bot_api.bot.render.menus import again, delete_keyboard, keyboard, more_keyboard
from apps.bot_api.bot.render.models import Item, Result, Shown
from apps.bot_api.bot.render.results import captioned, fits, only_text, result
from apps.bot_api.bot.render.status import headline, status
from apps.bot_api.bot.render.views import speakers, summary

__all__ = [
    "Item",
    "Result",
    "Shown",
    "again",
    "album",
    "captioned",
    "delete_keyboard",
    "fits",
    "headline",
    "keyboard",
    "more_keyboard",
    "only_text",
    "result",
    "speakers",
    "status",
    "summary",
]
