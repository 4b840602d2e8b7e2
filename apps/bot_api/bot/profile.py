"""What Telegram shows of the bot before anybody writes to it: commands, descriptions, the menu button; in ru and en."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    BotCommandScopeUnion,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from loguru import logger

from apps.bot_api.bot.texts import LANGUAGES, Texts, texts
from stenogram.settings import Settings

COMMANDS = ("start", "help", "settings", "history", "search", "usage", "cancel", "export_me", "delete_me", "privacy")
SHOP = ("buy", "paysupport", "terms")
GROUP_COMMANDS = ("transcribe", "settings", "help")
ADMIN_COMMANDS = ("admin",)


async def publish(bot: Bot, settings: Settings) -> None:
    """Idempotent. Raises TelegramAPIError."""
    everybody = (*COMMANDS, *(SHOP if settings.telegram.stars_packages else ()))
    for language in (None, *LANGUAGES):  # None: for people with any other language
        await _commands(bot, everybody, BotCommandScopeDefault(), language)
        await _commands(bot, GROUP_COMMANDS, BotCommandScopeAllGroupChats(), language)
        words = texts(language or "en")
        await bot.set_my_description(words.plain("bot-description"), language_code=language)
        await bot.set_my_short_description(words.plain("bot-short-description"), language_code=language)
    for administrator in settings.telegram.admin_ids:
        await _for_administrator(bot, (*everybody, *ADMIN_COMMANDS), administrator)
    await _menu_button(bot, settings.server.url)


async def _commands(bot: Bot, names: tuple[str, ...], scope: BotCommandScopeUnion, language: str | None) -> None:
    words = texts(language or "en")
    commands = [
        BotCommand(command=name, description=words.plain(f"command-{name.replace('_', '-')}")) for name in names
    ]
    await bot.set_my_commands(commands, scope=scope, language_code=language)


async def _for_administrator(bot: Bot, names: tuple[str, ...], chat_id: int) -> None:
    try:
        for language in (None, *LANGUAGES):
            await _commands(bot, names, BotCommandScopeChat(chat_id=chat_id), language)
    except TelegramBadRequest as error:
        logger.info("administrator {} has not written to the bot yet: {}", chat_id, error)


async def _menu_button(bot: Bot, url: str) -> None:
    """The web page, where Telegram can open it; else the list of commands. It is one button for all languages."""
    button = _page(url, texts("en"))
    await bot.set_chat_menu_button(menu_button=button or MenuButtonCommands())


async def menu_button_for(bot: Bot, url: str, words: Texts, chat_id: int) -> None:
    """The same for one person, in their language."""
    button = _page(url, words)
    if button is None:
        return
    try:
        await bot.set_chat_menu_button(chat_id=chat_id, menu_button=button)
    except TelegramBadRequest as error:
        logger.info("the menu button of {} stays as it is: {}", chat_id, error)


def _page(url: str, words: Texts) -> MenuButtonWebApp | None:
    if not url.startswith("https://"):
        return None
    return MenuButtonWebApp(text=words.plain("menu-button"), web_app=WebAppInfo(url=url))
