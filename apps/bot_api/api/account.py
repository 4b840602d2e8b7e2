"""One's own account: where one is signed in, keys for programs, settings."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, status
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.api.telegram import CurrentBot
from apps.bot_api.deps import CurrentUser, Person, Running
from apps.bot_api.schemas.account import (
    EndedOut,
    KeyIn,
    KeyOut,
    NewKeyOut,
    SessionOut,
    SettingsIn,
    SettingsOut,
    keys_out,
    new_key_out,
    session_out,
    settings_out,
)
from apps.bot_api.schemas.recordings import DownloadIn, TicketOut
from stenogram.services import audit, identity, users, voices
from stenogram.storage.models import User

router = APIRouter(prefix="/me", tags=["account"])


@router.get("/sessions")
async def list_sessions(runtime: Running, asking: Person) -> list[SessionOut]:
    """Where one is signed in, the last used first."""
    async with runtime.database.session() as session:
        return [session_out(row, asking) for row in await identity.sessions(session, asking.user)]


@router.delete("/sessions/current", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(runtime: Running, asking: Person) -> None:
    """End the session that asks: its token is refused from then on."""
    if asking.session_id is None:
        return
    async with runtime.database.begin() as session:
        await identity.end_session(session, asking.user, asking.session_id)
        await audit.record(session, asking.user, "session.ended")


@router.delete("/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(session_id: UUID, runtime: Running, asking: Person) -> None:
    """Sign out there: its token is refused from then on."""
    async with runtime.database.begin() as session:
        await identity.end_session(session, asking.user, session_id)
        await audit.record(session, asking.user, "session.ended")


@router.delete("/sessions")
async def end_other_sessions(runtime: Running, asking: Person) -> EndedOut:
    """Sign out everywhere else."""
    async with runtime.database.begin() as session:
        ended = await identity.end_others(session, asking.user, asking.session_id)
        await audit.record(session, asking.user, "session.others_ended", count=ended)
    return EndedOut(ended=ended)


@router.get("/keys")
async def list_keys(runtime: Running, asking: Person) -> list[KeyOut]:
    """Newest first; their secrets are told only when they are made."""
    async with runtime.database.session() as session:
        return keys_out(await identity.keys(session, asking.user))


@router.post("/keys", status_code=status.HTTP_201_CREATED)
async def make_key(wanted: KeyIn, runtime: Running, asking: Person) -> NewKeyOut:
    """For programs, which send it as ``Authorization: Bearer``. It may all that one may but look after access."""
    async with runtime.database.begin() as session:
        key, secret = await identity.make_key(session, asking.user, wanted.name, wanted.scope, wanted.lifetime)
        await audit.record(session, asking.user, "key.made", ending=key.ending, scope=key.scope)
    return new_key_out(key, secret)


@router.delete("/keys/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_key(key_id: UUID, runtime: Running, asking: Person) -> None:
    """It is refused from then on."""
    async with runtime.database.begin() as session:
        key = await identity.revoke_key(session, asking.user, key_id)
        await audit.record(session, asking.user, "key.revoked", ending=key.ending)


@router.get("/settings")
async def get_settings(runtime: Running, user: CurrentUser) -> SettingsOut:
    """How one wants recordings worked on, and to be written to."""
    return settings_out(user, runtime.settings)


@router.patch("/settings")
async def change_settings(wanted: SettingsIn, runtime: Running, user: CurrentUser) -> SettingsOut:
    """Change some of them; the bot follows the same."""
    async with runtime.database.begin() as session:
        for name, value in wanted.given().items():
            user = await _set(session, user, name, value)
        if wanted.voices is False:
            await voices.forget(session, runtime.vault, user)
    return settings_out(user, runtime.settings)


async def _set(session: AsyncSession, user: User, name: str, value: Any) -> User:
    match name:
        case "language":
            return await users.set_language(session, user, str(value))
        case "timezone":
            return await users.set_timezone(session, user, value)
        case _:
            return await users.set_preference(session, user, name, value)


@router.post("/export-ticket")
async def create_export_ticket(runtime: Running, asking: Person) -> TicketOut:
    """A link to one's own archive that a browser can save from: a file of gigabytes fits in no memory."""
    async with runtime.database.begin() as session:
        await audit.record(session, asking.user, "archive.taken")
    ticket, expires_at = runtime.tokens.issue_archive_ticket(asking.user.id, asking.session_id)
    return TicketOut(url=f"/api/v1/me/export?ticket={ticket}", expires_at=expires_at)


@router.post("/download-ticket", status_code=status.HTTP_201_CREATED)
async def create_download_ticket(wanted: DownloadIn, runtime: Running, asking: Person) -> TicketOut:
    """A link to one file for a program that sends no header, such as Telegram. Who may have it is seen there."""
    ticket, expires_at = runtime.tokens.issue_download_ticket(asking.user.id, wanted.address, asking.session_id)
    return TicketOut(url=f"{wanted.address}&ticket={ticket}", expires_at=expires_at)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def delete_account(runtime: Running, asking: Person, bot: CurrentBot) -> None:
    """Destroy one's account with everything that is kept of one, at once and for good; nobody is signed in any more.

    The last administrator is refused (``account.last_admin``).
    """
    from stenogram.services import account  # with what makes documents, for which the start need not wait

    if bot is not None:
        await bot.forget(asking.user)
        return
    async with runtime.database.begin() as session:
        await account.forget(session, runtime.vault, asking.user, runtime.settings)
