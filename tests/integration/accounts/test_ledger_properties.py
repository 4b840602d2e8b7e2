"""Whatever happens in whatever order, the ledger keeps its promises."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import payments, quotas
from stenogram.services.quotas import LEAST_TOLERANCE, TOLERANCE, Allowance
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.models import LedgerEntry, User
from stenogram.storage.repositories import Users
from tests.integration.accounts.conftest import Configure, midnight

Step = tuple[str, int, float]

DAILY = 10  # seconds: not much more than the tolerance, so that examples often come upon it
SECONDS = st.one_of(st.integers(0, 14).map(float), st.floats(0.001, 3.0))
STEP = st.tuples(
    st.sampled_from(["charge", "charge", "settle", "settle", "refund", "grant", "purchase", "revoke", "midnight"]),
    st.integers(0, 2),
    SECONDS,
)


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as made:
        yield made


@pytest.fixture(scope="module")
def own_database(portal: BlockingPortal, postgres_url: str) -> Iterator[Database]:
    made = portal.call(Database, postgres_url)
    yield made
    portal.call(made.dispose)


@dataclass
class Book:
    """One user's ledger, and what of it we know without looking."""

    session: AsyncSession
    settings: Settings
    user: User
    declared: float = 0.0  # the longest that was ever charged
    revoked: float = 0.0
    truth: dict[UUID, float] = field(default_factory=dict)  # of those settled and not refunded

    async def do(self, step: Step) -> None:
        name, number, seconds = step
        before, taken = await self.standing(), await self.taken()
        refused = None
        try:
            await getattr(self, name)(UUID(int=number + 1), round(seconds, 3), taken)
        except StenogramError as error:
            refused = error.code
        if refused is not None:
            assert refused in ("quota.exceeded", "request.invalid", "not_found")
            assert (await self.standing(), await self.taken()) == (before, taken)
        await self.check(name)

    async def standing(self) -> Allowance:
        return await quotas.allowance(self.session, self.user, self.settings)

    async def taken(self) -> dict[UUID, float]:
        """What is booked for each recording, all in all."""
        query = select(LedgerEntry.recording_id, -func.sum(LedgerEntry.seconds)).group_by(LedgerEntry.recording_id)
        rows = await self.session.execute(query.where(LedgerEntry.user_id == self.user.id))
        return {recording: round(seconds, 3) for recording, seconds in rows if recording is not None}

    async def charge(self, recording: UUID, seconds: float, taken: dict[UUID, float]) -> None:
        await quotas.charge(self.session, self.user, recording, seconds, self.settings)
        now = (await self.taken())[recording]
        assert now in (seconds, taken.get(recording))
        self.declared = max(self.declared, now)

    async def settle(self, recording: UUID, seconds: float, taken: dict[UUID, float]) -> None:
        charged = await self.is_charged(recording)
        await quotas.settle(self.session, recording, seconds, self.settings)
        if charged:
            self.truth.setdefault(recording, seconds)
        expected = self.truth[recording] if charged else taken.get(recording)
        assert (await self.taken()).get(recording) == expected

    async def refund(self, recording: UUID, _seconds: float, taken: dict[UUID, float]) -> None:
        before = await self.standing()
        await quotas.refund(self.session, recording)
        after = await self.standing()
        assert (await self.taken()).get(recording, 0.0) == 0.0
        assert not await self.outstanding(recording)
        given = before.used - after.used + after.packs - before.packs
        assert -0.002 < given <= taken.get(recording, 0.0) + 0.002  # less, where some was of a day that is over
        self.truth.pop(recording, None)

    async def grant(self, key: UUID, seconds: float, _taken: dict[UUID, float]) -> None:
        await quotas.grant(self.session, self.user, seconds, f"{self.user.id}:{key}")

    async def purchase(self, key: UUID, seconds: float, _taken: dict[UUID, float]) -> None:
        await payments.receive(self.session, self.user, f"{self.user.id}:{key}", 1, int(seconds) + 1)

    async def revoke(self, key: UUID, _seconds: float, _taken: dict[UUID, float]) -> None:
        before = (await self.standing()).packs
        await payments.refund(self.session, f"{self.user.id}:{key}")
        self.revoked += before - (await self.standing()).packs

    async def midnight(self, _key: UUID, _seconds: float, _taken: dict[UUID, float]) -> None:
        await midnight(self.session)
        assert (await self.standing()).left_today == DAILY

    async def is_charged(self, recording: UUID) -> bool:
        return await self.entries(recording, "charge") > await self.entries(recording, "refund", "refund:charge:")

    async def entries(self, recording: UUID, kind: str, prefix: str = "") -> int:
        """How many times it was booked: one of the day's and one of packs are one."""
        mine = (LedgerEntry.user_id == self.user.id, LedgerEntry.recording_id == recording)
        query = select(func.count(LedgerEntry.key.distinct())).where(*mine, LedgerEntry.kind == kind)
        return await self.session.scalar(query.where(LedgerEntry.key.startswith(prefix))) or 0

    async def outstanding(self, recording: UUID) -> dict[tuple[str, object], float]:
        """What has not gone back to the bucket and the day it came from."""
        sums: dict[tuple[str, object], float] = defaultdict(float)
        mine = (LedgerEntry.user_id == self.user.id, LedgerEntry.recording_id == recording)
        for entry in await self.session.scalars(select(LedgerEntry).where(*mine)):
            sums[entry.bucket, entry.day] += entry.seconds
        return {where: seconds for where, seconds in sums.items() if abs(seconds) > 1e-6}

    async def check(self, step: str) -> None:
        now = await self.standing()
        tolerance = max(LEAST_TOLERANCE, TOLERANCE * self.declared)
        assert -0.001 < now.used <= DAILY + tolerance + 0.001, step
        assert now.packs >= -self.revoked - 0.001, step
        assert now.left == pytest.approx(now.left_today + max(0.0, now.packs))


SMALL_ONES_TOGETHER: list[Step] = [
    *(("charge", number, 0.0) for number in range(3)),
    ("settle", 0, 10.0),
    ("settle", 1, 1.5),
    ("settle", 2, 1.5),
]


@example(steps=SMALL_ONES_TOGETHER)
@given(steps=st.lists(STEP, min_size=5, max_size=40))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_sequence_breaks_the_ledger(
    portal: BlockingPortal, own_database: Database, configure: Configure, steps: list[Step]
) -> None:
    settings = configure(QUOTA_PLANS=f"standard:{DAILY}")
    portal.call(partial(play, own_database, settings, steps))


async def play(database: Database, settings: Settings, steps: list[Step]) -> None:
    async with database.session() as session:
        user = await Users(session).add(User(name="anna", role="user"))
        book = Book(session, settings, user)
        for step in steps:
            await book.do(step)
