"""Administration and the shop in both languages, as they were last read and found good."""

import os
from pathlib import Path

import pytest

from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.render.people import digest
from apps.bot_api.bot.render.shop import amount
from apps.bot_api.bot.texts import LANGUAGES, texts
from tests.telegram_stub.entities import units
from tests.unit.bot.admin_scenes import admin_scenes
from tests.unit.bot.checks import check, drawn

FOLDER = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_reads_as_it_did(language: str) -> None:
    """UPDATE_SNAPSHOTS=1 writes them anew."""
    path = FOLDER / f"admin-{language}.txt"
    current = "".join(_drawn(name, shown) for name, shown in admin_scenes(texts(language)))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(current, encoding="utf-8")
    assert current == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_every_screen(language: str) -> None:
    shown = dict(admin_scenes(texts(language)))
    assert len(shown) > 70
    for message in shown.values():
        check(message)


def test_every_message_of_these_files_is_read_here() -> None:
    words = texts("ru")
    seen = "\n".join(f"{shown.text}\n{drawn(shown.keyboard)}" for _, shown in admin_scenes(words))
    keys = [
        line.partition(" =")[0]
        for name in ("admin", "payments")
        for line in (Path(FOLDER.parents[3]) / f"apps/bot_api/bot/locales/ru/{name}.ftl")
        .read_text("utf-8")
        .splitlines()
        if line[:1].isalpha()
    ]
    assert not {key for key in keys if not words.slots(key) and words(key) not in seen and words.plain(key) not in seen}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invoice_is_within_its_limits(language: str) -> None:
    words = texts(language)
    longest = amount(words, 999_999_999)
    assert units(words.plain("invoice-title", amount=longest)) <= 32
    assert units(words.plain("invoice-description", amount=longest)) <= 255


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 с"),
        (-5, "0 с"),
        (59.9, "59 с"),
        (2700, "45 мин"),
        (3600, "1 ч"),
        (5400, "1 ч 30 мин"),
        (360_000, "100 ч"),
    ],
)
def test_amounts_are_hours_however_many(seconds: float, words: str) -> None:
    assert amount(texts("ru"), seconds).replace("\xa0", " ") == words


def test_payments_have_names_that_fit_into_a_button() -> None:
    assert len(digest("x" * 255)) == 16
    assert digest("a") != digest("b")


def _drawn(name: str, shown: Shown) -> str:
    rows = "".join(f"  {' '.join(row)}\n" for row in drawn(shown.keyboard))
    return f"=== {name}\n{shown.text.replace(chr(0xA0), '~')}\n{rows}\n"
