"""Queries on uploads, which are files of the vault and have no table of their own. No commit inside."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Blob


class Uploads:
    """``prefix`` and ``suffix`` are what the keys of an upload's description begin and end with."""

    def __init__(self, session: AsyncSession, prefix: str, suffix: str) -> None:
        self._session = session
        self._described = Blob.key.startswith(prefix, autoescape=True) & Blob.key.endswith(suffix, autoescape=True)

    async def lock(self, key: str) -> None:
        """Nobody else adds to the upload before this transaction ends."""
        await self._session.execute(select(Blob.key).where(Blob.key == key).with_for_update())

    async def all(self) -> Sequence[str]:
        """Keys of everybody's."""
        return (await self._session.scalars(select(Blob.key).where(self._described))).all()

    async def expired(self, age: timedelta) -> Sequence[str]:
        """Keys of those announced longer than ``age`` ago (a rewritten description keeps its date), locked.

        One that somebody is adding to is left out: what it adds would outlive it.
        """
        query = select(Blob.key).where(self._described, Blob.created_at < func.now() - age)
        query = query.with_for_update(skip_locked=True)
        return (await self._session.scalars(query)).all()
