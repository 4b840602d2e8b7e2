"""Transcripts: read, name the speakers, take away as a file."""

import gzip
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Header, Path, Query, Response

from apps.bot_api.api.media import attachment
from apps.bot_api.deps import CurrentUser, DownloadUser, Running
from apps.bot_api.language import Language
from apps.bot_api.schemas.transcripts import SpeakerPatch, SuggestionOut, TranscriptOut, transcript_json, transcript_out
from stenogram.pipeline.stage import FORMATS
from stenogram.services import access, edit_news, editing, transcripts, voices

router = APIRouter(tags=["transcripts"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


Label = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,16}$", examples=["S1"])]
_Encodings = Annotated[str, Header(alias="Accept-Encoding", include_in_schema=False)]


@router.get("/runs/{run_id}/transcript", response_model=TranscriptOut)
async def get_transcript(
    run_id: UUID, runtime: Running, user: CurrentUser, language: Language, encodings: _Encodings = ""
) -> Response:
    """Readable as soon as recognition ends; speakers and minutes follow."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        frame, segments = await transcripts.as_kept(session, run_id)
    return await _packed(transcript_json(frame, segments, language), encodings)


@router.get("/recordings/{recording_id}/transcript", response_model=TranscriptOut)
async def get_latest_transcript(
    recording_id: UUID, runtime: Running, user: CurrentUser, language: Language, encodings: _Encodings = ""
) -> Response:
    """Of the newest run that has one."""
    async with runtime.database.session() as session:
        await access.owned_recording(session, user, recording_id)
        frame, segments = await transcripts.as_kept(session, await transcripts.latest(session, recording_id))
    return await _packed(transcript_json(frame, segments, language), encodings)


async def _packed(body: bytes, encodings: str) -> Response:
    """Five hours are 4 MB, packed a tenth of that; a phone on a train feels it."""
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in encodings:
        body = await anyio.to_thread.run_sync(gzip.compress, body, 1)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type="application/json")


@router.get("/runs/{run_id}/speakers/suggestions")
async def suggest_names(run_id: UUID, runtime: Running, user: CurrentUser) -> list[SuggestionOut]:
    """Names of those who may be speaking. None without the consent in `/me/settings` (`voices`)."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        found = await voices.suggestions(session, runtime.vault, user, run_id)
    return [SuggestionOut(label=one.label, name=one.name, score=round(one.score, 3)) for one in found]


@router.patch("/runs/{run_id}/speakers/{label}")
async def name_speaker(
    run_id: UUID, label: Label, change: SpeakerPatch, runtime: Running, user: CurrentUser, language: Language
) -> TranscriptOut:
    """Say what people call this voice, and in which colour it is shown."""
    async with runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        if "name" in change.model_fields_set:
            await editing.rename_speaker(session, run_id, user.id, label, change.name)
        if "colour" in change.model_fields_set:
            await editing.colour_speaker(session, run_id, label, change.colour)
        renamed = await transcripts.read(session, run_id)
    await edit_news.tell(runtime.redis, run_id, renamed.version)
    return transcript_out(renamed, language)


@router.head("/runs/{run_id}/exports", include_in_schema=False)
@router.get("/runs/{run_id}/exports", response_class=Response, responses=_FILE)
async def export_transcript(
    run_id: UUID,
    runtime: Running,
    user: DownloadUser,
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
        **attachment(name),
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return Response(data, headers=headers, media_type=content_type)
