"""Queries on the ledger of seconds, on payments, and on what people who have left had used. No commit inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Departure, LedgerEntry, Payment, User, table_of

DAILY, PACK = "daily", "pack"
WINDOW = timedelta(hours=1)
"""Within which recordings are counted."""

_NEAR = timedelta(days=2)  # what was booked within the window is of a day not longer ago, wherever its user travels

_NONE = UUID(int=0)  # no recording's id

_DEPARTURES = table_of(Departure)
_TAKE_DEPARTURE = (
    delete(_DEPARTURES)
    .where(_DEPARTURES.c.person == bindparam("who"))
    .returning(_DEPARTURES.c.day, _DEPARTURES.c.seconds)
)

# What was given back once has its key taken. The transcript or the run that could still make one may be anybody's.
_REFUND = text(
    """
INSERT INTO ledger (key, bucket, user_id, kind, seconds, day, recording_id)
SELECT 'refund:' || key, bucket, user_id, 'refund', -seconds, day, recording_id
FROM ledger
WHERE recording_id = :recording_id AND kind IN ('charge', 'settle') AND NOT EXISTS (
    SELECT FROM runs LEFT JOIN transcripts ON transcripts.run_id = runs.id
    WHERE runs.recording_id = :recording_id
      AND (runs.state IN ('queued', 'running') OR transcripts.run_id IS NOT NULL)
)
ORDER BY id
ON CONFLICT (key, bucket) DO NOTHING
RETURNING id
"""
)


@dataclass(frozen=True, slots=True)
class Booked:
    """One entry of a recording."""

    key: str
    bucket: str
    kind: str
    seconds: float
    day: date


@dataclass(frozen=True, slots=True)
class Balance:
    """What a user has used and has. ``entries`` are all of one recording."""

    used: float  # of the day's allowance
    packs: float
    files: int  # within ``WINDOW``
    first: datetime | None  # of those files
    entries: tuple[Booked, ...]


class Ledger:
    """Entries of seconds, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def account(self, user_id: UUID, *, lock: bool = False) -> tuple[User, datetime] | None:
        """The user and what time it is. ``lock``: nobody else books for it before this transaction ends."""
        return await self._account(select(User, func.clock_timestamp()).where(User.id == user_id), lock)

    async def payer(self, recording_id: UUID) -> tuple[User, datetime] | None:
        """Who was charged for the recording, locked. None: nobody."""
        charged = select(LedgerEntry.user_id).where(LedgerEntry.recording_id == recording_id)
        query = select(User, func.clock_timestamp()).where(User.id.in_(charged))
        return await self._account(query, lock=True)

    async def _account(self, query: "Select[User, datetime]", lock: bool) -> tuple[User, datetime] | None:
        if lock:  # others may go on to refer to the row meanwhile: every claim of a stage does
            query = query.with_for_update(of=User, key_share=True)
        row = (await self._session.execute(query.execution_options(populate_existing=True))).one_or_none()
        return (row[0], row[1]) if row else None

    async def balance(self, user_id: UUID, day: date, now: datetime, recording_id: UUID | None = None) -> Balance:
        """What ``user_id`` has used of ``day``, has in packs, and what is booked for the recording."""
        entry, seconds = LedgerEntry, LedgerEntry.seconds
        file = and_(entry.kind == "charge", entry.bucket == DAILY, entry.created_at > now - WINDOW)
        of_recording = entry.recording_id == (recording_id or _NONE)
        booked = func.jsonb_build_array(entry.key, entry.bucket, entry.kind, seconds, entry.day)
        query = select(
            func.coalesce(func.sum(seconds).filter(entry.bucket == DAILY, entry.day == day), 0.0),
            func.coalesce(func.sum(seconds).filter(entry.bucket == PACK), 0.0),
            func.count().filter(file),
            func.min(entry.created_at).filter(file),
            func.jsonb_agg(booked).filter(of_recording),
        )
        ours = or_(entry.bucket == PACK, entry.day >= day - _NEAR, of_recording)
        used, packs, files, first, entries = (
            await self._session.execute(query.where(entry.user_id == user_id, ours))
        ).one()
        return Balance(_exact(-used), _exact(packs), files, first, tuple(_booked(*item) for item in entries or ()))

    async def add(self, entries: Sequence[LedgerEntry]) -> None:
        self._session.add_all(entries)
        await self._session.flush()

    async def add_once(self, entry: LedgerEntry) -> bool:
        """False: something is booked under this key already."""
        values = {name: getattr(entry, name) for name in ("key", "bucket", "user_id", "kind", "seconds", "day")}
        statement = insert(LedgerEntry).values(values).on_conflict_do_nothing().returning(LedgerEntry.id)
        return await self._session.scalar(statement) is not None

    async def refund(self, recording_id: UUID) -> bool:
        """Give back everything that was taken for the recording, unless it has a transcript or a run that goes on.

        Each entry into its bucket and its day, and once. False: there was nothing to give back.
        """
        return (await self._session.execute(_REFUND, {"recording_id": recording_id})).first() is not None

    async def by_day(self, user_id: UUID, days: int) -> Sequence[tuple[date, float, int]]:
        """(day, seconds taken and not given back, recordings taken in), the newest first; days without any left out."""
        entry = LedgerEntry
        files = func.count().filter(entry.kind == "charge", entry.bucket == DAILY)
        query = (
            select(entry.day, -func.sum(entry.seconds), files)
            .where(entry.user_id == user_id, entry.kind.in_(("charge", "settle", "refund")))
            .where(entry.day > func.current_date() - days)
            .group_by(entry.day)
            .order_by(entry.day.desc())
        )
        return [(day, _exact(seconds), count) for day, seconds, count in await self._session.execute(query)]

    async def of_user(self, user_id: UUID) -> Sequence[LedgerEntry]:
        """Everything, the oldest first."""
        query = select(LedgerEntry).where(LedgerEntry.user_id == user_id).order_by(LedgerEntry.id)
        return (await self._session.scalars(query)).all()


def _booked(key: str, bucket: str, kind: str, seconds: float, day: str) -> Booked:
    return Booked(key, bucket, kind, seconds, date.fromisoformat(day))


def _exact(seconds: float) -> float:
    """Entries are whole milliseconds; their sum is too."""
    return round(seconds, 3) + 0.0


class Payments:
    """Stars received, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_once(self, **values: Any) -> bool:
        """False: this payment is known."""
        statement = insert(Payment).values(values).on_conflict_do_nothing(index_elements=[Payment.charge_id])
        return await self._session.scalar(statement.returning(Payment.charge_id)) is not None

    async def get(self, charge_id: str, *, lock: bool = False) -> Payment | None:
        return await self._session.get(Payment, charge_id, with_for_update=lock, populate_existing=True)

    async def mark_refunded(self, charge_id: str) -> Payment:
        """Now."""
        changed = update(Payment).where(Payment.charge_id == charge_id).values(refunded_at=func.clock_timestamp())
        options = {"populate_existing": True, "synchronize_session": False}
        row = await self._session.execute(changed.returning(Payment), execution_options=options)
        payment: Payment = row.scalar_one()
        return payment

    async def page(self, limit: int, offset: int) -> Sequence[tuple[Payment, User]]:
        """Everybody's, newest first, each with who has paid."""
        query = select(Payment, User).join(User, User.id == Payment.user_id)
        newest = query.order_by(Payment.created_at.desc(), Payment.charge_id).limit(limit).offset(offset)
        return [(row[0], row[1]) for row in await self._session.execute(newest)]

    async def count(self) -> int:
        return await self._session.scalar(select(func.count()).select_from(Payment)) or 0

    async def of_user(self, user_id: UUID) -> Sequence[Payment]:
        """Newest first."""
        query = select(Payment).where(Payment.user_id == user_id)
        return (await self._session.scalars(query.order_by(Payment.created_at.desc(), Payment.charge_id))).all()


class Departures:
    """What people who have left had used, by an HMAC of who they are; in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, person: bytes, user_id: UUID, lifetime: timedelta) -> None:
        """Note what the user has used of the allowance of days that are not long over."""
        entry = LedgerEntry
        lasting = entry.day > func.current_date() - _NEAR.days
        query = (
            select(entry.day, -func.sum(entry.seconds), func.now() + lifetime)
            .where(entry.user_id == user_id, entry.bucket == DAILY, lasting)
            .group_by(entry.day)
            .having(func.sum(entry.seconds) < 0)
        )
        for day, seconds, expires_at in await self._session.execute(query):
            values = {"seconds": _exact(seconds), "expires_at": expires_at}
            statement = insert(Departure).values(person=person, day=day, **values)
            await self._session.execute(
                statement.on_conflict_do_update(index_elements=[Departure.person, Departure.day], set_=values)
            )

    async def take(self, person: bytes) -> Sequence[tuple[date, float]]:
        """(day, seconds) of what was noted of the person; it is noted no more."""
        return [(day, seconds) for day, seconds in await self._session.execute(_TAKE_DEPARTURE, {"who": person})]
