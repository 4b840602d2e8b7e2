"""Faults on the way, files beyond the limits, and a stand-in that does not hide its own mistakes."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendDice
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile, FSInputFile, User
from aiohttp import ClientError, ClientSession

from tests.telegram_stub import NO_LIMITS, ApiError, Attachment, Clock, HandTime, Person, StubError, TelegramStub
from tests.telegram_stub.limits import UPLOAD_BYTES
from tests.telegram_stub.wire import check

MEGABYTE = 1024 * 1024


async def test_a_storm(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    telegram.storm(retry_after=2, count=1)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(anna.id, "x")
    assert refused.value.retry_after == 2
    assert not telegram.violations
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(anna.id, "x")
    assert [call.violation.rule for call in telegram.violations if call.violation] == ["barred"]
    await bot.get_me()


async def test_a_storm_ends(hand: HandTime, strict: TelegramStub, bots: Callable[[TelegramStub], Bot]) -> None:
    bot, anna = bots(strict), strict.user(id=1, name="Анна")
    anna.opens()
    strict.storm(retry_after=2, count=2)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(anna.id, "x")
        hand.advance(2.0)
    await bot.send_message(anna.id, "x")
    assert [call.fault for call in strict.called("sendMessage")] == ["storm", "storm", ""]
    assert not strict.violations
    assert not strict.refusals


async def test_an_outage_ends_a_long_poll_too(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    await bot.get_updates(offset=(await bot.get_updates(timeout=0))[-1].update_id + 1, timeout=0)
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: len(telegram.called("getUpdates")) == 3)
    with telegram.outage():
        with pytest.raises(TelegramServerError, match="Bad Gateway"):
            await waiting
        with pytest.raises(TelegramServerError):
            await bot.send_message(anna.id, "x")
    await bot.send_message(anna.id, "x")


async def test_silence(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    with telegram.outage(status=None), pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "x")
    assert not anna.chat.from_bot


async def test_a_lost_answer_is_carried_out(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    telegram.loses_answers("sendMessage")
    await bot.send_chat_action(anna.id, "typing")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "x")
    assert [message.text for message in anna.chat.from_bot] == ["x"]
    assert telegram.called("sendMessage")[0].fault == "lost answer"
    await bot.send_message(anna.id, "y")


async def test_a_slow_answer(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    telegram.answers_slowly("sendMessage", seconds=30)
    asked = asyncio.create_task(bot.send_message(anna.id, "x"))
    await telegram.until(lambda: anna.chat.from_bot)
    assert not asked.done()
    asked.cancel()
    await asyncio.wait([asked])


async def test_a_refusal_on_request(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    telegram.refuses("sendMessage", error=ApiError(400, "Bad Request: CHAT_RESTRICTED"))
    with pytest.raises(TelegramBadRequest, match="CHAT_RESTRICTED"):
        await bot.send_message(anna.id, "x")
    await bot.send_message(anna.id, "x")


async def test_a_download_that_breaks_off(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    voice = anna.sends_voice(b"x" * 100_000)
    telegram.cuts_downloads(after=5_000)
    with pytest.raises(ClientError):
        await bot.download(voice.file.file_id)
    again = await bot.download(voice.file.file_id)
    assert again
    assert len(again.read()) == 100_000


async def test_the_cloud_gives_out_twenty_megabytes(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    small = anna.sends_document(b"x" * 20 * MEGABYTE, file_name="20.wav")
    large = anna.sends_document(b"x" * (20 * MEGABYTE + 1), file_name="21.wav")
    assert (await bot.get_file(small.file.file_id)).file_size == 20 * MEGABYTE
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(large.file.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.get_file("nothing")


async def test_a_local_server_gives_out_paths(tmp_path: Path, bots: Callable[[TelegramStub], Bot]) -> None:
    async with TelegramStub(limits=NO_LIMITS, local=True, folder=tmp_path) as telegram:
        bot, anna = bots(telegram), telegram.user(id=1, name="Анна")
        sent = anna.sends_document(b"x" * (21 * MEGABYTE), file_name="встреча.wav")
        found = await bot.get_file(sent.file.file_id)
        assert found.file_path
        assert sent.file.path.is_relative_to(tmp_path)
        assert str(sent.file.path) == found.file_path
        sent.file.path.unlink()
        assert len(anna.sends_document(b"x" * (21 * MEGABYTE), file_name="ещё.wav").file.data) == 21 * MEGABYTE
        await bot.send_document(anna.id, sent.file.path.as_uri())
        assert anna.chat.last.file.size == 21 * MEGABYTE


async def test_a_declared_size_needs_no_bytes(bot: Bot, anna: Person) -> None:
    huge = anna.sends(Attachment("document", b"x", "a.wav", size=300 * MEGABYTE))
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(huge.file.file_id)


async def test_uploads_end_at_fifty_megabytes(telegram: TelegramStub, bot: Bot, anna: Person, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(UPLOAD_BYTES + 1)
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(anna.id, FSInputFile(path))
    with path.open("r+b") as file:
        file.truncate(UPLOAD_BYTES)
    await bot.send_document(anna.id, FSInputFile(path))
    assert anna.chat.last.file.size == UPLOAD_BYTES


async def test_a_file_keeps_its_kind(bot: Bot, anna: Person) -> None:
    voice = anna.sends_voice(b"v")
    await bot.send_voice(anna.id, voice.file.file_id)
    with pytest.raises(TelegramBadRequest, match="can't use file of type Voice as Document"):
        await bot.send_document(anna.id, voice.file.file_id)
    sent = await bot.send_document(anna.id, BufferedInputFile(b"d", "d.txt"))
    assert sent.document
    await bot.send_document(anna.id, sent.document.file_id)


async def test_json_and_urlencoded_requests_and_unknown_methods(telegram: TelegramStub, anna: Person) -> None:
    base = f"{telegram.url}/bot{telegram.token}"
    async with ClientSession() as session:
        await (await session.post(f"{base}/sendMessage", json={"chat_id": anna.id, "text": "[1]"})).read()
        await (await session.post(f"{base}/SENDMESSAGE", data={"chat_id": anna.id, "text": "форма"})).read()
        await (await session.get(f"{base}/sendMessage", params={"chat_id": anna.id, "text": "строка"})).read()
        unknown = await session.post(f"{base}/sendNothing")
        body = await unknown.json()
        missing = await (await session.post(f"{base}/sendMessage", json={"chat_id": anna.id})).json()
    assert [message.text for message in anna.chat.from_bot] == ["[1]", "форма", "строка"]
    assert (unknown.status, body) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    assert missing["description"] == "Bad Request: message text is empty"


async def test_a_bot_that_dies_in_the_middle_of_a_request(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    address = urlsplit(telegram.url)
    head = f"POST /bot{telegram.token}/sendDocument HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    kind = "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    part = 'Content-Disposition: form-data; name="document"; filename="a.txt"\r\n\r\nhalf'
    with socket.create_connection((address.hostname or "", address.port or 0)) as dying:
        dying.sendall((head + kind + part).encode())
        await telegram.until(lambda: telegram.called("sendDocument"))
    await telegram.until(lambda: telegram.calls[-1].fault)
    await bot.send_message(anna.id, "я снова тут")
    assert len(anna.chat.from_bot) == 1


def test_a_thread_of_its_own() -> None:
    with TelegramStub() as telegram, ThreadPoolExecutor(1) as pool:
        anna = telegram.user(id=1, name="Анна")
        anna.opens()
        url = f"{telegram.url}/bot{telegram.token}/sendMessage?chat_id=1&text=x"
        asked = pool.submit(lambda: urlopen(url, timeout=5).close())
        assert telegram.until_blocking(lambda: anna.chat.from_bot)[0].text == "x"
        asked.result()
        with pytest.raises(TimeoutError, match=r"not within 0\.01 s"):
            telegram.until_blocking(lambda: False, within=0.01)


async def test_what_it_cannot_do_fails_the_test(bots: Callable[[TelegramStub], Bot]) -> None:
    async def uses(method: TelegramMethod[Any]) -> None:
        async with TelegramStub() as telegram:
            with pytest.raises(TelegramServerError, match="the stand-in has no sendDice"):
                await bots(telegram)(method)

    with pytest.raises(ExceptionGroup) as failed:
        await uses(SendDice(chat_id=1))
    assert isinstance(failed.value.exceptions[0], StubError)


def test_answers_have_to_pass_the_types_of_aiogram() -> None:
    check(User, {"id": 1, "is_bot": False, "first_name": "A"})
    with pytest.raises(StubError, match="not a"):
        check(User, {"id": "one", "is_bot": False, "first_name": "A"})
    with pytest.raises(StubError, match="frist_name"):
        check(User, {"id": 1, "is_bot": False, "first_name": "A", "frist_name": "A"})


async def test_a_wait_that_fails_tells_the_story(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "вот")
    with pytest.raises(TimeoutError, match="вот"):
        await telegram.until(lambda: False, within=0.01)


async def test_the_clock_of_updates(hand: HandTime) -> None:
    async with TelegramStub(clock=Clock(hand)) as telegram:
        telegram.user(id=1, name="Анна").opens()
        assert len(telegram.world.updates.pending) == 1
        hand.advance(24 * 3600 + 1)
        assert not telegram.world.updates.pending


async def test_a_wait_does_not_spin(telegram: TelegramStub, anna: Person) -> None:
    asked: list[str] = []
    with pytest.raises(TimeoutError):
        await telegram.until(lambda: asked.append(anna.chat.last.text), within=0.05)
    assert asked == ["/start"]
