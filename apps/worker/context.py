"""What one worker process has: an event loop in a thread, one database engine, the vault, and the engines.

Pool children are forked or spawned, so none of this exists before the first of their tasks.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Protocol

from anyio.from_thread import BlockingPortal, start_blocking_portal
from celery import Celery

from apps.worker import main_process
from apps.worker.aside import Aside, Pulse
from stenogram.events import Publisher, Publishes
from stenogram.pipeline.ports import Diarizer, MediaTool, Recognizer, Summarizer, VoiceActivityDetector, VoiceReader
from stenogram.pipeline.stage import RunOptions
from stenogram.services import janitor
from stenogram.services.clocks import Watch
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.vault import Vault, open_vault


class Engines(Protocol):
    """Where the worker gets its ports from; ``STENOGRAM_ENGINES`` names the factory."""

    def media_tool(self) -> MediaTool: ...

    def vad(self) -> VoiceActivityDetector:
        """A fresh one: it remembers what it was fed."""
        ...

    def recognizer(self, options: RunOptions, languages_hint: str | None = None) -> Recognizer: ...

    def diarizer(self, options: RunOptions) -> Diarizer: ...

    def voice_reader(self) -> VoiceReader: ...

    def summarizer(self, options: RunOptions) -> Summarizer: ...


_LOOK_SECONDS = 0.5
"""How often the work at hand is looked after: its lease, and whether its run was cancelled."""


@dataclass(frozen=True, slots=True)
class Context:
    """Passed to whoever works on a stage. ``worker``, which holds the leases, serves these ``queues``."""

    portal: BlockingPortal
    database: Database
    vault: Vault
    celery: Celery
    publisher: Publishes
    engines: Engines
    settings: Settings
    worker: str
    aside: Aside
    pulse: Pulse
    queues: frozenset[str]
    watch: Watch = field(default_factory=Watch)

    @property
    def scratch(self) -> Path:
        return janitor.scratch_root()


def load_engines(settings: Settings) -> Engines:
    """The factory named by the settings, as ``module:name``, called with the settings."""
    module, _, name = settings.queue.engines.partition(":")
    factory = getattr(import_module(module), name)
    engines: Engines = factory(settings)
    return engines


@contextmanager
def open_context(settings: Settings, celery: Celery, worker: str | None = None) -> Iterator[Context]:
    """Everything a process needs, closed in order at the end. Raises StorageError when a store cannot be opened."""
    if settings.database.url is None or settings.redis.url is None:
        raise ValueError("DATABASE_URL and REDIS_URL must be set for a worker")
    with start_blocking_portal(backend_options={"use_uvloop": True}) as portal:
        # What a stopped worker has locked is let go when its lease is over: others have its stage from then on.
        url, idle = settings.database.url.get_secret_value(), settings.queue.lease_seconds
        database = portal.call(partial(Database, url, settings.database.pool_size, idle=idle))
        publisher = Publisher(settings.redis.url.get_secret_value(), settings.queue.event_stream_length)
        aside = Aside(portal)
        pulse = Pulse(portal, min(_LOOK_SECONDS, settings.queue.heartbeat_seconds))
        try:
            yield Context(
                portal=portal,
                database=database,
                vault=open_vault(settings, database),
                celery=celery,
                publisher=publisher,
                engines=load_engines(settings),
                settings=settings,
                worker=worker or main_process.worker_name(socket.gethostname()),
                aside=aside,
                pulse=pulse,
                queues=main_process.queues(),
            )
        finally:
            pulse.end()
            aside.end()
            publisher.close()
            portal.call(database.dispose)
