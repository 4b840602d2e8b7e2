"""Sign in with a one-time link or from inside Telegram; who am I; what may I still send."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from apps.bot_api.deps import ArchiveUser, CurrentUser, Running, Runtime
from apps.bot_api.schemas.auth import LinkIn, TelegramIn, TokenOut, UsageOut, UserOut, usage_out, user_out
from stenogram.errors import StenogramError
from stenogram.services import access, quotas, telegram_init, users
from stenogram.services.janitor import scratch_root

router = APIRouter(tags=["auth"])


@router.post("/auth/link")
async def sign_in(link: LinkIn, runtime: Running) -> TokenOut:
    """Spend a one-time sign-in link; its secret is what follows ``/login#``."""
    async with runtime.database.begin() as session:
        user = await access.redeem(session, link.secret)
    return _token(runtime, user.id)


@router.post("/auth/telegram")
async def sign_in_from_telegram(given: TelegramIn, runtime: Running) -> TokenOut:
    """Sign in as the user of the Telegram account that has opened the page; who is let in is as in the bot.

    The same data may be given again for 24 hours: Telegram hands them out anew when a page is reloaded.
    """
    bot_token = runtime.settings.telegram.token
    if bot_token is None:
        raise StenogramError("not_found", "there is no bot")
    person = telegram_init.person(given.init_data, bot_token.get_secret_value(), datetime.now(UTC))
    async with runtime.database.begin() as session:
        user = await users.welcome(session, person, runtime.settings)
    return _token(runtime, user.id)


def _token(runtime: Runtime, user_id: UUID) -> TokenOut:
    token, expires_at = runtime.tokens.issue(user_id)
    return TokenOut(access_token=token, token_type="bearer", expires_at=expires_at)


@router.get("/me")
async def me(user: CurrentUser) -> UserOut:
    """Who is signed in."""
    return user_out(user)


async def _archive(runtime: Running, user: ArchiveUser) -> AsyncIterator[Path]:
    """Made before the answer begins, and removed when it has ended, however it does."""
    from stenogram.services import account  # with what makes documents, for which the start need not wait

    async with account.export(runtime.database, runtime.vault, user, scratch_root()) as path:
        yield path


@router.get("/me/export", response_class=FileResponse, responses={200: {"content": {"application/zip": {}}}})
async def my_archive(path: Annotated[Path, Depends(_archive)]) -> FileResponse:
    """Everything that is kept of one, as a zip: recordings, transcripts as DOCX and JSON, profile, ledger, payments."""
    return FileResponse(path, media_type="application/zip", filename="stenogram.zip")


@router.get("/me/usage")
async def my_usage(
    runtime: Running,
    user: CurrentUser,
    days: Annotated[int, Query(ge=1, le=366, description="How far back the days go")] = 30,
) -> UsageOut:
    """How many seconds of recordings one may still send today, and what was sent on which day."""
    async with runtime.database.session() as session:
        allowance = await quotas.allowance(session, user, runtime.settings)
        return usage_out(allowance, await quotas.usage(session, user, days))
