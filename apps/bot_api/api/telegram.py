"""Where Telegram sends updates: kept in the inbox before it hears that we have them."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Request, Response, status

from apps.bot_api.deps import Running
from stenogram.errors import StenogramError
from stenogram.storage.models import Payment, User


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

router = APIRouter(include_in_schema=False)


@router.post("/telegram/webhook")
async def take_update(
    bot: CurrentBot,
    update: dict[str, Any],
    runtime: Running,
    x_telegram_bot_api_secret_token: Annotated[str, Header()] = "",
) -> Response:
    """200 when it is kept. Telegram sends again what got any other answer."""
    if bot is None or runtime.settings.telegram.mode != "webhook":
        raise StenogramError("not_found", "there is no bot, or it does not listen here")
    if not secrets.compare_digest(x_telegram_bot_api_secret_token.encode(), bot.secret.encode()):
        raise StenogramError("auth.forbidden", "the secret token is wrong")
    if not isinstance(update.get("update_id"), int):
        raise StenogramError("request.invalid", "no update_id")
    await bot.receive(update)
    return Response(status_code=status.HTTP_200_OK)
