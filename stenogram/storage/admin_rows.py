"""Queries of what administrators look at, and of the janitor. No commit inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from stenogram.storage.models import Blob, DeadLetter, JanitorSweep, Outbox, Run, StageRun

_AT_WORK = ("queued", "running")
_OVER = ("done", "done_with_warnings", "cancelled", "dead")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Queued stages of one name: ``due`` now, ``delayed`` by a backoff; since when the oldest due one is queued."""

    stage: str
    due: int
    delayed: int
    oldest: datetime | None


class OpenLetters:
    """Dead letters nobody has dealt with, newest first."""

    def __init__(self, session: AsyncSession, stage: str | None = None, code: str | None = None) -> None:
        wanted: list[ColumnElement[bool]] = [DeadLetter.resolved_at.is_(None)]
        wanted += [DeadLetter.stage == stage] if stage else []
        wanted += [DeadLetter.error_code == code] if code else []
        self._session, self._wanted = session, wanted

    async def page(self, limit: int, before: int | None = None) -> Sequence[DeadLetter]:
        """``before`` is the id of the last one seen."""
        wanted = self._wanted if before is None else [*self._wanted, DeadLetter.id < before]
        query = select(DeadLetter).where(*wanted).order_by(DeadLetter.id.desc()).limit(limit)
        return (await self._session.scalars(query)).all()

    async def ids(self, limit: int) -> Sequence[int]:
        """Oldest first: in the order in which they are to be tried again."""
        query = select(DeadLetter.id).where(*self._wanted).order_by(DeadLetter.id).limit(limit)
        return (await self._session.scalars(query)).all()


class Backlog:
    """What waits, what is held, what is not sent yet; ages are the database's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def waiting(self) -> Sequence[Waiting]:
        due = or_(StageRun.not_before.is_(None), StageRun.not_before <= func.now())
        query = (
            select(
                StageRun.stage,
                func.count().filter(due),
                func.count().filter(~due),
                func.min(_queued_since()).filter(due),
            )
            .join(Run, Run.id == StageRun.run_id)
            .where(StageRun.state == "queued")
            .group_by(StageRun.stage)
        )
        return [Waiting(*row) for row in await self._session.execute(query)]

    async def leases(self, limit: int) -> Sequence[StageRun]:
        """Running stages, the longest running first."""
        query = select(StageRun).where(StageRun.state == "running").order_by(StageRun.started_at).limit(limit)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).all()

    async def oldest_lease(self) -> datetime | None:
        """When the longest running stage was taken."""
        return await self._session.scalar(select(func.min(StageRun.started_at)).where(StageRun.state == "running"))

    async def unsent(self) -> tuple[int, datetime | None]:
        """Messages not yet sent, and when the oldest of those that are due became so."""
        due = case((Outbox.not_before <= func.now(), Outbox.not_before))
        query = select(func.count(), func.min(due)).where(Outbox.sent_at.is_(None))
        count, oldest = (await self._session.execute(query)).one()
        return count, oldest

    async def stored(self) -> tuple[int, int]:
        """How many files the vault has, and their plaintext bytes."""
        query = select(func.count(), func.coalesce(func.sum(Blob.size), 0))
        count, size = (await self._session.execute(query)).one()
        return count, int(size)


def _queued_since() -> ColumnElement[datetime]:
    """The latest of all that can have queued a stage.

    That is the start of its run, the end of a stage before it, its own last attempt, a backoff that is over, or the
    replay of its dead letter. ``greatest`` passes over what never was.
    """
    earlier = aliased(StageRun)
    before = select(func.max(earlier.finished_at)).where(
        earlier.run_id == StageRun.run_id, earlier.position < StageRun.position
    )
    replayed = select(func.max(DeadLetter.resolved_at)).where(
        DeadLetter.run_id == StageRun.run_id, DeadLetter.resolution == "replayed"
    )
    moments = (Run.created_at, before.scalar_subquery(), StageRun.started_at, StageRun.not_before)
    return func.greatest(*moments, replayed.scalar_subquery())


class Sweeps:
    """What the janitor did, by kind of rubbish."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> Sequence[JanitorSweep]:
        query = select(JanitorSweep).order_by(JanitorSweep.name)
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).all()

    async def succeeded_at(self, name: str) -> datetime | None:
        return await self._session.scalar(select(JanitorSweep.succeeded_at).where(JanitorSweep.name == name))

    async def record(self, name: str, removed: int, error_code: str | None = None) -> None:
        now = func.clock_timestamp()
        succeeded = {} if error_code else {"succeeded_at": now}
        values = {"last_at": now, "last_count": removed, "error_code": error_code, **succeeded}
        statement = insert(JanitorSweep).values(name=name, total=removed, **values)
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=[JanitorSweep.name], set_={**values, "total": JanitorSweep.total + removed}
            )
        )

    async def disagreeing(self, limit: int = 100) -> Sequence[UUID]:
        """Runs whose state is not what their stages add up to. Not locked: look again after locking each."""
        active = exists().where(StageRun.run_id == Run.id, StageRun.state.in_(_AT_WORK))
        waits = exists().where(StageRun.run_id == Run.id, StageRun.state == "waiting")
        over = Run.state.in_(_OVER)
        goes_on = Run.state.in_(("done", "done_with_warnings", "cancelled")) & waits  # a dead run leaves stages waiting
        query = select(Run.id).where(or_(and_(~over, ~active), and_(over, active), goes_on)).limit(limit)
        return (await self._session.scalars(query)).all()
