"""The bot is blocked, unblocked, added to a group or put out of it."""

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import IS_MEMBER, IS_NOT_MEMBER, ChatMemberUpdatedFilter
from aiogram.types import ChatMemberUpdated
from loguru import logger

from apps.bot_api.bot import rules
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.texts import texts
from stenogram.services import users
from stenogram.storage.repositories import Users
from stenogram.storage.telegram_rows import Chats

router = Router(name="members")

_PRIVATE = F.chat.type == "private"


@router.my_chat_member(_PRIVATE)
async def blocked_or_back(change: ChatMemberUpdated, desk: Desk) -> None:
    async with desk.runtime.database.begin() as session:
        user = await Users(session).by_telegram(change.from_user.id)
        if user is not None:
            await users.reachable(session, user, change.new_chat_member.status == "member")


@router.my_chat_member(ChatMemberUpdatedFilter(IS_NOT_MEMBER >> IS_MEMBER))
async def added(change: ChatMemberUpdated, desk: Desk) -> None:
    language = "ru" if (change.from_user.language_code or "").startswith("ru") else "en"
    async with desk.runtime.database.begin() as session:
        await Chats(session).joined(change.chat.id, change.chat.title or "", language)
        known = await rules.house(session, change.chat.id)
    try:
        await change.answer(texts(known.language if known else language)("group-hello"))
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        logger.info("no greeting in {}: {}", change.chat.id, error)  # only some may write there


@router.my_chat_member(ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER))
async def put_out(change: ChatMemberUpdated, desk: Desk) -> None:
    async with desk.runtime.database.begin() as session:
        await Chats(session).left(change.chat.id)
