"""What keeps dialogs out of the way of everything else.

Before every message and press the library loads the dialog that is open, and raises when it finds it broken: its state
went out of Redis, or belongs to another version of the bot. A recording must not be lost to that.
"""

from typing import Any

from aiogram import BaseMiddleware, Dispatcher, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import ExceptionTypeFilter
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.types import CallbackQuery, ErrorEvent, Message, TelegramObject
from aiogram_dialog import setup_dialogs
from aiogram_dialog.api.entities import DEFAULT_STACK_ID
from aiogram_dialog.api.exceptions import OutdatedIntent, UnknownIntent, UnknownState
from aiogram_dialog.context.storage import StorageProxy
from aiogram_dialog.utils import CB_SEP, REPLY_CALLBACK_SYMBOLS
from loguru import logger

from apps.bot_api.bot.gate import Handler
from apps.bot_api.bot.texts import Texts

router = Router(name="outdated dialogs")


class Unhindered(BaseMiddleware):
    """Takes care that a broken dialog is forgotten, and that nothing but a press is taken for a press."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if isinstance(event, Message):
            event = _as_words(event)
        try:
            return await handler(event, data)
        except (UnknownIntent, UnknownState) as error:
            if isinstance(event, CallbackQuery) and CB_SEP in (event.data or ""):
                raise  # a button of a dialog that is gone
            logger.info("a dialog is forgotten: {}", error)
            await _forget(data)
            return await handler(event, data)


def _as_words(message: Message) -> Message:
    """The library takes a reply to a menu for a part of its dialog, and invisible characters at the end of a text for a
    button: here they are neither."""
    changed: dict[str, Any] = {}
    if message.text is not None and message.text[-1:] in REPLY_CALLBACK_SYMBOLS:
        changed["text"] = message.text.rstrip(REPLY_CALLBACK_SYMBOLS)
    if message.reply_to_message is not None and message.reply_to_message.reply_markup is not None:
        changed["reply_to_message"] = message.reply_to_message.model_copy(update={"reply_markup": None})
    return message.model_copy(update=changed) if changed else message


async def _forget(data: dict[str, Any]) -> None:
    """Of this person in this chat no dialog is open any more."""
    chat, person = data["event_chat"], data["event_from_user"]
    kept = StorageProxy(
        storage=data["fsm_storage"],
        events_isolation=SimpleEventIsolation(),
        user_id=person.id,
        chat_id=chat.id,
        thread_id=data.get("event_thread_id"),
        business_connection_id=None,
        bot=data["bot"],
        state_groups={},
    )
    await kept.remove_stack(DEFAULT_STACK_ID)


@router.error(ExceptionTypeFilter(UnknownIntent, OutdatedIntent, UnknownState), F.update.callback_query)
async def outdated(event: ErrorEvent, texts: Texts) -> None:
    """A button of a menu that was opened anew, or long ago."""
    query = event.update.callback_query
    try:
        if query is not None:
            await query.answer(texts.plain("outdated-button"), show_alert=True)
    except TelegramBadRequest as error:
        logger.info("a tap was not answered: {}", error)  # more than a minute ago


def setup(dispatcher: Dispatcher) -> None:
    """Let dialogs work; after all routers are in."""
    for observer in (dispatcher.message, dispatcher.callback_query, dispatcher.my_chat_member):
        observer.outer_middleware(Unhindered())
    setup_dialogs(dispatcher)
