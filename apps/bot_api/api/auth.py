"""Sign in with a one-time link; who am I."""

from fastapi import APIRouter

from apps.bot_api.deps import CurrentUser, Running
from apps.bot_api.schemas.auth import LinkIn, TokenOut, UserOut, user_out
from stenogram.services import access

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
