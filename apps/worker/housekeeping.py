"""What the periodic tasks do: take stages from dead workers, wake what was forgotten, record dead letters, clean up."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import redis.asyncio
from celery import Celery
from loguru import logger

from apps.worker.context import Context
from stenogram.events import Event, Publisher, Publishes, briefly_async
from stenogram.pipeline.stage import Stage
from stenogram.queue import QUEUES, depth, kick, relay
from stenogram.services import chain, janitor
from stenogram.settings import Settings
from stenogram.storage import search_rows
from stenogram.storage.admin_rows import Backlog
from stenogram.storage.database import Database
from stenogram.storage.models import StageRun
from stenogram.storage.notice_rows import tell_of_letter
from stenogram.storage.repositories import StageRuns

_INDEXED = 50  # recordings at once that the search learns of before anybody searches


async def reap(context: Context) -> int:
    """End the attempts whose worker is gone; how many. Then make good what the broker lost."""
    async with context.database.begin() as session:
        await context.watch.mend(session, context.settings.queue)
        expired = await StageRuns(session).expired()
    for row in expired:
        await _reap_one(context, row)
    async with context.database.begin() as session:
        await janitor.prune_outbox(session)
    await _record_forgotten(context)
    await _announce_forgotten(context)
    await kick(context.database, context.celery, context.settings.queue)
    async with context.database.begin() as session:
        await search_rows.refresh(session, None, _INDEXED)
    return len(expired)


async def _reap_one(context: Context, row: StageRun) -> None:
    async with context.database.begin() as session:
        events = await chain.reap(session, row.run_id, row.stage, row.token, context.settings.queue)
    if events:
        logger.warning("run {}: stage {} was taken from {}, its lease had expired", row.run_id, row.stage, row.worker)
        await _publish(context.publisher, events)


async def _announce_forgotten(context: Context) -> None:
    """Where fewer messages wait than stages, the broker lost some, or a worker died with them: write as many anew."""
    url = context.settings.redis.url
    async with context.database.begin() as session:
        silent = await StageRuns(session).unannounced(_age(context))
        due = await Backlog(session).waiting()
    if not silent or url is None:
        return
    async with redis.asyncio.Redis.from_url(url.get_secret_value(), retry=briefly_async()) as client:
        present = await depth(client)
    missing = Counter[str]()
    for some in due:
        missing[QUEUES[Stage(some.stage)]] += some.due
    missing.subtract(present)
    lost = [row for queue, rows in _by_queue(silent).items() for row in rows[: max(0, missing[queue])]]
    async with context.database.begin() as session:
        await chain.announce_again(session, lost)
    if lost:
        logger.warning("{} queued stages had no message any more; sent anew", len(lost))


def _by_queue(rows: Iterable[StageRun]) -> dict[str, list[StageRun]]:
    found = defaultdict[str, list[StageRun]](list)
    for row in rows:
        found[QUEUES[Stage(row.stage)]].append(row)
    return found


async def _record_forgotten(context: Context) -> None:
    """Exhausted stages whose message to the recorder was lost."""
    async with context.database.begin() as session:
        rows = await StageRuns(session).unrecorded(_age(context), chain.OF_THE_RECORDING)
    for row in rows:
        await record_dead_letter(context, row.run_id, Stage(row.stage))


def _age(context: Context) -> timedelta:
    return timedelta(seconds=context.settings.queue.republish_seconds)


async def relay_due(context: Context) -> int:
    """Publish what is due in the outbox; how many."""
    return await relay(context.database, context.celery, context.settings.queue)


async def record_dead_letter(context: Context, run_id: UUID, stage: Stage) -> bool:
    """Put the exhausted stage on the administrators' list; False when it is there already, or lives again."""
    async with context.database.begin() as session:
        letter = await chain.record_dead_letter(session, run_id, stage)
        if letter is not None:
            await tell_of_letter(session)
    if letter is None:
        return False
    logger.error(
        "dead letter: run {} stage {} after {} attempts: {}", run_id, stage, letter.attempts, letter.error_code
    )
    return True


async def _publish(publisher: Publishes, events: list[Event]) -> None:
    await asyncio.to_thread(publisher.publish, *events)


async def give_back_all(settings: Settings, celery: Celery, worker: str) -> int:
    """A worker that shuts down puts back what its killed children held, so that others begin at once. How many."""
    if settings.database.url is None or settings.redis.url is None:
        return 0
    database = Database(settings.database.url.get_secret_value(), 1)
    publisher = Publisher(settings.redis.url.get_secret_value(), settings.queue.event_stream_length)
    try:
        async with database.begin() as session:
            held = await StageRuns(session).held_by(worker)
        for row in held:
            async with database.begin() as session:
                events = await chain.give_back(session, row.run_id, row.stage, row.token)
            await _publish(publisher, events)
        if held:
            await kick(database, celery, settings.queue)
        return len(held)
    finally:
        publisher.close()
        await database.dispose()
