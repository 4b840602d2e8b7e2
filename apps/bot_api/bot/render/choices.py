"""A menu in the making: its text, and rows of choices, each a label with what pressing it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.bot_api.bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Choice:
    """``value`` is told to whoever made the menu, when the button with ``label`` is pressed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Menu:
    """``text`` is HTML for Telegram."""

    text: str
    rows: tuple[tuple[Choice, ...], ...]


def menu(text: str, *rows: Iterable[Choice | None]) -> Menu:
    """Without what is None, and without empty rows."""
    kept = (tuple(choice for choice in row if choice is not None) for row in rows)
    return Menu(text, tuple(row for row in kept if row))


def picked(texts: Texts, label: str, value: str, present: bool) -> Choice:
    """One of several, marked when it is the present one."""
    return Choice(texts.plain("button-chosen", label=label) if present else label, value)


def in_rows(choices: Sequence[Choice], size: int) -> list[Sequence[Choice]]:
    return [choices[start : start + size] for start in range(0, len(choices), size)]


def capital(name: str) -> str:
    """A name as it begins a line."""
    return name[:1].upper() + name[1:]
