"""The recording itself, by range, for players."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from apps.bot_api.deps import CurrentIdentity, MediaUser, Running
from apps.bot_api.schemas.recordings import TicketOut
from stenogram.errors import StenogramError
from stenogram.services import access, recordings
from stenogram.storage.models import Recording
from stenogram.storage.vault import SealedReader

router = APIRouter(prefix="/recordings", tags=["media"])

BLOCK_BYTES = 256 * 1024
TELEGRAM_WEB = "https://web.telegram.org"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file", "content": {"audio/*": _BINARY, "video/*": _BINARY}},
    206: {"description": "The range asked for", "content": {"audio/*": _BINARY, "video/*": _BINARY}},
    304: {"description": "Not changed"},
}


@router.post("/{recording_id}/media-ticket")
async def create_media_ticket(recording_id: UUID, runtime: Running, asking: CurrentIdentity) -> TicketOut:
    """A link that an ``<audio>`` element can use: it cannot send headers."""
    async with runtime.database.session() as session:
        await access.owned_recording(session, asking.user, recording_id)
    ticket, expires_at = runtime.tokens.issue_ticket(asking.user.id, recording_id, asking.session_id)
    return TicketOut(url=f"/api/v1/recordings/{recording_id}/media?ticket={ticket}", expires_at=expires_at)


@router.head("/{recording_id}/media", include_in_schema=False)
@router.get("/{recording_id}/media", response_class=StreamingResponse, responses=_RESPONSES)
async def get_media(
    recording_id: UUID,
    request: Request,
    runtime: Running,
    user: MediaUser,
    download: Annotated[bool, Query(description="Save it instead of playing it")] = False,
) -> Response:
    """The recording as it was sent. Understands a single ``Range``, ``If-Range`` and ``If-None-Match``."""
    async with runtime.database.session() as session:
        await access.owned_recording(session, user, recording_id)
        recording, reader = await recordings.open_media(session, runtime.vault, recording_id)
    etag = f'"{recording.sha256.hex()}"'
    return played(request, reader, etag, recording.content_type, _headers(recording, download))


def played(request: Request, reader: SealedReader, etag: str, content_type: str, headers: dict[str, str]) -> Response:
    """The file, or the range of it that ``request`` asks for. Nothing in it is ever run by a browser."""
    headers = {
        **headers,
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    span = _span(request.headers.get("range"), request.headers.get("if-range"), etag, reader.size)
    start, end = span or (0, reader.size)
    headers["Content-Length"] = str(end - start)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{reader.size}"
    body = _blocks(reader, start, start if request.method == "HEAD" else end)
    return StreamingResponse(body, 206 if span else 200, headers, media_type=content_type)


def _headers(recording: Recording, download: bool) -> dict[str, str]:
    shown = {"Content-Disposition": disposition(recording.file_name, inline=True)}
    return {"Cache-Control": "private, no-store", **(attachment(recording.file_name) if download else shown)}


def disposition(file_name: str, *, inline: bool = False) -> str:
    """Content-Disposition with the name in UTF-8 (RFC 6266, RFC 8187) and an ASCII one for old clients."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", file_name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def attachment(file_name: str) -> dict[str, str]:
    """Headers of what is saved. Telegram's web version reads it by a ticket; a page cannot send a token along."""
    return {"Content-Disposition": disposition(file_name), "Access-Control-Allow-Origin": TELEGRAM_WEB}


def _span(header: str | None, if_range: str | None, etag: str, size: int) -> tuple[int, int] | None:
    """(start, end) of a single range, end exclusive; None where the whole file is to be sent (RFC 9110, 14.2).

    Raises StenogramError("request.range") when it lies outside of the file.
    """
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if match is None or match.groups() == ("", "") or (if_range is not None and if_range != etag):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise StenogramError("request.range", size=size)
    return start, end


async def _blocks(reader: SealedReader, start: int, end: int) -> AsyncIterator[bytes]:
    """Read and decrypted in a thread, block by block: nobody else waits for it."""
    while start < end:
        stop = min(end, start + BLOCK_BYTES)
        yield await anyio.to_thread.run_sync(reader.read_at, start, stop - start)
        start = stop
