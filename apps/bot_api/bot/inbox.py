"""The inbox: updates are kept before Telegram hears that we have them, and handled once, each chat's in their order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from loguru import logger
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot.pace import NotUnderstood, Stale
from stenogram.errors import StenogramError
from stenogram.storage.database import Database
from stenogram.storage.telegram_rows import Inbox, Pending

Handle = Callable[[Mapping[str, Any]], Awaitable[None]]

AT_ONCE = 24
"""Updates handled side by side: more than the connections to the database, since most of them wait for Telegram."""

CHECKOUTS = 1 << 60
"""Lanes from here on are of people who are about to pay; ids of Telegram's have 52 bits."""

_LOT = 100  # updates kept by one statement
_MORE_FOR_CHECKOUTS = 8
_BESIDE_NEWCOMERS = 2  # updates of people who were served lately, while others wait for their first word
_MOST_ATTEMPTS = 6
_LONGEST_PAUSE = 60.0  # seconds
_LATELY_SECONDS = 10.0
_LOOK_SECONDS = 1.0  # for updates that another process has received
_POLL_SECONDS = 25
_AWAY = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, RedisError, Stale)
_AWAY_CODES = ("database.unavailable", "storage.unavailable", "queue.unavailable", "telegram.unavailable")


def is_away(error: Exception) -> bool:
    """Something that we need is not there for a while: whatever was to be done is done when it is back."""
    return isinstance(error, _AWAY) or (isinstance(error, StenogramError) and error.code in _AWAY_CODES)


class HandledElsewhere(Exception):
    """Another process was first; what this one has done to the database is rolled back."""


@dataclass(slots=True)
class Delivery:
    """The update that is being handled. ``settle`` it in the transaction that holds its effect, and it happens once."""

    update_id: int
    settled: bool = field(default=False)

    async def settle(self, session: AsyncSession) -> None:
        """Raises HandledElsewhere."""
        if not await Inbox(session).finish(self.update_id):
            raise HandledElsewhere(self.update_id)
        self.settled = True


delivery: ContextVar[Delivery] = ContextVar("delivery")
"""Of the update that the current task handles."""


def lane(update: Mapping[str, Any]) -> int:
    """What is handled one after the other: a chat, else a person; 0 for what belongs to nobody.

    Who pays waits behind nothing else that they do: Telegram wants its answer within ten seconds.
    """
    return _lane(update) + (CHECKOUTS if "pre_checkout_query" in update else 0)


def _lane(update: Mapping[str, Any]) -> int:
    for event in update.values():
        if isinstance(event, Mapping):
            holder = event.get("message", event)
            chat = holder.get("chat") if isinstance(holder, Mapping) else None
            found = chat or event.get("from") or event.get("user")
            if isinstance(found, Mapping) and isinstance(found.get("id"), int):
                return int(found["id"])
    return 0


class Letterbox:
    """Keeps updates that come side by side: while one lot is being written the next gathers, so that a crowd costs
    few transactions and one person waits for none but their own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathered: list[tuple[Mapping[str, Any], asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def put(self, update: Mapping[str, Any]) -> None:
        """When this returns, the update is safe. Raises StorageError."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gathered.append((update, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def put_all(self, updates: Iterable[Mapping[str, Any]], safe: Callable[[], None] = lambda: None) -> None:
        """By one statement, without waiting for others; ``safe`` is called as soon as they are. Raises StorageError."""
        async with self._database.at_once() as session:
            await Inbox(session).add((int(item["update_id"]), lane(item), item) for item in updates)
            safe()  # nobody waits until the connection is given back

    async def _write(self) -> None:
        while self._gathered:
            lot, self._gathered = self._gathered[:_LOT], self._gathered[_LOT:]
            if not await self._kept(lot):  # one that cannot be kept must not take others with it
                for one in lot:
                    await self._kept([one])

    async def _kept(self, lot: Sequence[tuple[Mapping[str, Any], "asyncio.Future[None]"]]) -> bool:
        """False: one of several cannot be kept, and nobody has heard yet."""
        try:
            await self.put_all([update for update, _ in lot], lambda: _settle(lot, None))
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait for it
            if isinstance(error, StenogramError) or len(lot) == 1:
                _settle(lot, error)
                return True
            return False
        return True


def _settle(lot: Iterable[tuple[Mapping[str, Any], "asyncio.Future[None]"]], error: Exception | None) -> None:
    for _, kept in lot:
        if kept.done():
            continue  # whoever sent it has gone away
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)


class Processor:
    """Handles what is in the inbox for as long as ``run`` runs."""

    def __init__(self, database: Database, handle: Handle) -> None:
        self._database, self._handle = database, handle
        self._news = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._served: dict[int, float] = {}  # when each lane was last served (monotonic)

    def wake(self) -> None:
        """Something has come."""
        self._news.set()

    async def run(self) -> None:
        try:
            while True:
                self._news.clear()
                for pending in await self._due():
                    task = asyncio.create_task(self._one(pending))
                    self._busy[pending.lane] = task
                    task.add_done_callback(partial(self._left, pending.lane))
                await self._rest()
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _left(self, lane: int, _task: "asyncio.Task[None]") -> None:
        self._busy.pop(lane, None)
        self._served[lane] = time.monotonic()
        self._news.set()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await self._news.wait()
        except TimeoutError:
            pass  # look all the same

    async def _due(self) -> Iterable[Pending]:
        paying = sum(lane >= CHECKOUTS for lane in self._busy)
        room, more = AT_ONCE - len(self._busy) + paying, _MORE_FOR_CHECKOUTS - paying
        if room <= 0 and more <= 0:
            return ()
        try:
            async with self._database.at_once() as session:
                inbox = Inbox(session)
                if room > 0:
                    served = self._served_lately()
                    return self._in_turn(await inbox.due(room, self._busy, served), served)
                return await inbox.due(more, self._busy, above=CHECKOUTS)
        except StenogramError as error:
            logger.warning("the inbox cannot be read: {}", error)
            return ()

    def _in_turn(self, due: Sequence[Pending], served: Collection[int]) -> Sequence[Pending]:
        """All of them; while somebody waits for their first word, few of those whose turn it was a moment ago."""
        lanes = [pending.lane for pending in due]
        if all(lane in served for lane in (*self._busy, *lanes)):
            return due
        beside = sum(lane in served for lane in self._busy)
        let_in = [lane for lane in lanes if lane in served][: max(0, _BESIDE_NEWCOMERS - beside)]
        return [pending for pending in due if pending.lane not in served or pending.lane in let_in]

    def _served_lately(self) -> Collection[int]:
        """Lanes whose turn it was a moment ago: one person's many messages are not to keep others waiting."""
        since = time.monotonic() - _LATELY_SECONDS
        self._served = {lane: when for lane, when in self._served.items() if when > since}
        return self._served

    async def _one(self, pending: Pending) -> None:
        current = Delivery(pending.update_id)
        delivery.set(current)
        try:
            await self._handle(pending.payload)
        except HandledElsewhere:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is: the update is tried again, and this one must go on
            if current.settled:
                told = logger.opt(exception=error)
                told.error("update {} has its effect, but not all that follows", pending.update_id)
            else:
                await self._failed(pending, error)
            return
        if not current.settled:
            await self._write(lambda inbox: inbox.finish(pending.update_id))

    async def _failed(self, pending: Pending, error: Exception) -> None:
        away = is_away(error)
        carried_out = isinstance(error, NotUnderstood)  # again would be twice
        number, name = pending.update_id, type(error).__name__
        if carried_out or (not away and pending.attempts + 1 >= _MOST_ATTEMPTS):
            logger.opt(exception=error).error("update {} is given up, attempt {}", number, pending.attempts + 1)
            await self._write(lambda inbox: inbox.finish(number, error=name))
            return
        logger.opt(exception=None if away else error).warning("update {} is handled again later: {}", number, error)
        wait = timedelta(seconds=min(_LONGEST_PAUSE, 0.5 * 2**pending.attempts) if not away else 2.0)
        await self._write(lambda inbox: inbox.postpone(number, wait, name, counts=not away))

    async def _write(self, use: Callable[[Inbox], Awaitable[object]]) -> None:
        """Where the database is away, the update stays as it is, and is handled again."""
        try:
            async with self._database.at_once() as session:
                await use(Inbox(session))
        except StenogramError as error:
            logger.warning("the inbox cannot be written: {}", error)
            await asyncio.sleep(_LOOK_SECONDS)


class _GetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """As they come: one that this version of aiogram cannot read must not keep the others away."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: list[str]


async def poll(bot: Bot, letterbox: Letterbox, kinds: list[str], wake: Callable[[], None]) -> None:
    """Ask Telegram for updates, keep them, and only then say that we have them; until cancelled."""
    offset: int | None = None
    while True:
        try:
            asking = _GetUpdates(offset=offset, timeout=_POLL_SECONDS, allowed_updates=kinds)
            updates = await bot(asking, request_timeout=_POLL_SECONDS + 15)
            if updates:
                await letterbox.put_all(updates)
                offset = updates[-1]["update_id"] + 1
                wake()
        except (TelegramAPIError, StenogramError) as error:
            logger.warning("Telegram was not asked for updates: {}", error)
            await asyncio.sleep(getattr(error, "retry_after", _LOOK_SECONDS))
