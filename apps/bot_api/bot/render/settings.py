"""The menus of a person's settings: each button shows the present value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.bot_api.bot import zones
from apps.bot_api.bot.render.choices import Choice, Menu, capital, in_rows, menu, picked
from apps.bot_api.bot.texts import LANGUAGES, Texts
from stenogram.pipeline import catalog
from stenogram.pipeline.stage import FORMATS, MAX_SPEAKERS
from stenogram.services.users import Preferences

PAGE = 24
"""Languages on a page: eight rows of three."""

_FIRST = ("ru", "en")
_KEPT = ("day", "week", "forever")


@dataclass(frozen=True, slots=True)
class Personal:
    """What the menus show. ``zone`` is an IANA name; ``page`` (from 0) is of the languages.

    ``lost``: the place that was typed is unknown.
    """

    texts: Texts
    preferences: Preferences
    zone: str
    now: datetime
    page: int = 0
    lost: bool = False


def main(view: Personal) -> Menu:
    texts, has = view.texts, view.preferences
    other = next(language for language in LANGUAGES if language != texts.language)
    speakers = _opener(texts, "speakers", _speakers(texts, has.speakers)) if has.diarize else None
    return menu(
        texts("settings-title"),
        [_switch(texts, "language", texts.language, other)],
        [_opener(texts, "speech", speech_name(texts, has.speech))],
        [_switch(texts, "preset", has.preset, "fast" if has.preset == "quality" else "quality")],
        [_toggle(texts, "diarize", has.diarize), speakers],
        [_toggle(texts, "denoise", has.denoise)],
        [_opener(texts, "keep", texts.plain("settings-keep-name", value=has.keep))],
        [_toggle(texts, "notify", has.notify), _toggle(texts, "silent", has.silent)],
        [_opener(texts, "export", has.export.upper())],
        [_opener(texts, "zone", _place(view, view.zone))],
        [Choice(texts.plain("button-done"), "close=")],
    )


def _toggle(texts: Texts, name: str, value: bool) -> Choice:
    return _switch(texts, name, "yes" if value else "no", "no" if value else "yes")


def _switch(texts: Texts, name: str, value: str, other: str) -> Choice:
    """A button that says one value and sets the other."""
    return Choice(texts.plain(f"button-set-{name}", value=value), f"{name}={other}")


def _opener(texts: Texts, name: str, value: str) -> Choice:
    return Choice(texts.plain(f"button-set-{name}", value=value), f"open={name}")


def speech_name(texts: Texts, code: str | None) -> str:
    return texts.language_name(code) if code else texts.plain("settings-auto")


def speech(view: Personal) -> Menu:
    texts, present = view.texts, view.preferences.speech
    codes = dict.fromkeys((*_FIRST, *([present] if present else [])))
    spoken = [picked(texts, capital(texts.language_name(code)), f"speech={code}", code == present) for code in codes]
    return menu(
        texts("settings-speech"),
        [picked(texts, texts.plain("settings-auto-speech"), "speech=", present is None)],
        *in_rows(spoken, 2),
        [Choice(texts.plain("button-languages"), "open=languages")],
        [_back(texts)],
    )


def languages(view: Personal) -> Menu:
    """All that can be recognised, by their names."""
    return language_pages(view.texts, view.preferences.speech, view.page, texts_key="settings-languages", back="speech")


def language_pages(texts: Texts, present: str | None, page: int, *, texts_key: str, back: str) -> Menu:
    names = sorted((texts.language_name(code), code) for code in catalog.LANGUAGES)
    last = (len(names) - 1) // PAGE
    page = min(max(0, page), last)
    shown = names[page * PAGE : (page + 1) * PAGE]
    spoken = [picked(texts, capital(name), f"speech={code}", code == present) for name, code in shown]
    turn = [
        Choice(texts.plain("button-previous"), f"page={page - 1}") if page else None,
        Choice(texts.plain("button-page", page=page + 1, pages=last + 1), f"page={page}"),
        Choice(texts.plain("button-next"), f"page={page + 1}") if page < last else None,
    ]
    return menu(texts(texts_key), *in_rows(spoken, 3), turn, [_back(texts, back)])


def speakers(view: Personal) -> Menu:
    texts, present = view.texts, view.preferences.speakers
    counts = [picked(texts, str(count), f"speakers={count}", count == present) for count in range(1, MAX_SPEAKERS + 1)]
    auto = picked(texts, texts.plain("settings-auto-speakers"), "speakers=", present is None)
    return menu(texts("settings-speakers"), [auto], *in_rows(counts, 5), [_back(texts)])


def _speakers(texts: Texts, count: int | None) -> str:
    return str(count) if count else texts.plain("settings-auto")


def keep(view: Personal) -> Menu:
    texts, present = view.texts, view.preferences.keep
    kept = [picked(texts, _kept(texts, name), f"keep={name}", name == present) for name in _KEPT]
    return menu(texts("settings-keep"), *in_rows(kept, 1), [_back(texts)])


def _kept(texts: Texts, name: str) -> str:
    return capital(texts.plain("settings-keep-name", value=name))


def export(view: Personal) -> Menu:
    texts, present = view.texts, view.preferences.export
    files = [picked(texts, name.upper(), f"export={name}", name == present) for name in FORMATS]
    return menu(texts("settings-export"), *in_rows(files, 5), [_back(texts)])


def zone(view: Personal) -> Menu:
    texts = view.texts
    places = [picked(texts, _place(view, name), f"zone={name}", name == view.zone) for name in _offered(view.zone)]
    other = Choice(texts.plain("button-other-zone"), "open=place")
    there = texts.moment(view.now, view.zone, year=False)
    return menu(texts("settings-zone", now=there), *in_rows(places, 2), [other], [_back(texts)])


def _offered(present: str) -> Sequence[str]:
    return list(dict.fromkeys((*zones.RUSSIAN, *zones.OTHERS, present)))


def _place(view: Personal, name: str) -> str:
    city, hours = zones.city(name, view.texts.language), zones.offset(name, view.now)
    return city if city.startswith("UTC") else view.texts.plain("settings-place", city=city, offset=hours)


def place(view: Personal) -> Menu:
    """Asks for the name of a place."""
    words = view.texts("settings-place-lost" if view.lost else "settings-place-question")
    return menu(words, [_back(view.texts, "zone")])


def _back(texts: Texts, to: str = "main") -> Choice:
    return Choice(texts.plain("button-back"), f"open={to}")


MENUS: Mapping[str, Callable[[Personal], Menu]] = {
    "main": main,
    "speech": speech,
    "languages": languages,
    "speakers": speakers,
    "keep": keep,
    "export": export,
    "zone": zone,
    "place": place,
}
"""By the names of the dialog's states."""
