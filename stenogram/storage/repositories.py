"""Every query of the service. A repository works inside the session it is given and never commits.

Time is the database's (``now()``): leases and due dates then hold across machines whose clocks differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import (
    Base,
    DeadLetter,
    Outbox,
    Recording,
    Run,
    SegmentRow,
    SignInLink,
    SpeakerRow,
    StageRun,
    TranscriptRow,
    User,
    table_of,
)

_BY_TELEGRAM = select(User).where(User.telegram_id == bindparam("telegram"))
_TAKE_DUE = text(
    """
WITH taken AS (
    UPDATE outbox SET sent_at = clock_timestamp() WHERE id IN (
        SELECT id FROM outbox WHERE sent_at IS NULL AND not_before <= now()
        ORDER BY not_before, id LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    RETURNING id, task, queue, args, not_before, request_id
)
SELECT * FROM taken ORDER BY not_before, id
"""
)


def _values(row: Base) -> dict[str, Any]:
    """What was given to the row; the rest is the database's to say."""
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


@dataclass(frozen=True, slots=True)
class _Repository:
    session: AsyncSession


async def clock(session: AsyncSession) -> datetime:
    """What time it is in the database, by which every lease and due date is told."""
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


class Users(_Repository):
    async def get(self, user_id: UUID) -> User | None:
        return await self.session.get(User, user_id)

    async def by_telegram(self, telegram_id: int) -> User | None:
        return await self.session.scalar(_BY_TELEGRAM, {"telegram": telegram_id})

    async def add(self, user: User) -> User:
        self.session.add(user)
        await self.session.flush()
        return user

    async def add_link(self, link: SignInLink) -> None:
        self.session.add(link)
        await self.session.flush()

    async def spend_link(self, secret_hash: bytes) -> UUID | None:
        """Mark the link used and tell whose it is; None when it is unknown, used or expired. Atomic."""
        return await self.session.scalar(
            update(SignInLink)
            .where(
                SignInLink.secret_hash == secret_hash, SignInLink.used_at.is_(None), SignInLink.expires_at > func.now()
            )
            .values(used_at=func.now())
            .returning(SignInLink.user_id)
        )


class Recordings(_Repository):
    async def add(self, recording: Recording) -> Recording:
        self.session.add(recording)
        await self.session.flush()
        await self.session.refresh(recording)
        return recording

    async def get(self, recording_id: UUID) -> Recording | None:
        return await self.session.get(Recording, recording_id)

    async def by_upload_key(self, upload_key: str) -> Recording | None:
        return await self.session.scalar(select(Recording).where(Recording.upload_key == upload_key))

    async def set_media(self, recording_id: UUID, duration: float, media: dict[str, Any]) -> None:
        await self.session.execute(
            update(Recording).where(Recording.id == recording_id).values(duration=duration, media=media)
        )

    async def delete(self, recording: Recording) -> None:
        await self.session.delete(recording)
        await self.session.flush()


class Runs(_Repository):
    async def add(self, run: Run, stages: Iterable[StageRun]) -> Run:
        self.session.add(run)
        await self.session.flush()
        self.session.add_all(stages)
        await self.session.flush()
        await self.session.refresh(run)
        return run

    async def get(self, run_id: UUID) -> Run | None:
        return await self.session.get(Run, run_id)

    async def some(self, run_ids: Sequence[UUID]) -> Sequence[Run]:
        """Of these ids, those that are still there, read anew."""
        query = select(Run).where(Run.id.in_(run_ids)).execution_options(populate_existing=True)
        return (await self.session.scalars(query)).all()

    async def lock(self, run_id: UUID, *, wait: bool = True) -> Run | None:
        """The run as it is now; nobody else changes its state before this transaction ends.

        Not ``wait``: None for one that somebody has locked.
        """
        locked = {"skip_locked": not wait}
        return await self.session.get(Run, run_id, with_for_update=locked, populate_existing=True)

    async def lock_of_recording(self, recording_id: UUID) -> Sequence[Run]:
        query = select(Run).where(Run.recording_id == recording_id).order_by(Run.id).with_for_update()
        return (await self.session.scalars(query, execution_options={"populate_existing": True})).all()

    async def of_recording(self, recording_id: UUID) -> Sequence[Run]:
        """Newest first."""
        query = select(Run).where(Run.recording_id == recording_id).order_by(Run.created_at.desc(), Run.id)
        return (await self.session.scalars(query)).all()

    async def latest(self, recording_ids: Sequence[UUID]) -> dict[UUID, Run]:
        query = (
            select(Run)
            .ext(distinct_on(Run.recording_id))
            .where(Run.recording_id.in_(recording_ids))
            .order_by(Run.recording_id, Run.created_at.desc(), Run.id)
        )
        return {run.recording_id: run for run in await self.session.scalars(query)}

    async def latest_with_transcript(self, recording_id: UUID) -> Run | None:
        return await self.session.scalar(
            select(Run)
            .join(TranscriptRow, TranscriptRow.run_id == Run.id)
            .where(Run.recording_id == recording_id)
            .order_by(Run.created_at.desc(), Run.id)
            .limit(1)
        )

    async def set_language(self, run_id: UUID, language: str, probability: float) -> bool:
        """What was recognised. False: the run is gone."""
        values = {"language": language, "language_probability": probability}
        changed = update(Run).where(Run.id == run_id).values(values).returning(Run.id)
        return await self.session.scalar(changed, execution_options={"synchronize_session": False}) is not None


class StageRuns(_Repository):
    async def of(self, run_ids: Sequence[UUID]) -> dict[UUID, list[StageRun]]:
        """Stages in the order of the chain, read anew."""
        query = (
            select(StageRun)
            .where(StageRun.run_id.in_(run_ids))
            .order_by(StageRun.run_id, StageRun.position)
            .execution_options(populate_existing=True)
        )
        found: dict[UUID, list[StageRun]] = {run_id: [] for run_id in run_ids}
        for stage in await self.session.scalars(query):
            found[stage.run_id].append(stage)
        return found

    async def cancel_pending(self, run_id: UUID) -> None:
        """Cancel the stages of a run that nobody works on."""
        await self.session.execute(
            update(StageRun)
            .where(StageRun.run_id == run_id, StageRun.state.in_(("waiting", "queued")))
            .values(state="cancelled", not_before=None)
            .execution_options(synchronize_session=False)
        )

    async def cancel_requested(self, run_id: UUID) -> bool:
        """Also true when the run is gone: its work is wanted by nobody."""
        return await self.session.scalar(select(Run.cancel_requested).where(Run.id == run_id)) is not False

    async def expired(self, limit: int = 100) -> Sequence[StageRun]:
        """Running stages whose lease is over. Not locked: end each by its token, after locking its run."""
        query = select(StageRun).where(StageRun.state == "running", StageRun.lease_until < func.now()).limit(limit)
        return (await self.session.scalars(query)).all()

    async def held_by(self, worker: str) -> Sequence[StageRun]:
        query = select(StageRun).where(StageRun.state == "running", StageRun.worker == worker)
        return (await self.session.scalars(query)).all()

    async def unannounced(self, age: timedelta) -> Sequence[StageRun]:
        """Queued, due stages that have no message waiting in the outbox and none sent within ``age``."""
        args = func.jsonb_build_array(cast(StageRun.run_id, Outbox.task.type), StageRun.stage)
        message = exists().where(
            cast(Outbox.args, JSONB) == args,
            or_(Outbox.sent_at.is_(None), Outbox.sent_at > func.now() - age),
        )
        query = (
            select(StageRun)
            .where(StageRun.state == "queued", ~message)
            .where(or_(StageRun.not_before.is_(None), StageRun.not_before <= func.now()))
        )
        return (await self.session.scalars(query)).all()

    async def unrecorded(self, age: timedelta, except_codes: Sequence[str]) -> Sequence[StageRun]:
        """Stages given up more than ``age`` ago that no dead letter tells of, but for codes that begin so."""
        query = select(StageRun).where(
            StageRun.state == "dead",
            StageRun.finished_at < func.now() - age,
            ~or_(*(StageRun.error_code.startswith(prefix) for prefix in except_codes)),
            ~exists().where(_same_exhaustion(StageRun.run_id, StageRun.stage, StageRun.finished_at)),
        )
        return (await self.session.scalars(query)).all()


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment as it lies in its row; of each word its text, start, end and probability."""

    id: str
    start: float
    end: float
    speaker: str | None
    text: str
    words: Sequence[tuple[str, float, float, float]]


class Transcripts(_Repository):
    async def get(self, run_id: UUID) -> TranscriptRow | None:
        return await self.session.get(TranscriptRow, run_id, populate_existing=True)

    async def speakers(self, run_id: UUID) -> Sequence[SpeakerRow]:
        query = select(SpeakerRow).where(SpeakerRow.run_id == run_id).order_by(SpeakerRow.position)
        return (await self.session.scalars(query)).all()

    async def segments(self, run_id: UUID) -> Sequence[SegmentRow]:
        query = select(SegmentRow).where(SegmentRow.run_id == run_id).order_by(SegmentRow.position)
        return (await self.session.scalars(query)).all()

    async def kept_segments(self, run_id: UUID) -> Sequence[KeptSegment]:
        """What ``segments`` gives, for whoever only passes it on."""
        row = SegmentRow
        columns = select(row.id, row.start, row.end, row.speaker, row.text, row.words)
        query = columns.where(row.run_id == run_id).order_by(row.position)
        return [KeptSegment(*row) for row in await self.session.execute(query)]

    async def with_recording(self, run_id: UUID) -> tuple[Run, Recording, TranscriptRow | None] | None:
        """The run, what was recorded, and what was made of it so far."""
        query = (
            select(Run, Recording, TranscriptRow)
            .join(Recording, Recording.id == Run.recording_id)
            .outerjoin(TranscriptRow, TranscriptRow.run_id == Run.id)
            .where(Run.id == run_id)
            .execution_options(populate_existing=True)
        )
        row = (await self.session.execute(query)).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    async def replace(self, row: TranscriptRow, speakers: Sequence[SpeakerRow], segments: Sequence[SegmentRow]) -> None:
        """Put these rows in place of what the run had; the transcript gets the version after that one's."""
        values = _values(row)
        changed = {**values, "version": TranscriptRow.version + 1, "baseline": TranscriptRow.version + 1}
        version = await self.session.scalar(
            upsert(table_of(TranscriptRow))
            .values({**values, "version": 1})
            .on_conflict_do_update(index_elements=["run_id"], set_=changed)
            .returning(TranscriptRow.version)
        )
        for table, rows in ((table_of(SegmentRow), segments), (table_of(SpeakerRow), speakers)):
            if version != 1:
                await self.session.execute(delete(table).where(table.c.run_id == row.run_id))
            if rows:
                await self.session.execute(insert(table), [_values(one) for one in rows])

    async def touch(self, run_id: UUID, **values: Any) -> bool:
        """Write ``values`` and raise the version, by which prepared exports know that they are stale."""
        changed = await self.session.scalar(
            update(TranscriptRow)
            .where(TranscriptRow.run_id == run_id)
            .values(version=TranscriptRow.version + 1, **values)
            .returning(TranscriptRow.version)
        )
        return changed is not None


class Outboxes(_Repository):
    async def add(self, message: Outbox) -> None:
        await self.session.execute(insert(table_of(Outbox)).values(_values(message)))

    async def take_due(self, limit: int) -> Sequence[Outbox]:
        """Unsent messages whose time has come, the first of them, marked as sent: send them, then commit.

        Those another relay has taken are left out.
        """
        rows = await self.session.execute(_TAKE_DUE, {"limit": limit})
        return [Outbox(**row._mapping) for row in rows]

    async def prune(self, older_than: timedelta) -> None:
        """Forget messages sent long ago."""
        await self.session.execute(
            delete(Outbox).where(Outbox.sent_at < func.now() - older_than).execution_options(synchronize_session=False)
        )


def _same_exhaustion(run_id: Any, stage: Any, given_up_at: Any) -> ColumnElement[bool]:
    """A stage that was replayed and given up again has a letter of the first time, which is older than the second."""
    return and_(DeadLetter.run_id == run_id, DeadLetter.stage == stage, DeadLetter.created_at >= given_up_at)


class DeadLetters(_Repository):
    async def exists(self, run_id: UUID, stage: str, given_up_at: datetime) -> bool:
        """Whether this exhaustion was recorded, be the letter open or resolved."""
        query = select(exists().where(_same_exhaustion(run_id, stage, given_up_at)))
        return bool(await self.session.scalar(query))

    async def add(self, letter: DeadLetter) -> DeadLetter:
        self.session.add(letter)
        await self.session.flush()
        return letter

    async def get(self, letter_id: int, *, lock: bool = False) -> DeadLetter | None:
        return await self.session.get(DeadLetter, letter_id, with_for_update=lock, populate_existing=True)


class Counters(_Repository):
    """Figures for ``/metrics``."""

    async def stages(self) -> Sequence[tuple[str, str, int, int]]:
        """(stage, state, how many, attempts in all)."""
        query = select(StageRun.stage, StageRun.state, func.count(), func.coalesce(func.sum(StageRun.attempts), 0))
        rows = await self.session.execute(query.group_by(StageRun.stage, StageRun.state))
        return [(stage, state, count, attempts) for stage, state, count, attempts in rows]

    async def durations(self) -> Sequence[tuple[str, int, float, float]]:
        """(stage, finished, wall seconds in all, engine seconds in all) of the stages that are done."""
        wall = func.extract("epoch", StageRun.finished_at - StageRun.started_at)
        query = (
            select(StageRun.stage, func.count(), func.sum(wall), func.coalesce(func.sum(StageRun.engine_seconds), 0.0))
            .where(StageRun.state == "done", StageRun.attempts > 0)
            .group_by(StageRun.stage)
        )
        return [
            (s, n, float(wall or 0), float(engine or 0)) for s, n, wall, engine in await self.session.execute(query)
        ]

    async def dead_letters(self) -> dict[str, int]:
        query = select(DeadLetter.stage, func.count()).where(DeadLetter.resolved_at.is_(None))
        rows = await self.session.execute(query.group_by(DeadLetter.stage))
        return {stage: count for stage, count in rows}  # noqa: C416 - a row is more than a tuple to mypy

    async def unsent(self) -> int:
        return await self.session.scalar(select(func.count()).where(Outbox.sent_at.is_(None))) or 0
