"""The library: folders, tags, what there is to filter by, and what a search finds."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Output
from stenogram.pipeline.stage import FORMATS
from stenogram.services import library, search
from stenogram.services.library import Named, Overview

SortName = Literal["newest", "oldest", "title", "longest", "largest"]
StateName = Literal["active", "done", "failed", "cancelled", "none"]


class ShelfOut(Output):
    """A folder or a tag."""

    id: UUID
    name: str = Field(examples=["Interviews"])
    recordings: int = Field(description="How many lie in it, or have it")


class ShelfIn(Input):
    name: str = Field(min_length=1, max_length=max(library.LENGTHS.values()), description="Of a tag: 40 characters")


class LibraryOut(Output):
    """How much is kept, and what there is to filter by."""

    recordings: int
    seconds: float
    size: int = Field(description="Bytes of the recordings as they were sent")
    folders: list[ShelfOut]
    tags: list[ShelfOut]
    languages: list[str] = Field(description="Languages that were spoken", examples=[["ru", "en"]])
    speakers: list[str] = Field(description="Names that were given to voices")


_Many = Field(min_length=1, max_length=library.MANY)


class MoveIn(Input):
    recordings: list[UUID] = _Many
    folder: UUID | None = Field(description="null: out of any folder")


class TaggingIn(Input):
    recordings: list[UUID] = _Many
    add: list[UUID] = Field([], max_length=50)
    remove: list[UUID] = Field([], max_length=50)


class DeletionIn(Input):
    recordings: list[UUID] = _Many


class DeletionOut(Output):
    deleted: int


class ArchiveIn(Input):
    recordings: list[UUID] = Field(min_length=1, max_length=library.EXPORTED)
    formats: list[str] = Field(min_length=1, max_length=len(FORMATS), examples=[["docx", "srt"]])
    language: str = Field("ru", max_length=8, description="Of headings")


class PartOut(Output):
    text: str
    found: bool = Field(description="One of the words that were looked for")


class HitOut(Output):
    start: float = Field(description="Seconds from the start of the recording")
    speaker: str | None = Field(description="By name")
    fragment: list[PartOut]


class FoundOut(Output):
    recording_id: UUID
    title: list[PartOut]
    created_at: datetime
    duration: float | None
    times: int = Field(description="Moments that match, of which ``hits`` are the best")
    hits: list[HitOut]


class SearchOut(Output):
    items: list[FoundOut]
    total: int = Field(description="Recordings that match")
    sensible: bool = Field(description="Whether there is a word in the query that could be found")
    complete: bool = Field(description="false: there may be more than ``total``")


def shelf_out(shelf: Named) -> ShelfOut:
    return ShelfOut(id=shelf.id, name=shelf.name, recordings=shelf.recordings)


def library_out(overview: Overview) -> LibraryOut:
    return LibraryOut(
        recordings=overview.totals.recordings,
        seconds=overview.totals.seconds,
        size=overview.totals.size,
        folders=[shelf_out(one) for one in overview.folders],
        tags=[shelf_out(one) for one in overview.tags],
        languages=list(overview.languages),
        speakers=list(overview.speakers),
    )


def _parts(parts: tuple[search.Part, ...]) -> list[PartOut]:
    return [PartOut(text=part.text, found=part.found) for part in parts]


def _found_out(found: search.Found) -> FoundOut:
    return FoundOut(
        recording_id=found.recording_id,
        title=_parts(found.title),
        created_at=found.created_at,
        duration=found.duration,
        times=found.times,
        hits=[HitOut(start=hit.start, speaker=hit.speaker, fragment=_parts(hit.fragment)) for hit in found.hits],
    )


def search_out(page: search.Page) -> SearchOut:
    items = [_found_out(found) for found in page.found]
    return SearchOut(items=items, total=page.total, sensible=page.sensible, complete=page.complete)
