"""Signing in, and who one is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Output
from stenogram.services.quotas import Allowance, Day
from stenogram.storage.models import User


class LinkIn(Input):
    secret: str = Field(min_length=1, max_length=200, examples=["pT3b0vZ9…"], description="What follows /login#")


class TelegramIn(Input):
    init_data: str = Field(
        min_length=1,
        max_length=16_384,
        examples=["query_id=AAH…&user=%7B%22id%22…&auth_date=1700000000&hash=c501…"],
        description="The initData of the Mini App, as Telegram gave it to the page",
    )


class TokenOut(Output):
    access_token: str
    token_type: Literal["bearer"]
    expires_at: datetime


class UserOut(Output):
    id: UUID
    name: str
    role: str = Field(examples=["admin"])
    language: str = Field(examples=["ru"])


def user_out(user: User) -> UserOut:
    return UserOut(id=user.id, name=user.name, role=user.role, language=user.language)


class DayOut(Output):
    day: date = Field(description="In one's own time zone")
    seconds: float = Field(description="Charged, and not given back")
    recordings: int


class UsageOut(Output):
    """Seconds of recordings. First the day's are used, then those of packs."""

    plan: str = Field(examples=["standard"])
    unlimited: bool = Field(description="Nothing is refused, whatever is left")
    daily_seconds: float
    used_seconds: float = Field(description="Of today's")
    left_today_seconds: float
    pack_seconds: float = Field(description="Bought or granted; below zero after a refund of what was used already")
    left_seconds: float = Field(description="Of today's and of packs together")
    resets_at: datetime = Field(description="The next midnight in one's own time zone")
    days: list[DayOut] = Field(description="The newest first, those without any left out")


def usage_out(allowance: Allowance, days: Sequence[Day]) -> UsageOut:
    return UsageOut(
        plan=allowance.plan,
        unlimited=allowance.unlimited,
        daily_seconds=allowance.daily,
        used_seconds=allowance.used,
        left_today_seconds=allowance.left_today,
        pack_seconds=allowance.packs,
        left_seconds=allowance.left,
        resets_at=allowance.resets_at,
        days=[DayOut(day=day.day, seconds=day.seconds, recordings=day.recordings) for day in days],
    )
