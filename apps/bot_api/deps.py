"""What handlers are given: the parts of the running service, and who is asking."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

import redis.asyncio
from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from stenogram.errors import StenogramError
from stenogram.events import Event, Publisher, briefly_async
from stenogram.services import health
from stenogram.services.access import Tokens, open_tokens
from stenogram.services.dispatch import Broker, Dispatcher
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
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


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


Running = Annotated[Runtime, Depends(_runtime)]

_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def _load(runtime: Runtime, user_id: UUID) -> User:
    async with runtime.database.session() as session:
        user = await Users(session).get(user_id)
    if user is None:
        raise StenogramError("auth.required", "the user is gone")
    if user.blocked_at is not None:
        raise StenogramError("access.blocked")
    return user


async def _user(runtime: Running, credentials: _Credentials) -> User:
    if credentials is None:
        raise StenogramError("auth.required")
    return await _load(runtime, runtime.tokens.user(credentials.credentials))


CurrentUser = Annotated[User, Depends(_user)]


async def require_admin(user: CurrentUser) -> User:
    if user.role != "admin":
        raise StenogramError("auth.forbidden")
    return user


async def _media_user(
    recording_id: UUID,
    runtime: Running,
    credentials: _Credentials,
    ticket: Annotated[
        str | None, Query(max_length=1000, description="From the media ticket, for players that send no headers")
    ] = None,
) -> User:
    if credentials is None and ticket is not None:
        return await _load(runtime, runtime.tokens.ticket_user(ticket, recording_id))
    return await _user(runtime, credentials)


MediaUser = Annotated[User, Depends(_media_user)]


async def _archive_user(
    runtime: Running,
    credentials: _Credentials,
    ticket: Annotated[str | None, Query(max_length=1000, description="From the bot, for browsers")] = None,
) -> User:
    if credentials is None and ticket is not None:
        return await _load(runtime, runtime.tokens.archive_ticket_user(ticket))
    return await _user(runtime, credentials)


ArchiveUser = Annotated[User, Depends(_archive_user)]


def request_id(request: Request) -> str:
    """The number of this request, which goes with the run into the worker's log."""
    number: str = request.state.request_id
    return number
