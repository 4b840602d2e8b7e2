"""The bytes of a file that somebody sent: from Telegram's servers, or from the folder of our own Bot API server."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import aiohttp
import anyio
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramServerError,
)
from loguru import logger

from stenogram.errors import InvalidMedia, StenogramError
from stenogram.settings import TelegramSettings

CLOUD_MB, LOCAL_MB = 20, 2000
"""What Telegram hands out to bots (https://core.telegram.org/bots/api#getfile, and of a local server)."""

_CHUNK = 256 * 1024
_STALL_SECONDS = 60
_LOCAL_SECONDS = 3600  # a local server answers when it has the whole file: 2 GB at 5 Mbit/s
_TOO_BIG = re.compile("too big", re.IGNORECASE)


def largest(settings: TelegramSettings) -> int:
    """MB of the largest file that can be fetched."""
    return LOCAL_MB if settings.local else CLOUD_MB


@asynccontextmanager
async def fetched(
    bot: Bot, settings: TelegramSettings, file_id: str, copies: set[Path]
) -> AsyncIterator[AsyncIterator[bytes]]:
    """The file in chunks. What a local server keeps of it is added to ``copies``: ``discard`` them in the end.

    Raises InvalidMedia("telegram.too_large"), StenogramError: ``telegram.file_gone``, ``telegram.unavailable``; also
    while it is read.
    """
    path = await _path(bot, settings, file_id)
    if settings.api_folder is None:
        async with aclosing(_from_cloud(bot, path)) as chunks:
            yield chunks
        return
    local = _inside(settings.api_folder, path, bot.token)
    copies.add(local)
    async with aclosing(_from_folder(local)) as chunks:
        yield chunks


async def discard(copies: Iterable[Path]) -> None:
    """Delete what a local server keeps of files that nobody needs there any more; it fetches them anew when asked."""
    for path in copies:
        try:
            await anyio.Path(path).unlink(missing_ok=True)
        except OSError as error:
            logger.error("TELEGRAM_API_FOLDER: {} cannot be deleted: {}", path.name, error.strerror)


async def _path(bot: Bot, settings: TelegramSettings, file_id: str) -> str:
    try:
        file = await bot.get_file(file_id, request_timeout=_LOCAL_SECONDS if settings.local else None)
    except (TelegramBadRequest, TelegramEntityTooLarge, TelegramNotFound) as error:
        if _TOO_BIG.search(str(error)):
            raise InvalidMedia("telegram.too_large", limit_mb=largest(settings)) from error
        raise StenogramError("telegram.file_gone", str(error)) from error
    except (TelegramNetworkError, TelegramServerError) as error:
        raise StenogramError("telegram.unavailable", type(error).__name__) from error
    if file.file_path is None:
        raise StenogramError("telegram.unavailable", "the file has no path yet")
    return file.file_path


async def _from_cloud(bot: Bot, path: str) -> AsyncGenerator[bytes, None]:
    url = bot.session.api.file_url(bot.token, path)
    patience: Any = aiohttp.ClientTimeout(sock_connect=_STALL_SECONDS, sock_read=_STALL_SECONDS)  # a number: for all
    try:
        async for chunk in bot.session.stream_content(url, timeout=patience, chunk_size=_CHUNK):
            yield chunk
    except aiohttp.ClientResponseError as error:
        gone = error.status in (400, 404)
        raise StenogramError("telegram.file_gone" if gone else "telegram.unavailable", str(error.status)) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise StenogramError("telegram.unavailable", type(error).__name__) from error


def _inside(folder: Path, path: str, token: str) -> Path:
    """The server's path as seen from here: what follows the bot's own folder, which is named by its token."""
    parts = PurePosixPath(path).parts
    mine = parts[parts.index(token) :] if token in parts else tuple(part for part in parts if part != "/")
    found = (folder / Path(*mine)).resolve()
    if not found.is_relative_to(folder.resolve()):
        raise StenogramError("telegram.unavailable", "the file lies outside of TELEGRAM_API_FOLDER")
    return found


async def _from_folder(path: Path) -> AsyncGenerator[bytes, None]:
    try:
        async with await anyio.open_file(path, "rb") as file:
            while chunk := await file.read(_CHUNK):
                yield chunk
    except OSError as error:
        logger.error("TELEGRAM_API_FOLDER: {} cannot be read: {}", path.name, error.strerror)
        # Somebody else may just have discarded it: the server fetches it again when it is asked again.
        raise StenogramError("telegram.unavailable", "the local copy cannot be read") from error
