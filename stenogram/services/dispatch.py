"""What follows a commit: messages go to the broker and events to the followers, in this order and at once."""

from collections.abc import Iterable
from dataclasses import dataclass

import anyio.to_thread
from celery import Celery

from stenogram.events import Event, Publishes
from stenogram.queue import kick
from stenogram.settings import QueueSettings
from stenogram.storage.database import Database


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Call ``flush`` after every commit that started, cancelled or ended something.

    Forgetting it, or a broker or a Redis that is away, costs seconds of delay and nothing else: the periodic relay
    finds the messages, and the rows tell the truth.
    """

    database: Database
    celery: Celery
    publisher: Publishes
    settings: QueueSettings

    async def flush(self, events: Iterable[Event] = ()) -> None:
        await kick(self.database, self.celery, self.settings)
        for event in events:
            await anyio.to_thread.run_sync(self.publisher.publish, event)
