"""/admin → broadcast: one text to everybody whom the bot may write to."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.handlers.screens import hush, message_of, show, take_buttons_away
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.render import admin as render
from apps.bot_api.bot.render.admin_buttons import Broadcast, Go
from apps.bot_api.bot.render.buttons import rows
from apps.bot_api.bot.texts import Texts
from stenogram.storage.notice_rows import Broadcasts

router = Router(name="broadcast")


class Writing(StatesGroup):
    """The next message is for everybody."""

    text = State()


@router.callback_query(Go.filter(F.to == "broadcast"))
async def ask(query: CallbackQuery, desk: Desk, texts: Texts, state: FSMContext) -> None:
    await state.set_state(Writing.text)
    async with desk.runtime.database.at_once() as session:
        count = await Broadcasts(session).audience()
    await show(query, Shown(texts("broadcast-question", count=count), rows(render.back(texts))))


@router.message(Writing.text, F.text, ~F.text.startswith("/"))
async def preview(message: Message, desk: Desk, texts: Texts, state: FSMContext) -> None:
    """As everybody will see it; the text is kept nowhere but there."""
    async with desk.runtime.database.at_once() as session:
        count = await Broadcasts(session).audience()
    number = delivery.get().update_id
    await message.answer(message.html_text, reply_markup=render.draft_keyboard(texts, number, count))
    await state.clear()


@router.callback_query(Broadcast.filter(F.do == "send"))
async def send(query: CallbackQuery, callback_data: Broadcast, desk: Desk, texts: Texts) -> None:
    message, number = message_of(query), callback_data.number
    async with desk.runtime.database.begin() as session:
        await Broadcasts(session).queue(number, message.html_text)
        await delivery.get().settle(session)
    await hush(query, texts.plain("alert-broadcast"))
    if await take_buttons_away(message):
        shown = await _progress(desk, texts, number)
        await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Broadcast.filter(F.do == "drop"))
async def drop(query: CallbackQuery, texts: Texts) -> None:
    await show(query, Shown(texts("broadcast-dropped")))


@router.callback_query(Broadcast.filter(F.do == "progress"))
async def progress(query: CallbackQuery, callback_data: Broadcast, desk: Desk, texts: Texts) -> None:
    await show(query, await _progress(desk, texts, callback_data.number))


async def _progress(desk: Desk, texts: Texts, number: int) -> Shown:
    async with desk.runtime.database.at_once() as session:
        return render.broadcast(texts, number, await Broadcasts(session).progress(number))
