"""The menus by which administrators set what the bot does in their group."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apps.bot_api.bot.render.choices import Choice, Menu, capital, in_rows, menu, picked
from apps.bot_api.bot.render.settings import language_pages
from apps.bot_api.bot.rules import AUTO, Rules
from apps.bot_api.bot.texts import LANGUAGES, Markup, Texts

_FIRST = ("ru", "en")


@dataclass(frozen=True, slots=True)
class Common:
    """What the menus show. ``sees_all``: the bot gets every message of the group; ``page`` (from 0) is of languages."""

    texts: Texts
    rules: Rules
    sees_all: bool
    page: int = 0


def main(view: Common) -> Menu:
    texts, rules = view.texts, view.rules
    other = next(language for language in LANGUAGES if language != texts.language)
    text = texts("group-settings")
    if rules.every and not view.sees_all:
        text = Markup(f"{text}\n\n{texts('group-blind')}")
    return menu(
        text,
        [_button(texts, "every", "yes" if rules.every else "no", f"every={'no' if rules.every else 'yes'}")],
        [Choice(texts.plain("button-set-language", value=texts.language), f"language={other}")],
        [_button(texts, "speech", _speech(texts, rules.speech), "open=speech")],
        [_button(texts, "diarize", _flag(rules.diarize), f"diarize={_NEXT[_flag(rules.diarize)]}")],
        [Choice(texts.plain("button-done"), "close=")],
    )


_NEXT = {"own": "yes", "yes": "no", "no": "own"}


def _flag(value: bool | None) -> str:
    return "own" if value is None else "yes" if value else "no"


def _button(texts: Texts, name: str, shown: str, value: str) -> Choice:
    return Choice(texts.plain(f"button-group-{name}", value=shown), value)


def _speech(texts: Texts, code: str | None) -> str:
    if code is None:
        return texts.plain("group-speech-own")
    return texts.plain("settings-auto") if code == AUTO else texts.language_name(code)


def speech(view: Common) -> Menu:
    texts, present = view.texts, view.rules.speech
    codes = dict.fromkeys((*_FIRST, *([present] if present not in (None, AUTO) else [])))
    spoken = [
        picked(texts, capital(texts.language_name(str(code))), f"speech={code}", code == present) for code in codes
    ]
    return menu(
        texts("group-speech"),
        [picked(texts, capital(texts.plain("group-speech-own")), "speech=", present is None)],
        [picked(texts, texts.plain("settings-auto-speech"), f"speech={AUTO}", present == AUTO)],
        *in_rows(spoken, 2),
        [Choice(texts.plain("button-languages"), "open=languages")],
        [Choice(texts.plain("button-back"), "open=main")],
    )


def languages(view: Common) -> Menu:
    return language_pages(view.texts, view.rules.speech, view.page, texts_key="settings-languages", back="speech")


MENUS: Mapping[str, Callable[[Common], Menu]] = {"main": main, "speech": speech, "languages": languages}
"""By the names of the dialog's states."""
