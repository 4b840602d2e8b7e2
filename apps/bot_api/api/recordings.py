"""Recordings: send one, list, look, rename, delete, see the waveform."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Header, Query, Request, status
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.api.library import Wanted
from apps.bot_api.deps import CurrentUser, Running, Runtime, request_id
from apps.bot_api.language import Language
from apps.bot_api.multipart import FORM_OVERHEAD_BYTES, UploadForm
from apps.bot_api.schemas.library import SortName
from apps.bot_api.schemas.recordings import PeaksOut, RecordingOut, RecordingPage, RecordingPatch, recording_out
from apps.bot_api.schemas.runs import RunOptionsIn
from stenogram.errors import InvalidMedia
from stenogram.services import access, admission, library, peaks, quotas, recordings, runs, users
from stenogram.storage.models import Recording, User

router = APIRouter(prefix="/recordings", tags=["recordings"])

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "options": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": "RunOptionsIn as JSON",
                            "example": '{"language": "ru", "speakers": 3}',
                        },
                        "start": {"type": "boolean", "default": True, "description": "Start a run at once"},
                    },
                }
            }
        },
    }
}


@router.post("", status_code=status.HTTP_201_CREATED, openapi_extra=_FORM)
async def create_recording(
    request: Request,
    runtime: Running,
    user: CurrentUser,
    language: Language,
    background: BackgroundTasks,
    idempotency_key: Annotated[str | None, Header(max_length=200, description="The same again gives the first")] = None,
) -> RecordingOut:
    """Send a recording in one request and start its first run. Nothing is kept when anything is wrong.

    The file streams into the encrypted store; for slow lines there is the resumable upload.
    """
    _refuse_early(request, runtime)
    form = UploadForm(request.headers.get("content-type", ""), request.stream())
    upload_key = f"key:{user.id}:{idempotency_key}" if idempotency_key else None
    if upload_key is not None and (known := await _sent_before(runtime, user, upload_key, language)):
        return known
    await _admit(runtime, user)
    file_name, content_type = await form.open_file()
    async with runtime.database.begin() as session:
        recording = await recordings.create(
            session,
            runtime.vault,
            user.id,
            file_name,
            content_type,
            form.chunks(),
            upload_key,
            limits=runtime.settings.limits,
        )
        views = await runs.latest(session, [recording.id])  # there are some if the same key came twice at once
        if not views:
            await form.rest()
            wanted = RunOptionsIn.model_validate_json(form.fields.get("options") or "{}")
            options = wanted.over(users.default_options(user, runtime.settings))
            if form.fields.get("start", "true").lower() not in ("false", "0"):
                await quotas.charge(session, user, recording.id, 0.0, runtime.settings)
                await admission.admit(session, user.id, runtime.settings.queue, promised=True)
                await runs.start(session, recording.id, options, request_id=request_id(request))
            views = await runs.latest(session, [recording.id])
    background.add_task(runtime.dispatcher.flush)
    return recording_out(recording, views.get(recording.id), language)


async def _sent_before(runtime: Runtime, user: User, upload_key: str, language: str) -> RecordingOut | None:
    async with runtime.database.session() as session:
        known = await recordings.earlier(session, user.id, upload_key)
        return await _with_latest_run(session, known, language) if known else None


async def _admit(runtime: Runtime, user: User) -> None:
    """Refused before the file is sent, not after it."""
    async with runtime.database.begin() as session:
        await admission.admit(session, user.id, runtime.settings.queue)
        await quotas.check(session, user, runtime.settings)


def _refuse_early(request: Request, runtime: Runtime) -> None:
    limits = runtime.settings.limits
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limits.max_upload_bytes + FORM_OVERHEAD_BYTES:
        raise InvalidMedia("media.too_large", limit_mb=limits.max_upload_mb)


@router.get("")
async def list_recordings(
    runtime: Running,
    user: CurrentUser,
    language: Language,
    filters: Wanted,
    sort: Annotated[SortName, Query()] = "newest",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1500, description="next_cursor of the page before")] = None,
) -> RecordingPage:
    """Those that all the filters let through, each with its latest run."""
    async with runtime.database.session() as session:
        page = await library.page(session, user.id, filters, sort, limit, cursor)
        views = await runs.latest(session, [recording.id for recording in page.recordings])
    items = [
        recording_out(one, views.get(one.id), language, page.filed.get(one.id, library.UNFILED))
        for one in page.recordings
    ]
    return RecordingPage(items=items, next_cursor=page.following, total=page.total)


async def shown(runtime: Runtime, user: User, recording_id: UUID, language: str) -> RecordingOut:
    """The recording with its latest run, as it is now."""
    async with runtime.database.session() as session:
        recording = await access.owned_recording(session, user, recording_id)
        return await _with_latest_run(session, recording, language)


async def _with_latest_run(session: AsyncSession, recording: Recording, language: str) -> RecordingOut:
    views = await runs.latest(session, [recording.id])
    return recording_out(recording, views.get(recording.id), language, await library.filed(session, recording))


@router.get("/{recording_id}")
async def get_recording(recording_id: UUID, runtime: Running, user: CurrentUser, language: Language) -> RecordingOut:
    """The recording with its latest run."""
    return await shown(runtime, user, recording_id, language)


@router.patch("/{recording_id}")
async def rename_recording(
    recording_id: UUID, change: RecordingPatch, runtime: Running, user: CurrentUser, language: Language
) -> RecordingOut:
    """Give it another title."""
    async with runtime.database.begin() as session:
        await access.owned_recording(session, user, recording_id)
        recording = await recordings.rename(session, recording_id, change.title)
        return await _with_latest_run(session, recording, language)


@router.delete("/{recording_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_recording(recording_id: UUID, runtime: Running, user: CurrentUser) -> None:
    """Destroy the recording, its runs, transcripts and files, for good. A run that is under way stops."""
    async with runtime.database.begin() as session:
        await access.owned_recording(session, user, recording_id)
        await recordings.delete(session, runtime.vault, recording_id)


@router.get("/{recording_id}/peaks")
async def get_peaks(recording_id: UUID, runtime: Running, user: CurrentUser) -> PeaksOut:
    """The waveform, there as soon as the recording was prepared."""
    async with runtime.database.session() as session:
        await access.owned_recording(session, user, recording_id)
        found = await peaks.get(session, runtime.vault, recording_id)
    return PeaksOut(interval_seconds=found.interval_seconds, peaks=list(found.peaks))
