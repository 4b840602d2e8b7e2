"""What the bot says about itself, and what it asks about chats and members."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    KeyboardButton,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    WebAppInfo,
)

from tests.telegram_stub import Person, TelegramStub


async def test_who_the_bot_is(telegram: TelegramStub, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (telegram.bot.id, True, "stenogram_test_bot")
    assert not me.can_read_all_group_messages


async def test_commands_by_scope_and_language(bot: Bot, anna: Person) -> None:
    russian, english = BotCommand(command="help", description="помощь"), BotCommand(command="help", description="help")
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([russian], scope=private, language_code="ru")
    await bot.set_my_commands([english])
    await bot.set_my_commands([], scope=BotCommandScopeChat(chat_id=anna.id))
    [found] = await bot.get_my_commands(scope=private, language_code="ru")
    assert found.description == "помощь"
    [found] = await bot.get_my_commands()
    assert found.description == "help"
    await bot.delete_my_commands(scope=private, language_code="ru")
    assert await bot.get_my_commands(scope=private, language_code="ru") == []


@pytest.mark.parametrize(
    ("command", "description", "words"),
    [
        ("Help", "x", "BOT_COMMAND_INVALID"),
        ("помощь", "x", "BOT_COMMAND_INVALID"),
        ("a" * 33, "x", "BOT_COMMAND_INVALID"),
        ("help", "я" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_that_are_refused(bot: Bot, command: str, description: str, words: str) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.set_my_commands([BotCommand(command=command, description=description)])


async def test_texts_about_the_bot(bot: Bot) -> None:
    await bot.set_my_description("Записи в текст", language_code="ru")
    await bot.set_my_short_description("Recordings to text")
    await bot.set_my_name("Stenogram")
    assert (await bot.get_my_description("ru")).description == "Записи в текст"
    assert (await bot.get_my_description("en")).description == ""
    assert (await bot.get_my_short_description("ru")).short_description == "Recordings to text"
    assert (await bot.get_my_name()).name == "Stenogram"
    with pytest.raises(TelegramBadRequest, match="bot short description is too long"):
        await bot.set_my_short_description("я" * 121)


async def test_the_menu_button(bot: Bot, anna: Person) -> None:
    button = MenuButtonWebApp(text="Открыть", web_app=WebAppInfo(url="https://example.org/"))
    await bot.set_chat_menu_button(anna.id, button)
    found = await bot.get_chat_menu_button(anna.id)
    assert isinstance(found, MenuButtonWebApp)
    assert found.web_app.url == "https://example.org/"
    insecure = MenuButtonWebApp(text="Открыть", web_app=WebAppInfo(url="http://example.org/"))
    with pytest.raises(TelegramBadRequest, match="Only HTTPS links are allowed"):
        await bot.set_chat_menu_button(menu_button=insecure)


async def test_the_reply_keyboard(bot: Bot, anna: Person) -> None:
    markup = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Мои записи")]])
    await bot.send_message(anna.id, "x", reply_markup=markup)
    assert anna.chat.reply_keyboard
    await bot.send_message(anna.id, "x", reply_markup=ReplyKeyboardRemove())
    assert anna.chat.reply_keyboard is None


async def test_members_and_administrators(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    oleg, pavel = telegram.user(id=102, name="Олег"), telegram.user(id=103, name="Павел")
    group = telegram.group("Команда", members=[anna], admins=[oleg])
    statuses = [(await bot.get_chat_member(group.id, person.id)).status for person in (anna, oleg, pavel)]
    assert statuses == ["member", "administrator", "left"]
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [oleg.id]
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_chat(group.id)).title == "Команда"
    assert (await bot.get_chat(anna.id)).username == "anna"
    with pytest.raises(TelegramBadRequest, match="PARTICIPANT_ID_INVALID"):
        await bot.get_chat_member(group.id, 999)


async def test_a_bot_in_a_group_and_out_of_it(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    group = telegram.group("Команда", members=[anna], bot=None)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")
    group.adds_bot(by=anna.account)
    await bot.send_message(group.id, "x")
    group.makes_bot("kicked", by=anna.account)
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    updates = (await bot.get_updates(timeout=0))[1:]
    assert [update.event_type for update in updates] == ["my_chat_member", "message", "my_chat_member"]


async def test_a_group_becomes_a_supergroup(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    group = telegram.group("Команда", members=[anna], supergroup=False)
    larger = group.becomes_supergroup(by=anna.account)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.migrate_to_chat_id == larger.id
    await bot.send_message(larger.id, "x")


async def test_leaving(telegram: TelegramStub, bot: Bot) -> None:
    group = telegram.group("Команда")
    await bot.leave_chat(group.id)
    assert group.chat.members[telegram.bot.id] == "left"
