"""Where Telegram sends updates: kept in the inbox before it hears that we have them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request, Response
from prometheus_client import Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from stenogram.errors import StenogramError
from stenogram.storage.models import Payment, User

WEBHOOK_PATH = "/telegram/webhook"
_SECRET = "x-telegram-bot-api-secret-token"


class RunningBot(Protocol):
    """The bot in this process (``bot.application.Application``): the API starts without its libraries."""

    @property
    def secret(self) -> str: ...

    async def receive(self, update: Mapping[str, Any]) -> None: ...

    async def forget(self, user: User) -> None: ...

    async def refund(self, admin: User, charge_id: str) -> tuple[Payment, User]: ...


async def _bot(request: Request) -> RunningBot | None:
    bot: RunningBot | None = request.app.state.bot
    return bot


CurrentBot = Annotated[RunningBot | None, Depends(_bot)]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Takes updates, before anything is looked up for other requests: a crowd sends hundreds of them within a second.

    200 when an update is kept. Telegram sends again what got any other answer. ``seconds``: how long each took.
    """

    app: ASGIApp
    seconds: Histogram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != WEBHOOK_PATH or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        with self.seconds.time():
            await _take(Request(scope, receive))
        return await Response()(scope, receive, send)


async def _take(request: Request) -> None:
    bot = await _bot(request)
    if bot is None or request.app.state.runtime.settings.telegram.mode != "webhook":
        raise StenogramError("not_found", "there is no bot, or it does not listen here")
    if not secrets.compare_digest(request.headers.get(_SECRET, "").encode(), bot.secret.encode()):
        raise StenogramError("auth.forbidden", "the secret token is wrong")
    try:
        update = await request.json()
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise StenogramError("request.invalid", "an update is JSON") from error
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise StenogramError("request.invalid", "no update_id")
    await bot.receive(update)
