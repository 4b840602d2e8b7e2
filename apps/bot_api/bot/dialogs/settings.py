"""/settings in a private chat: what a person prefers, changed in place."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message, TelegramObject
from aiogram_dialog import Dialog, DialogManager, ShowMode, StartMode
from aiogram_dialog.api.internal import CONTEXT_KEY
from aiogram_dialog.widgets.input import MessageInput
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot import profile, zones
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.dialogs.widgets import OWN, close, in_window, name_of, window, window_of
from apps.bot_api.bot.render.settings import MENUS, Personal
from apps.bot_api.bot.texts import Texts, texts
from stenogram.services import users
from stenogram.storage.models import User
from stenogram.storage.repositories import clock

router = Router(name="settings")

_FLAGS = {"yes": True, "no": False}


class Settings(StatesGroup):
    """The windows; each is named as its menu in ``render.settings.MENUS``."""

    main = State()
    speech = State()
    languages = State()
    speakers = State()
    keep = State()
    export = State()
    zone = State()
    place = State()


class Asking(BaseFilter):
    """The window that is open waits for words; everywhere else they are for others."""

    async def __call__(self, message: TelegramObject, **data: Any) -> bool:
        context = data.get(CONTEXT_KEY)
        return context is not None and context.state == Settings.place


@router.message(Command("settings"), F.chat.type == "private")
async def open_settings(message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(Settings.main, mode=StartMode.RESET_STACK, show_mode=ShowMode.SEND)


async def shown(dialog_manager: DialogManager, desk: Desk, user: User, texts: Texts, **_: Any) -> dict[str, Any]:
    """The menu of the open window."""
    settings, kept = desk.runtime.settings, dialog_manager.dialog_data
    async with desk.runtime.database.at_once() as session:
        now = await clock(session)
    view = Personal(
        texts,
        users.preferences(user, settings),
        users.zone(user, settings).key,
        now,
        page=int(kept.get("page", 0)),
        lost=bool(kept.get("lost")),
    )
    return in_window(MENUS[name_of(dialog_manager)](view))


async def pressed(query: CallbackQuery, manager: DialogManager, name: str, value: str) -> None:
    """Raises StenogramError for a value that cannot be set."""
    manager.dialog_data.pop("lost", None)
    if name == "open":
        await _open(manager, value)
    elif name == "page":
        manager.dialog_data["page"] = int(value) if value.isdigit() else 0
    elif name == "close":
        words: Texts = manager.middleware_data["texts"]
        await close(manager, words("settings-closed"))
    else:
        await _change(manager, name, value)
        await manager.switch_to(Settings.main)


async def _open(manager: DialogManager, name: str) -> None:
    """What another handler has asked is not waited for any more: the next words are for this window, if for any."""
    state: FSMContext = manager.middleware_data["state"]
    await state.clear()
    manager.dialog_data.pop("page", None)
    await manager.switch_to(window_of(Settings, name))


async def _change(manager: DialogManager, name: str, value: str) -> None:
    """Set it, and let the menu speak the language that may have been set."""
    desk: Desk = manager.middleware_data["desk"]
    async with desk.runtime.database.begin() as session:
        user = await _set(session, manager.middleware_data["user"], name, value)
    words = texts(user.language)
    manager.middleware_data["user"], manager.middleware_data["texts"] = user, words
    if name == "language" and user.telegram_id is not None:
        await profile.menu_button_for(desk.bot, desk.runtime.settings.server.url, words, user.telegram_id)


async def _set(session: AsyncSession, user: User, name: str, value: str) -> User:
    match name:
        case "language":
            return await users.set_language(session, user, value)
        case "zone":
            return await users.set_timezone(session, user, value)
        case "speech":
            return await users.set_preference(session, user, name, value or None)
        case "speakers":
            return await users.set_preference(session, user, name, int(value) if value.isdigit() else None)
        case _:
            return await users.set_preference(session, user, name, _FLAGS.get(value, value))


async def typed(message: Message, _widget: MessageInput, manager: DialogManager) -> None:
    """The name of a place."""
    zone = zones.find(message.text or "")
    manager.dialog_data["lost"] = zone is None
    if zone is not None:
        await _change(manager, "zone", zone)
        await manager.switch_to(Settings.zone)


dialog = Dialog(
    *(window(state, pressed) for state in Settings.__states__ if state is not Settings.place),
    window(Settings.place, pressed, MessageInput(typed)),
    getter=shown,
)
dialog.callback_query.filter(OWN)
dialog.message.filter(F.text, ~F.text.startswith("/"), Asking())
