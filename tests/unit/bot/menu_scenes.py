"""Every menu of the bot, and what else it says outside recordings: for the snapshots, and to be looked at."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from apps.bot_api.bot.render import Shown, account, groups, library
from apps.bot_api.bot.render import settings as personal
from apps.bot_api.bot.render.account import Belongings
from apps.bot_api.bot.render.choices import Menu
from apps.bot_api.bot.render.groups import Common
from apps.bot_api.bot.render.settings import Personal
from apps.bot_api.bot.rules import AUTO, Rules
from apps.bot_api.bot.texts import Texts
from stenogram.services import search
from stenogram.services.quotas import Allowance, Day
from stenogram.services.search import Found, Hit, Listed, Part
from stenogram.services.users import Preferences
from stenogram.settings import Settings
from stenogram.storage.models import Recording, Run
from tests.unit.bot.scenes import NAMES

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
ALONE = (
    "settings-closed", "search-question", "inline-open", "inline-nothing", "export-begun", "export-busy",
    "export-ready", "export-failed", "export-interrupted", "forget-not", "forgotten", "group-hello",
    "group-settings-closed", "group-anonymous", "group-private-only", "alert-group-admins",
)  # fmt: skip
"""Messages without anything to fill in."""


def menu_scenes(texts: Texts, settings: Settings) -> Iterator[tuple[str, Shown]]:
    """Name and message; ``settings`` as of an installation that nobody has set."""
    yield from _settings(texts)
    yield from _groups(texts)
    yield from _library(texts)
    yield from _account(texts, settings)
    for key in ALONE:
        yield key, Shown(texts(key))
    sizes = {"size": texts.size(73_000_000), "limit": texts.size(50 * 1024**2)}
    yield "export: too large", Shown(texts("export-too-large", **sizes))
    address = texts("export-too-large-address", url="http://127.0.0.1:8080", **sizes)
    yield "export: too large, no page to open", Shown(address)


def _shown(menu: Menu) -> Shown:
    rows = [
        [InlineKeyboardButton(text=choice.label, callback_data=f"123456\x1dm:{choice.value}") for choice in row]
        for row in menu.rows
    ]
    return Shown(menu.text, InlineKeyboardMarkup(inline_keyboard=rows))


def _settings(texts: Texts) -> Iterator[tuple[str, Shown]]:
    view = Personal(texts, Preferences(), "Europe/Moscow", NOW)
    for name, make in personal.MENUS.items():
        yield f"settings: {name}", _shown(make(view))
    changed = Preferences(
        speech="kk", preset="fast", diarize=False, denoise=True, keep="week", notify=False, silent=True, export="srt"
    )
    far = replace(view, preferences=changed, zone="Asia/Kolkata")
    for name in ("main", "speech", "keep", "export", "zone"):
        yield f"settings: {name}, changed", _shown(personal.MENUS[name](far))
    counted = replace(view, preferences=Preferences(speakers=3))
    yield "settings: speakers, three", _shown(personal.speakers(counted))
    for page in (1, 99):
        yield f"settings: languages, page {page}", _shown(personal.languages(replace(view, page=page)))
    yield "settings: place, lost", _shown(personal.place(replace(view, lost=True)))


def _groups(texts: Texts) -> Iterator[tuple[str, Shown]]:
    view = Common(texts, Rules(), sees_all=True)
    for name, make in groups.MENUS.items():
        yield f"group: {name}", _shown(make(view))
    changed = Common(texts, Rules(every=True, speech="ru", diarize=False), sees_all=False)
    yield "group: main, changed", _shown(groups.main(changed))
    yield "group: speech, auto", _shown(groups.speech(Common(texts, Rules(speech=AUTO), sees_all=True)))


def _recording(texts: Texts, number: int, state: str | None, created_at: datetime) -> Listed:
    recording = Recording(
        id=UUID(int=number), title=f"{NAMES[texts.language][0]} <{number}>", created_at=created_at, duration=2530.0
    )
    return Listed(recording, Run(state=state) if state else None)


def _library(texts: Texts) -> Iterator[tuple[str, Shown]]:
    states = ("done", "done_with_warnings", "running", "queued", "dead", "cancelled", None)
    listed = [
        _recording(texts, number, state, NOW - timedelta(days=100 * number)) for number, state in enumerate(states)
    ]
    yield "history", library.history(texts, listed, len(listed), 0, MOSCOW, NOW)
    yield "history: second page", library.history(texts, listed[:2], 21, 1, MOSCOW, NOW)
    yield "history: empty", library.history(texts, [], 0, 0, MOSCOW, NOW)
    word, rest = {"ru": ("договор", " подписан & ждёт <печати>."), "en": ("contract", " is signed & sealed.")}[
        texts.language
    ]
    hit = Hit(754.0, (Part("…"), Part(word, found=True), Part(rest)))
    title = (Part(NAMES[texts.language][0] + " "), Part(word, found=True))
    many = Found(UUID(int=1), title, NOW, 2530.0, (hit, replace(hit, start=3723.0)), 7)
    only_title = Found(UUID(int=2), title, NOW, None, (), 0)
    result = search.Page((many, only_title), 12)
    yield "search", library.found(texts, f"{word} <b>", result, 1, MOSCOW, NOW)
    yield "search: nothing", library.found(texts, f"{word} <b>", search.Page((), 0), 0, MOSCOW, NOW)
    yield "search: no sense", library.found(texts, "-", search.Page((), 0, sensible=False), 0, MOSCOW, NOW)
    yield "quotation", Shown(library.quotation(texts, many, hit))
    yield "quotation: title", Shown(library.quotation(texts, only_title, None))


def _account(texts: Texts, settings: Settings) -> Iterator[tuple[str, Shown]]:
    midnight = datetime(2026, 11, 12, 21, tzinfo=UTC)
    has = Allowance("standard", False, 14400.0, 1220.0, 13180.0, 7200.0, 20380.0, midnight)
    days = [
        Day(date(2026, 11, day), seconds, 1) for day, seconds in ((12, 1220.0), (10, 5400.0), (9, 40.0), (6, 3000.0))
    ]
    yield "usage", account.usage(texts, has, days, MOSCOW, NOW)
    yield "usage: in debt", account.usage(texts, replace(has, packs=-300.0), [], MOSCOW, NOW)
    yield "usage: unlimited", account.usage(texts, replace(has, unlimited=True), days, MOSCOW, NOW)
    yield "privacy", account.privacy(texts, settings, Preferences())
    remote = settings.model_copy(
        update={
            "summary": settings.summary.model_copy(update={"openai_base_url": "https://llm.example/v1"}),
            "blobs": settings.blobs.model_copy(update={"backend": "s3"}),
            "telegram": settings.telegram.model_copy(update={"api_folder": "/api", "support": "@help"}),
        }
    )
    yield "privacy: elsewhere, for a day", account.privacy(texts, remote, Preferences(keep="day"))
    yield "forget: first", account.forget_first(texts)
    yield "forget: second", account.forget_second(texts, Belongings(21, 40_000.0, 7200.0))
    yield "forget: second, nothing there", account.forget_second(texts, Belongings(0, 0.0, 0.0))
