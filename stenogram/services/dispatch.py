"""What follows a commit: messages go to the broker and events to the followers, in this order and at once."""

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio.to_thread

from stenogram.events import Event, Publishes
from stenogram.queue import kick, make_celery
from stenogram.settings import QueueSettings, Settings
from stenogram.storage.database import Database

if TYPE_CHECKING:
    from celery import Celery


class Broker:
    """The Celery application, made when it is first asked for: importing it takes long. For any thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._celery: Celery | None = None

    def celery(self) -> "Celery":
        with self._lock:
            self._celery = self._celery or make_celery(self._settings)
            return self._celery

    def close(self) -> None:
        with self._lock:
            if self._celery is not None:
                self._celery.close()
                self._celery = None


@dataclass(slots=True)
class Dispatcher:
    """Call ``flush`` after every commit that started, cancelled or ended something.

    Forgetting it, or a broker or a Redis that is away, costs seconds of delay and nothing else: the periodic relay
    finds the messages, and the rows tell the truth.
    """

    database: Database
    broker: Broker
    publisher: Publishes
    settings: QueueSettings
    _relaying: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _waiting: bool = field(default=False, init=False)

    async def flush(self, events: Iterable[Event] = ()) -> None:
        await self._relay()
        if told := tuple(events):
            await anyio.to_thread.run_sync(self.publisher.publish, *told)

    async def _relay(self) -> None:
        """One at a time: a Redis that does not answer must not take every connection to the database with it."""
        if self._waiting:
            return  # whoever waits has not looked yet, and will send ours too
        self._waiting = True
        try:
            await self._relaying.acquire()
        finally:
            self._waiting = False
        try:
            celery = await anyio.to_thread.run_sync(self.broker.celery)
            await kick(self.database, celery, self.settings)
        finally:
            self._relaying.release()
