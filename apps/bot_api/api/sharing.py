"""Parts of recordings: cut out as sound, shown as subtitles, given to others by links."""

from typing import Annotated, Any, BinaryIO
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from apps.bot_api.api.media import attachment, disposition, played
from apps.bot_api.deps import CurrentUser, DownloadUser, Running
from apps.bot_api.language import Language
from apps.bot_api.schemas.recordings import PeaksOut
from apps.bot_api.schemas.sharing import (
    CueOut,
    LinkIn,
    LinkOut,
    PassOut,
    SharedOut,
    UnlockIn,
    cue_out,
    link_out,
    shared_out,
)
from stenogram.media.clip import CLIP_FORMATS, clip_format
from stenogram.pipeline.stage import FORMATS
from stenogram.services import access, clips, sharing, transcripts
from stenogram.services.sharing import Shared
from stenogram.speech.cues import cues
from stenogram.storage.link_rows import ShareLinks

router = APIRouter(tags=["sharing"])
public = APIRouter(prefix="/shared", tags=["shared"])

_BLOCK_BYTES = 1 << 18
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_SOUND: dict[int | str, dict[str, Any]] = {200: {"description": "The sound", "content": {"audio/*": _BINARY}}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"application/octet-stream": _BINARY}}
}
_SECRET = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}


# --- of the owner ---


@router.head("/recordings/{recording_id}/clip", include_in_schema=False)
@router.get("/recordings/{recording_id}/clip", response_class=StreamingResponse, responses=_SOUND)
async def cut_clip(
    recording_id: UUID,
    runtime: Running,
    user: DownloadUser,
    start: Annotated[float, Query(alias="from", ge=0, allow_inf_nan=False, description="Seconds")],
    end: Annotated[float, Query(alias="to", gt=0, allow_inf_nan=False, description="Seconds")],
    format: Annotated[str, Query(max_length=16, json_schema_extra={"enum": list(CLIP_FORMATS)})] = "m4a",  # noqa: A002 - the API's word
) -> Response:
    """The sound from one second to another as a file, exact to 50 ms."""
    form = clip_format(format)
    async with runtime.database.session() as session:
        recording = await access.owned_recording(session, user, recording_id)
    file = await clips.make(runtime.database, runtime.vault, recording_id, start, end, form)
    name = f"{recording.title} {_clock(start)}-{_clock(end)}.{form.extension}"
    headers = {
        **attachment(name),
        "Content-Length": str(clips.size(file)),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_blocks(file), headers=headers, media_type=form.content_type)


def _clock(seconds: float) -> str:
    """To a tenth, as the page tells bounds; for names of files, where a colon is not allowed."""
    minutes, tenths = divmod(round(seconds * 10), 600)
    hours, minutes = divmod(minutes, 60)
    rest = f"{minutes:02}m{tenths / 10:04.1f}s" if hours else f"{minutes}m{tenths / 10:04.1f}s"
    return f"{hours}h{rest}" if hours else rest


async def _blocks(file: BinaryIO) -> Any:
    with file:
        while block := await to_thread.run_sync(file.read, _BLOCK_BYTES):
            yield block


@router.get("/runs/{run_id}/cues")
async def list_cues(run_id: UUID, runtime: Running, user: CurrentUser) -> list[CueOut]:
    """The subtitles as the exports have them, for a preview."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        transcript = await transcripts.get(session, run_id)
    made = await to_thread.run_sync(cues, transcript.segments)
    return [cue_out(cue) for cue in made]


@router.post("/runs/{run_id}/links", status_code=status.HTTP_201_CREATED)
async def create_link(run_id: UUID, wish: LinkIn, runtime: Running, user: CurrentUser) -> LinkOut:
    """Let others read a transcript or a part of it, and hear it where ``audio`` says so."""
    link, _ = await sharing.create(runtime.database, runtime.vault, user, run_id, wish.wish())
    return link_out(link, sharing.secret_of(runtime.tokens.secret, link.id))


@router.get("/recordings/{recording_id}/links")
async def list_links(recording_id: UUID, runtime: Running, user: CurrentUser) -> list[LinkOut]:
    """Newest first, those that have expired too."""
    async with runtime.database.session() as session:
        found = await sharing.list_(session, user, recording_id)
    return [link_out(link, sharing.secret_of(runtime.tokens.secret, link.id)) for link in found]


@router.delete("/links/{link_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_link(link_id: UUID, runtime: Running, user: CurrentUser) -> None:
    """Nobody reads by it any more, nor hears."""
    async with runtime.database.begin() as session:
        await sharing.revoke(session, runtime.vault, user, link_id)


# --- of whoever has the link ---


async def _entered(
    runtime: Running,
    link: Annotated[str, Query(max_length=64, description="What follows /s/ in the address of the page")],
    passed: Annotated[str | None, Query(alias="pass", max_length=100, description="Where there is a password")] = None,
) -> Shared:
    async with runtime.database.session() as session:
        return await sharing.enter(session, runtime.tokens.secret, link, passed)


Entered = Annotated[Shared, Depends(_entered)]


@public.post("/unlock")
async def unlock_shared(attempt: UnlockIn, request: Request, runtime: Running) -> PassOut:
    """A pass for a right password. Few tries are allowed."""
    key, address = runtime.tokens.secret, request.client.host if request.client else "-"
    async with runtime.database.session() as session:
        shared = await sharing.find(session, key, attempt.link)
    return PassOut(passed=await sharing.unlock(runtime.redis, key, shared.link, address, attempt.password))


@public.get("")
async def read_shared(shared: Entered, runtime: Running, language: Language, response: Response) -> SharedOut:
    """What the link shows, without an account."""
    async with runtime.database.begin() as session:
        read = await sharing.read(session, shared)
        await ShareLinks(session).opened(shared.link.id)  # last: others who open the link wait for this row
    response.headers.update(_SECRET)
    return shared_out(shared, read, language)


@public.get("/peaks")
async def get_shared_peaks(shared: Entered, runtime: Running, response: Response) -> PeaksOut:
    """The waveform of what may be heard."""
    async with runtime.database.session() as session:
        found = await sharing.waveform(session, runtime.vault, shared)
    response.headers.update(_SECRET)
    return PeaksOut(interval_seconds=found.interval_seconds, peaks=list(found.peaks))


@public.head("/media", include_in_schema=False)
@public.get("/media", response_class=StreamingResponse, responses=_SOUND)
async def get_shared_media(shared: Entered, request: Request, runtime: Running) -> Response:
    """The sound that is shared, by ``Range``: of a part a file of its own."""
    reader = await sharing.open_media(runtime.database, runtime.vault, shared)
    headers = {**_SECRET, "Content-Disposition": "inline"}
    return played(request, reader, f'"{shared.link.id.hex}"', reader.content_type, headers)


@public.get("/exports", response_class=Response, responses=_FILE)
async def export_shared(
    shared: Entered,
    runtime: Running,
    format: Annotated[str, Query(max_length=16, json_schema_extra={"enum": list(FORMATS)})],  # noqa: A002 - the API's word
    language: Annotated[str | None, Query(max_length=16, description="Of the headings: ru or en")] = None,
) -> Response:
    """What the link shows as a file."""
    from stenogram.services import exports  # heavy: it brings the document libraries with it

    async with runtime.database.session() as session:
        read = await sharing.read(session, shared)
    data, content_type, name = await exports.anonymous(read, format, language)
    headers = {
        **_SECRET,
        "Content-Disposition": disposition(name),
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return Response(data, headers=headers, media_type=content_type)
