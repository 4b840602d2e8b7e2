"""/history and /search: a person's recordings by pages, and what is said in them."""

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, ForceReply, Message
from loguru import logger

from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.render import library
from apps.bot_api.bot.render.buttons import Ask, Page
from apps.bot_api.bot.render.library import HISTORY, HISTORY_SIZE, SEARCH, SEARCH_SIZE
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.texts import Texts
from stenogram.errors import StenogramError
from stenogram.services import search, users
from stenogram.storage.models import User
from stenogram.storage.repositories import clock

router = Router(name="history")

_PRIVATE = F.chat.type == "private"


class Searching(StatesGroup):
    """The next message is what to search for."""

    query = State()


# --- the list ---


@router.message(Command("history"), _PRIVATE)
async def history(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    shown = await _history(desk, user, texts, 0)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Page.filter(F.of == HISTORY))
async def turn_history(query: CallbackQuery, callback_data: Page, desk: Desk, user: User, texts: Texts) -> None:
    await _show(query, await _history(desk, user, texts, callback_data.number))


async def _history(desk: Desk, user: User, texts: Texts, page: int) -> Shown:
    """A page that is there no more is the last."""
    async with desk.runtime.database.at_once() as session:
        now = await clock(session)
        listed, total = await search.history(session, user.id, HISTORY_SIZE, max(0, page) * HISTORY_SIZE)
        last = library.pages_of(total, HISTORY_SIZE) - 1
        if page > last:
            page = last
            listed, total = await search.history(session, user.id, HISTORY_SIZE, page * HISTORY_SIZE)
    return library.history(texts, listed, total, max(0, page), users.zone(user, desk.runtime.settings), now)


# --- the search ---


@router.message(Command("search"), _PRIVATE)
async def find(
    message: Message, command: CommandObject, desk: Desk, user: User, texts: Texts, state: FSMContext
) -> None:
    if search.plain_query(command.args or ""):
        await _answer(message, desk, user, texts)
    else:
        await _ask(message, texts, state)


@router.callback_query(Ask.filter())
async def ask(query: CallbackQuery, texts: Texts, state: FSMContext) -> None:
    await query.answer()
    if isinstance(query.message, Message):
        await _ask(query.message, texts, state)


async def _ask(message: Message, texts: Texts, state: FSMContext) -> None:
    await state.set_state(Searching.query)
    placeholder = texts.plain("search-placeholder")
    await message.answer(texts("search-question"), reply_markup=ForceReply(input_field_placeholder=placeholder))


@router.message(Searching.query, F.text, ~F.text.startswith("/"), _PRIVATE)
async def find_typed(message: Message, desk: Desk, user: User, texts: Texts, state: FSMContext) -> None:
    await _answer(message, desk, user, texts)
    await state.clear()


async def _answer(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    """In reply to the message with the query, which is read again when a page is turned."""
    shown = await _found(desk, user, texts, _query(message), 0)
    await message.reply(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Page.filter(F.of == SEARCH))
async def turn_found(query: CallbackQuery, callback_data: Page, desk: Desk, user: User, texts: Texts) -> None:
    asked = query.message.reply_to_message if isinstance(query.message, Message) else None
    if asked is None:  # they have deleted what they asked
        await query.answer(texts.plain("outdated-button"), show_alert=True)
        return
    await _show(query, await _found(desk, user, texts, _query(asked), callback_data.number))


def _query(message: Message) -> str:
    text = message.text or ""
    return search.plain_query(text.partition(" ")[2] if text.startswith("/") else text)


async def _found(desk: Desk, user: User, texts: Texts, query: str, page: int) -> Shown:
    page = max(0, page)
    async with desk.runtime.database.at_once() as session:
        now = await clock(session)
        result = await search.search(session, user.id, query, SEARCH_SIZE, page * SEARCH_SIZE)
        last = library.pages_of(result.total, SEARCH_SIZE) - 1
        if page > last:
            page = last
            result = await search.search(session, user.id, query, SEARCH_SIZE, page * SEARCH_SIZE)
    return library.found(texts, query, result, page, users.zone(user, desk.runtime.settings), now)


async def _show(query: CallbackQuery, shown: Shown) -> None:
    """Raises StenogramError("not_found") for a message that Telegram hides from us."""
    if not isinstance(query.message, Message):
        raise StenogramError("not_found", "the message is too old")
    try:
        await query.message.edit_text(shown.text, reply_markup=shown.keyboard)
    except TelegramBadRequest as error:
        logger.debug("the page stays as it is: {}", error)  # the same page, or the message is deleted
    await query.answer()
