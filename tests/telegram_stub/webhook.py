"""Delivery by webhook: in order within a chat, several chats at once, with growing pauses until the bot says 2xx."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.telegram_stub.errors import StubError
from tests.telegram_stub.faults import Faults
from tests.telegram_stub.updates import Pending
from tests.telegram_stub.world import Webhook, World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)  # seconds after each failure in a row
ANSWER_SECONDS = 60.0


@dataclass
class Delivery:
    """One POST and its outcome; ``status`` 0: no connection, or no answer."""

    update_id: int
    at: float  # clock time
    status: int
    reason: str = ""
    retry_after: float = 0.0
    seconds: float = 0.0  # until the answer


@dataclass
class Courier:
    """Lives as long as the stand-in, whether or not the bot does."""

    world: World
    faults: Faults
    pauses: Sequence[float] = PAUSES
    failures: list[BaseException] = field(default_factory=list)  # of the stand-in itself
    deliveries: list[Delivery] = field(default_factory=list)
    _busy: set[int] = field(default_factory=set)  # queues with a POST under way or in a pause
    _posting: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with ClientSession(timeout=ClientTimeout(total=ANSWER_SECONDS)) as session:
            try:
                while True:
                    update = await self.world.changes.until(self._next, within=None)
                    self._start(session, update)
            finally:
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _next(self) -> Pending | None:
        """The oldest update of a queue that nothing is being done about."""
        hook = self.world.webhook
        if not hook.url or self._posting >= hook.max_connections or self.faults.breaks("webhook"):
            return None
        return next((update for update in self.world.updates.pending if update.queue not in self._busy), None)

    def _start(self, session: ClientSession, update: Pending) -> None:
        self._busy.add(update.queue)
        task = asyncio.create_task(self._queue(session, update))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.failures.append(error)

    async def _queue(self, session: ClientSession, update: Pending) -> None:
        """Bring one update to the bot; if it fails, its queue rests for a while, or until there is another webhook."""
        hook = self.world.webhook
        try:
            delivery = await self._attempt(session, hook, update)
            if not self._settled(hook, update, delivery):
                with suppress(TimeoutError):
                    pause = delivery.retry_after or self._pause(update)
                    await self.world.changes.until(lambda: self.world.webhook is not hook, within=pause)
        finally:
            with self.world.changes.change():
                self._busy.discard(update.queue)

    def _pause(self, update: Pending) -> float:
        failures = sum(delivery.update_id == update.id for delivery in self.deliveries)
        return self.pauses[min(failures, len(self.pauses)) - 1]

    async def _attempt(self, session: ClientSession, hook: Webhook, update: Pending) -> Delivery:
        self._posting += 1
        try:
            return await self._post(session, hook, update)
        finally:
            with self.world.changes.change():
                self._posting -= 1

    async def _post(self, session: ClientSession, hook: Webhook, update: Pending) -> Delivery:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        at = self.world.clock.now()
        try:
            async with session.post(hook.url, json=update.body, headers=headers) as response:
                if b'"method"' in await response.read():
                    self.failures.append(StubError("the stand-in carries out no method in an answer to its webhook"))
                wait = float(response.headers.get("Retry-After", 0))
                took = self.world.clock.now() - at
                return Delivery(update.id, at, response.status, response.reason or "", wait, took)
        except (ClientError, TimeoutError) as error:
            return Delivery(update.id, at, 0, f"{type(error).__name__}: {error}")

    def _settled(self, hook: Webhook, update: Pending, delivery: Delivery) -> bool:
        with self.world.changes.change():
            self.deliveries.append(delivery)
            if 200 <= delivery.status < 300:
                self.world.updates.confirm(update.id)
                return True
            wrong = f"Wrong response from the webhook: {delivery.status} {delivery.reason}"
            hook.last_error = wrong if delivery.status else delivery.reason
            hook.last_error_at = self.world.clock.date()
            return False
