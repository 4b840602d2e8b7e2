"""Objects and transactions: what a transaction made unneeded is removed when it ends, and never before.

An object of the raw store is no part of a transaction. So a write leaves its old object until the commit, and a
rollback takes the new one away. Where nobody knows how it ended, because a process was killed in between or the
database went away before it confirmed the commit, both objects stay, and ``Vault.sweep`` finds the orphan.
"""

from collections.abc import Collection

import anyio.to_thread
from loguru import logger
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.util import await_only

from stenogram.errors import StorageError
from stenogram.storage.blobs import RawStore
from stenogram.storage.models import Blob


class Aftermath:
    """Watches one session. ``made`` and ``unneeded`` hold names of objects since the last outermost transaction."""

    def __init__(self, session: Session, store: RawStore) -> None:
        self._store = store
        self.made: set[str] = set()
        self.unneeded: set[str] = set()
        self._dead: set[str] = set()
        self._nested = False  # there were savepoints
        self._asked = False  # to commit, and not told how that went
        event.listen(session, "before_commit", self._before_commit)
        event.listen(session, "after_commit", self._after_commit)
        event.listen(session, "after_transaction_end", self._after_transaction_end)

    @classmethod
    def of(cls, session: AsyncSession, store: RawStore) -> "Aftermath":
        """The one of this session, made at its first use."""
        found: Aftermath | None = session.info.get(cls.__name__)
        if found is None:
            found = session.info[cls.__name__] = cls(session.sync_session, store)
        return found

    def _before_commit(self, session: Session) -> None:
        touched = self.made | self.unneeded
        if session.in_nested_transaction() or not touched:
            return
        session.flush()
        self._dead = self._unneeded_after_savepoints(session, touched) if self._nested else set(self.unneeded)
        self._asked = True

    @staticmethod
    def _unneeded_after_savepoints(session: Session, touched: set[str]) -> set[str]:
        """Asked of the database: one that was rolled back has brought some rows back and taken others away."""
        needed = session.scalars(select(Blob.object_name).where(Blob.object_name.in_(touched)))
        return touched - set(needed)

    def _after_commit(self, session: Session) -> None:
        if not session.in_nested_transaction():
            self._remove(self._dead)
            self._forget()

    def _after_transaction_end(self, _session: Session, transaction: SessionTransaction) -> None:
        self._nested = self._nested or transaction.nested
        if transaction.parent is None:
            if not self._asked:  # what a commit made was forgotten above: this is a rollback
                self._remove(self.made)
            self._forget()

    def _forget(self) -> None:
        self.made, self.unneeded, self._dead = set(), set(), set()
        self._nested = self._asked = False

    def _remove(self, names: Collection[str]) -> None:
        if names:
            await_only(anyio.to_thread.run_sync(self._remove_all, tuple(names)))

    def _remove_all(self, names: Collection[str]) -> None:
        for name in names:
            try:
                self._store.delete(name)
            except StorageError as error:  # the rows are right whatever happens here; the sweep will find the object
                logger.warning("the object {} stays until the next sweep: {}", name, error)
