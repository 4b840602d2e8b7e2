"""How long a text is for Telegram, and how to shorten it: always in UTF-16 units of what a reader sees."""

from collections.abc import Iterable

from apps.bot_api.bot.texts import Markup, escape, shown, visible

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
"""What Telegram takes (core.telegram.org/bots/api): units of a text, units of a caption, formatted pieces of either."""

_ELLIPSIS = "…"
_LATEST_BREAK = 0.6  # a word may be given up only if that much of the text remains; a text may have no spaces at all


def units(markup: str) -> int:
    """The length of HTML after Telegram has parsed it."""
    return _units(visible(markup))


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def head(text: str, limit: int) -> Markup:
    """The beginning of a plain text as HTML, at most ``limit`` units, cut at a word and ended by ``…``."""
    text = shown(text).strip()
    if _units(text) <= limit:
        return escape(text)
    kept = text[: _count(text, limit - 1)]
    last = max(kept.rfind(" "), kept.rfind("\n"))
    kept = kept[:last] if last >= len(kept) * _LATEST_BREAK else kept
    return escape(kept.rstrip(" \n\t,;:–—-") + _ELLIPSIS) if limit > 0 else Markup()


def tail(text: str, limit: int) -> Markup:
    """The end of a plain text as HTML, begun by ``…`` and at a word where it had to be cut."""
    text = shown(text).strip()
    if _units(text) <= limit:
        return escape(text)
    count = _count(text[::-1], limit - 1)
    kept = text[len(text) - count :]
    first = kept.find(" ")
    kept = kept[first + 1 :] if 0 <= first <= len(kept) * (1 - _LATEST_BREAK) else kept
    return escape(_ELLIPSIS + kept.lstrip()) if limit > 0 else Markup()


def line(text: str, limit: int = 64) -> Markup:
    """A name as one line of HTML."""
    return head(" ".join(text.split()), limit)


def _count(text: str, limit: int) -> int:
    """How many characters of ``text`` fit into ``limit`` units."""
    used = 0
    for number, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return number
    return len(text)


def joined(parts: Iterable[str], separator: str = "\n") -> Markup:
    """Pieces of HTML as one, the empty ones left out."""
    return Markup(separator.join(part for part in parts if part))


class Page:
    """A message in the making: takes pieces of HTML as long as they fit."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._parts: list[str] = []

    def room(self, separator: str = "\n") -> int:
        """Units that one more piece may have."""
        return max(0, self._left - (len(separator) if self._parts else 0))

    def add(self, piece: str, separator: str = "\n") -> bool:
        """Put the piece at the end; False if there is no room for it, or nothing to put."""
        size = units(piece)
        if not piece or size > self.room(separator):
            return False
        between = separator if self._parts else ""
        self._parts.append(between + piece)
        self._left -= size + len(between)
        return True

    def reserve(self, size: int) -> None:
        """Keep so many units for what must come later."""
        self._left -= size

    @property
    def markup(self) -> Markup:
        return Markup("".join(self._parts))
