"""Sign in with a one-time link; who am I; what may I still send."""

from typing import Annotated

from fastapi import APIRouter, Query

from apps.bot_api.deps import CurrentUser, Running
from apps.bot_api.schemas.auth import LinkIn, TokenOut, UsageOut, UserOut, usage_out, user_out
from stenogram.services import access, quotas

router = APIRouter(tags=["auth"])


@router.post("/auth/link")
async def sign_in(link: LinkIn, runtime: Running) -> TokenOut:
    """Spend a one-time sign-in link; its secret is what follows ``/login#``."""
    async with runtime.database.begin() as session:
        user = await access.redeem(session, link.secret)
    token, expires_at = runtime.tokens.issue(user.id)
    return TokenOut(access_token=token, token_type="bearer", expires_at=expires_at)


@router.get("/me")
async def me(user: CurrentUser) -> UserOut:
    """Who is signed in."""
    return user_out(user)


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
