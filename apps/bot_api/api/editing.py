"""Editing a transcript: changes, what others did meanwhile, history, and back to any version."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from apps.bot_api.deps import CurrentUser, Running
from apps.bot_api.language import Language
from apps.bot_api.schemas.editing import (
    ChangesIn,
    ChangesOut,
    HistoryOut,
    RestoreIn,
    changes_out,
    history_out,
)
from apps.bot_api.schemas.transcripts import TranscriptOut, transcript_out
from stenogram.services import access, edit_history, editing

router = APIRouter(tags=["editing"])


@router.post("/runs/{run_id}/changes", response_model=ChangesOut)
async def make_changes(run_id: UUID, made: ChangesIn, runtime: Running, user: CurrentUser) -> dict[str, Any]:
    """Apply changes to the transcript as it is now, all or none. What others did since `base_version` stays: words are
    merged and never dropped. The answer holds every change since then, these included, as they were applied."""
    async with runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        answer = await editing.submit(session, run_id, user.id, made.base_version, made.domain())
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
        return changes_out(await editing.restore(session, run_id, user.id, wanted.version), user.id)
