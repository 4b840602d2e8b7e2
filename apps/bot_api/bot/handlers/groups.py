"""What is asked in a group beside recordings: its settings, and what belongs into a private chat."""

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram_dialog import DialogManager

from apps.bot_api.bot import rules
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.dialogs import group
from apps.bot_api.bot.handlers.recordings import Asked
from apps.bot_api.bot.texts import Texts, texts
from stenogram.storage.models import User

router = Router(name="groups")

_GROUP = F.chat.type != "private"
_PERSONAL = ("history", "search", "usage", "privacy", "export_me", "delete_me")


class Nameless(BaseFilter):
    """Written in the name of a group or a channel: nobody knows by whom, so nothing can be kept for them."""

    async def __call__(self, message: Message, user: User | None = None) -> bool:
        return user is None


@router.message(_GROUP, Command("settings"))
async def settings(message: Message, desk: Desk, dialog_manager: DialogManager) -> None:
    by = message.from_user
    by_the_group = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if by_the_group or (by and await group.is_administrator(desk.bot, message.chat, by.id)):
        await group.open_menu(dialog_manager)
    else:
        await message.reply((await _words(desk, message))("alert-group-admins"))


@router.message(_GROUP, Nameless(), Asked())
async def nameless(message: Message, desk: Desk) -> None:
    await message.reply((await _words(desk, message))("group-anonymous"))


@router.message(_GROUP, Nameless())
async def not_for_us(_message: Message) -> None:
    """Of the other handlers each needs to know who writes."""


@router.message(_GROUP, Command(*_PERSONAL, magic=F.mention))
async def personal(message: Message, desk: Desk, texts: Texts) -> None:
    """Where several bots are, a bare /history may be meant for another."""
    me = await desk.bot.me()
    button = InlineKeyboardButton(text=texts.plain("button-open-chat"), url=f"https://t.me/{me.username}")
    await message.reply(texts("group-private-only"), reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))


@router.message(F.migrate_from_chat_id)
async def became_supergroup(message: Message, desk: Desk) -> None:
    """The group has a new id: its settings move along."""
    async with desk.runtime.database.begin() as session:
        before = await rules.house(session, message.migrate_from_chat_id or 0)
        if before is not None:
            await rules.settle(session, message.chat.id, message.chat.title or "", before)


async def _words(desk: Desk, message: Message) -> Texts:
    return texts((await group.house_of(desk, message.chat)).language)
