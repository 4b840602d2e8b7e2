"""For administrators: people, what they may send, and who did what."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.deps import Administrator, Running, Runtime, require_admin
from apps.bot_api.schemas.common import Moment
from apps.bot_api.schemas.people import (
    AuditPage,
    GrantedOut,
    GrantIn,
    PeoplePage,
    PersonDetailOut,
    PersonIn,
    audit_page,
    detail_out,
    person_out,
)
from stenogram.errors import StenogramError
from stenogram.events import Event
from stenogram.services import audit, people, quotas, sanctions, users
from stenogram.storage.models import User

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(require_admin)])

_SECONDS = 3600.0


@router.get("/users")
async def list_users(
    runtime: Running,
    q: Annotated[str, Query(max_length=100, description="A part of the name or @name, or an id")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> PeoplePage:
    """Everybody, or whom is looked for; newest first."""
    async with runtime.database.session() as session:
        if q.strip():
            found = await people.find(session, q, limit)
            return PeoplePage(items=[person_out(user) for user in found], total=len(found))
        page, total = await people.page(session, limit, offset)
    return PeoplePage(items=[person_out(user) for user in page], total=total)


@router.get("/users/{user_id}")
async def get_user(user_id: UUID, runtime: Running, admin: Administrator) -> PersonDetailOut:
    """One of them, with what they have sent and may still send."""
    async with runtime.database.session() as session:
        return await _detail(session, runtime, user_id, admin)


async def _detail(session: AsyncSession, runtime: Runtime, user_id: UUID, admin: User) -> PersonDetailOut:
    user = await users.get(session, user_id)
    allowance = await quotas.allowance(session, user, runtime.settings)
    return detail_out(user, allowance, await quotas.usage(session, user), admin, runtime.settings)


@router.patch("/users/{user_id}")
async def change_user(
    user_id: UUID, wanted: PersonIn, runtime: Running, admin: Administrator, background: BackgroundTasks
) -> PersonDetailOut:
    """Block and unblock, appoint and dismiss, set the plan. Whoever is blocked has their runs cancelled."""
    events: list[Event] = []
    async with runtime.database.begin() as session:
        user = await users.get(session, user_id)
        if wanted.role == "user" and user.id == admin.id:
            raise StenogramError("auth.forbidden", "nobody dismisses themselves")
        for name, given in wanted.model_dump(exclude_unset=True).items():
            if name == "plan":
                await people.set_plan(session, user, given, runtime.settings)
                await audit.record(session, admin, "user.plan", user, plan=given)
            elif given is not None:
                events += await _change(session, admin, user, _ASKED[name, given])
        detail = await _detail(session, runtime, user_id, admin)
    background.add_task(runtime.dispatcher.flush, events)
    return detail


async def _change(session: AsyncSession, admin: User, user: User, action: audit.Action) -> list[Event]:
    events = await _CHANGES[action](session, user)
    await audit.record(session, admin, action, user)
    return events


async def _block(session: AsyncSession, user: User) -> list[Event]:
    return (await sanctions.block(session, user))[1]


async def _unblock(session: AsyncSession, user: User) -> list[Event]:
    await people.unblock(session, user)
    return []


async def _appoint(session: AsyncSession, user: User) -> list[Event]:
    await people.set_role(session, user, "admin")
    return []


async def _dismiss(session: AsyncSession, user: User) -> list[Event]:
    await people.set_role(session, user, "user")
    return []


async def _unlimited(session: AsyncSession, user: User) -> list[Event]:
    await people.set_unlimited(session, user, True)
    return []


async def _limited(session: AsyncSession, user: User) -> list[Event]:
    await people.set_unlimited(session, user, False)
    return []


_ASKED: Mapping[tuple[str, object], audit.Action] = {
    ("blocked", True): "user.blocked",
    ("blocked", False): "user.unblocked",
    ("role", "admin"): "user.appointed",
    ("role", "user"): "user.dismissed",
    ("unlimited", True): "user.unlimited",
    ("unlimited", False): "user.limited",
}

_CHANGES: Mapping[audit.Action, Callable[[AsyncSession, User], Awaitable[list[Event]]]] = {
    "user.blocked": _block,
    "user.unblocked": _unblock,
    "user.appointed": _appoint,
    "user.dismissed": _dismiss,
    "user.unlimited": _unlimited,
    "user.limited": _limited,
}


@router.post("/users/{user_id}/grant")
async def grant(user_id: UUID, wanted: GrantIn, runtime: Running, admin: Administrator) -> GrantedOut:
    """Give hours that last until they are used, besides those of each day."""
    async with runtime.database.begin() as session:
        user = await users.get(session, user_id)
        given = await quotas.grant(session, user, wanted.hours * _SECONDS, f"page:{wanted.key}")
        if given:
            await audit.record(session, admin, "user.granted", user, hours=wanted.hours)
    return GrantedOut(given=given)


async def _entries(
    who: Annotated[UUID | None, Query(description="Who did it, or to whom it was done")] = None,
    name: Annotated[str | None, Query(max_length=100, description="A part of the name of one of them")] = None,
    action: Annotated[str | None, Query(max_length=32, description="An action, or its first part: user")] = None,
    since: Annotated[Moment | None, Query(description="At that time or later; without a zone: UTC")] = None,
    until: Annotated[Moment | None, Query(description="Before that time")] = None,
) -> audit.Wanted:
    return audit.Wanted(who, name, action, since, until)


@router.get("/audit")
async def list_audit(
    runtime: Running,
    wanted: Annotated[audit.Wanted, Depends(_entries)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=1, description="next_before of the page before")] = None,
) -> AuditPage:
    """Who did what to whom, newest first; kept for a year."""
    async with runtime.database.session() as session:
        return audit_page(await audit.page(session, limit + 1, before, wanted), limit)
