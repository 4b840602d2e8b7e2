"""/admin: the queue, dead letters, invitations; for administrators, in a private chat."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import tzinfo

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, TelegramObject

from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.handlers import broadcast, people
from apps.bot_api.bot.handlers.screens import hush, message_of, show
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.render import Shown
from apps.bot_api.bot.render import admin as render
from apps.bot_api.bot.render.admin_buttons import Go, Invite, Letter
from apps.bot_api.bot.texts import Texts
from stenogram.errors import StenogramError
from stenogram.services import audit, dead_letters, overview, users
from stenogram.services.people import INVITE_LIFETIME, make_invite
from stenogram.services.people import page as people_page
from stenogram.storage.models import User
from stenogram.storage.repositories import Recordings, Users, clock
from stenogram.storage.telegram_rows import Answers, Posts

router = Router(name="admin")


class Administrator(BaseFilter):
    """To everybody else the commands are unknown, and the buttons of old."""

    async def __call__(self, _event: TelegramObject, user: User | None = None) -> bool:
        return user is not None and user.role == "admin"


router.message.filter(F.chat.type == "private", Administrator())
router.callback_query.filter(F.message.chat.type == "private", Administrator())
router.include_routers(people.router, broadcast.router)


@router.message(Command("admin"))
async def open_menu(message: Message, desk: Desk, user: User, texts: Texts, state: FSMContext) -> None:
    await state.clear()
    shown = await _main(desk, user, texts, 0)
    await message.answer(shown.text, reply_markup=shown.keyboard)


@router.callback_query(Go.filter(F.to.in_({"main", "queue", "letters", "invite"})))
async def go(query: CallbackQuery, callback_data: Go, desk: Desk, user: User, texts: Texts, state: FSMContext) -> None:
    await state.clear()
    await show(query, await _SCREENS[callback_data.to](desk, user, texts, callback_data.page))


async def _main(desk: Desk, _user: User, texts: Texts, _page: int) -> Shown:
    async with desk.runtime.database.session() as session:
        count = (await people_page(session, limit=1))[1]
        seen = await overview.collect(session, desk.runtime.redis, desk.runtime.settings.server)
    now = render.Standing(
        people=count,
        waiting=sum(state.due + state.delayed for state in seen.queues),
        running=sum(state.running for state in seen.queues),
        letters=sum(seen.dead_letters.values()),
        invites=_invites(desk),
    )
    return render.main(texts, now)


async def _queue(desk: Desk, user: User, texts: Texts, _page: int) -> Shown:
    async with desk.runtime.database.session() as session:
        seen = await overview.collect(session, desk.runtime.redis, desk.runtime.settings.server)
    return render.queue(texts, seen, _zone(desk, user))


async def _letters(desk: Desk, user: User, texts: Texts, before: int) -> Shown:
    async with desk.runtime.database.at_once() as session:
        found = await dead_letters.list_open(session, render.LETTERS + 1, before=before or None)
    return render.letters(texts, found, _zone(desk, user), first=not before)


async def _invite(_desk: Desk, _user: User, texts: Texts, _page: int) -> Shown:
    return render.invite(texts)


_SCREENS: Mapping[str, Callable[[Desk, User, Texts, int], Awaitable[Shown]]] = {
    "main": _main,
    "queue": _queue,
    "letters": _letters,
    "invite": _invite,
}


def _zone(desk: Desk, user: User) -> tzinfo:
    return users.zone(user, desk.runtime.settings)


def _invites(desk: Desk) -> bool:
    """Elsewhere an invitation would let nobody in, or everybody comes without."""
    return desk.runtime.settings.telegram.access == "invite"


# --- dead letters ---


@router.callback_query(Letter.filter(F.do == "show"))
async def letter(query: CallbackQuery, callback_data: Letter, desk: Desk, user: User, texts: Texts) -> None:
    await show(query, await _letter(desk, user, texts, callback_data.id))


async def _letter(desk: Desk, user: User, texts: Texts, letter_id: int) -> Shown:
    async with desk.runtime.database.session() as session:
        found = await dead_letters.inspect(session, letter_id)
        recording = await Recordings(session).get(found.run.recording_id)
        owner = await Users(session).get(recording.owner_id) if recording else None
    return render.letter(texts, render.Case(found, recording, owner), _zone(desk, user))


@router.callback_query(Letter.filter(F.do == "replay"))
async def replay(query: CallbackQuery, callback_data: Letter, desk: Desk, user: User, texts: Texts) -> None:
    """Whoever was told that it failed is told how it goes on, in the same message."""
    async with desk.runtime.database.begin() as session:
        run, events = await dead_letters.replay(session, callback_data.id)
        await audit.record(session, user, "letter.replayed", via="bot", letter=callback_data.id)
        told = [post for post in await Posts(session).of_run(run.id) if post.state == "failed"]
        for post in told:
            await Posts(session).set(post.id, state="running", error_code=None, error_params={})
            await Answers(session).set(post.answer_id, delivered_at=None, headline=False)
        await delivery.get().settle(session)
    await desk.runtime.dispatcher.flush(events)
    for post in told:
        desk.caretaker.begin(post.answer_id)
    await show(query, await _letters(desk, user, texts, 0), texts.plain("alert-replayed"))


@router.callback_query(Letter.filter(F.do == "discard"))
async def discard(query: CallbackQuery, callback_data: Letter, desk: Desk, user: User, texts: Texts) -> None:
    async with desk.runtime.database.begin() as session:
        await dead_letters.discard(session, callback_data.id)
        await audit.record(session, user, "letter.discarded", via="bot", letter=callback_data.id)
        await delivery.get().settle(session)
    await show(query, await _letters(desk, user, texts, 0), texts.plain("alert-discarded"))


# --- invitations ---


@router.callback_query(Invite.filter())
async def invite(query: CallbackQuery, callback_data: Invite, desk: Desk, user: User, texts: Texts) -> None:
    """A message of its own, so that it can be forwarded."""
    if callback_data.uses not in render.INVITED or not _invites(desk):
        raise StenogramError("not_found", "no such invitation")
    message, me = message_of(query), await desk.bot.me()
    async with desk.runtime.database.begin() as session:
        secret = await make_invite(session, user, callback_data.uses)
        until = await clock(session) + INVITE_LIFETIME
    await hush(query)
    link = f"https://t.me/{me.username}?start={secret}"
    shown = render.invitation(texts, link, callback_data.uses, until, _zone(desk, user))
    await message.answer(shown.text, reply_markup=shown.keyboard)
