"""Messages of the bot: sending, editing, deleting, and what Telegram refuses."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramUnauthorizedError
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)

from tests.telegram_stub import Person, TelegramStub
from tests.unit.telegram_stub.conftest import bot_for


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    )


async def test_a_message_arrives_with_its_formatting(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(
        anna.id, "Готово, <b>Анна</b> 🎉 <i>!</i>", reply_markup=keyboard([("Открыть", "open")])
    )
    seen = anna.chat.last
    assert (seen.id, seen.text, seen.buttons) == (sent.message_id, "Готово, Анна 🎉 !", [["Открыть"]])
    assert seen.entities == (
        {"type": "bold", "offset": 8, "length": 4},
        {"type": "italic", "offset": 16, "length": 1},
    )
    assert sent.html_text == "Готово, <b>Анна</b> 🎉 <i>!</i>"


async def test_every_edit_is_kept(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "1 %", reply_markup=keyboard([("Отмена", "cancel")]))
    await bot.edit_message_text("50 %", chat_id=anna.id, message_id=sent.message_id)
    edited = await bot.edit_message_text("100 %", chat_id=anna.id, message_id=sent.message_id)
    assert isinstance(edited, type(sent))
    assert edited.edit_date
    assert [version.content.text for version in anna.chat.last.versions] == ["1 %", "50 %", "100 %"]
    assert anna.chat.last.buttons == []


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "<b>1 %</b>")
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content"):
        await bot.edit_message_text("<b>1 %</b>", chat_id=anna.id, message_id=sent.message_id)
    await bot.edit_message_text("1 %", chat_id=anna.id, message_id=sent.message_id)


async def test_a_status_message_becomes_a_document(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Расшифровываю…")
    media = InputMediaDocument(media=BufferedInputFile(b"text", "transcript.txt"), caption="<b>Готово</b>")
    await bot.edit_message_media(media, chat_id=anna.id, message_id=sent.message_id)
    document = anna.chat.last.document
    assert document is not None
    assert (document.name, document.data, document.mime_type) == ("transcript.txt", b"text", "text/plain")
    assert anna.chat.last.text == "Готово"
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("назад", chat_id=anna.id, message_id=sent.message_id)
    await bot.edit_message_caption(chat_id=anna.id, message_id=sent.message_id, caption="Итог")
    assert anna.chat.last.text == "Итог"


async def test_what_cannot_be_edited_or_deleted(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=anna.id, message_id=99_999)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=anna.id, message_id=anna.chat.last.id)
    group = telegram.group("Команда", members=[anna])
    theirs = anna.sends_text("привет", chat=group)
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(group.id, theirs.id)
    group.makes_bot("administrator", by=anna.account)
    await bot.delete_message(group.id, theirs.id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(group.id, theirs.id)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" \n", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("я" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("<b>незакрытый", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("<h1>x</h1>", 'can\'t parse entities: Unsupported start tag "h1" at byte offset 0'),
        ("да <b>нет</i>", 'Unmatched end tag at byte offset 14, expected "</b>", found "</i>"'),
        ("а < б", "Unclosed start tag at byte offset 3"),
        ("</b>", "Unexpected end tag at byte offset 0"),
    ],
)
async def test_texts_that_are_refused(bot: Bot, anna: Person, text: str, words: str) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(anna.id, text)
    assert words in str(refused.value)
    assert len(anna.messages) == 1


async def test_the_longest_text_and_caption(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "<b>" + "😀" * 2048 + "</b>")
    file = BufferedInputFile(b"x", "x.txt")
    await bot.send_document(anna.id, file, caption="я" * 1024)
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_document(anna.id, file, caption="я" * 1025)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([("x", "я" * 32 + "!")]), "BUTTON_DATA_INVALID"),
        (keyboard(*[[("x", "y")]] * 101), "reply markup is too long"),
        (keyboard([("", "y")]), "can't parse inline keyboard button"),
        ({"url": "http://localhost:8000/"}, "Wrong HTTP URL"),
        ({"web_app": {"url": "http://192.0.2.1/"}}, "Only HTTPS links are allowed"),
        ({}, "Text buttons are unallowed"),
    ],
)
async def test_keyboards_that_are_refused(bot: Bot, anna: Person, markup: Any, words: str) -> None:
    if isinstance(markup, dict):
        markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", **markup)]])
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_message(anna.id, "x", reply_markup=markup)


async def test_the_largest_keyboard(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "x", reply_markup=keyboard(*[[("x", "я" * 32)]] * 100))
    assert len(anna.chat.last.buttons) == 100


async def test_a_web_app_button_is_for_private_chats(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    button = InlineKeyboardButton.model_validate({"text": "x", "web_app": {"url": "https://example.org/"}})
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(anna.id, "x", reply_markup=markup)
    with pytest.raises(TelegramBadRequest, match="BUTTON_TYPE_INVALID"):
        await bot.send_message(telegram.group("Команда").id, "x", reply_markup=markup)


async def test_who_cannot_be_written_to(telegram: TelegramStub, bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(555, "x")
    stranger = telegram.user(id=102, name="Олег")
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    anna.blocks_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "x")
    anna.opens("/start again")
    await bot.send_message(anna.id, "x")
    anna.deletes_account()
    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(anna.id, "x")


async def test_a_wrong_token(telegram: TelegramStub) -> None:
    async with bot_for(telegram, "1:wrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_replies(bot: Bot, anna: Person) -> None:
    question = anna.sends_text("вопрос")
    await bot.send_message(anna.id, "ответ", reply_parameters=ReplyParameters(message_id=question.id))
    assert anna.chat.last.reply_to is question
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(anna.id, "ответ", reply_parameters=ReplyParameters(message_id=77_777))
    lenient = ReplyParameters(message_id=77_777, allow_sending_without_reply=True)
    await bot.send_message(anna.id, "ответ", reply_parameters=lenient, link_preview_options=LinkPreviewOptions())
    assert anna.chat.last.reply_to is None


async def test_drafts_grow_and_end_with_the_message(bot: Bot, anna: Person) -> None:
    for text in ("Итак", "Итак, <b>первое</b>"):
        await bot.send_message_draft(chat_id=anna.id, draft_id=5, text=text)
    assert anna.chat.draft is not None
    assert [version.text for version in anna.chat.draft.versions] == ["Итак", "Итак, первое"]
    await bot.send_message(anna.id, "Итак, первое.")
    assert anna.chat.draft is None


async def test_actions_and_reactions(bot: Bot, anna: Person) -> None:
    await bot.send_chat_action(anna.id, "upload_document")
    assert [action for _, action in anna.chat.actions] == ["upload_document"]
    await bot.set_message_reaction(anna.id, anna.chat.last.id, [ReactionTypeEmoji(emoji="👀")])
    assert anna.chat.last.reactions == {bot.id: ["👀"]}
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await bot.set_message_reaction(anna.id, anna.chat.last.id, [ReactionTypeEmoji(emoji="🫠")])


async def test_forwarding_and_copying(bot: Bot, anna: Person) -> None:
    source = anna.sends_text("важно")
    forwarded = await bot.forward_message(anna.id, anna.id, source.id)
    assert forwarded.forward_origin is not None
    copied = await bot.copy_message(anna.id, anna.id, source.id)
    assert anna.chat.last.id == copied.message_id
    assert anna.chat.last.origin is None
    with pytest.raises(TelegramBadRequest, match="message to forward not found"):
        await bot.forward_message(anna.id, anna.id, 88_888)
