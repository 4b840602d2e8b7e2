"""What Telegram would say to a message of ours."""

from aiogram.types import InlineKeyboardMarkup

from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.render.measure import CAPTION_LIMIT, TEXT_LIMIT, units
from apps.bot_api.bot.texts import visible
from tests.telegram_stub import entities, keyboards
from tests.telegram_stub.model import Chat

FORMATTED = frozenset({"bold", "italic", "blockquote", "expandable_blockquote", "code"})


def check(shown: Shown, *, caption: bool = False, private: bool = True) -> entities.Formatted:
    """What a reader sees. Raises what Telegram would answer, and AssertionError for what it would not say itself."""
    seen = entities.formatted(shown.text, "HTML")
    assert 1 <= entities.units(seen.text) <= (CAPTION_LIMIT if caption else TEXT_LIMIT)
    assert units(shown.text) >= entities.units(seen.text)
    assert visible(shown.text).strip() == seen.text
    assert len([entity for entity in seen.entities if entity["type"] in FORMATTED]) < entities.MAX_ENTITIES
    seen.text.encode()
    keyboards.inline_keyboard(shown.keyboard, Chat(1, "private" if private else "group"))
    assert all(1 <= len(row) <= 5 for row in drawn(shown.keyboard))
    return seen


def drawn(keyboard: InlineKeyboardMarkup | None) -> list[list[str]]:
    """The labels of the buttons; one that opens a page ends in an arrow."""
    if keyboard is None:
        return []
    return [
        [f"[{button.text}{'' if button.callback_data else ' ↗'}]" for button in row] for row in keyboard.inline_keyboard
    ]
