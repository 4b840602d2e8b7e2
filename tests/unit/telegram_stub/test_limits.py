"""Telegram's limits by a clock that moves by hand."""

import asyncio
from collections.abc import Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import BufferedInputFile, InputMediaDocument

from tests.telegram_stub import Clock, HandTime, Limits, Person, TelegramStub


@pytest.fixture
def bot(strict: TelegramStub, bots: Callable[[TelegramStub], Bot]) -> Bot:
    return bots(strict)


def people(telegram: TelegramStub, count: int) -> list[Person]:
    found = [telegram.user(id=200 + number, name=f"Человек {number}") for number in range(count)]
    for person in found:
        person.opens()
    return found


def rules(telegram: TelegramStub) -> list[tuple[str, str]]:
    return [(call.method, call.violation.rule) for call in telegram.violations if call.violation]


async def test_one_message_a_second_in_a_chat(strict: TelegramStub, bot: Bot, hand: HandTime) -> None:
    [anna] = people(strict, 1)
    sent = await bot.send_message(anna.id, "раз")
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.edit_message_text("два", chat_id=anna.id, message_id=sent.message_id)
    assert refused.value.retry_after == 1
    hand.advance(1.0)
    await bot.edit_message_text("два", chat_id=anna.id, message_id=sent.message_id)
    assert rules(strict) == [("editMessageText", "chat")]
    assert [version.content.text for version in anna.chat.last.versions] == ["раз", "два"]


async def test_the_way_here_may_shorten_a_pause(strict: TelegramStub, bot: Bot, hand: HandTime) -> None:
    [anna] = people(strict, 1)
    for _ in range(3):
        await bot.send_message(anna.id, "x")
        hand.advance(0.96)
    assert not strict.violations


async def test_who_does_not_wait_is_barred(strict: TelegramStub, bot: Bot, hand: HandTime) -> None:
    [anna] = people(strict, 1)
    await bot.send_message(anna.id, "раз")
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(anna.id, "два")
        hand.advance(0.5)
    assert rules(strict) == [("sendMessage", "chat"), ("sendMessage", "barred")]
    await bot.send_message(anna.id, "три")


async def test_thirty_a_second_over_all_chats(strict: TelegramStub, bot: Bot, hand: HandTime) -> None:
    everybody = people(strict, 31)
    await asyncio.gather(*(bot.send_message(person.id, "x") for person in everybody[:30]))
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(everybody[30].id, "x")
    with pytest.raises(TelegramRetryAfter):
        await bot.send_chat_action(everybody[30].id, "typing")
    assert rules(strict) == [("sendMessage", "overall"), ("sendChatAction", "overall")]
    hand.advance(1.0)
    await bot.send_message(everybody[30].id, "x")


async def test_drafts_and_actions_are_free_in_their_chat(strict: TelegramStub, bot: Bot) -> None:
    [anna] = people(strict, 1)
    await bot.send_message(anna.id, "x")
    for _ in range(10):
        await bot.send_chat_action(anna.id, "typing")
        await bot.send_message_draft(chat_id=anna.id, draft_id=1, text="…")
    assert not strict.violations


async def test_what_is_light_can_be_free_altogether(hand: HandTime, bots: Callable[[TelegramStub], Bot]) -> None:
    async with TelegramStub(clock=Clock(hand), limits=Limits(light_count=False)) as telegram:
        [anna] = people(telegram, 1)
        for _ in range(40):
            await bots(telegram).send_chat_action(anna.id, "typing")
        assert not telegram.violations


async def test_a_burst_if_it_is_allowed(hand: HandTime, bots: Callable[[TelegramStub], Bot]) -> None:
    async with TelegramStub(clock=Clock(hand), limits=Limits(chat_burst=3)) as telegram:
        bot, [anna] = bots(telegram), people(telegram, 1)
        for _ in range(3):
            await bot.send_message(anna.id, "x")
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(anna.id, "x")


async def test_twenty_a_minute_in_a_group(strict: TelegramStub, bot: Bot, hand: HandTime) -> None:
    group = strict.group("Команда", members=people(strict, 1))
    for _ in range(20):
        await bot.send_message(group.id, "x")
        hand.advance(1.0)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(group.id, "x")
    assert refused.value.retry_after == 40
    hand.advance(40.0)
    await bot.send_message(group.id, "x")
    assert rules(strict) == [("sendMessage", "group")]


async def test_an_album_is_one_event_in_its_chat(strict: TelegramStub, bot: Bot, hand: HandTime) -> None:
    [anna] = people(strict, 1)
    files = [BufferedInputFile(str(number).encode(), f"{number}.txt") for number in range(10)]
    for _ in range(2):
        await bot.send_media_group(anna.id, [InputMediaDocument(media=file) for file in files])
        hand.advance(1.0)
    assert not strict.violations
    assert len({message.album for message in anna.chat.from_bot}) == 2
    assert [message.file.data for message in anna.chat.from_bot[:3]] == [b"0", b"1", b"2"]


async def test_real_time_is_the_default(bots: Callable[[TelegramStub], Bot]) -> None:
    async with TelegramStub() as telegram:
        [anna] = people(telegram, 1)
        bot = bots(telegram)
        sent = await asyncio.gather(*(bot.send_message(anna.id, "x") for _ in range(2)), return_exceptions=True)
        assert sorted(type(one).__name__ for one in sent) == ["Message", "TelegramRetryAfter"]
