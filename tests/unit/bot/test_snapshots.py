"""Every message in both languages, as it was last read and found good. UPDATE_SNAPSHOTS=1 writes them anew."""

import os
from pathlib import Path

import pytest

from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.texts import LANGUAGES, texts
from tests.unit.bot.checks import check, drawn
from tests.unit.bot.scenes import scenes

FOLDER = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_reads_as_it_did(language: str) -> None:
    path = FOLDER / f"{language}.txt"
    current = "".join(_drawn(name, shown) for name, shown in scenes(texts(language)))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(current, encoding="utf-8")
    assert current == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_every_message(language: str) -> None:
    shown = dict(scenes(texts(language)))
    assert len(shown) > 100
    for name, message in shown.items():
        check(message, caption="caption" in name, private="group" not in name)


def test_a_group_gets_no_web_app() -> None:
    shown = dict(scenes(texts("ru")))
    for name, attribute in {"result: voice": "web_app", "result: voice in a group": "url"}.items():
        keyboard = shown[name].keyboard
        assert keyboard is not None
        assert getattr(keyboard.inline_keyboard[0][0], attribute) is not None


def _drawn(name: str, shown: Shown) -> str:
    rows = "".join(f"  {' '.join(row)}\n" for row in drawn(shown.keyboard))
    return f"=== {name}\n{shown.text.replace(chr(0xA0), '~')}\n{rows}\n"
