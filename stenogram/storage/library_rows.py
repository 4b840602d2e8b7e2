"""Queries on folders, tags, and the recordings that they and other conditions pick out. No commit inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from stenogram.storage.library_models import Filing, Folder, SearchDocument, Shelf, Tag, Tagging, search_postings
from stenogram.storage.models import Recording, Run, SpeakerRow

Sort = Literal["newest", "oldest", "title", "longest", "largest"]

_NAMES = 500
"""Speakers at most whose names are offered to filter by."""

STATES = {
    "active": ("queued", "running"),
    "done": ("done", "done_with_warnings"),
    "failed": ("dead",),
    "cancelled": ("cancelled",),
}
"""What people tell apart, in states of the newest run. "none": there is no run."""


@dataclass(frozen=True, slots=True)
class Filters:
    """All of them hold. ``folder`` None: in whatever folder; ``unfiled``: in none."""

    title: str | None = None  # a part of it
    folder: UUID | None = None
    unfiled: bool = False
    tags: tuple[UUID, ...] = ()  # each of them
    language: str | None = None
    state: str | None = None  # one of STATES, or "none"
    speaker: str | None = None  # by name
    since: datetime | None = None
    until: datetime | None = None  # and not at it

    @property
    def anything(self) -> bool:
        """Whether nothing is left out."""
        return self == Filters()


_LIES: Mapping[type[Shelf], InstrumentedAttribute[UUID]] = {
    Folder: Filing.recording_id,
    Tag: Tagging.recording_id,
}
"""What says of each kind which recordings it has."""


class Named(NamedTuple):
    id: UUID
    name: str
    recordings: int


class Filed(NamedTuple):
    """Where one recording lies."""

    folder_id: UUID | None
    tag_ids: tuple[UUID, ...]


class Totals(NamedTuple):
    recordings: int
    seconds: float
    size: int  # bytes of the media as they were sent


_KEYS: dict[str, tuple[ColumnElement[Any], bool]] = {
    "newest": (Recording.created_at.expression, True),
    "oldest": (Recording.created_at.expression, False),
    "title": (func.lower(Recording.title), False),
    "longest": (func.coalesce(Recording.duration, 0.0), True),
    "largest": (Recording.size.expression, True),
}
"""By what each order sorts, and whether the greatest comes first."""


class Shelves:
    """One person's recordings with their folders and tags, in the session of the caller."""

    def __init__(self, session: AsyncSession, owner_id: UUID) -> None:
        self._session, self._owner = session, owner_id

    async def page(
        self, filters: Filters, sort: Sort, limit: int, after: tuple[Any, UUID] | None
    ) -> Sequence[tuple[Recording, Any]]:
        """Recordings, each with the value it is sorted by; ``after``: that value and the id of the last one seen."""
        key, falling = _KEYS[sort]
        query = select(Recording, key.label("key")).where(*self._conditions(filters))
        if after is not None:
            place = tuple_(key, Recording.id)
            query = query.where(place < after if falling else place > after)
        order = (key.desc(), Recording.id.desc()) if falling else (key, Recording.id)
        rows = await self._session.execute(query.order_by(*order).limit(limit))
        return [(row[0], row[1]) for row in rows]

    async def count(self, filters: Filters) -> int:
        query = select(func.count()).select_from(Recording).where(*self._conditions(filters))
        return await self._session.scalar(query) or 0

    async def ids(self, filters: Filters) -> Sequence[UUID]:
        return (await self._session.scalars(select(Recording.id).where(*self._conditions(filters)))).all()

    async def own(self, recording_ids: Iterable[UUID]) -> set[UUID]:
        """Of these, those that are there and the owner's."""
        query = select(Recording.id).where(Recording.owner_id == self._owner, Recording.id.in_(list(recording_ids)))
        return set(await self._session.scalars(query))

    def _conditions(self, filters: Filters) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Recording.owner_id == self._owner]
        if filters.title:
            found.append(func.strpos(func.lower(Recording.title), filters.title.lower()) > 0)
        found += _of_place(filters)
        if filters.language:
            found.append(_newest_run(Run.language) == filters.language)
        if filters.state:
            found.append(_of_state(filters.state))
        if filters.speaker:
            found.append(self._spoken_by(filters.speaker))
        if filters.since:
            found.append(Recording.created_at >= filters.since)
        if filters.until:
            found.append(Recording.created_at < filters.until)
        return found

    def _spoken_by(self, name: str) -> ColumnElement[bool]:
        """As the index of the search has it."""
        return exists().where(
            SearchDocument.recording_id == Recording.id,
            search_postings.c.document_id == SearchDocument.id,
            search_postings.c.owner_id == self._owner,
            search_postings.c.lexeme == f"@{name.lower()}",
        )

    async def filed(self, recording_ids: Sequence[UUID]) -> dict[UUID, Filed]:
        """Where each of these lies; tags in the order of their names."""
        tags = func.array_agg(aggregate_order_by(Tag.id, Tag.name)).filter(Tag.id.is_not(None))
        query = (
            select(Recording.id, Filing.folder_id, tags)
            .outerjoin(Filing, Filing.recording_id == Recording.id)
            .outerjoin(Tagging, Tagging.recording_id == Recording.id)
            .outerjoin(Tag, Tag.id == Tagging.tag_id)
            .where(Recording.id.in_(recording_ids))
            .group_by(Recording.id, Filing.folder_id)
        )
        return {row[0]: Filed(row[1], tuple(row[2] or ())) for row in await self._session.execute(query)}

    async def named(self, kind: type[Shelf]) -> Sequence[Named]:
        """All of a kind by name, each with how many recordings it has."""
        query = select(kind.id, kind.name, func.count(_LIES[kind])).outerjoin(_LIES[kind].class_)
        mine = query.where(kind.owner_id == self._owner).group_by(kind.id).order_by(kind.name)
        return [Named(*row) for row in await self._session.execute(mine)]

    async def languages(self) -> Sequence[str]:
        query = select(Run.language).join(Recording, Recording.id == Run.recording_id)
        found = query.where(Recording.owner_id == self._owner, Run.language.is_not(None)).distinct()
        return [one for one in await self._session.scalars(found.order_by(Run.language)) if one]

    async def speakers(self) -> Sequence[str]:
        """Names that were given to voices."""
        query = (
            select(SpeakerRow.name)
            .join(Run, Run.id == SpeakerRow.run_id)
            .join(Recording, Recording.id == Run.recording_id)
            .where(Recording.owner_id == self._owner, SpeakerRow.name.is_not(None))
        )
        found = query.distinct().order_by(SpeakerRow.name).limit(_NAMES)
        return [one for one in await self._session.scalars(found) if one]

    async def totals(self) -> Totals:
        sums = func.coalesce(func.sum(Recording.duration), 0.0), func.coalesce(func.sum(Recording.size), 0)
        query = select(func.count(), *sums).where(Recording.owner_id == self._owner)
        count, seconds, size = (await self._session.execute(query)).one()
        return Totals(int(count), float(seconds or 0), int(size))

    async def get(self, kind: type[Shelf], shelf_id: UUID) -> Shelf | None:
        """Where it is the owner's."""
        return await self._session.scalar(select(kind).where(kind.id == shelf_id, kind.owner_id == self._owner))

    async def is_taken(self, kind: type[Shelf], name: str) -> bool:
        """Whether there is one of this name already, in whatever case."""
        query = select(exists().where(kind.owner_id == self._owner, func.lower(kind.name) == name.lower()))
        return bool(await self._session.scalar(query))

    async def add(self, made: Shelf) -> bool:
        """Whether it is added: not, where another was given this name meanwhile."""
        try:
            async with self._session.begin_nested():
                self._session.add(made)
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def rename(self, shelf: Shelf, name: str) -> bool:
        """As ``add``."""
        try:
            async with self._session.begin_nested():
                shelf.name = name
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def remove(self, gone: Shelf) -> None:
        """With what lay in it; the recordings stay."""
        await self._session.delete(gone)
        await self._session.flush()

    async def move(self, recording_ids: Sequence[UUID], folder_id: UUID | None) -> None:
        """Into the folder, or out of all."""
        if folder_id is None:
            await self._session.execute(delete(Filing).where(Filing.recording_id.in_(recording_ids)))
            return
        rows = [{"recording_id": one, "folder_id": folder_id} for one in recording_ids]
        put = upsert(Filing).values(rows)
        await self._session.execute(
            put.on_conflict_do_update(index_elements=["recording_id"], set_={"folder_id": put.excluded.folder_id})
        )

    async def tag(self, recording_ids: Sequence[UUID], add: Sequence[UUID], remove: Sequence[UUID]) -> None:
        if remove:
            gone = delete(Tagging).where(Tagging.recording_id.in_(recording_ids), Tagging.tag_id.in_(remove))
            await self._session.execute(gone)
        if add:  # a row of values for each pair would be more arguments than the protocol takes
            pairs = select(Recording.id, Tag.id).join(Tag, Tag.owner_id == Recording.owner_id)
            wanted = pairs.where(Recording.id.in_(recording_ids), Tag.id.in_(add))
            put = upsert(Tagging).from_select(["recording_id", "tag_id"], wanted)
            await self._session.execute(put.on_conflict_do_nothing())


def _of_place(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.folder:
        yield exists().where(Filing.recording_id == Recording.id, Filing.folder_id == filters.folder)
    elif filters.unfiled:
        yield ~exists().where(Filing.recording_id == Recording.id)
    for tag in filters.tags:
        yield exists().where(Tagging.recording_id == Recording.id, Tagging.tag_id == tag)


def _of_state(state: str) -> ColumnElement[bool]:
    newest = _newest_run(Run.state)
    return newest.is_(None) if state == "none" else newest.in_(STATES[state])


def _newest_run(column: Any) -> ColumnElement[Any]:
    query = select(column).where(Run.recording_id == Recording.id).correlate(Recording)
    return query.order_by(Run.created_at.desc(), Run.id).limit(1).scalar_subquery()
