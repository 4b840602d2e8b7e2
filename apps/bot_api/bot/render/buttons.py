"""What a pressed button tells the bot: 64 bytes at most, ids as 32 hex digits; and how buttons are put in rows."""

from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from stenogram.pipeline.stage import MAX_SPEAKERS

EXPORTS: tuple[str, ...] = ("docx", "srt", "txt", "json", "pdf", "vtt")
"""Formats offered in the bot: the first three with every result."""


class Cancel(CallbackData, prefix="cancel"):
    """Stop the work on a post; ``whole``: on everything that was posted with it."""

    post_id: UUID
    whole: bool = False


class Retry(CallbackData, prefix="retry"):
    """Try a failed or cancelled post again."""

    post_id: UUID


class Open(CallbackData, prefix="open"):
    """Send the result of one recording as a message of its own."""

    recording_id: UUID


class Export(CallbackData, prefix="file"):
    """Send the transcript as a file; ``format`` is one of EXPORTS."""

    format: str
    run_id: UUID


class Summary(CallbackData, prefix="summary"):
    """Send the summary."""

    run_id: UUID


class OnlyText(CallbackData, prefix="text"):
    """Send the text alone, to be copied or forwarded."""

    run_id: UUID


class Speakers(CallbackData, prefix="voices"):
    """Show who speaks; each can be given a name."""

    run_id: UUID


class Speaker(CallbackData, prefix="voice"):
    """Ask for the name of one speaker; ``number`` is its place in ``Transcript.speakers``, from 0."""

    run_id: UUID
    number: int


class More(CallbackData, prefix="more"):
    """Show the second page of a result's buttons, or the first again."""

    run_id: UUID
    shown: bool = True


class Again(CallbackData, prefix="again"):
    """The menu for running once more: every button carries the whole choice; ``go`` starts it.

    ``preset`` is fast or quality, ``language`` a code or "" for automatic, ``speakers`` 0 for automatic.
    """

    run_id: UUID
    preset: Literal["fast", "quality"] = "quality"
    language: str = ""
    speakers: int = 0
    go: bool = False


class Delete(CallbackData, prefix="delete"):
    """Ask whether to delete the recording; ``sure`` is the answer yes."""

    recording_id: UUID
    sure: bool = False


class Keep(CallbackData, prefix="keep"):
    """Not to delete it after all: the result's buttons come back."""

    recording_id: UUID


class Page(CallbackData, prefix="page"):
    """Turn to a page of a list, from 0; ``of`` names the list."""

    of: str
    number: int


class Ask(CallbackData, prefix="find"):
    """Ask what to search for."""


class Forget(CallbackData, prefix="forget"):
    """Delete everything of the person who presses: ``step`` 1 shows what that is, 2 does it, 0 leaves it be."""

    step: int


def press(label: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=data.pack())


def link(label: str, url: str | None, *, private: bool) -> InlineKeyboardButton | None:
    """A button that opens our page: as WebApp in a private chat, in the browser elsewhere. Only https goes."""
    if url is None or urlsplit(url).scheme != "https":
        return None
    return (
        InlineKeyboardButton(text=label, web_app=WebAppInfo(url=url))
        if private
        else InlineKeyboardButton(text=label, url=url)
    )


def rows(*given: Iterable[InlineKeyboardButton | None]) -> InlineKeyboardMarkup | None:
    """Rows of buttons, without the missing ones; None where no button is left."""
    kept = [[button for button in row if button is not None] for row in given]
    filled = [row for row in kept if row]
    return InlineKeyboardMarkup(inline_keyboard=filled) if filled else None


def chunks(buttons: Sequence[InlineKeyboardButton], size: int) -> list[Sequence[InlineKeyboardButton]]:
    """The buttons in rows of ``size``."""
    return [buttons[start : start + size] for start in range(0, len(buttons), size)]


SPEAKER_CHOICES: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6, 8, MAX_SPEAKERS)
"""0 is automatic."""
