"""The ledger: what is charged, settled and given back, in which words it is refused, and that nothing overspends."""

import asyncio
import re
from collections.abc import Awaitable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import people, quotas, users
from stenogram.services.quotas import Day
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.models import LedgerEntry, Recording, Run, TranscriptRow, User
from stenogram.storage.repositories import Users, clock
from tests.integration.accounts.conftest import DAILY, Configure, midnight


async def refused(awaitable: Awaitable[object]) -> StenogramError:
    with pytest.raises(StenogramError) as caught:
        await awaitable
    return caught.value


@pytest.fixture
async def anna(session: AsyncSession) -> User:
    return await Users(session).add(User(name="anna", role="user"))


async def has(session: AsyncSession, user: User, settings: Settings) -> tuple[float, float]:
    """(used today, packs)."""
    found = await quotas.allowance(session, user, settings)
    return found.used, found.packs


async def test_a_fresh_user_has_the_days_allowance(session: AsyncSession, anna: User, settings: Settings) -> None:
    found = await quotas.allowance(session, anna, settings)
    assert (found.plan, found.unlimited, found.daily) == ("standard", False, DAILY)
    assert (found.used, found.left_today, found.packs, found.left) == (0, DAILY, 0, DAILY)
    local = found.resets_at.astimezone(users.zone(anna, settings))
    now = (await clock(session)).astimezone(local.tzinfo)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert local.date() == now.date() + timedelta(days=1)


async def test_a_charge_takes_of_the_day_first_and_once(session: AsyncSession, anna: User, settings: Settings) -> None:
    await quotas.grant(session, anna, 300, "gift")
    first, second = uuid4(), uuid4()
    await quotas.charge(session, anna, first, 500.5, settings)
    await quotas.charge(session, anna, first, 500.5, settings)
    assert await has(session, anna, settings) == (500.5, 300)
    await quotas.charge(session, anna, second, 200, settings)
    assert await has(session, anna, settings) == (DAILY, 199.5)


async def test_a_refusal_says_what_is_needed_and_left_and_when_there_is_more(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await quotas.charge(session, anna, uuid4(), 399.2, settings)
    error = await refused(quotas.charge(session, anna, uuid4(), 3725.1, settings))
    assert (error.code, error.params["needed"], error.params["left"]) == ("quota.exceeded", "1:02:06", "3:20")
    assert re.fullmatch(r"\d\d\.\d\d 00:00 MSK", str(error.params["resets_at"]))
    assert 0 < int(error.params["retry_after"]) <= 24 * 3600
    assert "?" not in error.message("ru") + error.message("en")
    assert await has(session, anna, settings) == (399.2, 0)


async def test_an_unknown_duration_is_taken_in_while_anything_is_left(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await quotas.charge(session, anna, uuid4(), DAILY - 1, settings)
    await quotas.check(session, anna, settings)
    await quotas.charge(session, anna, uuid4(), 0, settings)
    await quotas.charge(session, anna, uuid4(), 1, settings)
    for attempt in (quotas.charge(session, anna, uuid4(), 0, settings), quotas.check(session, anna, settings)):
        assert (await refused(attempt)).code == "quota.exceeded"
    await midnight(session)
    await quotas.check(session, anna, settings)


async def test_so_many_files_an_hour_are_taken(session: AsyncSession, anna: User, configure: Configure) -> None:
    settings = configure(QUOTA_FILES_PER_HOUR="2")
    recordings = [uuid4(), uuid4()]
    for recording in recordings:
        await quotas.charge(session, anna, recording, 1, settings)
    await quotas.charge(session, anna, recordings[0], 1, settings)  # the same again is none
    error = await refused(quotas.charge(session, anna, uuid4(), 1, settings))
    assert (error.code, error.params["limit"]) == ("quota.files", 2)
    assert 3500 < int(error.params["retry_after"]) <= 3600
    assert (await refused(quotas.check(session, anna, settings))).code == "quota.files"
    await midnight(session)
    await quotas.check(session, anna, settings)


@pytest.mark.parametrize("values", [{"unlimited": True}, {"role": "admin"}])
async def test_who_is_unlimited_is_booked_and_never_refused(
    session: AsyncSession, configure: Configure, values: dict[str, object]
) -> None:
    settings = configure(QUOTA_FILES_PER_HOUR="1")
    root = await Users(session).add(User(name="root", **values))
    await quotas.grant(session, root, 50, "gift")
    recording = uuid4()
    for each in (recording, uuid4()):
        await quotas.charge(session, root, each, DAILY, settings)
    await quotas.settle(session, recording, 3 * DAILY, settings)
    assert await has(session, root, settings) == (4 * DAILY, 50)
    assert (await quotas.allowance(session, root, settings)).unlimited


async def test_plans_differ_and_an_unknown_one_is_the_services(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await people.set_plan(session, anna, "small", settings)
    assert (await quotas.allowance(session, anna, settings)).daily == 60
    anna.plan = "gone"
    await session.flush()
    assert (await quotas.allowance(session, anna, settings)).plan == "standard"


@pytest.mark.parametrize("true_seconds", [0.0, 20.0, 100.0, 400.0, 460.0])
async def test_settling_books_the_true_duration(
    session: AsyncSession, anna: User, settings: Settings, true_seconds: float
) -> None:
    await quotas.charge(session, anna, uuid4(), DAILY - 50, settings)
    await quotas.grant(session, anna, 410, "gift")
    recording = uuid4()
    await quotas.charge(session, anna, recording, 100, settings)
    assert await has(session, anna, settings) == (DAILY, 360)
    for _ in range(2):  # running it again changes nothing
        await quotas.settle(session, recording, true_seconds, settings)
        assert await has(session, anna, settings) == (
            DAILY - 50 + min(50, true_seconds),
            410 - max(0, true_seconds - 50),
        )
    await quotas.refund(session, recording)
    assert await has(session, anna, settings) == (DAILY - 50, 410)


async def test_a_little_longer_than_declared_is_let_pass(session: AsyncSession, anna: User, settings: Settings) -> None:
    recording = uuid4()
    await quotas.charge(session, anna, recording, DAILY, settings)
    await quotas.settle(session, recording, DAILY * 1.02, settings)
    assert await has(session, anna, settings) == (DAILY * 1.02, 0)


async def test_but_not_more_and_not_for_many_small_ones_together(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await quotas.charge(session, anna, uuid4(), DAILY - 100, settings)
    recordings = [uuid4() for _ in range(4)]
    for recording in recordings:
        await quotas.charge(session, anna, recording, 0, settings)
    await quotas.settle(session, recordings[0], 100, settings)
    await quotas.settle(session, recordings[1], 1.5, settings)
    error = await refused(quotas.settle(session, recordings[2], 1.5, settings))
    assert (error.code, error.params["needed"], error.params["left"]) == ("quota.exceeded", "0:02", "0:00")
    await quotas.settle(session, recordings[3], 0.5, settings)
    assert await has(session, anna, settings) == (DAILY + 2, 0)


async def test_a_liar_is_told_all_that_was_left(session: AsyncSession, anna: User, settings: Settings) -> None:
    recording = uuid4()
    await quotas.charge(session, anna, recording, 100, settings)
    error = await refused(quotas.settle(session, recording, 3600, settings))
    assert (error.params["needed"], error.params["left"]) == ("1:00:00", "10:00")


async def test_what_was_not_charged_is_neither_settled_nor_refunded(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await quotas.settle(session, uuid4(), 3600, settings)
    await quotas.refund(session, uuid4())
    assert await has(session, anna, settings) == (0, 0)


async def test_a_refund_goes_back_whence_it_came_and_yesterdays_not_into_today(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await quotas.grant(session, anna, 100, "gift")
    recording = uuid4()
    await quotas.charge(session, anna, recording, DAILY + 40, settings)
    await midnight(session)
    await quotas.settle(session, recording, DAILY + 55, settings)  # today's
    assert await has(session, anna, settings) == (15, 60)
    for _ in range(2):
        await quotas.refund(session, recording)
        assert await has(session, anna, settings) == (0, 100)
    assert (await quotas.allowance(session, anna, settings)).left == DAILY + 100
    await quotas.settle(session, recording, DAILY, settings)  # of a run that went on nevertheless
    assert await has(session, anna, settings) == (0, 100)


async def test_after_a_refund_another_attempt_is_charged(session: AsyncSession, anna: User, settings: Settings) -> None:
    recording = uuid4()
    for _ in range(3):
        await quotas.charge(session, anna, recording, 100, settings)
        await quotas.settle(session, recording, 110, settings)
        assert await has(session, anna, settings) == (110, 0)
        await quotas.refund(session, recording)
        assert await has(session, anna, settings) == (0, 0)


async def add_run(session: AsyncSession, user: User, state: str, recording_id: UUID | None = None) -> tuple[UUID, Run]:
    if recording_id is None:
        recording = Recording(
            owner_id=user.id, title="t", file_name="t.wav", content_type="audio/wav", size=1, sha256=b""
        )
        session.add(recording)
        await session.flush()
        recording_id = recording.id
    run = Run(recording_id=recording_id, state=state)
    session.add(run)
    await session.flush()
    return recording_id, run


async def test_nothing_is_given_back_while_another_run_goes_on_or_once_there_was_a_transcript(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    recording, _ = await add_run(session, anna, "dead")
    _, other = await add_run(session, anna, "running", recording)
    await quotas.charge(session, anna, recording, 100, settings)
    await quotas.refund(session, recording)
    assert await has(session, anna, settings) == (100, 0)

    other.state = "cancelled"
    session.add(TranscriptRow(run_id=other.id, duration=100, language="ru", language_probability=1))
    await session.flush()
    await quotas.refund(session, recording)
    assert await has(session, anna, settings) == (100, 0)

    await session.delete(await session.get_one(TranscriptRow, other.id))
    await session.flush()
    await quotas.refund(session, recording)
    assert await has(session, anna, settings) == (0, 0)


async def test_a_pack_is_given_once(session: AsyncSession, anna: User, settings: Settings) -> None:
    assert await quotas.grant(session, anna, 60, "gift")
    assert not await quotas.grant(session, anna, 60, "gift")
    assert await has(session, anna, settings) == (0, 60)
    assert (await refused(quotas.grant(session, anna, 0, "nothing"))).code == "request.invalid"


async def test_usage_by_day(session: AsyncSession, anna: User, settings: Settings) -> None:
    await quotas.grant(session, anna, 500, "gift")
    await quotas.charge(session, anna, uuid4(), DAILY + 10, settings)
    await midnight(session, 2)
    kept, lost = uuid4(), uuid4()
    for recording in (kept, lost):
        await quotas.charge(session, anna, recording, 0, settings)
        await quotas.settle(session, recording, 30, settings)
    await quotas.refund(session, lost)
    today = (await clock(session)).astimezone(users.zone(anna, settings)).date()
    assert await quotas.usage(session, anna) == [Day(today, 30, 2), Day(today - timedelta(days=2), DAILY + 10, 1)]
    assert [day.day for day in await quotas.usage(session, anna, days=1)] == [today]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (-3, "0:00"), (59.9, "0:59"), (200, "3:20")])
def test_clocks_under_an_hour(seconds: float, shown: str) -> None:
    assert quotas.clock_text(seconds) == shown


async def test_a_duration_that_is_no_number_is_a_mistake(session: AsyncSession, anna: User, settings: Settings) -> None:
    with pytest.raises(ValueError, match="number"):
        await quotas.charge(session, anna, uuid4(), float("nan"), settings)


async def test_twenty_charges_at_once_never_overspend(database: Database, settings: Settings) -> None:
    async with database.begin() as session:
        boris = await Users(session).add(User(name="boris", role="user"))
        await quotas.grant(session, boris, 150, "gift")

    async def send(_: int) -> str:
        try:
            async with database.begin() as session:
                await quotas.charge(session, boris, uuid4(), 100, settings)
        except StenogramError as error:
            return error.code
        return "taken"

    answers = await asyncio.gather(*map(send, range(20)))
    assert (answers.count("taken"), answers.count("quota.exceeded")) == (7, 13)
    async with database.session() as session:
        assert await has(session, boris, settings) == (DAILY, 50)
        assert await session.scalar(select(func.count()).select_from(LedgerEntry)) == 9  # one of them in two parts


async def test_the_same_recording_charged_at_once_is_charged_once(database: Database, settings: Settings) -> None:
    async with database.begin() as session:
        boris = await Users(session).add(User(name="boris", role="user"))
    recording = uuid4()

    async def send() -> None:
        async with database.begin() as session:
            await quotas.charge(session, boris, recording, 100, settings)

    async def give_back() -> None:
        async with database.begin() as session:
            await quotas.refund(session, recording)

    await asyncio.gather(*(send() for _ in range(8)))
    async with database.session() as session:
        assert await has(session, boris, settings) == (100, 0)
    await asyncio.gather(*(give_back() for _ in range(8)))
    async with database.session() as session:
        assert await has(session, boris, settings) == (0, 0)
