"""Queries on the rows of encrypted files. No commit inside."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Blob


class Blobs:
    """Rows of the table ``blobs``, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, key: str) -> Blob | None:
        """The row as it stands now, not as the session remembers it."""
        return await self._session.get(Blob, key, populate_existing=True)

    async def upsert(self, blob: Blob) -> tuple[Blob, str | None]:
        """The row under its key, and the name of the object that it replaces."""
        replaced = await self._session.scalar(select(Blob.object_name).where(Blob.key == blob.key).with_for_update())
        values = {
            name: getattr(blob, name)
            for name in ("key", "wrapped_key", "kek_id", "object_name", "size", "sha256", "content_type")
        }
        statement = insert(Blob).values(values).on_conflict_do_update(index_elements=[Blob.key], set_=values)
        rows = await self._session.scalars(statement.returning(Blob), execution_options={"populate_existing": True})
        return rows.one(), replaced

    async def delete(self, *, key: str | None = None, prefix: str | None = None) -> Sequence[str]:
        """Destroy one row or all under a prefix; the names of their objects."""
        condition = Blob.key == key if prefix is None else Blob.key.startswith(prefix, autoescape=True)
        return (await self._session.scalars(delete(Blob).where(condition).returning(Blob.object_name))).all()

    async def referenced(self, names: Collection[str]) -> set[str]:
        """Those of ``names`` that some row still needs."""
        found = await self._session.scalars(select(Blob.object_name).where(Blob.object_name.in_(names)))
        return set(found)

    async def wrapped_by_other(self, kek_id: str, limit: int) -> Sequence[Blob]:
        """Rows whose data key is not wrapped by ``kek_id``, locked."""
        statement = select(Blob).where(Blob.kek_id != kek_id).order_by(Blob.key).limit(limit).with_for_update()
        return (await self._session.scalars(statement)).all()
