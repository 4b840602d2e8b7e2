"""How many seconds of recordings a user may still send: a ledger of what was given and taken, and never a counter.

Each day has an allowance, of the user's plan and by the user's calendar; packs (bought or granted) last until they are
used. A recording is charged when it is taken in, by the duration that its sender declares; settled when its true
duration is known; refunded when it ends without ever having had a transcript. Seconds come first from the day's
allowance and then from packs, and go back to where they came from: of yesterday's nothing comes back to today.

Administrators and unlimited users are booked too, on their days only, and never refused.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.services import users
from stenogram.settings import QuotaSettings, Settings
from stenogram.storage.ledger_rows import DAILY, PACK, WINDOW, Balance, Booked, Ledger
from stenogram.storage.models import LedgerEntry, Recording, User
from stenogram.storage.repositories import Runs

LEAST_TOLERANCE, TOLERANCE = 2.0, 0.02
"""Seconds, and the part of the declared duration, by which a recording may turn out longer than what is left: players
and containers round differently."""

_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Allowance:
    """All in seconds. For an ``unlimited`` user ``left`` bounds nothing; ``packs`` below zero are a debt."""

    plan: str
    unlimited: bool
    daily: float
    used: float  # of the day's allowance
    left_today: float
    packs: float
    left: float  # both together
    resets_at: datetime  # the next midnight in the user's time zone


@dataclass(frozen=True, slots=True)
class Day:
    """What was taken on one day and not given back; and how many recordings were taken in."""

    day: date
    seconds: float
    recordings: int


@dataclass(frozen=True, slots=True)
class _Standing:
    """A user's account at one moment."""

    user: User
    now: datetime
    today: date  # in the user's time zone
    allowance: Allowance
    balance: Balance


class _Part(NamedTuple):
    bucket: str
    seconds: float  # given; below zero: taken
    day: date


async def allowance(session: AsyncSession, user: User, settings: Settings) -> Allowance:
    """What the user has now. Raises StenogramError("not_found") for a user that is gone."""
    return (await _standing(session, user.id, settings)).allowance


async def check(session: AsyncSession, user: User, settings: Settings) -> None:
    """Before a file is sent whose duration nobody knows yet: raises as ``charge`` would, and books nothing."""
    standing = await _standing(session, user.id, settings)
    _refuse(standing, 0.0, settings)


async def charge(session: AsyncSession, user: User, recording_id: UUID, seconds: float, settings: Settings) -> None:
    """Take ``seconds`` (0: nobody knows yet) for a recording, in the transaction that takes it in.

    A recording that is charged already, and was not refunded since, is not charged again. Charges of one user wait for
    each other, so of several at once no more get in than there is room. Raises StenogramError: ``quota.exceeded`` when
    more is needed than is left, or nothing is left; ``quota.files``; ``not_found`` for a user that is gone. Both of the
    first with words for a person in their params, and ``retry_after`` in seconds.
    """
    standing = await _standing(session, user.id, settings, recording_id, lock=True)
    if _open(standing.balance.entries):
        return
    seconds = _milliseconds(seconds)
    _refuse(standing, seconds, settings)
    times = sum(entry.kind == "charge" and entry.bucket == DAILY for entry in standing.balance.entries)
    key = f"charge:{recording_id}" if not times else f"charge:{recording_id}:{times + 1}"
    await _book(session, standing, recording_id, key, "charge", _split(standing, seconds))


async def charge_again(session: AsyncSession, user: User, recording: Recording, settings: Settings) -> None:
    """Before another run of a recording: it costs nothing, unless none before made a transcript and was paid for.

    Raises as ``charge`` does.
    """
    runs = Runs(session)
    if await runs.latest_with_transcript(recording.id) is None:
        await runs.lock_of_recording(recording.id)  # before the user, as where a run ends and is refunded
        await charge(session, user, recording.id, recording.duration or 0.0, settings)


async def settle(session: AsyncSession, recording_id: UUID, seconds: float, settings: Settings) -> None:
    """Book the difference to the true duration, once; of a recording that was not charged, or was refunded, nothing.

    Raises StenogramError("quota.exceeded") when that is more than is left, beyond a tolerance of what was declared:
    senders may lie. All that goes beyond a day's allowance in this way is within the tolerance.
    """
    ledger = Ledger(session)
    payer = await ledger.payer(recording_id)
    if payer is None:
        return
    standing = await _look(ledger, payer, settings, recording_id)
    charged = _open(standing.balance.entries)
    if not charged or any(entry.kind == "settle" for entry in charged):
        return
    declared = _exact(-sum(entry.seconds for entry in charged))
    seconds = _milliseconds(seconds)
    more = _exact(seconds - declared)
    parts = _more(standing, seconds, declared) if more > 0 else _less(charged, -more)
    await _book(session, standing, recording_id, charged[0].key.replace("charge:", "settle:", 1), "settle", parts)


async def refund(session: AsyncSession, recording_id: UUID) -> None:
    """Give back all that was taken for a recording that has never had a transcript, once.

    Nothing while another run of it may still make one. Call it where a run has ended. Whoever has been given back what
    another run then makes good of (an administrator replays it) is not charged for it.
    """
    await session.flush()
    ledger = Ledger(session)
    if await ledger.payer(recording_id) is not None:  # of two runs that end at once, the second sees the first's end
        await ledger.refund(recording_id)


async def grant(session: AsyncSession, user: User, seconds: float, key: str) -> bool:
    """Give a pack. False: one was given under this key already, to whomever. Raises InvalidOptions for none at all."""
    if not seconds > 0:
        raise InvalidOptions("request.invalid", detail="seconds")
    return await change_packs(session, user.id, f"grant:{key}", "grant", seconds)


async def change_packs(session: AsyncSession, user_id: UUID, key: str, kind: str, seconds: float) -> bool:
    """Give (or take, below zero) once per ``key``; False: it was done before. The user's row must exist."""
    entry = LedgerEntry(key=key, bucket=PACK, user_id=user_id, kind=kind, seconds=round(seconds, 3), day=_utc_today())
    return await Ledger(session).add_once(entry)


def _utc_today() -> date:
    """Of what belongs to no day's allowance."""
    return datetime.now(UTC).date()


async def usage(session: AsyncSession, user: User, days: int = 30) -> list[Day]:
    """The last days on which something was taken, the newest first."""
    return [Day(*row) for row in await Ledger(session).by_day(user.id, days)]


async def _standing(
    session: AsyncSession, user_id: UUID, settings: Settings, recording_id: UUID | None = None, *, lock: bool = False
) -> _Standing:
    ledger = Ledger(session)
    account = await ledger.account(user_id, lock=lock)
    if account is None:
        raise StenogramError("not_found", "the user is gone")
    return await _look(ledger, account, settings, recording_id)


async def _look(
    ledger: Ledger, account: tuple[User, datetime], settings: Settings, recording_id: UUID | None
) -> _Standing:
    user, now = account
    zone = users.zone(user, settings)
    today = now.astimezone(zone).date()
    balance = await ledger.balance(user.id, today, now, recording_id)
    resets_at = datetime.combine(today + timedelta(days=1), time.min, zone)
    return _Standing(user, now, today, _allowance(user, balance, resets_at, settings.quota), balance)


def _allowance(user: User, balance: Balance, resets_at: datetime, quota: QuotaSettings) -> Allowance:
    plan = user.plan if user.plan in quota.plans else quota.plan
    daily = float(quota.plans[plan])
    left_today = max(0.0, daily - balance.used)
    return Allowance(
        plan=plan,
        unlimited=user.unlimited or user.role == "admin",
        daily=daily,
        used=balance.used,
        left_today=left_today,
        packs=balance.packs,
        left=_exact(left_today + max(0.0, balance.packs)),
        resets_at=resets_at,
    )


def _open(entries: Sequence[Booked]) -> list[Booked]:
    """What was taken and not given back."""
    refunded = {entry.key.removeprefix("refund:") for entry in entries if entry.kind == "refund"}
    return [entry for entry in entries if entry.kind in ("charge", "settle") and entry.key not in refunded]


def _refuse(standing: _Standing, seconds: float, settings: Settings) -> None:
    has, limit = standing.allowance, settings.quota.files_per_hour
    if has.unlimited:
        return
    if standing.balance.first is not None and standing.balance.files >= limit:
        again = (standing.balance.first + WINDOW).astimezone(has.resets_at.tzinfo)
        raise _refusal("quota.files", again, standing.now, limit=limit)
    if seconds > has.left or has.left <= 0:
        raise _exceeded(standing, seconds, has.left)


def _exceeded(standing: _Standing, needed: float, left: float) -> StenogramError:
    shown = clock_text(math.ceil(needed)) if needed else _UNKNOWN
    resets_at, now = standing.allowance.resets_at, standing.now
    return _refusal("quota.exceeded", resets_at, now, needed=shown, left=clock_text(left))


def _refusal(code: str, until: datetime, now: datetime, **params: str | int) -> StenogramError:
    seconds = max(1, math.ceil((until - now).total_seconds()))
    return StenogramError(code, "", resets_at=until.strftime("%d.%m %H:%M %Z"), retry_after=seconds, **params)


def clock_text(seconds: float) -> str:
    """``3:20`` or ``1:20:00``; whole seconds, rounded down."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _milliseconds(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise ValueError("a duration must be a number of seconds")
    return _exact(max(0.0, seconds))


def _exact(seconds: float) -> float:
    return round(seconds, 3)


def _split(standing: _Standing, seconds: float) -> list[_Part]:
    """What is left of the day first."""
    has = standing.allowance
    of_day = seconds if has.unlimited else min(seconds, has.left_today)
    return [_Part(DAILY, -of_day, standing.today), _Part(PACK, -_exact(seconds - of_day), standing.today)]


def _more(standing: _Standing, seconds: float, declared: float) -> list[_Part]:
    has, more = standing.allowance, _exact(seconds - declared)
    beyond = 0.0 if has.unlimited else _exact(more - has.left)
    tolerance = max(LEAST_TOLERANCE, TOLERANCE * declared) - max(0.0, has.used - has.daily)
    if beyond > max(0.0, tolerance):
        raise _exceeded(standing, seconds, has.left + declared)
    of_day, of_packs = _split(standing, _exact(more - max(0.0, beyond)))
    return [_Part(DAILY, of_day.seconds - max(0.0, beyond), standing.today), of_packs]


def _less(charged: Sequence[Booked], less: float) -> list[_Part]:
    """Back to packs first, which were taken from last; of the day to the day it was of."""
    of_packs = min(less, -sum(entry.seconds for entry in charged if entry.bucket == PACK))
    day = charged[0].day
    return [_Part(DAILY, less - of_packs, day), _Part(PACK, of_packs, day)]


async def _book(
    session: AsyncSession, standing: _Standing, recording_id: UUID, key: str, kind: str, parts: Sequence[_Part]
) -> None:
    entries = [
        LedgerEntry(
            key=key,
            bucket=part.bucket,
            user_id=standing.user.id,
            kind=kind,
            seconds=_exact(part.seconds),
            day=part.day,
            recording_id=recording_id,
        )
        for part in parts
        if part.seconds or part.bucket == DAILY  # an empty one marks that it was charged, or settled
    ]
    await Ledger(session).add(entries)
