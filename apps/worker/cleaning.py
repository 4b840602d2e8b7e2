"""The janitor's round: each kind of rubbish in transactions of its own; one that fails does not keep the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from loguru import logger

from apps.worker.context import Context
from stenogram.errors import StenogramError
from stenogram.queue import kick
from stenogram.services import janitor, mending, uploads
from stenogram.storage.admin_rows import Sweeps
from stenogram.storage.repositories import clock

SELDOM: Mapping[str, timedelta] = {"blobs": timedelta(hours=1)}
"""Least time between two sweeps of a kind, where every round is too often: this one lists the whole store."""


def begin_round(context: Context) -> bool:
    """Beside the tasks of this process: a slow store must not keep the reaper waiting. False: one is under way."""
    return context.aside.begin(lambda: clean(context))


async def clean(context: Context) -> dict[str, int]:
    """One round. How many were removed or mended, by kind; kinds that are not due or that failed are left out."""
    removed: dict[str, int] = {}
    for name, sweep in SWEEPS.items():
        if await _due(context, name):
            found = await _guarded(context, name, sweep)
            if found is not None:
                removed[name] = found
    return removed


async def _due(context: Context, name: str) -> bool:
    if name not in SELDOM:
        return True
    async with context.database.begin() as session:
        last = await Sweeps(session).succeeded_at(name)
        now: datetime = await clock(session)
    return last is None or not timedelta(0) <= now - last < SELDOM[name]  # a clock that was set back stops nothing


async def _guarded(context: Context, name: str, sweep: Callable[[Context], Awaitable[int]]) -> int | None:
    removed, code = 0, None
    try:
        removed = await sweep(context)
    except StenogramError as error:
        code = error.code
        logger.warning("the janitor could not sweep {}: {}", name, error)
    except Exception:  # noqa: BLE001 - whatever it is, it is told, and the next kind is swept
        code = "internal"
        logger.exception("the janitor could not sweep {}", name)
    async with context.database.begin() as session:
        await Sweeps(session).record(name, removed, code)
    if removed:
        logger.info("the janitor swept {}: {}", name, removed)
    return None if code else removed


async def _folders(context: Context) -> int:
    return await asyncio.to_thread(janitor.sweep, context.scratch)


async def _uploads(context: Context) -> int:
    async with context.database.begin() as session:
        return await uploads.expire(session, context.vault, context.settings.limits)


async def _blobs(context: Context) -> int:
    async with context.database.begin() as session:
        return await context.vault.sweep(session)


async def _recordings(context: Context) -> int:
    async with context.database.begin() as session:
        found = await janitor.expired(session)
    destroyed = 0
    for recording_id in found:
        async with context.database.begin() as session:
            destroyed += await janitor.destroy_expired(session, context.vault, recording_id)
    return destroyed


async def _bygones(context: Context) -> int:
    async with context.database.begin() as session:
        return await janitor.forget_bygones(session)


async def _runs(context: Context) -> int:
    async with context.database.begin() as session:
        found = await mending.stuck(session)
    mended = 0
    for run_id in found:
        async with context.database.begin() as session:
            events = await mending.mend(session, run_id)
        if not events:
            continue
        mended += 1
        logger.error("run {} was stuck: a defect; it is {} now", run_id, events[-1].state)
        await asyncio.to_thread(context.publisher.publish, *events)
    if mended:
        await kick(context.database, context.celery, context.settings.queue)
    return mended


SWEEPS: Mapping[str, Callable[[Context], Awaitable[int]]] = {
    "folders": _folders,
    "uploads": _uploads,
    "recordings": _recordings,
    "bygones": _bygones,
    "runs": _runs,
    "blobs": _blobs,  # last: on a large store it takes longest
}
