"""Who has signed in with the Telegram login widget: its answer, checked and read.

https://core.telegram.org/widgets/login#checking-authorization
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from stenogram.errors import StenogramError
from stenogram.services.users import Person

LIFETIME = timedelta(minutes=15)
"""The answer comes straight from Telegram: what is older has lain in somebody's history."""

_AHEAD = timedelta(minutes=5)  # by which Telegram's clock may be before ours


def person(fields: Mapping[str, str | int], token: str, now: datetime) -> Person:
    """Whom the widget's answer tells of; ``token`` is the bot's.

    Raises StenogramError("auth.widget") for what this bot's token did not sign, or was signed longer than LIFETIME
    before ``now``.
    """
    given = {name: str(value) for name, value in fields.items()}
    try:
        signature = given.pop("hash").encode()
        if not hmac.compare_digest(_signature(given, token).encode(), signature):
            raise _refused("the signature is wrong")
        signed_at = datetime.fromtimestamp(int(given["auth_date"]), UTC)
        if not -_AHEAD <= now - signed_at <= LIFETIME:
            raise _refused(f"signed at {signed_at}")
        name = f"{given['first_name']} {given.get('last_name', '')}".strip()
        return Person(int(given["id"]), name, given.get("username"))
    except (KeyError, ValueError, OverflowError, OSError) as error:  # the last two: no such year
        raise _refused(type(error).__name__) from error


def _signature(fields: Mapping[str, str], token: str) -> str:
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.digest(hashlib.sha256(token.encode()).digest(), text.encode(errors="replace"), hashlib.sha256).hex()


def bot_id(token: str) -> str:
    """The public half of a bot's token, by which the widget names the bot."""
    return token.partition(":")[0]


def _refused(reason: str) -> StenogramError:
    return StenogramError("auth.widget", reason)
