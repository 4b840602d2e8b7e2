"""What the bot says about itself, and what it asks about chats."""

import re
from typing import Any

from aiogram.methods import (
    Close,
    DeleteMyCommands,
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetChatMemberCount,
    GetChatMenuButton,
    GetMe,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    LeaveChat,
    LogOut,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)

from tests.telegram_stub.entities import units
from tests.telegram_stub.errors import bad_request
from tests.telegram_stub.keyboards import check_web_app_url
from tests.telegram_stub.methods import handles, plain
from tests.telegram_stub.model import Json
from tests.telegram_stub.wire import chat_json, member_json, user_json
from tests.telegram_stub.world import INSIDE, World

TEXT_UNITS = {"name": 64, "description": 512, "short_description": 120}
MAX_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")


@handles(GetMe)
def get_me(world: World, call: GetMe) -> Json:
    return {
        **user_json(world.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_groups,
        "supports_inline_queries": True,
    }


@handles(LogOut)
def log_out(world: World, call: LogOut) -> bool:
    return True


@handles(Close)
def close(world: World, call: Close) -> bool:
    return True


def _place(world: World, call: Any) -> tuple[str, str]:
    """Scope and language that a command list belongs to."""
    language = call.language_code or ""
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID")
    scope = plain(call.scope) if call.scope else {"type": "default"}
    if "chat_id" in scope:
        world.chat(scope["chat_id"])
    return ":".join(str(part) for part in scope.values()), language


@handles(SetMyCommands)
def set_my_commands(world: World, call: SetMyCommands) -> bool:
    place = _place(world, call)
    if len(call.commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in call.commands:
        if not _COMMAND.fullmatch(command.command.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(command.description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.settings.commands[place] = [plain(command) for command in call.commands]
    return True


@handles(GetMyCommands)
def get_my_commands(world: World, call: GetMyCommands) -> list[Json]:
    return world.settings.commands.get(_place(world, call), [])


@handles(DeleteMyCommands)
def delete_my_commands(world: World, call: DeleteMyCommands) -> bool:
    world.settings.commands.pop(_place(world, call), None)
    return True


def _set_text(world: World, what: str, text: str | None, language: str | None) -> bool:
    if units(text or "") > TEXT_UNITS[what]:
        raise bad_request(f"bot {what.replace('_', ' ')} is too long")
    if not _LANGUAGE.fullmatch(language or ""):
        raise bad_request("LANG_CODE_INVALID")
    world.settings.texts[what, language or ""] = text or ""
    return True


def _text(world: World, what: str, language: str | None) -> str:
    texts = world.settings.texts
    return texts.get((what, language or ""), "") or texts.get((what, ""), "")


@handles(SetMyName)
def set_my_name(world: World, call: SetMyName) -> bool:
    return _set_text(world, "name", call.name, call.language_code)


@handles(SetMyDescription)
def set_my_description(world: World, call: SetMyDescription) -> bool:
    return _set_text(world, "description", call.description, call.language_code)


@handles(SetMyShortDescription)
def set_my_short_description(world: World, call: SetMyShortDescription) -> bool:
    return _set_text(world, "short_description", call.short_description, call.language_code)


@handles(GetMyName)
def get_my_name(world: World, call: GetMyName) -> Json:
    return {"name": _text(world, "name", call.language_code) or world.bot.name}


@handles(GetMyDescription)
def get_my_description(world: World, call: GetMyDescription) -> Json:
    return {"description": _text(world, "description", call.language_code)}


@handles(GetMyShortDescription)
def get_my_short_description(world: World, call: GetMyShortDescription) -> Json:
    return {"short_description": _text(world, "short_description", call.language_code)}


@handles(SetChatMenuButton)
def set_chat_menu_button(world: World, call: SetChatMenuButton) -> bool:
    button: Json = plain(call.menu_button) if call.menu_button else {"type": "default"}
    if button["type"] == "web_app":
        check_web_app_url(button["web_app"]["url"], "menu button Web App URL")
    if call.chat_id is None:
        world.settings.menu_button = button
    else:
        world.chat(call.chat_id).menu_button = button
    return True


@handles(GetChatMenuButton)
def get_chat_menu_button(world: World, call: GetChatMenuButton) -> Json:
    chat = None if call.chat_id is None else world.chat(call.chat_id)
    return chat.menu_button if chat and chat.menu_button else world.settings.menu_button


@handles(GetChat)
def get_chat(world: World, call: GetChat) -> Json:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return {
        **chat_json(world.chat(call.chat_id)),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


@handles(GetChatMember)
def get_chat_member(world: World, call: GetChatMember) -> Json:
    chat, user = world.chat(call.chat_id), world.users.get(call.user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member_json(user, chat.members.get(user.id, "left") if chat.is_group else "member")


@handles(GetChatAdministrators)
def get_chat_administrators(world: World, call: GetChatAdministrators) -> list[Json]:
    chat = world.open_chat(call.chat_id)
    if not chat.is_group:
        raise bad_request("there are no administrators in the private chat")
    chosen = [number for number, status in chat.members.items() if status in {"creator", "administrator"}]
    return [member_json(world.users[number], chat.members[number]) for number in chosen]


@handles(GetChatMemberCount)
def get_chat_member_count(world: World, call: GetChatMemberCount) -> int:
    chat = world.chat(call.chat_id)
    return sum(status in INSIDE for status in chat.members.values()) if chat.is_group else 2


@handles(LeaveChat)
def leave_chat(world: World, call: LeaveChat) -> bool:
    world.membership(world.open_chat(call.chat_id), world.bot, "left", by=world.bot)
    return True
