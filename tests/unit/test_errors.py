"""Every code has words in both languages that say the same."""

import string

import pytest

from stenogram import warnings
from stenogram.errors import CATALOG, InvalidMedia, StenogramError, render


def slots(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", CATALOG)
def test_both_languages_use_the_same_slots_and_say_something(code: str) -> None:
    text = CATALOG[code]

    assert slots(text.en) == slots(text.ru)
    assert text.en.endswith((".", "}"))
    assert any("а" <= letter <= "я" for letter in text.ru)


@pytest.mark.parametrize("code", CATALOG)
def test_nothing_that_is_given_up_promises_another_try(code: str) -> None:
    text = CATALOG[code]
    if text.given_up is not None:
        assert slots(text.given_up.en) == slots(text.given_up.ru) <= slots(text.en)
    for language, promise in (("en", "try again by ourselves"), ("ru", "сами попробуем")):
        last = render(code, {}, language, given_up=True)
        assert promise not in last or code.startswith("telegram."), (
            last
        )  # the bot alone meets those, with its own words
        assert (last != render(code, {}, language)) == (text.given_up is not None)


@pytest.mark.parametrize("code", warnings.CATALOG)
def test_warnings_too(code: str) -> None:
    text = warnings.CATALOG[code]

    assert slots(text.en) == slots(text.ru)
    assert warnings.describe(code, "ru") != warnings.describe(code, "en")


def test_a_message_is_filled_in_and_in_the_persons_language() -> None:
    error = InvalidMedia("media.too_large", limit_mb=200)

    assert "200 MB" in error.message("en")
    assert "200 МБ" in error.message("ru-RU")
    assert not error.retryable


def test_a_missing_param_never_breaks_the_message() -> None:
    assert "? MB" in render("media.too_large", {})
    assert render("no.such.code", {"request_id": "r1"}).endswith("r1.")


def test_detail_is_for_the_log_and_unknown_codes_are_a_mistake_of_ours() -> None:
    assert "secret" not in StenogramError("engine.failed", "secret", engine="x").message("en")
    with pytest.raises(KeyError):
        StenogramError("no.such.code")


def test_a_warning_shows_its_value_and_an_unknown_one_itself() -> None:
    assert "small" in warnings.describe("lighter_model:small", "en")
    assert "models pull large-v3" in warnings.describe("demo_model:large-v3", "ru")
    assert warnings.describe("something_new") == "something_new"
