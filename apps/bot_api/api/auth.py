"""Sign in with a one-time link or with Telegram; who am I; what may I still send."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import FileResponse
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.api.media import attachment
from apps.bot_api.deps import ArchiveUser, CurrentUser, Running, Runtime, archive_user
from apps.bot_api.schemas.account import TelegramWayOut, WaysOut, WidgetIn
from apps.bot_api.schemas.auth import LinkIn, TelegramIn, TokenOut, UsageOut, UserOut, usage_out, user_out
from stenogram.errors import StenogramError
from stenogram.services import access, audit, identity, quotas, telegram_init, telegram_widget, users
from stenogram.services.janitor import scratch_root
from stenogram.storage.models import User

router = APIRouter(tags=["auth"])

_ARCHIVE = {**attachment("stenogram.zip"), "Cache-Control": "private, no-store"}
Client = Annotated[str, Header(alias="User-Agent", include_in_schema=False)]


@router.get("/auth/ways")
async def sign_in_ways(runtime: Running) -> WaysOut:
    """How one may sign in here besides a link."""
    token = runtime.settings.telegram.token
    if token is None or runtime.settings.server.public_url is None:  # Telegram answers only to an address it knows
        return WaysOut(telegram=None)
    return WaysOut(telegram=TelegramWayOut(bot_id=telegram_widget.bot_id(token.get_secret_value())))


@router.post("/auth/link")
async def sign_in(link: LinkIn, runtime: Running, client: Client = "") -> TokenOut:
    """Spend a one-time sign-in link; its secret is what follows ``/login#``."""
    async with runtime.database.begin() as session:
        user = await access.redeem(session, link.secret)
        return await _token(runtime, session, user, "link", client)


@router.post("/auth/telegram")
async def sign_in_from_telegram(given: TelegramIn, runtime: Running, client: Client = "") -> TokenOut:
    """Sign in as the user of the Telegram account that has opened the page; who is let in is as in the bot.

    The same data may be given again for 24 hours: Telegram hands them out anew when a page is reloaded.
    """
    person = telegram_init.person(given.init_data, _bot_token(runtime), datetime.now(UTC))
    async with runtime.database.begin() as session:
        user = await users.welcome(session, person, runtime.settings)
        return await _token(runtime, session, user, "telegram", client)


@router.post("/auth/telegram-widget")
async def sign_in_with_widget(given: WidgetIn, runtime: Running, client: Client = "") -> TokenOut:
    """Sign in with the answer of the Telegram login widget, within 15 minutes; who is let in is as in the bot."""
    person = telegram_widget.person(given.fields, _bot_token(runtime), datetime.now(UTC))
    async with runtime.database.begin() as session:
        user = await users.welcome(session, person, runtime.settings)
        return await _token(runtime, session, user, "widget", client)


def _bot_token(runtime: Runtime) -> str:
    token = runtime.settings.telegram.token
    if token is None:
        raise StenogramError("not_found", "there is no bot")
    return token.get_secret_value()


async def _token(runtime: Runtime, session: AsyncSession, user: User, way: identity.Way, client: str) -> TokenOut:
    """Of a session that is good from the commit on."""
    session_id = await identity.open_session(session, user, way, client, runtime.tokens.lifetime)
    await audit.record(session, user, "session.opened", way=way)
    token, expires_at = runtime.tokens.issue(user.id, session_id)
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
    return FileResponse(path, media_type="application/zip", headers=_ARCHIVE)


@router.head("/me/export", include_in_schema=False, dependencies=[Depends(archive_user)])
async def look_at_my_archive() -> Response:
    """For whoever looks before they save: gigabytes are not put together for that."""
    return Response(media_type="application/zip", headers=_ARCHIVE)


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
