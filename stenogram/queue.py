"""The Celery application, the map of queues, and the relay from the outbox to the broker.

Only ids cross the broker. A message may be lost or come twice: the StageRun row decides what is done, so neither harms.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import anyio.to_thread
import redis
import redis.asyncio
from loguru import logger

from stenogram.errors import StorageError
from stenogram.pipeline.stage import Stage
from stenogram.settings import QueueSettings, Settings
from stenogram.storage.database import Database
from stenogram.storage.models import Outbox
from stenogram.storage.repositories import Outboxes

if TYPE_CHECKING:
    from celery import Celery

CPU, GPU, LLM, DEAD_LETTER = NAMES = ("cpu", "gpu", "llm", "dead_letter")
QUEUES: Mapping[Stage, str] = {
    Stage.PREPROCESS: CPU,
    Stage.TRANSCRIBE: GPU,
    Stage.DIARIZE: GPU,
    Stage.SUMMARIZE: LLM,
    Stage.EXPORT: CPU,
}
HOUSEKEEPING = DEAD_LETTER
"""The reaper and the relay go where no stage can keep them waiting: one worker has this queue and no other."""

STAGE_TASK, DEAD_LETTER_TASK = "stenogram.stage", "stenogram.dead_letter"
REAP_TASK, RELAY_TASK, CLEAN_TASK = "stenogram.reap", "stenogram.relay", "stenogram.clean"

_SUBJECT = "subject"  # the header that says whose stage a message is about
_RELAY_SECONDS = 2.0  # the backstop: whoever commits a message also relays at once
_CHILD_START_SECONDS = 120.0


def make_celery(settings: Settings) -> "Celery":
    """The application every process shares. Raises ValueError without a Redis URL (the supervisor fills it in)."""
    if settings.redis.url is None:
        raise ValueError("REDIS_URL is not set: start the service with “stenogram up”, or set it")
    from celery import Celery  # an eighth of the API's start, which needs it only for its first upload

    app = Celery("stenogram", broker=settings.redis.url.get_secret_value(), set_as_current=False)
    app.conf.update(_delivery(settings.queue), beat_schedule=_beat(settings.queue))
    return app


def _delivery(queue: QueueSettings) -> dict[str, Any]:
    visibility = {"visibility_timeout": queue.visibility_timeout}
    return {
        # At least once: acknowledged when done. A task that outlives the visibility timeout runs twice at once, so the
        # timeout is far above every stage and set in every place Celery reads it from; leases are what really watches.
        "broker_transport_options": {
            **visibility,
            "priority_steps": [0],  # which of them is next is for the rows to say
            "socket_keepalive": True,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
        },
        "result_backend_transport_options": visibility,
        "visibility_timeout": queue.visibility_timeout,
        "broker_connection_retry_on_startup": True,
        "task_acks_late": True,
        "task_acks_on_failure_or_timeout": True,
        # A killed pool child: without a bound on retries this loops for ever.
        "task_reject_on_worker_lost": True,
        "task_retry_on_worker_lost": True,
        "task_annotations": {"*": {"max_retries": queue.max_attempts}},
        "worker_prefetch_multiplier": 1,
        # With True, a Redis that restarts loses the running task.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_soft_shutdown_timeout": queue.shutdown_seconds,
        # A spawned child imports everything anew. With the default of 4 s the one that replaces a killed child is
        # killed on a busy machine before it is up, and so is the next, for ever.
        "worker_proc_alive_timeout": _CHILD_START_SECONDS,
        # Results live in PostgreSQL; a result backend on the queue's Redis is one more way to lose a task.
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "event_serializer": "json",
        "task_default_queue": CPU,
        "worker_send_task_events": True,  # for Flower; that they were sent, each one more message, the outbox knows
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "enable_utc": True,
    }


def _beat(queue: QueueSettings) -> dict[str, Any]:
    return {
        name: {
            "task": task,
            "schedule": seconds,
            # A worker that was away must not find hours of them.
            "options": {"queue": HOUSEKEEPING, "expires": max(seconds, 1.0)},
        }
        for name, task, seconds in (
            ("reap", REAP_TASK, queue.reaper_seconds),
            ("relay", RELAY_TASK, _RELAY_SECONDS),
            ("clean", CLEAN_TASK, queue.janitor_seconds),
        )
    }


def time_limit(stage: Stage, queue: QueueSettings) -> int:
    """Seconds that one attempt at the stage may take: of its queue."""
    return {CPU: queue.cpu_time_limit, GPU: queue.gpu_time_limit, LLM: queue.llm_time_limit}[QUEUES[stage]]


def worker_options(queues: str | list[str] | None) -> dict[str, Any]:
    """What a worker of these queues (as given to ``-Q``) must be started with, on top of ``make_celery``.

    A forked child cannot use CUDA, so processes that serve ``gpu`` are spawned.
    """
    return {"worker_pool_start_method": "spawn"} if GPU in queue_names(queues) else {}


def niceness(queues: str | list[str] | None, settings: QueueSettings) -> int:
    """By how much a worker of these queues stands back: hours of work can wait for a click, housekeeping should not."""
    return settings.worker_nice if set(queue_names(queues)) & set(QUEUES.values()) else 0


def queue_names(queues: str | list[str] | None) -> list[str]:
    """Of what was given to ``-Q``."""
    return queues.split(",") if isinstance(queues, str) else list(queues or ())


def stage_message(run_id: UUID, stage: str, request_id: str | None = None, **when: Any) -> Outbox:
    """The message that lets a worker take up ``stage``; ``not_before=`` delays it."""
    queue = QUEUES[Stage(stage)]
    return Outbox(task=STAGE_TASK, queue=queue, args=[str(run_id), str(stage)], request_id=request_id, **when)


def dead_letter_message(run_id: UUID, stage: str, request_id: str | None = None) -> Outbox:
    return Outbox(task=DEAD_LETTER_TASK, queue=DEAD_LETTER, args=[str(run_id), str(stage)], request_id=request_id)


def publish(celery: "Celery", message: Outbox, queue: QueueSettings) -> None:
    """Send one message. Raises StorageError("queue.unavailable") when the broker is away."""
    from kombu.exceptions import OperationalError

    soft = queue.message_limit
    try:
        celery.send_task(
            message.task,
            args=message.args,
            queue=message.queue,
            soft_time_limit=soft,
            time_limit=soft + queue.kill_after_seconds,
            headers={"request_id": message.request_id, _SUBJECT: _subject(*message.args)},
            ignore_result=True,
            retry=False,
        )
    except OperationalError as error:
        raise StorageError("queue.unavailable", str(error)) from error


async def relay(database: Database, celery: "Celery", queue: QueueSettings, limit: int = 100) -> int:
    """Publish what is due in the outbox, then commit that it was; the number sent.

    A crash between the two publishes again later, which does no harm. Several relays at once share the work.
    Raises StorageError("queue.unavailable") when the broker is away: nothing is marked then.
    """
    async with database.begin() as session:
        messages = await Outboxes(session).take_due(limit)
        if messages:
            await anyio.to_thread.run_sync(_publish_all, celery, messages, queue)
    return len(messages)


def _publish_all(celery: "Celery", messages: Iterable[Outbox], queue: QueueSettings) -> None:
    for message in messages:
        publish(celery, message, queue)


async def kick(database: Database, celery: "Celery", queue: QueueSettings) -> None:
    """Relay right after a commit, for low latency; a broker that is away is left to the periodic relay."""
    try:
        await relay(database, celery, queue)
    except StorageError as error:
        logger.warning("the outbox was not relayed now and will be later: {}", error)


def _subject(run_id: object, stage: str) -> str:
    return f"{run_id}/{stage}"


async def depth(client: "redis.asyncio.Redis") -> dict[str, int]:
    """Messages waiting by queue. Raises StorageError("queue.unavailable")."""
    try:
        async with client.pipeline(transaction=False) as pipe:
            for name in NAMES:
                pipe.llen(name)
            lengths = await pipe.execute()
    except redis.RedisError as error:
        raise StorageError("queue.unavailable", str(error)) from error
    return dict(zip(NAMES, lengths, strict=True))
