"""What handlers are given: the parts of the running service, and who is asking."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

import redis.asyncio
from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from stenogram.errors import StenogramError
from stenogram.events import Event, Publisher, briefly_async
from stenogram.services import health, identity
from stenogram.services.access import Bearer, Tokens, open_tokens
from stenogram.services.dispatch import Broker, Dispatcher
from stenogram.services.identity import Identity
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.vault import Vault, open_vault

BLOCK_SECONDS = 5.0  # how long one read of an event stream waits
_REDIS_CONNECT_SECONDS = 2.0


class Flushes(Protocol):
    """What follows a commit (``Dispatcher``)."""

    async def flush(self, events: Iterable[Event] = ()) -> None: ...


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything the API has while it runs; bound to its event loop."""

    settings: Settings
    database: Database
    redis: "redis.asyncio.Redis"
    vault: Vault
    dispatcher: Flushes
    tokens: Tokens
    dependencies: Sequence[health.Dependency]


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Connects lazily: a dependency that is away is told by /readyz, and does not keep the API from starting."""
    if settings.database.url is None or settings.redis.url is None:
        raise ValueError("DATABASE_URL and REDIS_URL must be set for the API: start with “stenogram up”, or set them")
    redis_url = settings.redis.url.get_secret_value()
    database = Database(
        settings.database.url.get_secret_value(), settings.database.pool_size, settings.database.timeout_seconds
    )
    client = redis.asyncio.Redis.from_url(
        redis_url,
        socket_connect_timeout=_REDIS_CONNECT_SECONDS,
        socket_timeout=2 * BLOCK_SECONDS,
        retry=briefly_async(),
    )
    publisher = Publisher(redis_url, settings.queue.event_stream_length)
    broker = Broker(settings)
    vault = open_vault(settings, database)
    try:
        yield Runtime(
            settings=settings,
            database=database,
            redis=client,
            vault=vault,
            dispatcher=Dispatcher(database, broker, publisher, settings.queue),
            tokens=open_tokens(settings.server),
            dependencies=health.dependencies(database, client, vault),
        )
    finally:
        broker.close()
        publisher.close()
        await client.aclose()
        await database.dispose()


async def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


Running = Annotated[Runtime, Depends(_runtime)]

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


_READS = ("GET", "HEAD", "OPTIONS")


async def _of(runtime: Runtime, bearer: Bearer) -> Identity:
    return await identity.of_session(runtime.database, bearer.user_id, bearer.session_id)


async def _identity(request: Request, runtime: Running, credentials: _Credentials) -> Identity:
    """From an access token or a key of the API. A key that only reads is refused where something may change."""
    if credentials is None:
        raise StenogramError("auth.required")
    if not credentials.credentials.startswith(identity.KEY_PREFIX):
        return await _of(runtime, runtime.tokens.bearer(credentials.credentials))
    found = await identity.of_key(runtime.database, credentials.credentials)
    if found.key_scope != "write" and request.method not in _READS:
        raise StenogramError("auth.scope")
    return found


CurrentIdentity = Annotated[Identity, Depends(_identity)]


async def _user(found: CurrentIdentity) -> User:
    return found.user


CurrentUser = Annotated[User, Depends(_user)]


async def _person(found: CurrentIdentity) -> Identity:
    """Somebody who is signed in: what a lost key must not be able to do."""
    if found.by_key:
        raise StenogramError("auth.scope", "keys may not do this")
    return found


Person = Annotated[Identity, Depends(_person)]


async def require_admin(found: Person) -> User:
    if found.user.role != "admin":
        raise StenogramError("auth.forbidden")
    return found.user


Administrator = Annotated[User, Depends(require_admin)]


async def _ticket_user(
    request: Request,
    runtime: Runtime,
    credentials: HTTPAuthorizationCredentials | None,
    ticket: str | None,
    bearer: Callable[[str], Bearer],
) -> User:
    """Whose ``ticket`` it is, as ``bearer`` reads it. A request that says by itself who asks needs none."""
    if credentials is None and ticket is not None:
        return (await _of(runtime, bearer(ticket))).user
    return (await _identity(request, runtime, credentials)).user


async def _media_user(
    recording_id: UUID,
    request: Request,
    runtime: Running,
    credentials: _Credentials,
    ticket: Annotated[
        str | None, Query(max_length=1000, description="From the media ticket, for players that send no headers")
    ] = None,
) -> User:
    return await _ticket_user(
        request, runtime, credentials, ticket, lambda t: runtime.tokens.ticket_bearer(t, recording_id)
    )


MediaUser = Annotated[User, Depends(_media_user)]


async def archive_user(
    request: Request,
    runtime: Running,
    credentials: _Credentials,
    ticket: Annotated[str | None, Query(max_length=1000, description="From the export ticket, for browsers")] = None,
) -> User:
    return await _ticket_user(request, runtime, credentials, ticket, runtime.tokens.archive_ticket_bearer)


ArchiveUser = Annotated[User, Depends(archive_user)]


async def _download_user(
    request: Request,
    runtime: Running,
    credentials: _Credentials,
    ticket: Annotated[str | None, Query(max_length=1000, description="From the download ticket, for Telegram")] = None,
) -> User:
    return await _ticket_user(
        request, runtime, credentials, ticket, lambda t: runtime.tokens.download_bearer(t, _without_ticket(request))
    )


def _without_ticket(request: Request) -> str:
    """The address as the ticket was asked for: to the letter, so that no other reading of it is let in."""
    parts = request.scope["query_string"].decode("latin-1").split("&")
    return f"{request.scope['path']}?{'&'.join(part for part in parts if not part.startswith('ticket='))}"


DownloadUser = Annotated[User, Depends(_download_user)]
"""Of an answer that changes nothing and is saved: who is signed in, or has a ticket for this very address."""


def request_id(request: Request) -> str:
    """The number of this request, which goes with the run into the worker's log."""
    number: str = request.state.request_id
    return number
