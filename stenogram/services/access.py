"""Who may do what: one-time sign-in links, access tokens, tickets for media and downloads, and ownership."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.settings import ServerSettings
from stenogram.storage.keyfile import kept_secret
from stenogram.storage.models import Recording, Run, SignInLink, User
from stenogram.storage.repositories import Recordings, Runs, Users, clock
from stenogram.storage.user_rows import Accounts

LINK_LIFETIME = timedelta(hours=24)
TICKET_LIFETIME = timedelta(hours=2)
"""A player asks for further ranges as long as the recording plays; after that it asks for a new ticket."""

ARCHIVE_LIFETIME = timedelta(hours=1)
DOWNLOAD_LIFETIME = timedelta(minutes=15)
"""Telegram asks the person first, and takes up a download that broke off."""

LOCAL_ADMIN = "local"

_ALGORITHM, _ISSUER = "HS256", "stenogram"
_ACCESS, _MEDIA, _ARCHIVE = "stenogram:api", "stenogram:media", "stenogram:archive"
_DOWNLOAD = "stenogram:download"


async def ensure_local_admin(session: AsyncSession) -> User:
    """The administrator of an installation without accounts, made when missing."""
    found = await Accounts(session).admin_by_name(LOCAL_ADMIN)
    return found or await Users(session).add(User(name=LOCAL_ADMIN, role="admin"))


async def make_link(session: AsyncSession, user: User, lifetime: timedelta = LINK_LIFETIME) -> str:
    """The secret of a new one-time link (256 bits); only its hash is kept."""
    secret = secrets.token_urlsafe(32)
    expires_at = await clock(session) + lifetime
    await Users(session).add_link(SignInLink(secret_hash=_hash(secret), user_id=user.id, expires_at=expires_at))
    return secret


async def redeem(session: AsyncSession, secret: str) -> User:
    """Spend the link; of two at once one gets in. Raises StenogramError("auth.link_spent").

    Looked up by its hash, so the time it takes tells nothing about the secret.
    """
    users = Users(session)
    user_id = await users.spend_link(_hash(secret))
    user = await users.get(user_id) if user_id else None
    if user is None:
        raise StenogramError("auth.link_spent")
    return user


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()


async def owned_recording(session: AsyncSession, user: User, recording_id: UUID) -> Recording:
    """Raises StenogramError("not_found"), also for what belongs to somebody else: so nobody learns that it exists."""
    recording = await Recordings(session).get(recording_id)
    if recording is None or recording.owner_id != user.id:
        raise StenogramError("not_found", f"recording {recording_id}")
    return recording


async def owned_run(session: AsyncSession, user: User, run_id: UUID) -> Run:
    """Raises StenogramError("not_found") as ``owned_recording`` does."""
    run = await Runs(session).get(run_id)
    if run is None:
        raise StenogramError("not_found", f"run {run_id}")
    await owned_recording(session, user, run.recording_id)
    return run


class Bearer(NamedTuple):
    """Whom a token is of, and of which session of theirs. None: it is of no session, as those of tools on the server
    and of before there were sessions."""

    user_id: UUID
    session_id: UUID | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs and checks access tokens and tickets (JWT, HS256). Checks raise StenogramError("auth.required")."""

    secret: str = field(repr=False)
    lifetime: timedelta

    def __post_init__(self) -> None:
        if len(self.secret.encode()) < 32:
            raise ValueError("the signing secret must have at least 32 bytes")

    def issue(self, user_id: UUID, session_id: UUID | None = None) -> tuple[str, datetime]:
        """An access token and when it ends; it is good as long as its session is."""
        return self._sign(_ACCESS, user_id, self.lifetime, _of_session(session_id))

    def bearer(self, token: str) -> Bearer:
        """Whose access token this is."""
        return _bearer(self._check(token, _ACCESS))

    def issue_ticket(self, user_id: UUID, recording_id: UUID, session_id: UUID | None = None) -> tuple[str, datetime]:
        """A ticket for the media of one recording, good for nothing else, and no longer than the session."""
        return self._sign(_MEDIA, user_id, TICKET_LIFETIME, {"rec": str(recording_id), **_of_session(session_id)})

    def ticket_bearer(self, ticket: str, recording_id: UUID) -> Bearer:
        """Whose ticket for this recording this is."""
        claims = self._check(ticket, _MEDIA)
        if claims.get("rec") != str(recording_id):
            raise StenogramError("auth.required", "the ticket is for another recording")
        return _bearer(claims)

    def issue_archive_ticket(self, user_id: UUID, session_id: UUID | None = None) -> tuple[str, datetime]:
        """A ticket for one's own archive (``account.export``), good for nothing else: a link in a chat may leak."""
        return self._sign(_ARCHIVE, user_id, ARCHIVE_LIFETIME, _of_session(session_id))

    def archive_ticket_bearer(self, ticket: str) -> Bearer:
        """Whose archive this ticket is for."""
        return _bearer(self._check(ticket, _ARCHIVE))

    def issue_download_ticket(
        self, user_id: UUID, address: str, session_id: UUID | None = None
    ) -> tuple[str, datetime]:
        """A ticket to read one address, a path with its query to the letter, and no longer than the session."""
        claims = {"adr": _hash(address).hex(), **_of_session(session_id)}
        return self._sign(_DOWNLOAD, user_id, DOWNLOAD_LIFETIME, claims)

    def download_bearer(self, ticket: str, address: str) -> Bearer:
        """Whose ticket for this address this is."""
        claims = self._check(ticket, _DOWNLOAD)
        if claims.get("adr") != _hash(address).hex():
            raise StenogramError("auth.required", "the ticket is for another address")
        return _bearer(claims)

    def _sign(self, audience: str, user_id: UUID, lifetime: timedelta, more: dict[str, str]) -> tuple[str, datetime]:
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = now + lifetime
        claims = {"iss": _ISSUER, "aud": audience, "sub": str(user_id), "iat": now, "exp": expires_at, **more}
        return jwt.encode(claims, self.secret, _ALGORITHM), expires_at

    def _check(self, token: str, audience: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.secret,
                algorithms=[_ALGORITHM],
                audience=audience,
                issuer=_ISSUER,
                # A token made before the clock was set back seems to come from the future; it is ours all the same.
                options={"require": ["exp", "aud", "iss", "sub"], "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise StenogramError("auth.required", type(error).__name__) from error
        return claims


def _of_session(session_id: UUID | None) -> dict[str, str]:
    return {"sid": str(session_id)} if session_id else {}


def _bearer(claims: dict[str, Any]) -> Bearer:
    return Bearer(_uuid(claims, "sub"), _uuid(claims, "sid") if "sid" in claims else None)


def _uuid(claims: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(claims[name])
    except ValueError as error:
        raise StenogramError("auth.required", f"{name} is no id") from error


def service_secret(server: ServerSettings) -> str:
    """SECRET_KEY, or a secret of this installation that is made on first use."""
    if server.secret_key:
        return server.secret_key.get_secret_value()
    return kept_secret(server.data_dir / "keys" / "jwt", lambda: secrets.token_urlsafe(48))


def open_tokens(server: ServerSettings) -> Tokens:
    """Tokens signed with the secret of the service."""
    return Tokens(service_secret(server), timedelta(hours=server.session_hours))
