"""Queries for voices that are known by name. No commit inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Recording, Run, SpeakerRow, User


@dataclass(frozen=True, slots=True)
class NamedVoices:
    session: AsyncSession

    async def preference(self, recording_id: UUID, name: str) -> bool:
        """Whether the owner of the recording has set this preference to true."""
        query = select(User.preferences[name]).join(Recording, Recording.owner_id == User.id)
        return await self.session.scalar(query.where(Recording.id == recording_id)) is True

    async def named(self, owner_id: UUID, but: UUID, limit: int) -> dict[UUID, dict[str, str]]:
        """Of the newest ``limit`` runs with names in them, other than ``but``: names by label."""
        newest = (
            select(Run.id)
            .join(Recording, Recording.id == Run.recording_id)
            .where(Recording.owner_id == owner_id, Run.id != but)
            .where(Run.id.in_(select(SpeakerRow.run_id).where(SpeakerRow.name.is_not(None))))
            .order_by(Run.created_at.desc())
            .limit(limit)
        )
        query = select(SpeakerRow).where(SpeakerRow.run_id.in_(newest), SpeakerRow.name.is_not(None))
        found: dict[UUID, dict[str, str]] = {}
        for row in await self.session.scalars(query):
            found.setdefault(row.run_id, {})[row.label] = row.name or ""
        return found

    async def runs(self, owner_id: UUID) -> Sequence[UUID]:
        """Of all recordings of this person."""
        query = select(Run.id).join(Recording, Recording.id == Run.recording_id)
        return (await self.session.scalars(query.where(Recording.owner_id == owner_id))).all()
