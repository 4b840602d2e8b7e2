"""Signing in, and who one is."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Output
from stenogram.storage.models import User


class LinkIn(Input):
    secret: str = Field(min_length=1, max_length=200, examples=["pT3b0vZ9…"], description="What follows /login#")


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
