"""The library: what is said in it, its folders and tags, many recordings at once."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status
from fastapi.responses import FileResponse

from apps.bot_api.api.media import attachment
from apps.bot_api.deps import CurrentUser, DownloadUser, Running
from apps.bot_api.schemas.common import Moment
from apps.bot_api.schemas.library import (
    ArchiveIn,
    DeletionIn,
    DeletionOut,
    LibraryOut,
    MoveIn,
    SearchOut,
    ShelfIn,
    ShelfOut,
    StateName,
    TaggingIn,
    library_out,
    search_out,
)
from stenogram.pipeline.stage import FORMATS
from stenogram.services import library, search
from stenogram.services.janitor import scratch_root
from stenogram.services.library import Filters
from stenogram.storage.library_models import Folder, Shelf, Tag

router = APIRouter(tags=["library"])

ShelfName = Literal["folders", "tags"]
_SHELVES: Mapping[ShelfName, type[Shelf]] = {"folders": Folder, "tags": Tag}


async def _filters(
    title: Annotated[str | None, Query(max_length=200, description="A part of the title")] = None,
    folder: Annotated[UUID | None, Query(description="Only in this folder")] = None,
    unfiled: Annotated[bool, Query(description="Only in no folder")] = False,
    tag: Annotated[list[UUID] | None, Query(max_length=20, description="With each of these tags")] = None,
    language: Annotated[str | None, Query(max_length=16, description="Language of the speech")] = None,
    state: Annotated[StateName | None, Query(description="Of the newest run; none: there is none")] = None,
    speaker: Annotated[str | None, Query(max_length=200, description="Name of somebody who speaks")] = None,
    since: Annotated[Moment | None, Query(description="Added at that time or later")] = None,
    until: Annotated[Moment | None, Query(description="Added before that time")] = None,
) -> Filters:
    tags = tuple(dict.fromkeys(tag or ()))
    return Filters(title, folder, unfiled, tags, language, state, speaker, since, until)


Wanted = Annotated[Filters, Depends(_filters)]


@router.get("/search")
async def search_library(
    runtime: Running,
    user: CurrentUser,
    filters: Wanted,
    q: Annotated[str, Query(max_length=1000, description='Words in any form, "a phrase", -without')],
    typing: Annotated[bool, Query(description="The last word may be the beginning of one")] = False,
    sort: Annotated[Literal["best", "newest"], Query()] = "best",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> SearchOut:
    """What is said in one's recordings, grouped by them, with the best moments of each.

    With ``speaker``, only what this person says. All words have to be in one segment.
    """
    async with runtime.database.begin() as session:
        only = await library.within(session, user.id, filters)
        scope = search.Scope(sort, typing, filters.speaker, only)
        return search_out(await search.search(session, user.id, q, limit, offset, scope))


@router.get("/library")
async def get_library(runtime: Running, user: CurrentUser) -> LibraryOut:
    """How much is kept, folders and tags, and what else there is to filter by."""
    async with runtime.database.session() as session:
        return library_out(await library.overview(session, user.id))


@router.post("/library/move", status_code=status.HTTP_204_NO_CONTENT)
async def move_recordings(given: MoveIn, runtime: Running, user: CurrentUser) -> None:
    """Put recordings into a folder, or take them out of any. All of them or none."""
    async with runtime.database.begin() as session:
        await library.move(session, user.id, given.recordings, given.folder)


@router.post("/library/tag", status_code=status.HTTP_204_NO_CONTENT)
async def tag_recordings(given: TaggingIn, runtime: Running, user: CurrentUser) -> None:
    """Give recordings tags, and take tags off. All of them or none."""
    async with runtime.database.begin() as session:
        await library.tag(session, user.id, given.recordings, given.add, given.remove)


@router.post("/library/delete")
async def delete_recordings(given: DeletionIn, runtime: Running, user: CurrentUser) -> DeletionOut:
    """Destroy recordings with everything of theirs, for good. What is gone already is no error."""
    async with runtime.database.begin() as session:
        deleted = await library.delete(session, runtime.vault, user.id, given.recordings)
    return DeletionOut(deleted=deleted)


async def _archive(given: ArchiveIn, runtime: Running, user: CurrentUser) -> AsyncIterator[Path]:
    """Made before the answer begins, and removed when it has ended, however it does."""
    wanted = library.archive(
        runtime.database, runtime.vault, user.id, given.recordings, given.formats, given.language, scratch_root()
    )
    async with wanted as path:
        yield path


@router.post("/library/export", response_class=FileResponse, responses={200: {"content": {"application/zip": {}}}})
async def export_recordings(path: Annotated[Path, Depends(_archive)]) -> FileResponse:
    """Transcripts of many recordings as one zip; what has none yet is left out."""
    return _zip(path)


async def _asked_archive(
    runtime: Running,
    user: DownloadUser,
    recordings: Annotated[list[UUID], Query(min_length=1, max_length=library.EXPORTED)],
    formats: Annotated[list[str], Query(min_length=1, max_length=len(FORMATS))],
    language: Annotated[str, Query(max_length=8, description="Of headings")] = "ru",
) -> AsyncIterator[Path]:
    async with library.archive(
        runtime.database, runtime.vault, user.id, recordings, formats, language, scratch_root()
    ) as path:
        yield path


@router.head("/library/export", include_in_schema=False)
@router.get("/library/export", response_class=FileResponse, responses={200: {"content": {"application/zip": {}}}})
async def save_recordings(path: Annotated[Path, Depends(_asked_archive)]) -> FileResponse:
    """The same as a plain address, which a download ticket may be made for."""
    return _zip(path)


def _zip(path: Path) -> FileResponse:
    headers = {**attachment("transcripts.zip"), "Cache-Control": "private, no-store"}
    return FileResponse(path, media_type="application/zip", headers=headers)


# --- folders and tags; after all that has an address of its own ---


@router.post("/library/{shelf}", status_code=status.HTTP_201_CREATED)
async def create_shelf(shelf: ShelfName, given: ShelfIn, runtime: Running, user: CurrentUser) -> ShelfOut:
    """Make a folder or a tag; its name is one's only one, in whatever case."""
    async with runtime.database.begin() as session:
        made = await library.make_shelf(session, user.id, _SHELVES[shelf], given.name)
        return ShelfOut(id=made.id, name=made.name, recordings=0)


@router.patch("/library/{shelf}/{shelf_id}", status_code=status.HTTP_204_NO_CONTENT)
async def rename_shelf(shelf: ShelfName, shelf_id: UUID, given: ShelfIn, runtime: Running, user: CurrentUser) -> None:
    """Give it another name."""
    async with runtime.database.begin() as session:
        await library.rename_shelf(session, user.id, _SHELVES[shelf], shelf_id, given.name)


@router.delete("/library/{shelf}/{shelf_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_shelf(shelf: ShelfName, shelf_id: UUID, runtime: Running, user: CurrentUser) -> None:
    """The recordings stay, in no folder or without the tag."""
    async with runtime.database.begin() as session:
        await library.remove_shelf(session, user.id, _SHELVES[shelf], shelf_id)
