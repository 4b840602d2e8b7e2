"""The bytes of what people send: from Telegram's servers, and from the folder of a Bot API server of one's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from loguru import logger

from apps.bot_api.bot.fetch import _inside, discard, fetched, largest
from stenogram.errors import StenogramError
from stenogram.settings import TelegramSettings
from tests.telegram_stub import TOKEN, ApiError, Attachment, Person, TelegramStub

DATA = bytes(range(256)) * 4096  # a megabyte
CLOUD = TelegramSettings()


@asynccontextmanager
async def talking(telegram: TelegramStub) -> AsyncIterator[tuple[Bot, Person]]:
    async with telegram, Bot(telegram.token, session=AiohttpSession(api=telegram.api)).context() as bot:
        yield bot, telegram.user(id=1, name="Анна")


async def read(bot: Bot, file_id: str, settings: TelegramSettings = CLOUD, copies: set[Path] | None = None) -> bytes:
    async with fetched(bot, settings, file_id, copies if copies is not None else set()) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def refused(bot: Bot, file_id: str, settings: TelegramSettings = CLOUD) -> StenogramError:
    with pytest.raises(StenogramError) as raised:
        await read(bot, file_id, settings)
    return raised.value


async def test_a_file_comes_from_telegram_whole_and_leaves_nothing() -> None:
    async with talking(TelegramStub()) as (bot, anna):
        copies: set[Path] = set()
        assert await read(bot, anna.sends_document(DATA).file.file_id, copies=copies) == DATA
        assert not copies


async def test_what_telegram_does_not_hand_out_says_how_much_it_would() -> None:
    async with talking(TelegramStub()) as (bot, anna):
        sent = anna.sends(Attachment("document", b"x", "a.wav", size=300 * 1024 * 1024))
        error = await refused(bot, sent.file.file_id)
        assert (error.code, error.params, error.retryable) == ("telegram.too_large", {"limit_mb": 20}, False)


async def test_what_telegram_does_not_know_is_gone() -> None:
    async with talking(TelegramStub()) as (bot, _):
        assert (await refused(bot, "nothing")).code == "telegram.file_gone"


@pytest.mark.parametrize(("status", "code"), [(404, "file_gone"), (400, "file_gone"), (502, "unavailable")])
async def test_a_download_that_is_refused(status: int, code: str) -> None:
    telegram = TelegramStub()
    async with talking(telegram) as (bot, anna):
        sent = anna.sends_document(DATA)
        telegram.refuses("download", error=ApiError(status, "no"))
        assert (await refused(bot, sent.file.file_id)).code == f"telegram.{code}"
        assert await read(bot, sent.file.file_id) == DATA


async def test_a_download_that_is_cut_off_is_to_be_tried_again() -> None:
    telegram = TelegramStub()
    async with talking(telegram) as (bot, anna):
        sent = anna.sends_document(DATA)
        telegram.cuts_downloads(after=1000)
        error = await refused(bot, sent.file.file_id)
        assert (error.code, error.retryable) == ("telegram.unavailable", True)


@pytest.mark.parametrize("status", [502, None])
async def test_telegram_is_away(status: int | None) -> None:
    telegram = TelegramStub()
    async with talking(telegram) as (bot, anna):
        sent = anna.sends_document(DATA)
        with telegram.outage(status):
            error = await refused(bot, sent.file.file_id)
        assert (error.code, error.retryable) == ("telegram.unavailable", True)
        assert TOKEN not in str(error)


# --- a server of one's own ---


def local(folder: Path) -> TelegramSettings:
    return TelegramSettings(TELEGRAM_API_FOLDER=folder)


async def test_a_local_servers_copy_lies_there_until_it_is_discarded(tmp_path: Path) -> None:
    async with talking(TelegramStub(local=True, folder=tmp_path)) as (bot, anna):
        sent, copies = anna.sends_document(DATA), set[Path]()
        assert await read(bot, sent.file.file_id, local(tmp_path), copies) == DATA
        assert copies == {sent.file.path}
        assert sent.file.path.read_bytes() == DATA
        await discard(copies)
        assert not sent.file.path.exists()
        await discard(copies)  # once more changes nothing


async def test_a_copy_that_is_not_there_is_asked_for_again(tmp_path: Path) -> None:
    async with talking(TelegramStub(local=True, folder=tmp_path)) as (bot, anna):
        sent = anna.sends_document(DATA)
        sent.file.path.unlink()
        error = await refused(bot, sent.file.file_id, local(tmp_path))
        assert (error.code, error.retryable) == ("telegram.unavailable", True)


async def test_a_copy_that_cannot_be_deleted_is_told_to_the_administrator(tmp_path: Path) -> None:
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}")
    try:
        await discard([tmp_path])  # a folder is no file
    finally:
        logger.remove(sink)
    assert any("TELEGRAM_API_FOLDER" in line and "cannot be deleted" in line for line in lines)


@pytest.mark.parametrize("where", ["/var/lib/telegram-bot-api/", "/", ""])
def test_the_servers_path_is_found_under_its_folder_as_seen_from_here(tmp_path: Path, where: str) -> None:
    assert _inside(tmp_path, f"{where}{TOKEN}/voice/file_0.oga", TOKEN) == tmp_path / TOKEN / "voice" / "file_0.oga"


def test_a_path_outside_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / TOKEN).mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    (folder / TOKEN / "link").symlink_to(tmp_path / "secret")
    for path in (f"/srv/{TOKEN}/../../secret", "../secret", f"{TOKEN}/link"):
        with pytest.raises(StenogramError, match="outside"):
            _inside(folder, path, TOKEN)


def test_how_large_a_file_may_be(tmp_path: Path) -> None:
    assert (largest(CLOUD), largest(local(tmp_path))) == (20, 2000)
