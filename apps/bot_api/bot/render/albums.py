"""The message that brings the results of several recordings posted together."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from apps.bot_api.bot.render.buttons import Open, chunks, press, rows
from apps.bot_api.bot.render.measure import TEXT_LIMIT, Page, head, joined, units
from apps.bot_api.bot.render.models import Item, Result, Shown
from apps.bot_api.bot.render.results import beginning
from apps.bot_api.bot.render.status import ALBUM_ERROR_UNITS, buy, entries, error, name_of, retry
from apps.bot_api.bot.texts import Markup, Texts
from stenogram.services.runs import Problem

WORDS_UNITS = 120
_IN_A_ROW = 5
MOST_BUTTONS = 80  # Telegram takes 100


def album(texts: Texts, items: Sequence[Item], results: Sequence[Result | None], *, sells: bool = False) -> Shown:
    """Each recording with its first words or its error, and a button that opens it.

    ``results`` belong to the items one by one; an item without one is shown by its state. ``sells``: more time can be
    bought here.
    """
    page = Page(TEXT_LIMIT)
    done = sum(result is not None for result in results)
    page.add(_heading(texts, done, len(items)))
    hint = texts("album-result-hint") if done else Markup()
    page.reserve(units(hint) + 2)
    both = list(zip(items, results, strict=True))
    count = entries(texts, page, [_entry(texts, number, *pair) for number, pair in enumerate(both, 1)], "\n\n")
    page.reserve(-units(hint) - 2)
    page.add(hint, "\n\n")
    return Shown(page.markup, _buttons(texts, both[:count], buy(texts, items) if sells else None))


def _heading(texts: Texts, done: int, count: int) -> Markup:
    if done == count:
        return texts("album-result", count=count)
    return texts("album-result-partly", done=done, count=count) if done else texts("album-result-none", count=count)


def _entry(texts: Texts, number: int, item: Item, result: Result | None) -> Markup:
    name = name_of(texts, item)
    duration = result.transcript.duration if result else item.duration
    first = (
        texts("album-entry", number=number, name=name)
        if duration is None
        else texts("album-entry-long", number=number, name=name, clock=texts.clock(duration))
    )
    return joined((first, _words(texts, item, result)))


def _words(texts: Texts, item: Item, result: Result | None) -> Markup:
    """What is to be said of one recording below its name."""
    if result is not None:
        return head(beginning(result.transcript, 2 * WORDS_UNITS), WORDS_UNITS) or texts("result-empty-short")
    if item.state == "failed":
        problem = item.error or Problem("internal", {})
        return texts("failed", error=error(texts, problem, ALBUM_ERROR_UNITS))
    return texts("status-cancelled") if item.state == "cancelled" else Markup()


def _buttons(
    texts: Texts, both: Sequence[tuple[Item, Result | None]], last: InlineKeyboardButton | None
) -> InlineKeyboardMarkup | None:
    numbered = list(enumerate(both, 1))[:MOST_BUTTONS]
    opened = [press(str(number), Open(recording_id=made.recording_id)) for number, (_, made) in numbered if made]
    again = (retry(texts, item, number) for number, (item, _) in numbered)
    return rows(*chunks(opened, _IN_A_ROW), *chunks([button for button in again if button], 2), [last])
