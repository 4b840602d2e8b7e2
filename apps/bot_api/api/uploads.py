"""Resumable uploads by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload).

Extensions: creation, creation-with-upload, expiration, termination. See docs/adr/0001-tus.md.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from email.utils import format_datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Request, Response
from starlette.requests import ClientDisconnect

from apps.bot_api.api.recordings import shown
from apps.bot_api.deps import CurrentUser, Running, Runtime, request_id
from apps.bot_api.language import Language
from apps.bot_api.schemas.recordings import RecordingOut
from apps.bot_api.schemas.runs import RunOptionsIn
from stenogram.errors import InvalidMedia, StenogramError
from stenogram.services import admission, quotas, uploads, users
from stenogram.services.uploads import PIECE_BYTES, Announced, Upload
from stenogram.storage.models import User

TUS = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
RECORDING_ID = "Stenogram-Recording-Id"
_BODY = "application/offset+octet-stream"
_EMPTY: dict[int | str, dict[str, Any]] = {204: {"description": "See the headers Upload-Offset and Upload-Expires"}}


async def _speaks_tus(tus_resumable: Annotated[str | None, Header()] = None) -> None:
    if tus_resumable != TUS:
        raise StenogramError("upload.version", supported=TUS)


router = APIRouter(prefix="/uploads", tags=["uploads"])
tus = APIRouter(prefix="/uploads", tags=["uploads"], dependencies=[Depends(_speaks_tus)])


@router.options("", include_in_schema=False)
@router.options("/", status_code=204, response_class=Response)
async def describe_uploads(runtime: Running) -> Response:
    """What this server speaks."""
    headers = {
        "Tus-Resumable": TUS,
        "Tus-Version": TUS,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(runtime.settings.limits.max_upload_bytes),
    }
    return Response(status_code=204, headers=headers)


@tus.post("", include_in_schema=False)
@tus.post("/", status_code=201, response_class=Response)
async def create_upload(
    request: Request,
    runtime: Running,
    user: CurrentUser,
    background: BackgroundTasks,
    upload_length: Annotated[str, Header(description="Bytes of the whole file")],
    upload_metadata: Annotated[
        str, Header(max_length=10_000, description="filename, filetype, options (RunOptionsIn as JSON), in Base64")
    ] = "",
) -> Response:
    """Announce a file; its address comes back in Location. The body may already hold its beginning."""
    length, metadata = _length(upload_length, runtime), _metadata(upload_metadata)
    wanted = RunOptionsIn.model_validate_json(metadata.get("options") or "{}")
    options = wanted.over(users.default_options(user, runtime.settings))
    file = Announced(length, metadata.get("filename", ""), metadata.get("filetype", ""), options)
    async with runtime.database.begin() as session:
        await admission.admit(session, user.id, runtime.settings.queue)
        await quotas.check(session, user, runtime.settings)
        upload = await uploads.create(
            session, runtime.vault, user.id, file, limits=runtime.settings.limits, request_id=request_id(request)
        )
    if request.headers.get("content-type", "").startswith(_BODY):
        upload = await _receive(request, runtime, user, upload.id, 0)
    background.add_task(runtime.dispatcher.flush)
    headers = {"Location": f"/api/v1/uploads/{upload.id}", **_headers(upload)}
    return Response(status_code=201, headers=headers, background=background)


@tus.head("/{upload_id}", include_in_schema=False)
async def get_upload_offset(upload_id: UUID, runtime: Running, user: CurrentUser) -> Response:
    """How much of the file is safe here."""
    async with runtime.database.session() as session:
        upload = await uploads.get(session, runtime.vault, user.id, upload_id)
    headers = {"Upload-Length": str(upload.length), "Cache-Control": "no-store", **_headers(upload)}
    return Response(status_code=200, headers=headers)


@tus.patch("/{upload_id}", status_code=204, response_class=Response, responses=_EMPTY)
async def append_to_upload(
    upload_id: UUID,
    request: Request,
    runtime: Running,
    user: CurrentUser,
    background: BackgroundTasks,
    upload_offset: Annotated[int, Header(ge=0)],
) -> Response:
    """Send the next bytes. The answer to the last of them names the recording in Stenogram-Recording-Id."""
    if request.headers.get("content-type", "").split(";")[0].strip() != _BODY:
        raise StenogramError("request.media_type", expected=_BODY)
    upload = await _receive(request, runtime, user, upload_id, upload_offset)
    background.add_task(runtime.dispatcher.flush)
    return Response(status_code=204, headers=_headers(upload), background=background)


@tus.delete("/{upload_id}", status_code=204, response_class=Response, responses=_EMPTY)
async def terminate_upload(upload_id: UUID, runtime: Running, user: CurrentUser) -> Response:
    """Give it up: what came of it is destroyed."""
    async with runtime.database.begin() as session:
        await uploads.terminate(session, runtime.vault, user.id, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": TUS})


@router.get("/{upload_id}/recording")
async def get_uploaded_recording(
    upload_id: UUID, runtime: Running, user: CurrentUser, language: Language
) -> RecordingOut:
    """What the upload became; not found until it is complete."""
    async with runtime.database.session() as session:
        recording = await uploads.recording_of(session, runtime.vault, user.id, upload_id)
    return await shown(runtime, user, recording.id, language)


async def _receive(request: Request, runtime: Runtime, user: User, upload_id: UUID, offset: int) -> Upload:
    """Keep the body piece by piece, each in a transaction of its own; of a broken line what came is kept too."""
    async with runtime.database.session() as session:
        upload = await uploads.get(session, runtime.vault, user.id, upload_id)
    if offset != upload.offset:
        raise StenogramError("upload.offset", offset=upload.offset)
    _refuse_excess(request, upload)
    async for piece in _pieces(request):
        async with runtime.database.begin() as session:
            upload = await uploads.append(
                session, runtime.vault, user.id, upload_id, offset, piece, settings=runtime.settings
            )
        offset += len(piece)
    return upload


def _refuse_excess(request: Request, upload: Upload) -> None:
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > upload.length - upload.offset:
        raise StenogramError("request.invalid", f"more than the {upload.length} bytes announced")


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    held = bytearray()
    try:
        async for chunk in request.stream():
            held += chunk
            while len(held) >= PIECE_BYTES:
                yield bytes(held[:PIECE_BYTES])
                del held[:PIECE_BYTES]
    except ClientDisconnect:
        if held:
            yield bytes(held)
        raise
    if held:
        yield bytes(held)


def _headers(upload: Upload) -> dict[str, str]:
    headers = {
        "Tus-Resumable": TUS,
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }
    if upload.recording_id:
        headers[RECORDING_ID] = str(upload.recording_id)
    return headers


def _length(header: str, runtime: Runtime) -> int:
    if not header.isdecimal():
        raise StenogramError("request.invalid", "Upload-Length", field="Upload-Length")
    if len(header) > 15:
        raise InvalidMedia("media.too_large", limit_mb=runtime.settings.limits.max_upload_mb)
    return int(header)


def _metadata(header: str) -> dict[str, str]:
    """``key base64, key base64``. Raises StenogramError("request.invalid")."""
    found = {}
    for item in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = item.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise StenogramError("request.invalid", "Upload-Metadata", field="Upload-Metadata") from error
    return found
