"""Queries on share links. No commit inside."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.link_models import ShareLink
from stenogram.storage.models import Recording, Run, User


class ShareLinks:
    """In the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, link: ShareLink) -> ShareLink:
        self._session.add(link)
        await self._session.flush()
        await self._session.refresh(link)
        return link

    async def with_recording(self, link_id: UUID) -> tuple[ShareLink, Recording] | None:
        """None also for those of a person whose access was closed."""
        query = (
            select(ShareLink, Recording)
            .join(Run, Run.id == ShareLink.run_id)
            .join(Recording, Recording.id == Run.recording_id)
            .join(User, User.id == Recording.owner_id)
            .where(ShareLink.id == link_id, User.blocked_at.is_(None))
        )
        row = (await self._session.execute(query)).one_or_none()
        return (row[0], row[1]) if row else None

    async def of_recording(self, recording_id: UUID) -> Sequence[ShareLink]:
        """Newest first, those that are over too."""
        query = (
            select(ShareLink)
            .join(Run, Run.id == ShareLink.run_id)
            .where(Run.recording_id == recording_id)
            .order_by(ShareLink.created_at.desc(), ShareLink.id)
        )
        return (await self._session.scalars(query)).all()

    async def count(self, recording_id: UUID) -> int:
        query = select(func.count()).select_from(ShareLink).join(Run, Run.id == ShareLink.run_id)
        return await self._session.scalar(query.where(Run.recording_id == recording_id)) or 0

    async def opened(self, link_id: UUID) -> None:
        """Once more, whoever else opens it at the same time."""
        statement = update(ShareLink).where(ShareLink.id == link_id).values(opened=ShareLink.opened + 1)
        await self._session.execute(statement)

    async def delete(self, link_id: UUID) -> None:
        await self._session.execute(delete(ShareLink).where(ShareLink.id == link_id))
