"""Reply markup as Telegram checks it."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from tests.telegram_stub.entities import units
from tests.telegram_stub.errors import bad_request
from tests.telegram_stub.methods import plain
from tests.telegram_stub.model import Chat, Json, Keyboard

MAX_BUTTONS = 100
CALLBACK_BYTES = 64
COPY_UNITS = 256


def inline_keyboard(markup: Any, chat: Chat | None) -> Keyboard:
    """The rows of an inline keyboard (none for other markup or None); ``chat`` is None in an inline result."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return ()
    rows = tuple(tuple(plain(button) for button in row) for row in markup.inline_keyboard if row)
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check(button, chat)
    return rows


def apply_reply_keyboard(markup: Any, chat: Chat) -> None:
    """Show or remove the keyboard below the input field."""
    if isinstance(markup, ReplyKeyboardRemove):
        chat.reply_keyboard = None
    elif isinstance(markup, ReplyKeyboardMarkup):
        if sum(len(row) for row in markup.keyboard) > MAX_BUTTONS * 3:
            raise bad_request("reply markup is too long")
        chat.reply_keyboard = plain(markup)


def _check(button: Json, chat: Chat | None) -> None:
    if not button.get("text"):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed to be empty")
    actions = [name for name in button if name not in {"text", "style", "icon_custom_emoji_id"}]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(button["url"])
    if "web_app" in button:
        _check_web_app(button["web_app"]["url"], chat)
    if "copy_text" in button and not 1 <= units(button["copy_text"]["text"]) <= COPY_UNITS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "tg":
        return
    if parts.scheme not in {"http", "https"} or not _reachable(parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _check_web_app(url: str, chat: Chat | None) -> None:
    check_web_app_url(url, "inline keyboard button Web App URL")
    if chat is None or chat.type != "private":
        raise bad_request("BUTTON_TYPE_INVALID")


def check_web_app_url(url: str, what: str) -> None:
    """Only https is let into Telegram's own browser."""
    if urlsplit(url).scheme != "https":
        raise bad_request(f"{what} '{url}' is invalid: Only HTTPS links are allowed")


def _reachable(host: str) -> bool:
    """Telegram wants a domain with a dot, or an address."""
    if "." in host:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
