"""Editing a transcript: changes, what others did meanwhile, history, and back to any version."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from loguru import logger
from sse_starlette import EventSourceResponse, ServerSentEvent

from apps.bot_api.api.events import HEARTBEAT_SECONDS
from apps.bot_api.deps import BLOCK_SECONDS, CurrentUser, Running, Runtime
from apps.bot_api.language import Language
from apps.bot_api.schemas.editing import (
    ChangesIn,
    ChangesOut,
    EditedOut,
    HistoryOut,
    RestoreIn,
    changes_out,
    history_out,
)
from apps.bot_api.schemas.transcripts import TranscriptOut, transcript_out
from stenogram.errors import StorageError
from stenogram.services import access, edit_history, edit_news, editing, transcripts

router = APIRouter(tags=["editing"])

_NEWS: dict[int | str, dict[str, Any]] = {200: {"model": EditedOut, "description": "`edited` (an EditedOut)"}}


@router.post("/runs/{run_id}/changes", response_model=ChangesOut)
async def make_changes(run_id: UUID, made: ChangesIn, runtime: Running, user: CurrentUser) -> dict[str, Any]:
    """Apply changes to the transcript as it is now, all or none. What others did since `base_version` stays: words are
    merged and never dropped. The answer holds every change since then, these included, as they were applied."""
    async with runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        answer = await editing.submit(session, run_id, user.id, made.base_version, made.domain())
    await edit_news.tell(runtime.redis, run_id, answer.version)
    return changes_out(answer, user.id)


@router.get("/runs/{run_id}/changes", response_model=ChangesOut)
async def get_changes(
    run_id: UUID, runtime: Running, user: CurrentUser, after: Annotated[int, Query(ge=1, description="A version")]
) -> dict[str, Any]:
    """Every change after a version."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        return changes_out(await editing.since(session, run_id, after), user.id)


@router.get("/runs/{run_id}/history")
async def get_history(
    run_id: UUID,
    runtime: Running,
    user: CurrentUser,
    language: Language,
    before: Annotated[int | None, Query(ge=1, description="The oldest `before_version` seen, plus 1")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> HistoryOut:
    """Who changed what, the newest first; changes made in one sitting are one entry."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        return history_out(await edit_history.read(session, run_id, before, limit), user.id, language)


@router.get("/runs/{run_id}/versions/{version}")
async def get_version(
    run_id: UUID, version: int, runtime: Running, user: CurrentUser, language: Language
) -> TranscriptOut:
    """The transcript as it was."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        return transcript_out(await editing.at_version(session, run_id, version), language)


@router.post("/runs/{run_id}/restore", response_model=ChangesOut)
async def restore_version(run_id: UUID, wanted: RestoreIn, runtime: Running, user: CurrentUser) -> dict[str, Any]:
    """Make the transcript what it was, by a change like any other, which can be taken back too."""
    async with runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        answer = await editing.restore(session, run_id, user.id, wanted.version)
    await edit_news.tell(runtime.redis, run_id, answer.version)
    return changes_out(answer, user.id)


@router.get("/runs/{run_id}/changes/news", response_class=EventSourceResponse, responses=_NEWS)
async def follow_changes(run_id: UUID, runtime: Running, user: CurrentUser) -> EventSourceResponse:
    """The version of the transcript now, and again whenever it is edited; ends when the service cannot tell."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        await transcripts.row_of(session, run_id)
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return EventSourceResponse(_news(runtime, run_id), headers=headers, ping=HEARTBEAT_SECONDS, sep="\n")


async def _news(runtime: Runtime, run_id: UUID) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(edit_news.listen(runtime.redis, run_id, BLOCK_SECONDS)) as versions:
            async for version in versions:
                known = await _version(runtime, run_id) if version is None else version
                yield ServerSentEvent(EditedOut(version=known).model_dump_json(), event="edited")
    except StorageError as error:
        logger.debug("edits of run {} are not told: {}", run_id, error)


async def _version(runtime: Runtime, run_id: UUID) -> int:
    async with runtime.database.session() as session:
        return (await transcripts.row_of(session, run_id)).version
