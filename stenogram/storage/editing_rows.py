"""Queries of editing: changes, the rows of a transcript that they touch, and glossaries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, exists, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.editing_models import Edit, GlossaryTerm
from stenogram.storage.models import Recording, SegmentRow, SpeakerRow, TranscriptRow, User, table_of

_SEGMENTS = table_of(SegmentRow)
_SPEAKERS = table_of(SpeakerRow)
_MOVE = text(
    """
UPDATE segments SET position = moved.position
FROM unnest(CAST(:ids AS text[]), CAST(:positions AS int[])) AS moved(id, position)
WHERE segments.run_id = :run AND segments.id = moved.id
"""
)


class Outline(NamedTuple):
    """A segment without its words."""

    id: str
    speaker: str | None
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Edits:
    session: AsyncSession

    async def lock(self, run_id: UUID) -> TranscriptRow | None:
        """The transcript, which nobody else changes before this transaction ends."""
        query = select(TranscriptRow).where(TranscriptRow.run_id == run_id).with_for_update()
        return await self.session.scalar(query, execution_options={"populate_existing": True})

    async def any(self, run_id: UUID) -> bool:
        return bool(await self.session.scalar(select(exists().where(Edit.run_id == run_id))))

    async def after(self, run_id: UUID, version: int) -> Sequence[tuple[Edit, str | None]]:
        """Changes after this version in order, with the names of their authors."""
        query = (
            select(Edit, User.name)
            .outerjoin(User, User.id == Edit.author_id)
            .where(Edit.run_id == run_id, Edit.version > version)
            .order_by(Edit.version)
        )
        return [(row[0], row[1]) for row in await self.session.execute(query)]

    async def before(self, run_id: UUID, version: int | None, limit: int) -> Sequence[tuple[Edit, str | None]]:
        """The newest changes before this version (None: of all), the newest first, with the names of their authors."""
        query = (
            select(Edit, User.name)
            .outerjoin(User, User.id == Edit.author_id)
            .where(Edit.run_id == run_id)
            .order_by(Edit.version.desc())
            .limit(limit)
        )
        if version is not None:
            query = query.where(Edit.version < version)
        return [(row[0], row[1]) for row in await self.session.execute(query)]

    async def known(self, run_id: UUID, change_ids: Iterable[UUID]) -> dict[UUID, int]:
        """Which of these changes were applied, and as which version."""
        query = select(Edit.change_id, Edit.version).where(Edit.run_id == run_id, Edit.change_id.in_(list(change_ids)))
        return {row[0]: row[1] for row in await self.session.execute(query)}

    async def add(self, run_id: UUID, edits: Sequence[dict[str, Any]], version: int) -> None:
        """Keep the changes that led to this version of the transcript."""
        await self.session.execute(insert(Edit), [{"run_id": run_id, **edit} for edit in edits])
        await self.session.execute(
            update(TranscriptRow)
            .where(TranscriptRow.run_id == run_id)
            .values(version=version, edited=True)
            .execution_options(synchronize_session=False)
        )


@dataclass(frozen=True, slots=True)
class Pages:
    """The segments and speakers of a transcript, by parts."""

    session: AsyncSession

    async def outlines(self, run_id: UUID) -> Sequence[Outline]:
        columns = (SegmentRow.id, SegmentRow.speaker, SegmentRow.start, SegmentRow.end)
        query = select(*columns).where(SegmentRow.run_id == run_id).order_by(SegmentRow.position)
        return [Outline(*row) for row in await self.session.execute(query)]

    async def words(self, run_id: UUID, segment_ids: Iterable[str] | None) -> dict[str, list[Any]]:
        """Of these segments; None: of all."""
        query = select(SegmentRow.id, SegmentRow.words).where(SegmentRow.run_id == run_id)
        if segment_ids is not None:
            query = query.where(SegmentRow.id.in_(list(segment_ids)))
        return {row[0]: row[1] for row in await self.session.execute(query)}

    async def speakers(self, run_id: UUID) -> Sequence[tuple[str, str | None]]:
        query = select(SpeakerRow.label, SpeakerRow.name).where(SpeakerRow.run_id == run_id)
        return [(row[0], row[1]) for row in await self.session.execute(query.order_by(SpeakerRow.position))]

    async def drop(self, run_id: UUID, segment_ids: Sequence[str]) -> None:
        await self.session.execute(
            delete(_SEGMENTS).where(_SEGMENTS.c.run_id == run_id, _SEGMENTS.c.id.in_(segment_ids))
        )

    async def move(self, run_id: UUID, positions: dict[str, int]) -> None:
        """Give segments other positions, all at once."""
        values = {"run": run_id, "ids": list(positions), "positions": list(positions.values())}
        await self.session.execute(_MOVE.bindparams(bindparam("run", type_=Uuid())), values)

    async def put(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write these segments, new ones and known ones alike."""
        fresh = upsert(_SEGMENTS)
        changed = {name: fresh.excluded[name] for name in ("position", "speaker", "start", "end", "text", "words")}
        statement = fresh.on_conflict_do_update(index_elements=["run_id", "id"], set_=changed)
        await self.session.execute(statement, rows)

    async def assign(self, run_id: UUID, speakers: dict[str | None, list[str]]) -> None:
        """Give segments, by their speaker, that speaker."""
        for label, segment_ids in speakers.items():
            where = (_SEGMENTS.c.run_id == run_id, _SEGMENTS.c.id.in_(segment_ids))
            await self.session.execute(update(_SEGMENTS).where(*where).values(speaker=label))

    async def put_speakers(self, run_id: UUID, speakers: Sequence[tuple[str, str | None]]) -> None:
        await self.session.execute(delete(_SPEAKERS).where(_SPEAKERS.c.run_id == run_id))
        rows = [
            {"run_id": run_id, "label": label, "name": name, "position": position}
            for position, (label, name) in enumerate(speakers)
        ]
        if rows:
            await self.session.execute(insert(_SPEAKERS), rows)


@dataclass(frozen=True, slots=True)
class Glossaries:
    session: AsyncSession

    async def of(self, user_id: UUID) -> Sequence[GlossaryTerm]:
        """In the order of the alphabet."""
        query = select(GlossaryTerm).where(GlossaryTerm.user_id == user_id)
        return (await self.session.scalars(query.order_by(func.lower(GlossaryTerm.term), GlossaryTerm.id))).all()

    async def of_owner(self, recording_id: UUID) -> Sequence[str]:
        """The terms of whoever owns the recording, in the order in which they came."""
        query = select(GlossaryTerm.term).join(Recording, Recording.owner_id == GlossaryTerm.user_id)
        query = query.where(Recording.id == recording_id).order_by(GlossaryTerm.created_at, GlossaryTerm.id)
        return (await self.session.scalars(query)).all()

    async def count(self, user_id: UUID) -> int:
        query = select(func.count()).select_from(GlossaryTerm).where(GlossaryTerm.user_id == user_id)
        return await self.session.scalar(query) or 0

    async def find(self, user_id: UUID, term: str) -> GlossaryTerm | None:
        """This term, however its letters are written."""
        query = select(GlossaryTerm).where(
            GlossaryTerm.user_id == user_id, func.lower(GlossaryTerm.term) == func.lower(term)
        )
        return await self.session.scalar(query)

    async def add(self, term: GlossaryTerm) -> GlossaryTerm:
        self.session.add(term)
        await self.session.flush()
        await self.session.refresh(term)
        return term

    async def remove(self, user_id: UUID, term_id: UUID) -> bool:
        where = (GlossaryTerm.user_id == user_id, GlossaryTerm.id == term_id)
        found = await self.session.scalar(delete(GlossaryTerm).where(*where).returning(GlossaryTerm.id))
        return found is not None
