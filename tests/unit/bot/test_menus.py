"""The menus in both languages, as they were last read and found good. UPDATE_SNAPSHOTS=1 writes them anew."""

import os
from pathlib import Path

import pytest

from apps.bot_api.bot import zones
from apps.bot_api.bot.render import Shown, account
from apps.bot_api.bot.rules import AUTO, Rules
from apps.bot_api.bot.texts import LANGUAGES, texts
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import Settings, load_settings
from tests.unit.bot.checks import check, drawn
from tests.unit.bot.menu_scenes import ALONE, NOW, menu_scenes

FOLDER = Path(__file__).parent / "snapshots"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """As nobody has set them."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "GEMINI_API_KEY", "SUMMARIZER", "TELEGRAM_API_FOLDER"):
        monkeypatch.delenv(name, raising=False)
    return load_settings()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_menu_reads_as_it_did(language: str, settings: Settings) -> None:
    path = FOLDER / f"menus-{language}.txt"
    current = "".join(_drawn(name, shown) for name, shown in menu_scenes(texts(language), settings))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(current, encoding="utf-8")
    assert current == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_every_menu(language: str, settings: Settings) -> None:
    shown = dict(menu_scenes(texts(language), settings))
    assert len(shown) > 50
    for message in shown.values():
        check(message)


def _drawn(name: str, shown: Shown) -> str:
    rows = "".join(f"  {' '.join(row)}\n" for row in drawn(shown.keyboard))
    return f"=== {name}\n{shown.text.replace(chr(0xA0), '~')}\n{rows}\n"


def test_every_message_of_these_files_is_read_here(settings: Settings) -> None:
    """By its words in Russian, so that a new one is looked at in the snapshots."""
    words = texts("ru")
    seen = "\n".join(f"{shown.text}\n{drawn(shown.keyboard)}" for _, shown in menu_scenes(words, settings))
    folder = Path(zones.__file__).parent / "locales" / "ru"
    keys = [
        line.partition(" =")[0]
        for name in ("settings", "history", "account", "groups")
        for line in (folder / f"{name}.ftl").read_text(encoding="utf-8").splitlines()
        if line[:1].isalpha()
    ]
    unseen = {key for key in keys if not words.slots(key) and words(key) not in seen and words.plain(key) not in seen}
    assert unseen == {"search-placeholder", "place-cities", "button-open-chat", "button-download"}
    assert set(ALONE) <= set(keys)


# --- rules of a group ---


@pytest.mark.parametrize(
    ("rules", "language", "diarize", "speakers"),
    [
        (Rules(), "de", True, 2),
        (Rules(speech="ru"), "ru", True, 2),
        (Rules(speech=AUTO, diarize=False), None, False, None),
        (Rules(diarize=True), "de", True, 2),
    ],
)
def test_rules_of_a_group_go_on_top(rules: Rules, language: str | None, diarize: bool, speakers: int | None) -> None:
    options = rules.applied(RunOptions(language="de", preset="fast", speakers=2))
    assert (options.language, options.diarize, options.speakers, options.preset) == (
        language,
        diarize,
        speakers,
        "fast",
    )


def test_a_language_that_nobody_can_recognise_is_no_rule() -> None:
    with pytest.raises(ValueError, match="xx"):
        Rules(speech="xx")


# --- places ---


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("Москва", "Europe/Moscow"),
        ("  санкт петербург ", "Europe/Moscow"),
        ("Могилев", "Europe/Minsk"),
        ("New York", "America/New_York"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("utc +5", "Etc/GMT-5"),
        ("−3", "Etc/GMT+3"),
        ("UTC+20", None),
        ("Factory", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_a_place_is_found_by_what_people_call_it(place: str, zone: str | None) -> None:
    assert zones.find(place) == zone


def test_every_city_lies_in_a_zone_that_exists() -> None:
    for language in LANGUAGES:
        for line in texts(language).plain("place-cities").splitlines():
            zone, _, cities = line.partition(":")
            found = {zones.offset(zones.find(city) or "Factory", NOW) for city in cities.split(",")}
            assert found == {zones.offset(zone.strip(), NOW)}, line


@pytest.mark.parametrize(
    ("zone", "city", "offset"),
    [
        ("Europe/Moscow", "Москва", "UTC+3"),
        ("Asia/Kolkata", "Калькутта", "UTC+5:30"),
        ("America/New_York", "Нью-Йорк", "UTC−5"),
        ("Etc/GMT-5", "UTC+5", "UTC+5"),
        ("UTC", "UTC", "UTC"),
        ("Factory", "Factory", "UTC"),
    ],
)
def test_cities_and_offsets(zone: str, city: str, offset: str) -> None:
    assert (zones.city(zone, "ru"), zones.offset(zone, NOW)) == (city, offset)


# --- where texts go ---


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        ({}, None),
        ({"openai_api_key": "k"}, "api.openai.com"),
        ({"openai_base_url": "http://llm.lan:8000/v1"}, "llm.lan"),
        ({"gemini_api_key": "k"}, "generativelanguage.googleapis.com"),
        ({"openai_api_key": "k", "engine": "extractive"}, None),
    ],
)
def test_privacy_names_whoever_gets_texts(settings: Settings, changes: dict[str, str], host: str | None) -> None:
    assert account.summary_host(settings.summary.model_copy(update=changes)) == host
