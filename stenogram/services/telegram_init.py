"""Who has opened our page inside Telegram: the initData of a Mini App, checked and read.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from stenogram.errors import StenogramError
from stenogram.services.users import Person

LIFETIME = timedelta(hours=24)
"""Telegram gives fresh data at each opening, and the same again when the page is reloaded."""

_AHEAD = timedelta(minutes=5)  # by which Telegram's clock may be before ours
_MOST_FIELDS = 64


def person(init_data: str, token: str, now: datetime) -> Person:
    """Whom these data tell of, as the query string that Telegram gave to the page; ``token`` is the bot's.

    Raises StenogramError("auth.init_data") for what this bot's token did not sign, what was signed longer than
    LIFETIME before ``now``, and what tells of nobody.
    """
    try:
        fields = _fields(init_data)
        signature = fields.pop("hash").encode()
        if not hmac.compare_digest(_signature(fields, token).encode(), signature):
            raise _refused("the signature is wrong")
        signed_at = datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        if not -_AHEAD <= now - signed_at <= LIFETIME:
            raise _refused(f"signed at {signed_at}")
        return _person(json.loads(fields["user"]))
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:  # the last two: no such year
        raise _refused(type(error).__name__) from error


def _fields(init_data: str) -> dict[str, str]:
    """Raises ValueError: no query string, no UTF-8, or a name that comes twice and may mean two things."""
    pairs = parse_qsl(
        init_data, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_MOST_FIELDS
    )
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field comes twice")
    return fields


def _signature(fields: Mapping[str, str], token: str) -> str:
    """Of all fields but ``hash`` itself; ``signature``, which is for third parties, is one of them."""
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    return hmac.digest(secret, text.encode(), hashlib.sha256).hex()


def _person(user: Mapping[str, Any]) -> Person:
    if type(user["id"]) is not int:
        raise TypeError("the id is no number")
    name = f"{user['first_name']} {user.get('last_name') or ''}".strip()
    return Person(user["id"], name, user.get("username"), user.get("language_code"))


def _refused(reason: str) -> StenogramError:
    return StenogramError("auth.init_data", reason)
