"""/settings in a group: what its administrators have set, whoever of them presses."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Chat, TelegramObject
from aiogram_dialog import Dialog, DialogManager, ShowMode, StartMode
from aiogram_dialog.api.entities import AccessSettings
from loguru import logger

from apps.bot_api.bot import rules
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.dialogs.widgets import OWN, close, in_window, name_of, window, window_of
from apps.bot_api.bot.render.groups import MENUS, Common
from apps.bot_api.bot.rules import House, Rules
from apps.bot_api.bot.texts import LANGUAGES, Texts, texts
from stenogram.errors import InvalidOptions

_ADMINISTRATORS = ("creator", "administrator")
_FLAGS = {"yes": True, "no": False}


class GroupSettings(StatesGroup):
    """The windows; each is named as its menu in ``render.groups.MENUS``."""

    main = State()
    speech = State()
    languages = State()


async def is_administrator(bot: Bot, chat: Chat, person_id: int) -> bool:
    """As Telegram says it now."""
    try:
        member = await bot.get_chat_member(chat.id, person_id)
    except TelegramBadRequest as error:  # nobody that Telegram knows there
        logger.info("member {} of {} is not known: {}", person_id, chat.id, error)
        return False
    return member.status in _ADMINISTRATORS


class OnlyAdministrators(BaseMiddleware):
    """Asked at every press: whoever opened the menu may have been dismissed since."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if not isinstance(event, CallbackQuery) or event.message is None:
            return await handler(event, data)
        if await is_administrator(data["bot"], event.message.chat, event.from_user.id):
            return await handler(event, data)
        words: Texts = data["texts"]
        return await event.answer(words.plain("alert-group-admins"), show_alert=True)


async def open_menu(manager: DialogManager) -> None:
    """A menu that every administrator may press."""
    await manager.start(
        GroupSettings.main,
        mode=StartMode.RESET_STACK,
        show_mode=ShowMode.SEND,
        access_settings=AccessSettings(user_ids=[]),
    )


async def house_of(desk: Desk, chat: Chat) -> House:
    """As it is kept, else as the bot begins in a group."""
    async with desk.runtime.database.at_once() as session:
        found = await rules.house(session, chat.id)
    return found or House(Rules(), LANGUAGES[0])


async def shown(dialog_manager: DialogManager, desk: Desk, event_chat: Chat, **_: Any) -> dict[str, Any]:
    """The menu of the open window, in the language of the group."""
    kept = await house_of(desk, event_chat)
    sees_all = not kept.rules.every or await _sees_all(desk.bot, event_chat)
    view = Common(texts(kept.language), kept.rules, sees_all, int(dialog_manager.dialog_data.get("page", 0)))
    return in_window(MENUS[name_of(dialog_manager)](view))


async def _sees_all(bot: Bot, chat: Chat) -> bool:
    """Whether Telegram gives the bot every message of the group. Asked anew: BotFather may have changed it."""
    me = await bot.get_me()
    return bool(me.can_read_all_group_messages) or await is_administrator(bot, chat, me.id)


async def pressed(_query: CallbackQuery, manager: DialogManager, name: str, value: str) -> None:
    """Raises StenogramError for a value that cannot be set."""
    if name == "open":
        manager.dialog_data.pop("page", None)
        await manager.switch_to(window_of(GroupSettings, value))
    elif name == "page":
        manager.dialog_data["page"] = int(value) if value.isdigit() else 0
    elif name == "close":
        desk, chat = _where(manager)
        language = (await house_of(desk, chat)).language
        await close(manager, texts(language)("group-settings-closed"))
    else:
        await _change(manager, name, value)
        await manager.switch_to(GroupSettings.main)


async def _change(manager: DialogManager, name: str, value: str) -> None:
    desk, chat = _where(manager)
    kept = _changed(await house_of(desk, chat), name, value)
    async with desk.runtime.database.begin() as session:
        await rules.settle(session, chat.id, chat.title or "", kept)


def _changed(kept: House, name: str, value: str) -> House:
    """Raises InvalidOptions for what cannot be set."""
    try:
        match name:
            case "language" if value in LANGUAGES:
                return replace(kept, language=value)
            case "every":
                return replace(kept, rules=replace(kept.rules, every=_FLAGS[value]))
            case "speech":
                return replace(kept, rules=replace(kept.rules, speech=value or None))
            case "diarize":
                return replace(kept, rules=replace(kept.rules, diarize=_FLAGS.get(value)))
    except (KeyError, ValueError) as error:
        raise InvalidOptions("request.invalid", detail=name) from error
    raise InvalidOptions("request.invalid", detail=name[:32])


def _where(manager: DialogManager) -> tuple[Desk, Chat]:
    return manager.middleware_data["desk"], manager.middleware_data["event_chat"]


dialog = Dialog(*(window(state, pressed) for state in GroupSettings.__states__), getter=shown)
dialog.callback_query.filter(OWN)
dialog.callback_query.middleware(OnlyAdministrators())
dialog.message.filter(lambda _message: False)  # what is written in the group is for others
