"""What the bot says, in ru and en: Fluent messages from ``locales``, filled in as HTML for Telegram or as plain words.

A message that goes into a text of HTML is called (``texts("key", slot=value)``); labels of buttons, descriptions of
commands and answers to a press take ``texts.plain``. A missing or wrong slot is a Python warning: it shows in the log,
and fails a test.
"""

import html
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast, visitor

from stenogram import errors
from stenogram import warnings as result_warnings

LANGUAGES = ("ru", "en")
_LOCALES = Path(__file__).parent / "locales"
_LONGEST = 2000
"""Characters. Fluent refuses a slot of more than 2,500: longer ones are put in after it."""
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ue000\ue001]"
)
"""Control characters, halves of surrogate pairs, spaces of no width, what turns the direction of the text that
follows, and the marks of long slots."""
_TAG = re.compile(r"<[^>]*>")
_OPEN, _CLOSE = "\ue000", "\ue001"
_LONG_SLOT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_UNTOLD = (None, "?", "-")  # params of errors that say nothing
_SPANS = frozenset({"retry_after"})  # params of errors in seconds
_OPTIONAL = frozenset({"needed", "retry_after", "request_id"})  # their messages have a variant "unknown"
_WHISPER_CODES = {"jw": "jv"}  # Javanese


class TextWarning(UserWarning):
    """A message could not be filled in as it is written."""


class Markup(str):
    """HTML that is ready for Telegram: a slot takes it as it is."""

    __slots__ = ()


def shown(text: str) -> str:
    """``text`` without characters that Telegram refuses or that would disturb the text around."""
    return _UNSHOWN.sub("", text)


def visible(markup: str) -> str:
    """What a reader sees of HTML, as plain text."""
    return html.unescape(_TAG.sub("", markup))


def escape(text: str) -> Markup:
    """Any text as HTML, also within the quotes of an attribute; Markup stays as it is."""
    if isinstance(text, Markup):
        return text
    safe = shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return Markup(safe)


class Texts:
    """All messages of one language. ``zone`` arguments are an IANA name or a tzinfo."""

    def __init__(self, language: str, folder: Path = _LOCALES) -> None:
        """Raises ValueError for a file that Fluent cannot read, or an id given twice."""
        self.language = language
        self._locale = Locale.parse(language)
        self._bundle = FluentBundle([language], use_isolating=False)
        self._messages: dict[str, ast.Message] = {}
        for path in sorted((folder / language).glob("*.ftl")):
            resource = FluentResource(path.read_text(encoding="utf-8"))
            self._bundle.add_resource(resource)
            for message in _messages(resource, path):
                if message.id.name in self._messages:
                    raise ValueError(f"{path}: {message.id.name} is given twice")
                self._messages[message.id.name] = message

    def __contains__(self, key: object) -> bool:
        return key in self._messages

    @property
    def keys(self) -> Iterable[str]:
        return self._messages.keys()

    def __call__(self, key: str, **slots: object) -> Markup:
        """The message as HTML; every slot is escaped unless it is Markup. Raises KeyError for an unknown key."""
        return Markup(self._filled(key, {name: _escaped(value) for name, value in slots.items()}))

    def plain(self, key: str, **slots: object) -> str:
        """The message as words, nothing escaped. Raises KeyError for an unknown key."""
        return self._filled(key, {name: _native(value) for name, value in slots.items()})

    def slots(self, key: str) -> frozenset[str]:
        """The names of what the message is to be filled with."""
        found = _Slots()
        found.visit(self._messages[key])
        return frozenset(found.names).union(*(self.slots(other) for other in found.references))

    def error(self, code: str, params: Mapping[str, object]) -> Markup:
        """What an error means and what to do, as HTML: in words of the bot's own, or in those of the catalogue."""
        key = f"error-{code.replace('.', '-')}"
        if key not in self:
            return escape(errors.render(code, params, self.language))
        return self(key, **{name: self._param(name, params.get(name)) for name in self.slots(key)})

    def plain_error(self, code: str, params: Mapping[str, object]) -> str:
        """The same without HTML, for answers to a press."""
        return visible(self.error(code, params))

    def warning(self, warning: str) -> Markup:
        """The words for ``code`` or ``code:value``, as HTML; none for one that no user needs to know."""
        code, _, value = warning.partition(":")
        key = f"warning-{code}"
        if key not in self:
            return escape(result_warnings.describe(warning, self.language))
        return Markup(self(key, **dict.fromkeys(self.slots(key), value)).strip())

    def _param(self, name: str, value: object) -> object:
        if value in _UNTOLD:
            return "unknown" if name in _OPTIONAL else "?"
        return self.span(value) if name in _SPANS and isinstance(value, int | float) else value

    def clock(self, seconds: float) -> str:
        """``0:42``, ``1:02:03``: rounded down, as players show it; Telegram makes a link to the moment out of it."""
        minutes, rest = divmod(max(0, int(seconds)), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"

    def span(self, seconds: float) -> str:
        """``45 s``, ``3 min``, ``1 h 5 min``, ``2 days``: at most two units, rounded to the smaller."""
        whole = max(0, round(seconds))
        if whole < 60:
            return self.plain("span-seconds", seconds=whole)
        minutes = round(whole / 60)
        if minutes < 60:
            return self.plain("span-minutes", minutes=minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 48:
            return self.plain("span-hours", hours=hours, minutes=minutes)
        return self.plain("span-days", days=round(hours / 24))

    def size(self, size: int) -> str:
        """``812 KB``, ``12.4 MB``, ``1.3 GB`` of bytes, in powers of 1024 as Telegram counts."""
        for unit in ("kb", "mb"):
            size_in_unit = size / (1024 if unit == "kb" else 1024**2)
            if size_in_unit < 1000:
                return self.plain(f"size-{unit}", size=round(size_in_unit, 1 if unit == "mb" else 0))
        return self.plain("size-gb", size=round(size / 1024**3, 1))

    def language_name(self, code: str) -> str:
        """``русский`` or ``Russian`` for ``ru``; a code without a name is its own."""
        return str(self._locale.languages.get(_WHISPER_CODES.get(code, code), code))

    def moment(self, value: datetime, zone: tzinfo | str, *, year: bool = True) -> str:
        """``3 March 2026, 14:05`` in the zone; a value without a zone is UTC."""
        place = ZoneInfo(zone) if isinstance(zone, str) else zone
        return format_datetime(value, self.plain("moment-year" if year else "moment"), place, self._locale)

    def _filled(self, key: str, slots: Mapping[str, Any]) -> str:
        pattern = self._bundle.get_message(key).value if key in self else None
        if pattern is None:
            raise KeyError(f"no message {key!r} in {self.language}")
        long = [value for value in slots.values() if isinstance(value, str) and len(value) > _LONGEST]
        given = {name: _held(value, long) for name, value in slots.items()}
        text, problems = self._bundle.format_pattern(pattern, given)
        if problems:
            warnings.warn(f"{self.language} {key}: {problems}", TextWarning, stacklevel=3)
        return _LONG_SLOT.sub(lambda match: long[int(match[1])] if int(match[1]) < len(long) else "", str(text))


@lru_cache(maxsize=len(LANGUAGES))
def _texts(language: str) -> Texts:
    return Texts(language)


def texts(language: str | None) -> Texts:
    """Russian for ``ru`` and ``ru-RU``, English for any other language and for none."""
    return _texts("ru" if (language or "").lower().split("-")[0] == "ru" else "en")


class _Slots(visitor.Visitor):
    """Collects what a message refers to."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.references: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - Fluent's own naming
        self.names.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802
        self.references.add(node.id.name)


def _messages(resource: ast.Resource, path: Path) -> Iterator[ast.Message]:
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            raise ValueError(f"{path}: cannot read {entry.content!r}")  # noqa: TRY004 - the file is wrong, not a type
        if isinstance(entry, ast.Message):
            yield entry


def _native(value: object) -> object:
    """What Fluent can fill in: numbers, for plural forms and grouping, or text. True and False are yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if value is None or isinstance(value, datetime):
        raise TypeError(f"{value!r} has no words of its own: choose them (a moment by Texts.moment)")
    return shown(str(value)) if not isinstance(value, Markup) else value


def _escaped(value: object) -> object:
    native = _native(value)
    return escape(native) if isinstance(native, str) else native


def _held(value: object, long: list[str]) -> object:
    """A text too long for Fluent is held by a mark, and put in afterwards."""
    return f"{_OPEN}{long.index(value)}{_CLOSE}" if isinstance(value, str) and value in long else value
