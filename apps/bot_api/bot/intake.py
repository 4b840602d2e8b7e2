"""From a posted recording to a run: answered from an earlier result, or let in, fetched, charged and started."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from aiogram import Bot
from loguru import logger
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot import fetch, samples
from apps.bot_api.bot.board import Board
from apps.bot_api.deps import Runtime
from stenogram.errors import InvalidMedia, StenogramError
from stenogram.services import admission, links, quotas, recordings, runs
from stenogram.storage.models import Recording, Run, User
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_models import TelegramPost
from stenogram.storage.telegram_rows import Posts

AT_ONCE = 4
"""Files fetched side by side."""

_BUSY = ("queue.full", "queue.full_for_user")
_FINAL = ("quota.files",)  # retryable for a person who comes back, not for us
_PATIENT = ("telegram.unavailable", "database.unavailable", "storage.unavailable", "queue.unavailable")
_TRIES, _LONGEST_PAUSE = 4, 60.0
_WAIT_SECONDS = 2.0  # until a full queue is asked again


@dataclass(slots=True)
class Intake:
    """Takes posts in, one call each. ``turnstile``: whoever came first to a full queue gets in first."""

    runtime: Runtime
    bot: Bot
    board: Board
    _turnstile: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2), init=False)
    _fetching: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), init=False)

    async def take_in(self, post_id: UUID) -> None:
        """Until the post has a run, or an error that a person must hear of. What goes away is waited for."""
        tries, copies = 0, set[Path]()
        while not await self._settled(post_id, tries, copies):
            tries += 1
            await asyncio.sleep(min(_LONGEST_PAUSE, 2.0**tries))
        await fetch.discard(copies)

    async def _settled(self, post_id: UUID, tries: int, copies: set[Path]) -> bool:
        """One attempt after ``tries`` others; whether it was the last. A local server's ``copies`` are added."""
        try:
            await self._try(post_id, copies)
        except StenogramError as error:
            if _worth_another_try(error, tries + 1):
                logger.warning("post {} is taken in later: {}", post_id, error)
                return False
            await self.refuse(post_id, error)
        finally:
            self.board.say(post_id, None)
        return True

    async def _try(self, post_id: UUID, copies: set[Path]) -> None:
        async with self._looking, self.runtime.database.begin() as session:
            post = await Posts(session).get(post_id)
            if post is None or post.state not in ("new", "waiting"):
                return
            if await self._answer_from_earlier(session, post):
                return
            owner = await _owner(session, post)
        self._refuse_early(post)
        await self._await_room(post, owner)
        async with self._fetching:
            self.board.say(post_id, "fetching")
            async with self._content(post, copies) as chunks:
                await self._start(post, owner, chunks)
        await self.runtime.dispatcher.flush()

    def _refuse_early(self, post: TelegramPost) -> None:
        """What is known to be too much before a byte of it has come."""
        limits, telegram = self.runtime.settings.limits, self.runtime.settings.telegram
        if post.file_id is not None and post.size is not None and post.size > fetch.largest(telegram) * 1024 * 1024:
            raise InvalidMedia("telegram.too_large", limit_mb=fetch.largest(telegram))
        if post.size is not None and post.size > limits.max_upload_bytes:
            raise InvalidMedia("media.too_large", limit_mb=limits.max_upload_mb)
        if post.duration is not None and post.duration > limits.max_hours * 3600:
            raise InvalidMedia("media.too_long", limit_h=f"{limits.max_hours:g}")

    async def _answer_from_earlier(self, session: AsyncSession, post: TelegramPost) -> bool:
        if post.file_unique_id is None:
            return False
        return await _answer_from(session, post, await Posts(session).earlier(post))

    async def _await_room(self, post: TelegramPost, owner: User) -> None:
        """Until the queue lets one more of this owner in, and the owner's allowance covers it."""
        while True:
            async with self._turnstile:
                refusal = await self._knock(post, owner)
                while refusal is not None and refusal.code == "queue.full":
                    await self._wait_outside(post, refusal)
                    refusal = await self._knock(post, owner)
            if refusal is None:
                return
            await self._wait_outside(post, refusal)  # the owner has enough in there: others go first

    async def _knock(self, post: TelegramPost, owner: User) -> StenogramError | None:
        async with self.runtime.database.session() as session:  # nothing of it is kept
            try:
                await admission.admit(session, owner.id, self.runtime.settings.queue)
            except StenogramError as error:
                if error.code not in _BUSY:
                    raise
                return error
            if post.kind != samples.KIND:
                await quotas.charge(session, owner, post.id, post.duration or 0.0, self.runtime.settings)
        return None

    async def _wait_outside(self, post: TelegramPost, refusal: StenogramError) -> None:
        ahead = refusal.params.get("waiting")
        self.board.say(post.id, "busy", ahead if isinstance(ahead, int) else None)
        await asyncio.sleep(_WAIT_SECONDS)
        async with self.runtime.database.at_once() as session:
            now = await Posts(session).get(post.id)
        if now is None or now.state == "cancelled":
            raise StenogramError("run.cancelled")

    @asynccontextmanager
    async def _content(self, post: TelegramPost, copies: set[Path]) -> AsyncIterator[AsyncIterator[bytes]]:
        if post.kind == samples.KIND:
            yield samples.content(post.file_name)
        elif post.file_id is not None:
            async with fetch.fetched(self.bot, self.runtime.settings.telegram, post.file_id, copies) as chunks:
                yield chunks
        elif post.url is not None:
            async with links.fetched(post.url, self.runtime.settings.limits) as linked:
                yield linked.chunks

    async def _start(self, post: TelegramPost, owner: User, chunks: AsyncIterator[bytes]) -> None:
        """The recording, its run, what it costs and the post's state: all of it or nothing. Nothing is asked of the
        database before all has come: it ends transactions that stand still for long."""
        settings, vault = self.runtime.settings, self.runtime.vault
        async with self.runtime.database.begin() as session:
            recording = await recordings.create(
                session,
                vault,
                owner.id,
                post.file_name,
                post.content_type,
                chunks,
                f"telegram:{post.id}",
                limits=settings.limits,
            )
            locked = await Posts(session).lock(post.id)
            if locked is None or locked.state == "cancelled":
                raise StenogramError("run.cancelled")
            if await _answer_from(session, locked, await Posts(session).same_content(recording)):
                await recordings.delete(session, vault, recording.id)
                return
            await self._accept(session, locked, recording, owner)

    async def _accept(self, session: AsyncSession, post: TelegramPost, recording: Recording, owner: User) -> None:
        settings = self.runtime.settings
        recording.origin = post.origin
        await admission.admit(session, owner.id, settings.queue, promised=True)
        if post.kind != samples.KIND:
            await quotas.charge(session, owner, recording.id, post.duration or 0.0, settings)
        run = await runs.start(session, recording.id, runs.stored_options(post.options), request_id=f"tg-{post.id.hex}")
        await Posts(session).set(post.id, state="running", recording_id=recording.id, run_id=run.id)

    async def refuse(self, post_id: UUID, error: StenogramError) -> None:
        state = "cancelled" if error.code == "run.cancelled" else "failed"
        params = {"request_id": post_id.hex[:12], **error.params}
        async with self.runtime.database.begin() as session:
            await Posts(session).set(post_id, state=state, error_code=error.code, error_params=params)
        logger.info("post {} is refused: {}", post_id, error)


async def _owner(session: AsyncSession, post: TelegramPost) -> User:
    owner = await Users(session).get(post.owner_id)
    if owner is None:
        raise StenogramError("run.cancelled", "its owner is gone")
    return owner


async def _answer_from(session: AsyncSession, post: TelegramPost, known: Sequence[Row[Run, Recording]]) -> bool:
    """Whether one of these runs, made with the same options, answers the post as well."""
    wanted = runs.stored_options(post.options)
    for run, recording in known:
        if runs.stored_options(run.options) == wanted:
            await Posts(session).set(post.id, state="running", recording_id=recording.id, run_id=run.id, repeated=True)
            return True
    return False


def _worth_another_try(error: StenogramError, tries: int) -> bool:
    if not error.retryable or error.code in _FINAL:
        return False
    return error.code in _PATIENT or tries < _TRIES
