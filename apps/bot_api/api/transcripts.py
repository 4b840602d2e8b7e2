"""Transcripts: read, name the speakers, take away as a file."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from apps.bot_api.api.media import disposition
from apps.bot_api.deps import CurrentUser, Running
from apps.bot_api.language import Language
from apps.bot_api.schemas.transcripts import SpeakerPatch, TranscriptOut, transcript_out
from stenogram.pipeline.stage import FORMATS
from stenogram.services import access, editing, transcripts

router = APIRouter(tags=["transcripts"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/runs/{run_id}/transcript")
async def get_transcript(run_id: UUID, runtime: Running, user: CurrentUser, language: Language) -> TranscriptOut:
    """Readable as soon as recognition ends; speakers and minutes follow."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        return transcript_out(await transcripts.read(session, run_id), language)


@router.get("/recordings/{recording_id}/transcript")
async def get_latest_transcript(
    recording_id: UUID, runtime: Running, user: CurrentUser, language: Language
) -> TranscriptOut:
    """Of the newest run that has one."""
    async with runtime.database.session() as session:
        await access.owned_recording(session, user, recording_id)
        return transcript_out(await transcripts.latest(session, recording_id), language)


@router.patch("/runs/{run_id}/speakers/{label}")
async def name_speaker(
    run_id: UUID, label: str, change: SpeakerPatch, runtime: Running, user: CurrentUser, language: Language
) -> TranscriptOut:
    """Say what people call this voice."""
    async with runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        await editing.rename_speaker(session, run_id, user.id, label, change.name)
        return transcript_out(await transcripts.read(session, run_id), language)


@router.get("/runs/{run_id}/exports", response_class=Response, responses=_FILE)
async def export_transcript(
    run_id: UUID,
    runtime: Running,
    user: CurrentUser,
    format: Annotated[str, Query(max_length=16, json_schema_extra={"enum": list(FORMATS)})],  # noqa: A002 - the API's word
    start: Annotated[float | None, Query(alias="from", ge=0, description="Seconds")] = None,
    end: Annotated[float | None, Query(alias="to", ge=0, description="Seconds")] = None,
    segments: Annotated[str | None, Query(max_length=100_000, description="Segment ids, separated by commas")] = None,
    language: Annotated[str | None, Query(max_length=16, description="Of the headings: ru or en")] = None,
) -> Response:
    """The transcript, or a part of it, as a file."""
    from stenogram.services import exports  # heavy: it brings the document libraries with it

    chosen = tuple(part for part in (segments or "").split(",") if part)
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        data, content_type, name = await exports.export(
            session, runtime.vault, run_id, format, start, end, chosen, language
        )
    headers = {
        "Content-Disposition": disposition(name),
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return Response(data, headers=headers, media_type=content_type)
