"""A stand-in for each test, and real aiogram bots that talk to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import cast

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession

from tests.telegram_stub import NO_LIMITS, Clock, HandTime, Person, TelegramStub


def bot_for(telegram: TelegramStub, token: str = "", *, timeout: float = 10.0) -> Bot:
    """An unmodified bot; use it with ``async with``."""
    properties = DefaultBotProperties(parse_mode="HTML")
    return Bot(token or telegram.token, session=AiohttpSession(api=telegram.api, timeout=timeout), default=properties)


async def _close(bot: Bot) -> None:
    """Without the quarter of a second that aiogram waits for TLS."""
    session = cast(AiohttpSession, bot.session)._session
    if session:
        await session.close()


@pytest.fixture
def hand() -> HandTime:
    return HandTime()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStub]:
    """Without limits on how often one may call."""
    async with TelegramStub(limits=NO_LIMITS) as stub:
        yield stub


@pytest.fixture
async def strict(hand: HandTime) -> AsyncIterator[TelegramStub]:
    """With Telegram's limits, and a clock that moves by hand."""
    async with TelegramStub(clock=Clock(hand)) as stub:
        yield stub


@pytest.fixture
async def bots() -> AsyncIterator[Callable[[TelegramStub], Bot]]:
    """Makes bots that are closed when the test ends."""
    async with AsyncExitStack() as stack:
        made: list[Bot] = []

        def make(stub: TelegramStub) -> Bot:
            made.append(bot_for(stub))
            stack.push_async_callback(_close, made[-1])
            return made[-1]

        yield make


@pytest.fixture
def bot(telegram: TelegramStub, bots: Callable[[TelegramStub], Bot]) -> Bot:
    return bots(telegram)


@pytest.fixture
def anna(telegram: TelegramStub) -> Person:
    """Somebody who has started the bot."""
    person = telegram.user(id=101, name="Анна", language="ru", username="anna")
    person.opens()
    return person
