"""/usage, /privacy, /export_me, /delete_me: what a person has used, what is kept of them, and how it ends."""

import asyncio
from typing import Any
from uuid import uuid4

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, FSInputFile, InlineKeyboardMarkup, Message, ReplyParameters
from loguru import logger

from apps.bot_api.bot import farewell
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.pace import Urgency, on_terms
from apps.bot_api.bot.render import account as render
from apps.bot_api.bot.render.account import WEEK, Belongings
from apps.bot_api.bot.render.buttons import Forget, link, rows
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.texts import Markup, Texts
from stenogram.errors import StenogramError
from stenogram.services import account, quotas, search, users
from stenogram.services.janitor import scratch_root
from stenogram.storage.models import User
from stenogram.storage.repositories import clock
from stenogram.storage.telegram_rows import Notices

router = Router(name="account")

_PRIVATE = F.chat.type == "private"
_MB = 1024 * 1024
CLOUD_MB, LOCAL_MB = 50, 2000
"""The largest file that a bot may send: by Telegram's own server, and by one of ours."""

_SLOWEST = 256 * 1024  # bytes per second: a line that is worth waiting for


@router.message(Command("usage"), _PRIVATE)
async def usage(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    settings = desk.runtime.settings
    async with desk.runtime.database.session() as session:
        has = await quotas.allowance(session, user, settings)
        days = await quotas.usage(session, user, WEEK + 2)  # its days are of UTC, the user's may be another
        now = await clock(session)
    await message.answer(render.usage(texts, has, days, users.zone(user, settings), now).text)


@router.message(Command("privacy"), _PRIVATE)
async def privacy(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    settings = desk.runtime.settings
    await message.answer(render.privacy(texts, settings, users.preferences(user, settings)).text)


# --- everything, to take along ---


@router.message(Command("export_me"), _PRIVATE)
async def export_me(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    if desk.errands.busy(user.id):
        await message.reply(texts("export-busy"))
        return
    status = await message.reply(texts("export-begun"))
    desk.errands.begin(user.id, lambda: _export(desk, user, texts, message, status))


async def _export(desk: Desk, user: User, texts: Texts, message: Message, status: Message) -> None:
    """Send the archive; where there is none, ``status`` says why. Of one that is cancelled the next start tells."""
    try:
        with on_terms(Urgency.RESULT):
            await _make_and_send(desk, user, texts, message)
    except asyncio.CancelledError:
        await _tell_later(desk, user)
        raise
    except Exception as error:  # noqa: BLE001 - nobody else would tell the person
        await _conclude(status, _failed(texts, error))
    else:
        await _conclude(status, None)


async def _make_and_send(desk: Desk, user: User, texts: Texts, message: Message) -> None:
    """Raises StenogramError, TelegramAPIError."""
    runtime = desk.runtime
    limit_mb = LOCAL_MB if runtime.settings.telegram.local else CLOUD_MB
    async with account.export(runtime.database, runtime.vault, user, scratch_root()) as path:
        size = path.stat().st_size
        if size > limit_mb * _MB:
            await _give_link(desk, user, texts, message, size, limit_mb)
            return
        await desk.bot.send_document(
            message.chat.id,
            FSInputFile(path, "stenogram.zip"),
            caption=texts("export-ready"),
            reply_parameters=ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True),
            request_timeout=60 + size // _SLOWEST,
        )


async def _give_link(desk: Desk, user: User, texts: Texts, message: Message, size: int, limit_mb: int) -> None:
    """For an hour it leads to the archive, which is made anew then."""
    ticket, _ = desk.runtime.tokens.issue_archive_ticket(user.id)
    url = f"{desk.runtime.settings.server.url}/api/v1/me/export?ticket={ticket}"
    button = link(texts.plain("button-download"), url, private=False)
    sizes = {"size": texts.size(size), "limit": texts.size(limit_mb * _MB)}
    words = texts("export-too-large", **sizes) if button else texts("export-too-large-address", url=url, **sizes)
    await message.reply(words, reply_markup=rows([button]))


def _failed(texts: Texts, error: Exception) -> Markup:
    if isinstance(error, StenogramError):
        return texts.error(error.code, error.params)
    logger.opt(exception=error).error("an archive was not sent")
    return texts("export-failed")


async def _tell_later(desk: Desk, user: User) -> None:
    notice: dict[str, Any] = {
        "key": f"export:{uuid4()}",
        "chat_id": user.telegram_id,
        "text_key": "export-interrupted",
        "params": {},
        "language": user.language,
    }
    async with desk.runtime.database.begin() as session:
        await Notices(session).add([notice])


async def _conclude(status: Message, words: Markup | None) -> None:
    """The archive stands for itself; else say what went wrong."""
    try:
        await (status.delete() if words is None else status.edit_text(words))
    except TelegramAPIError as error:
        logger.info("the status of an archive stays as it is: {}", error)


# --- everything, to be deleted ---


@router.message(Command("delete_me"), _PRIVATE)
async def delete_me(message: Message, texts: Texts) -> None:
    shown = render.forget_first(texts)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Forget.filter(F.step == 0))
async def stay(query: CallbackQuery, texts: Texts) -> None:
    await _edit(query, texts("forget-not"))


@router.callback_query(Forget.filter(F.step == 1))
async def ask_again(query: CallbackQuery, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.session() as session:
        recordings, seconds = await search.size(session, user.id)
        has = await quotas.allowance(session, user, desk.runtime.settings)
    await _edit(query, *_words(render.forget_second(texts, Belongings(recordings, seconds, has.packs))))


@router.callback_query(Forget.filter(F.step == 2))
async def forget(query: CallbackQuery, desk: Desk, user: User, texts: Texts, state: FSMContext) -> None:
    """Raises StenogramError("account.last_admin")."""
    await farewell.forget(desk, user, "bot", delivery.get().settle)
    await state.clear()
    await _edit(query, texts("forgotten"))


def _words(shown: Shown) -> tuple[str, InlineKeyboardMarkup | None]:
    return shown.text, shown.keyboard


async def _edit(query: CallbackQuery, words: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Raises StenogramError("not_found") for a message that Telegram hides from us."""
    if not isinstance(query.message, Message):
        raise StenogramError("not_found", "the message is too old")
    try:
        await query.message.edit_text(words, reply_markup=keyboard)
    except TelegramBadRequest as error:
        logger.debug("the question stays as it is: {}", error)  # pressed twice, or deleted
    await query.answer()
