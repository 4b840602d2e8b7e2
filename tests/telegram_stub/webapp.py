"""What Telegram gives to a page, signed for the bot: the initData of a Mini App, the answer of the login widget."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

THEME = {"bg_color": "#17212b", "text_color": "#f5f5f5", "button_color": "#5288c1"}


def signed(token: str, fields: Mapping[str, str]) -> str:
    """The query string of these fields with the hash that the bot's token makes of them."""
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    digest = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return urlencode({**fields, "hash": digest}, quote_via=quote)


def init_data(token: str, user: Mapping[str, Any], *, at: float | None = None, **more: str) -> str:
    """As it is when ``user`` (Telegram's object) presses a button at ``at`` (seconds of the epoch; now)."""
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(int(time.time() if at is None else at)),
        "signature": "zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ",
        **more,
    }
    return signed(token, fields)


def opened(url: str, data: str) -> str:
    """The address that Telegram opens for a button with ``url``."""
    launch = {"tgWebAppData": data, "tgWebAppVersion": "8.0", "tgWebAppPlatform": "android"}
    return f"{url}#{urlencode({**launch, 'tgWebAppThemeParams': json.dumps(THEME)}, quote_via=quote)}"


def widget_answer(token: str, telegram_id: int, name: str, *, at: float | None = None) -> dict[str, str | int]:
    """The fields with which the login widget sends somebody back at ``at`` (seconds of the epoch; now)."""
    signed_at = int(time.time() if at is None else at)
    fields: dict[str, str | int] = {"id": telegram_id, "first_name": name, "auth_date": signed_at}
    text = "\n".join(f"{field}={fields[field]}" for field in sorted(fields))
    key = hashlib.sha256(token.encode()).digest()
    return {**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}
