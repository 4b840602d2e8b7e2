"""What the Telegram login widget says is believed only with the bot's signature, and for a quarter of an hour."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from stenogram.errors import StenogramError
from stenogram.services import telegram_widget

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def signed(token: str = TOKEN, **changed: str | int) -> dict[str, str | int]:
    """Signed as Telegram does: the fields by name, a line each, keyed by the SHA-256 of the token."""
    fields: dict[str, str | int] = {
        "id": 42,
        "first_name": "Анна",
        "last_name": "Ким",
        "username": "anna",
        "photo_url": "https://t.me/i/userpic/320/anna.jpg",
        "auth_date": int(NOW.timestamp()) - 3,
        **changed,
    }
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(token.encode()).digest()
    return {**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}


def test_the_person_is_read() -> None:
    found = telegram_widget.person(signed(), TOKEN, NOW)
    assert (found.telegram_id, found.name, found.username) == (42, "Анна Ким", "anna")


@pytest.mark.parametrize(
    "fields",
    [
        signed("110201543:another"),
        {**signed(), "id": 43},
        {**signed(), "is_admin": "1"},
        {name: value for name, value in signed().items() if name != "hash"},
        {name: value for name, value in signed().items() if name != "photo_url"},
        signed(auth_date=int((NOW - timedelta(minutes=16)).timestamp())),
        signed(auth_date=int((NOW + timedelta(hours=1)).timestamp())),
        signed(auth_date="soon"),
        signed(auth_date=10**20),
        signed(id="nobody"),
        {},
    ],
)
def test_anything_else_is_refused(fields: dict[str, str | int]) -> None:
    with pytest.raises(StenogramError) as raised:
        telegram_widget.person(fields, TOKEN, NOW)
    assert raised.value.code == "auth.widget"


def test_the_initdata_of_a_page_is_no_answer_of_the_widget() -> None:
    fields = signed()
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "hash")
    key = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()
    fields["hash"] = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    with pytest.raises(StenogramError):
        telegram_widget.person(fields, TOKEN, NOW)


def test_a_bot_is_named_by_the_public_half_of_its_token() -> None:
    assert telegram_widget.bot_id(TOKEN) == "110201543"
