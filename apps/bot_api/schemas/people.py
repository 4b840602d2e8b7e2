"""People and the audit, for administrators. Nothing of it tells what recordings say, or what they are called."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.auth import UsageOut, usage_out
from apps.bot_api.schemas.common import Input, Output
from stenogram.services.people import Role
from stenogram.services.quotas import Allowance, Day
from stenogram.settings import Settings
from stenogram.storage.access_rows import Told
from stenogram.storage.models import User


class PersonOut(Output):
    id: UUID
    name: str
    role: Role
    role_by_setting: bool = Field(description="An administrator as long as BOT_ADMIN_IDS says so")
    telegram_id: int | None
    telegram_name: str | None
    plan: str | None = Field(description="null: the service's")
    unlimited: bool
    blocked_at: datetime | None
    created_at: datetime


class PeoplePage(Output):
    """Newest first."""

    items: list[PersonOut]
    total: int


class PlanOut(Output):
    name: str
    daily_seconds: int
    default: bool = Field(description="Of those for whom none is set")


class PersonDetailOut(PersonOut):
    usage: UsageOut
    plans: list[PlanOut]
    oneself: bool


class PersonIn(Input):
    """What is left out stays as it is; a plan of null is the service's."""

    blocked: bool | None = None
    unlimited: bool | None = None
    role: Role | None = None
    plan: str | None = Field(None, max_length=32)


class GrantIn(Input):
    hours: float = Field(gt=0, le=1000)
    key: UUID = Field(description="Of this grant: given once however often it is asked for")


class GrantedOut(Output):
    given: bool = Field(description="false: it was given under this key before")


class EntryOut(Output):
    """Who did what to whom; a name is null where there is nobody, or somebody who has left."""

    id: int
    action: str = Field(examples=["user.blocked"])
    actor_id: UUID | None
    actor: str | None
    subject_id: UUID | None
    subject: str | None
    via: Literal["page", "key", "bot"]
    details: dict[str, str | int | float | None]
    created_at: datetime


class AuditPage(Output):
    """Newest first. ``next_before`` is null on the last page."""

    items: list[EntryOut]
    next_before: int | None


def person_out(user: User) -> PersonOut:
    return PersonOut.model_validate(user, from_attributes=True)


def detail_out(
    user: User, allowance: Allowance, days: Sequence[Day], reader: User, settings: Settings
) -> PersonDetailOut:
    quota = settings.quota
    return PersonDetailOut(
        **person_out(user).model_dump(),
        usage=usage_out(allowance, days),
        plans=[PlanOut(name=name, daily_seconds=s, default=name == quota.plan) for name, s in quota.plans.items()],
        oneself=user.id == reader.id,
    )


def audit_page(found: Sequence[Told], limit: int) -> AuditPage:
    """``found`` has one entry more than the page where there are more."""
    items = [_entry(told) for told in found[:limit]]
    return AuditPage(items=items, next_before=items[-1].id if len(found) > limit else None)


def _entry(told: Told) -> EntryOut:
    entry = told.entry
    return EntryOut(
        id=entry.id,
        action=entry.action,
        actor_id=entry.actor_id,
        actor=told.actor,
        subject_id=entry.subject_id,
        subject=told.subject,
        via="bot" if entry.via == "bot" else "key" if entry.via == "key" else "page",
        details=entry.details,
        created_at=entry.created_at,
    )
