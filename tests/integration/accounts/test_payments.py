"""Packs for Stars: credited once per payment, taken back once, into a debt where they were used."""

import asyncio
from collections.abc import Awaitable
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import payments, quotas
from stenogram.services.payments import Package
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests.integration.accounts.conftest import DAILY, Configure

CHARGE = "stx" + "z" * 200


@pytest.fixture
async def anna(session: AsyncSession) -> User:
    return await Users(session).add(User(name="anna", role="user"))


async def packs(session: AsyncSession, user: User, settings: Settings) -> float:
    return (await quotas.allowance(session, user, settings)).packs


async def code_of(refused: Awaitable[object]) -> str:
    with pytest.raises(StenogramError) as caught:
        await refused
    return caught.value.code


def test_what_is_for_sale(configure: Configure) -> None:
    settings = configure(TELEGRAM_STARS_PACKAGES="3600:50,36000:400")
    small, large = payments.packages(settings)
    assert (small, large) == (Package(3600, 50), Package(36000, 400))
    assert payments.package(settings, large.payload) == large
    assert len(large.payload.encode()) <= 128  # Telegram's limit
    assert payments.packages(configure(TELEGRAM_STARS_PACKAGES="")) == ()


@pytest.mark.parametrize("payload", ["pack:3600:49", "pack:0:1", "pack:3600", "pack:3600:50 ", "", "pack:٣:50"])
def test_what_is_not(configure: Configure, payload: str) -> None:
    settings = configure(TELEGRAM_STARS_PACKAGES="3600:50")
    with pytest.raises(StenogramError, match=r"payment\.unknown"):
        payments.package(settings, payload)


def test_what_was_paid_for_holds_though_the_price_has_changed() -> None:
    assert payments.promised("pack:3600:49") == Package(3600, 49)
    with pytest.raises(StenogramError, match=r"payment\.unknown"):
        payments.promised("tip:1:1")


async def test_a_payment_is_credited_once(session: AsyncSession, anna: User, settings: Settings) -> None:
    assert await payments.receive(session, anna, CHARGE, 50, 3600)
    assert not await payments.receive(session, anna, CHARGE, 50, 3600)
    assert await payments.receive(session, anna, CHARGE + "2", 50, 3600)
    assert await packs(session, anna, settings) == 7200
    assert {item.charge_id for item in await payments.of_user(session, anna)} == {CHARGE, CHARGE + "2"}


async def test_a_refund_takes_back_once_and_may_leave_a_debt_that_eats_the_next_pack(
    session: AsyncSession, anna: User, settings: Settings
) -> None:
    await payments.receive(session, anna, CHARGE, 50, 1000)
    await quotas.charge(session, anna, uuid4(), DAILY + 400, settings)
    for _ in range(2):
        refunded = await payments.refund(session, CHARGE)
        assert refunded.refunded_at is not None
        assert await packs(session, anna, settings) == -400
    assert (await quotas.allowance(session, anna, settings)).left == 0
    await payments.receive(session, anna, "next", 50, 1000)
    assert (await quotas.allowance(session, anna, settings)).left == 600
    assert not await payments.receive(session, anna, CHARGE, 50, 1000)  # told once more
    assert await packs(session, anna, settings) == 600


async def test_what_was_never_received_cannot_be_refunded(session: AsyncSession) -> None:
    assert await code_of(payments.refund(session, "nothing")) == "not_found"


async def test_a_payment_told_many_times_at_once_is_one(database: Database, settings: Settings) -> None:
    async with database.begin() as session:
        boris = await Users(session).add(User(name="boris", role="user"))

    async def receive() -> bool:
        async with database.begin() as session:
            return await payments.receive(session, boris, CHARGE, 50, 1000)

    async def take_back() -> None:
        async with database.begin() as session:
            await payments.refund(session, CHARGE)

    assert sorted(await asyncio.gather(*(receive() for _ in range(6)))) == [False] * 5 + [True]
    await asyncio.gather(*(take_back() for _ in range(6)))
    async with database.session() as session:
        assert await packs(session, boris, settings) == 0
