"""The worker's composition root: ``celery -A apps.worker.main worker -Q cpu|gpu|llm``, and ``-B -Q dead_letter``.

Start it with ``REMAP_SIGTERM=SIGQUIT``, which billiard reads before this is imported: a stop signal then gives running
tasks a few seconds and puts them back.
"""

import asyncio
import gc
import threading
import time
import warnings
from contextlib import ExitStack, suppress
from typing import Any

import psutil
from celery import bootsteps, signals
from celery.exceptions import SecurityWarning
from loguru import logger

from apps.worker import housekeeping, main_process, tasks
from apps.worker.context import Context, open_context
from apps.worker.rhythm import steadily
from stenogram import telemetry
from stenogram.children import stand_back
from stenogram.queue import make_celery, niceness, queue_names, worker_options
from stenogram.services import janitor
from stenogram.services.workers import BEAT_SECONDS, Heart, Worker
from stenogram.settings import load_settings

# Root matters to whoever takes pickled messages; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

_UNWIND_SECONDS = 3.0  # for a child that heard that it must end: it tidies up, and rests for a second at its end

settings = load_settings()
celery = make_celery(settings)
celery.conf.beat_schedule = steadily(celery.conf.beat_schedule)
celery.conf.include = [__name__]  # a spawned child gets a pickled application, which imports its tasks by this


class _Process:
    """This process's context, opened by its first task: a pool child has nothing of its parent's."""

    def __init__(self) -> None:
        self._resources = ExitStack()
        self._context: Context | None = None
        self.hostname = ""

    def context(self) -> Context:
        if self._context is None:
            opening = open_context(settings, celery, main_process.worker_name(self.hostname))
            self._context = self._resources.enter_context(opening)
        return self._context

    def close(self) -> None:
        self._context = None
        self._resources.close()


_process = _Process()
tasks.register(celery, _process.context)


@signals.setup_logging.connect
def _logging(**_: Any) -> None:
    telemetry.configure(settings.server)


@signals.celeryd_init.connect
def _worker_begins(sender: str, conf: Any, options: dict[str, Any], **_: Any) -> None:
    _process.hostname = sender
    main_process.begin(queue_names(options.get("queues")), janitor.scratch_root())
    conf.update(worker_options(options.get("queues")))
    stand_back(niceness(options.get("queues"), settings.queue))
    janitor.sweep(janitor.scratch_root())


@signals.worker_process_init.connect
def _child_begins(sender: str | None = None, **_: Any) -> None:
    _process.hostname = sender or _process.hostname
    janitor.sweep(janitor.scratch_root())  # it may stand in for one that was killed
    _process.context()
    gc.collect()
    gc.freeze()  # what was loaded by now stays: nobody need look through it again and again


@signals.worker_process_shutdown.connect
def _child_ends(**_: Any) -> None:
    _process.close()


@signals.worker_shutting_down.connect
def _worker_ends(**_: Any) -> None:
    main_process.stop()


class SignsOfLife(bootsteps.StartStopStep):
    """Tells Redis that this worker is alive, from the loop of its main process (``stenogram.services.workers``)."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **_: Any) -> None:
        super().__init__(parent)
        self._heart: Heart | None = None
        self._beating: Any = None

    def start(self, parent: Any) -> None:
        if settings.redis.url is None:
            return
        queues = tuple(sorted(queue.name for queue in parent.app.amqp.queues.consume_from.values()))
        worker = Worker(main_process.worker_name(parent.hostname), queues, parent.concurrency, time.time())
        self._heart = Heart(settings.redis.url.get_secret_value(), worker)
        self._heart.beat()
        self._beating = parent.timer.call_repeatedly(BEAT_SECONDS, self._heart.beat)

    def stop(self, parent: Any) -> None:
        if self._heart is not None:
            self._beating.cancel()
            self._heart.stop()
            self._heart = None

    terminate = stop


def _end_children(after: float) -> None:
    time.sleep(after)
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()


class GiveBack(bootsteps.StartStopStep):
    """When the worker is told to end now: its children were killed, so what they held is for others to take.

    Not the signal ``worker_shutdown``, which Celery sends only when the running tasks have ended by themselves.
    """

    def start(self, parent: Any) -> None:
        """Celery asks its children to end and waits for as long as that takes. A child that computes outside of Python,
        or waits for its store, does not hear it, so those that are left are killed: they may be at any point."""
        wait = parent.wait_for_soft_shutdown

        def bounded() -> None:
            main_process.stop()  # Celery's signal comes after the wait
            patience = settings.queue.shutdown_seconds + _UNWIND_SECONDS
            threading.Thread(target=_end_children, args=(patience,), daemon=True).start()
            wait()

        parent.wait_for_soft_shutdown = bounded

    def terminate(self, parent: Any) -> None:
        count = asyncio.run(housekeeping.give_back_all(settings, celery, main_process.worker_name(parent.hostname)))
        if count:
            logger.info("put {} unfinished stages back into the queue", count)
        janitor.sweep(janitor.scratch_root())


celery.steps["worker"].update((GiveBack, SignsOfLife))
