"""The words of the bot: complete in both languages, filled in safely, and nowhere but in the Fluent files."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from apps.bot_api.bot.texts import LANGUAGES, Markup, Texts, TextWarning, escape, texts
from stenogram import warnings
from stenogram.errors import CATALOG
from tests.telegram_stub.entities import formatted
from tests.unit.bot.scenes import ELSEWHERE, PARAMS

BOT = Path(__file__).parents[3] / "apps" / "bot_api" / "bot"
RUSSIAN, ENGLISH = texts("ru"), texts("en")
PLAIN = ("button-", "alert-", "command-", "inline-", "recording-", "span-", "size-", "moment")
"""Prefixes of messages that are used without HTML."""
_SPACED = re.compile(r"[\d}] (?:мин|ч|с|МБ|КБ|ГБ|MB|KB|GB|min|h|s|%)\b")


def test_both_languages_say_the_same_things() -> None:
    assert set(RUSSIAN.keys) == set(ENGLISH.keys)
    assert {key: RUSSIAN.slots(key) for key in RUSSIAN.keys} == {key: ENGLISH.slots(key) for key in ENGLISH.keys}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_html_that_telegram_parses(language: str) -> None:
    words = texts(language)
    for key in words.keys:
        for number in (0, 1, 2, 5):
            slots = dict.fromkeys(words.slots(key), number)
            formatted(words(key, **slots), "HTML")
            if key.startswith(PLAIN):
                assert not set("<>&") & set(words.plain(key, **slots)), key


@pytest.mark.parametrize(
    "path", sorted(BOT.glob("locales/*/*.ftl")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_typography(path: Path) -> None:
    """Typographic quotes, dots and dashes; numbers do not part from their units; no Russian in English."""
    russian = path.parent.name == "ru"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = re.sub(r'\{ "[^"]*" \}|<[^>]*>', "", line)
        where = f"{path.name}:{number}: {line}"
        if line.startswith("#"):
            continue
        assert not re.search(r"[\"]|\.\.\.| - |--", words), where
        assert not (re.search("[“”]", words) if russian else re.search("[«»а-яё]", words.lower())), where
        assert not _SPACED.search(words), where


class Call(NamedTuple):
    where: str
    key: str
    slots: frozenset[str]


def _calls() -> Iterator[Call]:
    """Every use of a message by its name in the bot's code: ``texts("key", slot=…)``, ``texts.plain("key")``."""
    for path in sorted(BOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _gives_words(node.func):
                given = {keyword.arg for keyword in node.keywords}
                for key in _keys(node.args[0]):
                    if None not in given and key not in LANGUAGES:
                        where = f"{path.relative_to(BOT)}:{node.lineno}"
                        yield Call(where, key, frozenset(filter(None, given)))


def _gives_words(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in ("plain", "texts")
    return isinstance(function, ast.Name) and function.id in ("texts", "words")


def _keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_keys(node.body), *_keys(node.orelse))


def test_the_code_names_messages_that_exist_and_fills_all_their_slots() -> None:
    calls = list(_calls())
    assert len(calls) > 50
    assert not [call for call in calls if call.key not in RUSSIAN]
    assert not [(call, RUSSIAN.slots(call.key)) for call in calls if call.slots != RUSSIAN.slots(call.key)]


def test_no_words_for_users_in_the_code() -> None:
    found = [
        f"{path.relative_to(BOT)}:{node.lineno}"
        for path in sorted(BOT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[а-яёА-ЯЁ]{2}", node.value)
    ]
    assert not [place for place in found if place not in _documented()]


def _documented() -> set[str]:
    """Docstrings may show an example."""
    places = set()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            body = getattr(node, "body", None)
            for statement in body if isinstance(body, list) else ():
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    places.add(f"{path.relative_to(BOT)}:{statement.value.lineno}")
    return places


# --- filling in ---


def test_slots_are_escaped_unless_they_are_markup() -> None:
    assert "&lt;b&gt;&amp;&quot;" in RUSSIAN("result-title", name='<b>&"')
    assert "<i>x</i>" in RUSSIAN("result-title", name=Markup("<i>x</i>"))
    assert "<b>&" in RUSSIAN.plain("recording-voice", when="<b>&")
    assert escape(escape("<")) == "&lt;"


def test_characters_that_disturb_are_left_out() -> None:
    assert escape("a\x00b\ud83dc\u202ed\ue0000\ue001\n") == "abcd0\n"


def test_a_long_slot_is_filled_in_whole() -> None:
    long, longer = "слово <" * 2000, "x" * 9000
    assert RUSSIAN("headline", name=long, clock=longer) == f"✅ Готово: «{long.replace('<', '&lt;')}», {longer}"


def test_an_unknown_message_and_a_missing_slot_are_noticed() -> None:
    with pytest.raises(KeyError, match="no-such"):
        RUSSIAN("no-such-message")
    with pytest.warns(TextWarning, match="name"):
        RUSSIAN("result-title")
    with pytest.raises(TypeError):
        RUSSIAN("result-title", name=None)


def test_ids_are_shown_as_they_are_and_truth_as_yes_or_no() -> None:
    assert str(UUID(int=1)) in RUSSIAN("result-title", name=UUID(int=1))
    assert "yes" in RUSSIAN("result-title", name=True)


def test_a_file_that_fluent_cannot_read_and_a_message_given_twice_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ru"
    folder.mkdir()
    (folder / "a.ftl").write_text("key = one\n", encoding="utf-8")
    assert Texts("ru", tmp_path)("key") == "one"
    (folder / "b.ftl").write_text("key = two\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        Texts("ru", tmp_path)
    (folder / "b.ftl").write_text("no message at all\n", encoding="utf-8")
    with pytest.raises(ValueError, match="cannot read"):
        Texts("ru", tmp_path)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU", "ru"),
        ("uk", "en"),
        ("en-GB", "en"),
        ("run", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_which_language(code: str, language: str) -> None:
    assert texts(code).language == language
    assert texts(code) is texts(language)
    assert texts(None) is ENGLISH


# --- numbers ---


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 запись"), (2, "2 записи"), (5, "5 записей"), (11, "11 записей"), (21, "21 запись")]
)
def test_russian_plurals(count: int, words: str) -> None:
    assert RUSSIAN("count-recordings", count=count).replace("\xa0", " ") == words


def test_english_plurals() -> None:
    assert [ENGLISH("count-recordings", count=count).split("\xa0")[1] for count in (1, 2)] == [
        "recording",
        "recordings",
    ]


@pytest.mark.parametrize(
    ("seconds", "clock"),
    [(0, "0:00"), (42.9, "0:42"), (60, "1:00"), (3723, "1:02:03"), (-1, "0:00")],
)
def test_clock(seconds: float, clock: str) -> None:
    assert RUSSIAN.clock(seconds) == clock


@pytest.mark.parametrize(
    ("seconds", "russian", "english"),
    [
        (0, "0 с", "0 s"),
        (45.4, "45 с", "45 s"),
        (59.6, "1 мин", "1 min"),
        (200, "3 мин", "3 min"),
        (3600, "1 ч", "1 h"),
        (3590, "1 ч", "1 h"),
        (3900, "1 ч 5 мин", "1 h 5 min"),
        (3 * 86400, "3 дня", "3 days"),
        (21 * 86400, "21 день", "21 days"),
    ],
)
def test_span(seconds: float, russian: str, english: str) -> None:
    assert RUSSIAN.span(seconds).replace("\xa0", " ") == russian
    assert ENGLISH.span(seconds).replace("\xa0", " ") == english


@pytest.mark.parametrize(
    ("size", "russian", "english"),
    [
        (0, "0 КБ", "0 KB"),
        (812 * 1024, "812 КБ", "812 KB"),
        (13_000_000, "12,4 МБ", "12.4 MB"),
        (20 * 1024**2, "20 МБ", "20 MB"),
        (1_400_000_000, "1,3 ГБ", "1.3 GB"),
    ],
)
def test_size(size: int, russian: str, english: str) -> None:
    assert RUSSIAN.size(size).replace("\xa0", " ") == russian
    assert ENGLISH.size(size).replace("\xa0", " ") == english


def test_languages_have_names() -> None:
    assert (RUSSIAN.language_name("ru"), ENGLISH.language_name("ru")) == ("русский", "Russian")
    assert RUSSIAN.language_name("jw") == "яванский"
    assert ENGLISH.language_name("??") == "??"


def test_moments_are_in_the_readers_zone() -> None:
    moment = datetime(2026, 3, 3, 21, 5, tzinfo=UTC)
    assert RUSSIAN.moment(moment, "Europe/Moscow").replace("\xa0", " ") == "4 марта 2026, 0:05"
    assert ENGLISH.moment(moment, UTC, year=False).replace("\xa0", " ") == "March 3, 21:05"


# --- errors and warnings ---


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CATALOG.keys() - ELSEWHERE))
def test_every_error_can_be_followed_in_telegram(language: str, code: str) -> None:
    for params in (PARAMS, {}):
        words = texts(language).error(code, params)
        assert words.endswith((".", "!")), words
        assert not re.search(r"stenogram|[A-Z]{3}_|\btus\b|\bREST\b|unknown|[{}]", words), words
    assert "?" not in texts(language).error(code, PARAMS)
    assert bool(re.search("[а-яё]", texts(language).error(code, PARAMS))) is (language == "ru")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(warnings.CATALOG))
def test_every_warning_can_be_followed_in_telegram(language: str, code: str) -> None:
    words = texts(language).warning(f"{code}:large")
    assert bool(words) is (code not in ("smaller_batch", "no_export"))
    assert "stenogram" not in words
    assert "run this stage" not in words


def test_overrides_belong_to_codes_that_exist() -> None:
    codes = {code.replace(".", "-") for code in CATALOG}
    keys = set(RUSSIAN.keys)
    assert {key.removeprefix("error-") for key in keys if key.startswith("error-")} <= codes
    assert {key.removeprefix("warning-") for key in keys if key.startswith("warning-")} <= set(warnings.CATALOG)


def test_params_are_escaped_and_what_was_not_told_is_left_out() -> None:
    assert "&lt;x&gt;" in RUSSIAN.error("link.unreachable", {"reason": "<x>"})
    assert "&lt;x&gt;" in RUSSIAN.error("internal", {"request_id": "<x>"})
    assert "номер" not in RUSSIAN.error("internal", {"request_id": "-"})
    assert "4\xa0мин" in RUSSIAN.error("queue.full", {"waiting": 5, "retry_after": 240})
    assert "нужно" not in RUSSIAN.error("quota.exceeded", {"needed": "?", "left": "1:00", "resets_at": "завтра"})
