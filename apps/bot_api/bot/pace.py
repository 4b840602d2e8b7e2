"""The one sender: every request to Telegram waits for its turn here, and is tried again where that can help.

Telegram allows a message a second in a chat, 30 a second in all, and 20 a minute in a group; edits count
(https://core.telegram.org/bots/faq#broadcasting-to-users). A turn counts from the end of its request, so that however
long requests take to arrive, they arrive no faster.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from loguru import logger

OVERALL, PER_SECOND = 30, 1.0
CHAT_SECONDS = 1.0
GROUP, GROUP_SECONDS = 20, 60.0

_MARGIN = 0.02  # seconds: clocks tick differently
_TRIES = 4
_PAUSES = (0.5, 2.0, 8.0)


class Urgency(IntEnum):
    """Who goes first when several wait."""

    PERSON = 0  # somebody waits for a reaction
    RESULT = 1
    PROGRESS = 2
    BROADCAST = 3


class Stale(Exception):
    """The request was not worth waiting for: by its turn it would say what is no longer so."""


class NotUnderstood(AiogramError):
    """Telegram has done what was asked, and tells of it in words that this version of aiogram does not know."""


@dataclass(frozen=True, slots=True)
class Terms:
    """``patience``: seconds until the request is stale; None: it waits as long as it takes."""

    urgency: Urgency = Urgency.PERSON
    patience: float | None = None


_terms: ContextVar[Terms | None] = ContextVar("terms", default=None)


@contextmanager
def on_terms(urgency: Urgency, patience: float | None = None) -> Iterator[None]:
    """Requests inside go on these terms. Those with ``patience`` raise Stale when it runs out."""
    token = _terms.set(Terms(urgency, patience))
    try:
        yield
    finally:
        _terms.reset(token)


class Window:
    """At most ``most`` at once or ended within the last ``seconds``."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds + _MARGIN
        self._ended: deque[float] = deque()
        self._under_way = 0

    def free_at(self, now: float) -> float | None:
        """When there is room; None: not before something that is under way ends."""
        while self._ended and self._ended[0] <= now - self._seconds:
            self._ended.popleft()
        room = self._most - self._under_way
        if room <= 0:
            return None
        return now if len(self._ended) < room else self._ended[len(self._ended) - room] + self._seconds

    def begin(self) -> None:
        self._under_way += 1

    def end(self, now: float) -> None:
        self._under_way -= 1
        self._ended.append(now)

    def idle(self, now: float) -> bool:
        return not self._under_way and (not self._ended or self._ended[-1] <= now - self._seconds)


@dataclass(order=True)
class _Waiter:
    urgency: int
    number: int
    chat: int | None = field(compare=False)
    turn: "asyncio.Future[None]" = field(compare=False)


class Pace:
    """Grants turns. Bound to one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._overall = Window(OVERALL, PER_SECOND)
        self._chats: dict[int, list[Window]] = {}
        self._held: dict[int, float] = {}
        self._waiting: list[_Waiter] = []
        self._timer: asyncio.TimerHandle | None = None
        self._count = 0

    @asynccontextmanager
    async def turn(self, chat: int | None, terms: Terms) -> AsyncIterator[None]:
        """Inside, one request to this chat (None: to none) may be made. Raises Stale when patience runs out."""
        await self._await_turn(chat, terms)
        try:
            yield
        finally:
            self._end(chat)

    def hold(self, chat: int | None, seconds: float) -> None:
        """Telegram said how long to be silent: in the chat, or (None) altogether."""
        until = self._clock() + seconds
        self._held[chat or 0] = max(until, self._held.get(chat or 0, 0.0))

    async def _await_turn(self, chat: int | None, terms: Terms) -> None:
        self._count += 1
        waiter = _Waiter(terms.urgency, self._count, chat, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._grant()
        try:
            async with asyncio.timeout(terms.patience):
                await waiter.turn
        except TimeoutError:
            self._withdraw(waiter)
            raise Stale from None
        except asyncio.CancelledError:
            self._withdraw(waiter)
            raise

    def _withdraw(self, waiter: _Waiter) -> None:
        """Of one who does not want it any more, though it may have got its turn in the same moment."""
        if waiter in self._waiting:
            self._waiting.remove(waiter)
        else:
            self._end(waiter.chat)

    def _grant(self) -> None:
        """Give a turn to everybody whose time has come, the most urgent first; look again when the next one's has."""
        now, nearest = self._clock(), None
        for waiter in sorted(self._waiting):
            if waiter.turn.done():
                continue  # cancelled, and about to withdraw
            at = self._free_at(waiter.chat, now)
            if at is not None and at <= now:
                self._waiting.remove(waiter)
                self._begin(waiter.chat)
                waiter.turn.set_result(None)
            elif at is not None:
                nearest = at if nearest is None else min(nearest, at)
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if nearest is None else loop.call_later(max(0.0, nearest - now), self._grant)

    def _free_at(self, chat: int | None, now: float) -> float | None:
        times = [window.free_at(now) for window in self._windows(chat)]
        if any(at is None for at in times):
            return None
        known = [at for at in times if at is not None]
        return max(*known, self._held.get(chat or 0, 0.0), self._held.get(0, 0.0))

    def _windows(self, chat: int | None) -> list[Window]:
        if chat is None:
            return [self._overall]
        if chat not in self._chats:
            group = [Window(GROUP, GROUP_SECONDS)] if chat < 0 else []
            self._chats[chat] = [Window(1, CHAT_SECONDS), *group]
        return [self._overall, *self._chats[chat]]

    def _begin(self, chat: int | None) -> None:
        for window in self._windows(chat):
            window.begin()

    def _end(self, chat: int | None) -> None:
        now = self._clock()
        for window in self._windows(chat):
            window.end(now)
        self._forget(now)
        self._grant()

    def _forget(self, now: float) -> None:
        """Chats in which nothing happened lately, so that memory does not grow with everybody who ever wrote."""
        if len(self._chats) > 10_000:
            self._chats = {c: w for c, w in self._chats.items() if not all(one.idle(now) for one in w)}
            self._held = {c: until for c, until in self._held.items() if until > now}


class Paced(BaseRequestMiddleware):
    """Makes every request of a bot wait for its turn, and tries again what Telegram could not take.

    A request whose answer is lost may have been carried out: what must not be done twice is sent by callers who know
    (``answers.py``). Raises Stale, and what aiogram raises when trying again did not help.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        terms, tries = _terms.get() or Terms(), 0
        while True:
            try:
                return await self._once(make_request, bot, method, terms)
            except TelegramRetryAfter as error:
                self._pace.hold(_chat(method), error.retry_after)
                if terms.patience is not None:
                    raise Stale from error
            except (TelegramServerError, TelegramNetworkError) as error:
                tries += 1
                if terms.patience is not None or tries >= _TRIES or not _repeatable(method):
                    raise
                logger.debug("{} is tried again: {}", method.__api_method__, error)
                await asyncio.sleep(_PAUSES[tries - 1])

    async def _once(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any], terms: Terms
    ) -> Any:
        try:
            if not _counts(method):
                return await make_request(bot, method)
            async with self._pace.turn(_chat(method), terms):
                return await make_request(bot, method)
        except ClientDecodeError as error:
            if isinstance(error.data, dict) and error.data.get("ok") is True:
                raise NotUnderstood(method.__api_method__) from None  # its text tells what people have said
            # the page of a proxy on the way, say
            raise TelegramNetworkError(method=method, message="this was no answer of Telegram's") from None


def _chat(method: TelegramMethod[Any]) -> int | None:
    """The chat in which people will see something new; None for what Telegram counts only overall."""
    chat = getattr(method, "chat_id", None)
    return chat if isinstance(chat, int) and _is_message(method) else None


def _is_message(method: TelegramMethod[Any]) -> bool:
    name = method.__api_method__
    return name.startswith(("send", "edit", "copy", "forward")) and name not in ("sendChatAction", "sendMessageDraft")


def _counts(method: TelegramMethod[Any]) -> bool:
    """What asks or sets up counts against nothing."""
    name = method.__api_method__
    return name.startswith(("send", "edit", "copy", "forward", "delete", "answer")) or name == "setMessageReaction"


def _repeatable(method: TelegramMethod[Any]) -> bool:
    """Doing it twice is as doing it once."""
    return not method.__api_method__.startswith(("send", "copy", "forward")) and method.__api_method__ != "getUpdates"
