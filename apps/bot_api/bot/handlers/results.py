"""The buttons under a result: files, summary, names, once more, delete."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    ForceReply,
    InlineKeyboardMarkup,
    Message,
)
from loguru import logger

from apps.bot_api.bot import posting, render
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.handlers.screens import message_of
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.render import Result, Shown
from apps.bot_api.bot.render.buttons import (
    Again,
    Delete,
    Export,
    Keep,
    More,
    OnlyText,
    Open,
    Speaker,
    Speakers,
    Summary,
)
from apps.bot_api.bot.render.menus import LANGUAGE_CHOICES
from apps.bot_api.bot.render.results import name_of
from apps.bot_api.bot.rights import readable_recording, readable_run
from apps.bot_api.bot.texts import Texts
from stenogram.errors import StenogramError
from stenogram.services import access, admission, editing, quotas, recordings, runs, users
from stenogram.storage.models import User

router = Router(name="results")

_NAME_LENGTH = 60  # characters; a speaker's name


class Naming(StatesGroup):
    """The next message is the name of a speaker."""

    name = State()


async def _result(desk: Desk, user: User, query: CallbackQuery, run_id: UUID) -> Result:
    message = message_of(query)
    await readable_run(desk, user, run_id, message.chat)
    found = await desk.results.of(run_id, user, private=message.chat.type == "private")
    if found is None:
        raise StenogramError("transcript.not_ready", f"run {run_id}")
    return found


async def _buttons(query: CallbackQuery, keyboard: InlineKeyboardMarkup | None, words: str | None = None) -> None:
    message = message_of(query)
    try:
        await message.edit_reply_markup(reply_markup=keyboard)
    except TelegramBadRequest as error:
        logger.debug("the buttons stay as they are: {}", error)  # pressed twice
    await query.answer(words, show_alert=words is not None)


# --- files and texts ---


@router.callback_query(Export.filter())
async def export(query: CallbackQuery, callback_data: Export, desk: Desk, user: User, texts: Texts) -> None:
    message = message_of(query)
    await readable_run(desk, user, callback_data.run_id, message.chat)
    await query.answer(texts.plain("making-file", format=callback_data.format.upper()))
    file = await desk.results.file(callback_data.run_id, callback_data.format, user.language)
    await message.reply_document(BufferedInputFile(file.data, file.name))


@router.callback_query(Summary.filter())
async def summary(query: CallbackQuery, callback_data: Summary, desk: Desk, user: User, texts: Texts) -> None:
    await _reply(query, render.summary(texts, await _result(desk, user, query, callback_data.run_id)))


@router.callback_query(OnlyText.filter())
async def only_text(query: CallbackQuery, callback_data: OnlyText, desk: Desk, user: User, texts: Texts) -> None:
    result = await _result(desk, user, query, callback_data.run_id)
    words = render.only_text(texts, result)
    if words is not None:
        await _reply(query, words)
        return
    message = message_of(query)
    await query.answer()
    file = await desk.results.file(callback_data.run_id, "txt", user.language)
    await message.reply_document(BufferedInputFile(file.data, file.name))


@router.callback_query(Open.filter())
async def open_recording(query: CallbackQuery, callback_data: Open, desk: Desk, user: User, texts: Texts) -> None:
    message = message_of(query)
    run_id = await readable_recording(desk, user, callback_data.recording_id, message.chat)
    await query.answer()
    await send_card(desk, message, user, texts, await _result(desk, user, query, run_id))


async def send_card(desk: Desk, message: Message, user: User, texts: Texts, result: Result) -> None:
    """The result as a message of its own."""
    made = await desk.results.of_run(texts, user, result)
    if made.file is None:
        await message.answer(made.shown.text, reply_markup=made.shown.keyboard)
        return
    file = BufferedInputFile(made.file.data, made.file.name)
    await message.answer_document(file, caption=made.shown.text, reply_markup=made.shown.keyboard)


async def _reply(query: CallbackQuery, shown: Shown) -> None:
    message = message_of(query)
    await query.answer()
    await message.reply(shown.text, reply_markup=shown.keyboard)


# --- more buttons, once more, delete ---


@router.callback_query(More.filter())
async def more(query: CallbackQuery, callback_data: More, desk: Desk, user: User, texts: Texts) -> None:
    result = await _result(desk, user, query, callback_data.run_id)
    shown = render.more_keyboard(texts, result.run_id, result.recording_id)
    await _buttons(query, shown if callback_data.shown else render.keyboard(texts, result))


@router.callback_query(Again.filter(F.go.is_(False)))
async def choose_again(query: CallbackQuery, callback_data: Again, desk: Desk, user: User, texts: Texts) -> None:
    result = await _result(desk, user, query, callback_data.run_id)
    spoken = users.preferences(user, desk.runtime.settings).speech
    languages = dict.fromkeys((*LANGUAGE_CHOICES, *([spoken] if spoken else [])))
    shown = render.again(texts, callback_data, result.transcript.title, list(languages))
    await _buttons(
        query, shown.keyboard, None if callback_data != Again(run_id=result.run_id) else texts.plain("again-hint")
    )


@router.callback_query(Again.filter(F.go))
async def run_again(query: CallbackQuery, callback_data: Again, desk: Desk, user: User, texts: Texts) -> None:
    """A new run of the same recording, answered by a message of its own."""
    message = message_of(query)
    async with desk.runtime.database.begin() as session:
        parent = await access.owned_run(session, user, callback_data.run_id)
        options = replace(
            runs.stored_options(parent.options),
            preset=callback_data.preset,
            language=callback_data.language or None,
            speakers=callback_data.speakers or None,
        )
        recording = await recordings.get(session, parent.recording_id)
        await admission.admit(session, user.id, desk.runtime.settings.queue)
        await quotas.charge_again(session, user, recording, desk.runtime.settings)
        run = await runs.start(session, recording.id, options, request_id=f"tg-{query.id}"[:64])
        answer_id = await posting.post_run(session, message, user, recording, run, key=f"again:{query.id}")
    await desk.runtime.dispatcher.flush()
    desk.caretaker.begin(answer_id)
    await query.answer(texts.plain("retrying"))


@router.callback_query(Delete.filter(F.sure.is_(False)))
async def ask_to_delete(query: CallbackQuery, callback_data: Delete, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.at_once() as session:
        await access.owned_recording(session, user, callback_data.recording_id)
    await _buttons(query, render.delete_keyboard(texts, callback_data.recording_id), texts.plain("delete-question"))


@router.callback_query(Delete.filter(F.sure))
async def delete(query: CallbackQuery, callback_data: Delete, desk: Desk, user: User, texts: Texts) -> None:
    message = message_of(query)
    async with desk.runtime.database.begin() as session:
        await access.owned_recording(session, user, callback_data.recording_id)
        await recordings.delete(session, desk.runtime.vault, callback_data.recording_id)
    await query.answer()
    await _say_deleted(message, texts("delete-done"))


async def _say_deleted(message: Message, words: str) -> None:
    """In place of the result, so that the text is gone from the chat too; a file's message cannot become a text."""
    if message.text is not None:
        await message.edit_text(words)
        return
    await message.answer(words)
    await message.delete()


@router.callback_query(Keep.filter())
async def keep(query: CallbackQuery, callback_data: Keep, desk: Desk, user: User, texts: Texts) -> None:
    message = message_of(query)
    run_id = await readable_recording(desk, user, callback_data.recording_id, message.chat)
    await _buttons(query, render.keyboard(texts, await _result(desk, user, query, run_id)))


# --- names ---


@router.callback_query(Speakers.filter())
async def speakers(query: CallbackQuery, callback_data: Speakers, desk: Desk, user: User, texts: Texts) -> None:
    await _reply(query, render.speakers(texts, await _result(desk, user, query, callback_data.run_id)))


@router.callback_query(Speaker.filter())
async def ask_name(
    query: CallbackQuery, callback_data: Speaker, desk: Desk, user: User, texts: Texts, state: FSMContext
) -> None:
    message = message_of(query)
    result = await _result(desk, user, query, callback_data.run_id)
    async with desk.runtime.database.at_once() as session:
        await access.owned_run(session, user, callback_data.run_id)
    known = result.transcript.speakers
    if callback_data.number >= len(known):
        raise StenogramError("not_found", "the speaker is gone")
    label = known[callback_data.number].label
    await state.set_state(Naming.name)
    await state.set_data({"run_id": callback_data.run_id.hex, "label": label, "list": message.message_id})
    await query.answer()
    await message.answer(
        texts("name-question", name=name_of(texts, result.transcript, label)),
        reply_markup=ForceReply(input_field_placeholder=texts.plain("name-placeholder"), selective=True),
    )


@router.message(Naming.name, F.text, ~F.text.startswith("/"))
async def take_name(message: Message, desk: Desk, user: User, texts: Texts, state: FSMContext) -> None:
    kept = await state.get_data()
    run_id, name = UUID(kept["run_id"]), " ".join((message.text or "").split())[:_NAME_LENGTH]
    async with desk.runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        await editing.rename_speaker(session, run_id, user.id, kept["label"], name)
        await delivery.get().settle(session)
    await state.clear()
    await message.reply(texts("name-taken", name=name))
    await _refresh(message, desk, user, texts, run_id, int(kept["list"]))


async def _refresh(message: Message, desk: Desk, user: User, texts: Texts, run_id: UUID, list_id: int) -> None:
    """The list of speakers and the result under their new name."""
    private = message.chat.type == "private"
    result = await desk.results.of(run_id, user, private=private)
    if result is None or message.bot is None:
        return
    bot, chat_id = message.bot, message.chat.id
    shown = render.speakers(texts, result)
    await _unless_gone(
        lambda: bot.edit_message_text(shown.text, chat_id=chat_id, message_id=list_id, reply_markup=shown.keyboard)
    )
    answer_message = await desk.results.message_of(run_id, chat_id)
    if answer_message is not None and render.fits(texts, result):
        again = render.result(texts, result)
        await _unless_gone(
            lambda: bot.edit_message_text(
                again.text, chat_id=chat_id, message_id=answer_message, reply_markup=again.keyboard
            )
        )


async def _unless_gone(edit: Callable[[], Awaitable[object]]) -> None:
    try:
        await edit()
    except TelegramBadRequest as error:
        logger.debug("a message is not brought up to date: {}", error)  # deleted, or a file by now
