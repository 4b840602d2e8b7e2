"""Queries on the rows of encrypted files. No commit inside."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Blob

_COLUMNS = {
    "key": "varchar",
    "wrapped_key": "bytea",
    "kek_id": "varchar",
    "object_name": "varchar",
    "size": "bigint",
    "sha256": "bytea",
    "content_type": "varchar",
}
_GET = text(f"SELECT {', '.join(_COLUMNS)} FROM blobs WHERE key = :key")
# What is replaced must have been read before it is: so the insertion is made to come after it.
_UPSERT = text(
    f"""
WITH replaced AS (SELECT object_name FROM blobs WHERE key = :key FOR UPDATE)
INSERT INTO blobs ({", ".join(_COLUMNS)})
SELECT {", ".join(f"CAST(:{name} AS {kind})" for name, kind in _COLUMNS.items())}
FROM (SELECT count(*) FROM replaced) AS first
ON CONFLICT (key) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
RETURNING (SELECT object_name FROM replaced)
"""
)


class Blobs:
    """Rows of the table ``blobs``, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, key: str) -> Blob | None:
        """What the row says now; changing it changes nothing."""
        row = (await self._session.execute(_GET, {"key": key})).one_or_none()
        return Blob(**row._mapping) if row else None

    async def upsert(self, blob: Blob) -> str | None:
        """Put the row under its key; the name of the object that it replaces."""
        replaced: str | None = await self._session.scalar(_UPSERT, {name: getattr(blob, name) for name in _COLUMNS})
        return replaced

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
