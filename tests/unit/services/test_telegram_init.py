"""Who opened the page in Telegram: what is believed, and what is refused."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from aiogram.utils.web_app import safe_parse_webapp_init_data

from stenogram.errors import StenogramError
from stenogram.services.telegram_init import LIFETIME, person
from stenogram.services.users import Person
from tests.telegram_stub import TOKEN
from tests.telegram_stub.webapp import init_data, signed

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ANNA = {"id": 7, "first_name": "Анна", "last_name": "Каренина & К°", "username": "anna", "language_code": "ru"}


def opened(user: object = ANNA, at: datetime = NOW, **more: str) -> str:
    return init_data(TOKEN, user, at=at.timestamp(), **more)  # type: ignore[arg-type]  # also what is no user


def refused(data: str, token: str = TOKEN) -> str:
    """Why, as the log tells it."""
    with pytest.raises(StenogramError) as raised:
        person(data, token, NOW)
    assert raised.value.code == "auth.init_data"
    return raised.value.detail


def test_what_this_bots_token_signed_tells_who_it_is() -> None:
    assert person(opened(), TOKEN, NOW) == Person(7, "Анна Каренина & К°", "anna", "ru")
    assert person(opened({"id": 2**52, "first_name": "Bo"}), TOKEN, NOW) == Person(2**52, "Bo")


def test_the_bots_own_library_believes_the_same() -> None:
    parsed = safe_parse_webapp_init_data(TOKEN, opened())
    assert parsed.user is not None
    assert parsed.user.id == person(opened(), TOKEN, NOW).telegram_id


def test_unknown_fields_count_and_may_be_empty() -> None:
    assert person(opened(start_param="", something_new="x=y&z"), TOKEN, NOW).telegram_id == 7


@pytest.mark.parametrize(
    "change",
    [
        ("%22id%22%3A7", "%22id%22%3A8"),
        ("auth_date=1", "auth_date=2"),
        ("signature=z", "signature=y"),
        ("hash=", "hash=0"),
        ("query_id=", "query_ib="),
    ],
)
def test_what_was_tampered_with_is_refused(change: tuple[str, str]) -> None:
    assert change[0] in opened()
    assert refused(opened().replace(*change)) == "the signature is wrong"


def test_what_another_bot_signed_is_refused() -> None:
    assert refused(opened(), "5555555555:AAnother") == "the signature is wrong"


def test_without_a_hash_nothing_is_believed() -> None:
    bare = re.sub(r"&hash=\w+", "", opened())
    for data in (bare, f"{bare}&hash=", f"{bare}&hash=é", "x", "&", "%ff=%ff", "\ud800=1&hash=1", "a=1&" * 100):
        assert refused(data)


@pytest.mark.parametrize("name", ["user", "hash", "auth_date"])
def test_a_field_that_comes_twice_is_refused(name: str) -> None:
    value = re.findall(rf"{name}=([^&]*)", opened())[0]
    assert refused(f"{opened()}&{name}={value}") == "ValueError"


def test_what_is_no_utf8_is_refused() -> None:
    assert refused(opened().replace(quote("А"), "%c0%80")) == "UnicodeDecodeError"


@pytest.mark.parametrize("age", [timedelta(0), LIFETIME, -timedelta(minutes=4)])
def test_it_may_be_used_for_a_day(age: timedelta) -> None:
    assert person(opened(at=NOW - age), TOKEN, NOW).telegram_id == 7


@pytest.mark.parametrize("age", [LIFETIME + timedelta(seconds=1), -timedelta(minutes=6)])
def test_what_is_old_or_from_the_future_is_refused(age: timedelta) -> None:
    assert refused(opened(at=NOW - age)).startswith("signed at")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"auth_date": "soon"},
        {"auth_date": "9" * 30},
        {"auth_date": str(int(NOW.timestamp()))},
        {"auth_date": str(int(NOW.timestamp())), "user": "not json"},
        {"auth_date": str(int(NOW.timestamp())), "user": "[7]"},
        {"auth_date": str(int(NOW.timestamp())), "user": '{"id": true, "first_name": "x"}'},
        {"auth_date": str(int(NOW.timestamp())), "user": '{"id": 7}'},
    ],
)
def test_what_tells_of_nobody_is_refused_though_it_is_signed(fields: dict[str, str]) -> None:
    assert refused(signed(TOKEN, fields))
