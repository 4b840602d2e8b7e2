"""/start with its tour and a sample, deep links, /help, /cancel."""

from uuid import UUID

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardMarkup, Message

from apps.bot_api.bot import posting, profile, samples
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.handlers.results import send_card
from apps.bot_api.bot.render.buttons import press, rows
from apps.bot_api.bot.rights import readable_recording
from apps.bot_api.bot.texts import Texts
from stenogram.errors import StenogramError
from stenogram.services import posts
from stenogram.storage.models import User
from stenogram.storage.telegram_rows import Answers, Posts

router = Router(name="start")

RECORDING = "rec-"
"""Deep links that open a recording: ``https://t.me/{bot}?start=rec-{32 hex digits}``."""

STEPS = 3


class Tour(CallbackData, prefix="tour"):
    """A page of the tour, from 1; ``sample``: send the sample recording instead."""

    step: int = 1
    sample: bool = False


@router.message(CommandStart(deep_link=True, magic=F.args.startswith(RECORDING)))
async def open_recording(message: Message, command: CommandObject, desk: Desk, user: User, texts: Texts) -> None:
    try:
        recording_id = UUID((command.args or "").removeprefix(RECORDING))
    except ValueError as error:
        raise StenogramError("not_found", "the deep link is none") from error
    run_id = await readable_recording(desk, user, recording_id, message.chat)
    result = await desk.results.of(run_id, user, private=message.chat.type == "private")
    if result is None:
        raise StenogramError("transcript.not_ready", f"run {run_id}")
    await send_card(desk, message, user, texts, result)


@router.message(CommandStart(), F.chat.type == "private")
async def start(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    await message.answer(texts("tour-1", name=user.name), reply_markup=_tour_buttons(texts, 1))
    await profile.menu_button_for(desk.bot, desk.runtime.settings.server.url, texts, message.chat.id)


@router.callback_query(Tour.filter(F.sample.is_(False)))
async def tour(query: CallbackQuery, callback_data: Tour, user: User, texts: Texts) -> None:
    step = min(max(1, callback_data.step), STEPS)
    await query.answer()
    if query.message is not None and not isinstance(query.message, InaccessibleMessage):
        shown = texts(f"tour-{step}", name=user.name)
        await query.message.edit_text(shown, reply_markup=_tour_buttons(texts, step))


def _tour_buttons(texts: Texts, step: int) -> InlineKeyboardMarkup | None:
    following = press(texts.plain("button-tour-next"), Tour(step=step + 1)) if step < STEPS else None
    before = press(texts.plain("button-back"), Tour(step=step - 1)) if step > 1 else None
    sample = samples.available(texts.language)
    trial = press(texts.plain("button-sample"), Tour(sample=True)) if sample else None
    return rows([before, following], [trial])


@router.callback_query(Tour.filter(F.sample))
async def try_sample(query: CallbackQuery, desk: Desk, user: User) -> None:
    """The whole way of a real recording, on one that comes with the service."""
    await query.answer()
    path = samples.available(user.language)
    if path is not None and query.message is not None and not isinstance(query.message, InaccessibleMessage):
        await posting.post(
            desk, query.message, user, posting.sample_post(query.message, path.name), key=f"sample:{query.id}"[:64]
        )


@router.message(Command("help"))
async def show_help(message: Message, texts: Texts) -> None:
    await message.answer(texts("help" if message.chat.type == "private" else "help-group"))


@router.message(Command("cancel"))
async def cancel_all(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.begin() as session:
        answers = await Answers(session).open_of_owner(user.id)
        given = await Posts(session).of([answer.id for answer in answers])
        stopped = [await posts.stop(session, post) for post in given if post.state in ("new", "waiting", "running")]
    await desk.runtime.dispatcher.flush(event for events in stopped for event in events)
    await message.reply(texts("cancelled-all", count=len(stopped)) if stopped else texts("nothing-to-cancel"))
