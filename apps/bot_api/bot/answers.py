"""One message per posted recording or album: sent once, edited as the work goes, and in the end edited into the result.

Sending twice makes two messages, editing twice makes one: so a result is only ever *edited* into a message whose id is
in the database. A process may be killed at any moment, and Telegram's answer may get lost; what can come twice then is
the short line that announces a result, never the result.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, InputMediaDocument, ReplyParameters
from loguru import logger

from apps.bot_api.bot import render, rules
from apps.bot_api.bot.board import Board, Watched
from apps.bot_api.bot.intake import Intake
from apps.bot_api.bot.pace import Stale, Urgency, on_terms
from apps.bot_api.bot.render import Item, Shown
from apps.bot_api.bot.results import Results
from apps.bot_api.bot.texts import Texts, texts
from apps.bot_api.deps import Runtime
from stenogram.errors import StenogramError
from stenogram.services import users
from stenogram.storage.models import User
from stenogram.storage.repositories import Users, clock
from stenogram.storage.telegram_models import TelegramAnswer, TelegramPost
from stenogram.storage.telegram_rows import Answers, Posts

EDIT_SECONDS = 3.0
GROUP_EDIT_SECONDS = 12.0
"""Of the twenty messages a minute that a group may get, progress takes a quarter."""

_ALBUM_SECONDS = 2.0  # after the last of an album that came, nothing more of it is awaited
_HEARTBEAT_SECONDS = 5.0
_HEAR_SECONDS = 2.0  # that the work waits, at most, until people have heard
_STALE_SECONDS = 0.7
_LONGEST_PAUSE = 60.0
_TRIES = 5
_AWAY = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, StenogramError, Stale)
_DRAFTS = (1 << 31) - 1  # ids that a draft may have, but for 0


class Undeliverable(Exception):
    """The chat takes no messages of ours any more."""


@dataclass(slots=True)
class Case:
    """An answer as one caretaker knows it, told in ``language``. ``shown`` is what its message says, ``shown_at`` since
    when (monotonic)."""

    answer: TelegramAnswer
    owner: User
    watched: Watched
    language: str
    shown: Shown | None = None
    shown_at: float = 0.0
    hushed: bool = False  # no more progress is to be shown
    taking: dict[UUID, "asyncio.Task[None]"] = field(default_factory=dict)

    @property
    def texts(self) -> Texts:
        return texts(self.language)

    @property
    def items(self) -> Sequence[Item]:
        return self.watched.items

    @property
    def over(self) -> bool:
        return bool(self.items) and all(item.ended for item in self.items)


@dataclass(frozen=True, slots=True)
class Opening:
    """An answer as it has just been begun, with its only post: what need not be read again."""

    answer: TelegramAnswer
    owner: User
    post: TelegramPost


@dataclass(slots=True)
class Caretaker:
    """Sees to it that every answer reaches its result: ``begin`` it when it is made, ``resume`` them all at a start."""

    runtime: Runtime
    bot: Bot
    board: Board
    intake: Intake
    results: Results
    _caring: dict[UUID, "asyncio.Task[None]"] = field(default_factory=dict, init=False)
    _showing: set["asyncio.Task[None]"] = field(default_factory=set, init=False)

    def begin(self, answer_id: UUID, opening: Opening | None = None) -> None:
        """Take care of it from where it stands, or from its ``opening``. Twice is as once."""
        if answer_id not in self._caring:
            task = self._caring[answer_id] = asyncio.create_task(self._care(answer_id, opening))
            task.add_done_callback(lambda _: self._caring.pop(answer_id, None))

    async def resume(self) -> None:
        async with self.runtime.database.at_once() as session:
            waiting = await Answers(session).open()
        for answer_id in waiting:
            self.begin(answer_id)

    async def stop(self) -> None:
        caring = list(self._caring.values())
        for task in caring:
            task.cancel()
        await asyncio.gather(*caring, return_exceptions=True)

    async def _care(self, answer_id: UUID, opening: Opening | None) -> None:
        pause, defects = 1.0, 0
        while defects < _TRIES:
            try:
                await self._once(answer_id, opening)
                return
            except Undeliverable as error:
                logger.info("answer {} cannot be delivered: {}", answer_id, error)
                await self._abandon(answer_id, blocked=True)
                return
            except TelegramMigrateToChat as error:
                await self._move(answer_id, error.migrate_to_chat_id)
            except _AWAY as error:
                logger.warning("answer {} is taken up again: {}", answer_id, error)
            except Exception as error:  # noqa: BLE001 - the others are cared for all the same, and this one again
                logger.opt(exception=error).error("answer {} broke off", answer_id)
                defects += 1
            await asyncio.sleep(pause)
            pause, opening = min(_LONGEST_PAUSE, 2 * pause), None
        await self._abandon(answer_id, blocked=False)

    async def _move(self, answer_id: UUID, chat_id: int) -> None:
        """The group has become a supergroup: another chat, in which our message has another number."""
        async with self.runtime.database.begin() as session:
            await Answers(session).set(answer_id, chat_id=chat_id, message_id=None, headline=False)

    async def _once(self, answer_id: UUID, opening: Opening | None) -> None:
        case = await self._open(answer_id, opening)
        if case is None:
            return
        try:
            await self._follow(case)
            await self._deliver(case)
        finally:
            self.board.leave(answer_id)
            for task in case.taking.values():
                task.cancel()
            await asyncio.gather(*case.taking.values(), return_exceptions=True)

    async def _open(self, answer_id: UUID, begun: Opening | None) -> Case | None:
        if begun is not None:
            watched = self.board.watch_new(answer_id, begun.post)
            return Case(begun.answer, begun.owner, watched, await self._language(begun.answer, begun.owner))
        async with self.runtime.database.at_once() as session:
            found = await Answers(session).with_owner(answer_id)
        if found is None or found[0].delivered_at is not None:
            return None
        answer, owner = found
        return Case(answer, owner, await self.board.watch(answer_id), await self._language(answer, owner))

    async def _language(self, answer: TelegramAnswer, owner: User) -> str:
        if answer.private:
            return owner.language
        async with self.runtime.database.at_once() as session:
            group = await rules.house(session, answer.chat_id)
        return group.language if group else owner.language

    async def _follow(self, case: Case) -> None:
        """Show how it goes until there is nothing more to come."""
        while True:
            case.watched.news.clear()
            if not case.watched.posts:
                raise Undeliverable("what it answers is gone, with its owner")
            if case.over and await self._complete(case):
                return
            await self._show_and_take_in(case)
            try:
                async with asyncio.timeout(self._until_next_look(case)):
                    await case.watched.news.wait()
            except TimeoutError:
                pass  # time itself is news: what is left of it, or an edit that was due

    def _until_next_look(self, case: Case) -> float:
        due = self._edit_pause(case) - (time.monotonic() - case.shown_at)
        return max(0.1, due) if due > 0 else _HEARTBEAT_SECONDS

    async def _show_and_take_in(self, case: Case) -> None:
        """Everybody who has just written hears of it before anybody's files are fetched, unless Telegram is slow."""
        if not self._untaken(case):
            await self._show(case)
            return
        showing = asyncio.create_task(self._show(case))
        self._showing.add(showing)
        showing.add_done_callback(self._showing.discard)
        try:
            await asyncio.wait(set(self._showing), timeout=_HEAR_SECONDS)
            self._take_in(case)
            await showing
        finally:
            showing.cancel()

    def _untaken(self, case: Case) -> Sequence[UUID]:
        posts = case.watched.posts
        return [post.id for post in posts if post.state in ("new", "waiting") and post.id not in case.taking]

    def _take_in(self, case: Case) -> None:
        for post_id in self._untaken(case):
            case.taking[post_id] = asyncio.create_task(self._take_in_one(post_id))

    async def _take_in_one(self, post_id: UUID) -> None:
        for tries in range(_TRIES):
            try:
                await self.intake.take_in(post_id)
                return
            except Exception as error:  # noqa: BLE001 - a defect of ours: the person hears of it, in the end
                logger.opt(exception=error).error("post {} was not taken in", post_id)
                await asyncio.sleep(2.0**tries)
        await self.intake.refuse(post_id, StenogramError("internal"))

    async def _complete(self, case: Case) -> bool:
        """Whether the whole album has come."""
        if not case.answer.key.startswith("album:"):
            return True
        async with self.runtime.database.at_once() as session:
            now = await clock(session)
        newest = max(post.created_at for post in case.watched.posts)
        return (now - newest).total_seconds() > _ALBUM_SECONDS

    # --- while it goes on ---

    async def _show(self, case: Case) -> None:
        answer = case.answer
        if case.hushed or not case.items or case.over or (answer.silent and not answer.private):
            return
        shown = render.status(case.texts, case.items, upload_url=self.results.upload_url(private=answer.private))
        due = shown != case.shown and time.monotonic() - case.shown_at >= self._edit_pause(case)
        if answer.silent:
            await self._draft(case, shown) if due else None
        elif answer.message_id is None:
            await self._place(case, shown, headline=False)
        elif due:
            await self._edit_progress(case, shown)

    async def _draft(self, case: Case, shown: Shown) -> None:
        """For whoever wants nothing but the result: seen by those who look, gone when it comes, and it never rings."""
        case.shown, case.shown_at = shown, time.monotonic()
        number = case.answer.id.int % _DRAFTS + 1
        try:
            with on_terms(Urgency.PROGRESS, _STALE_SECONDS):
                await self.bot.send_message_draft(case.answer.chat_id, number, text=shown.text)
        except (Stale, TelegramAPIError) as error:
            logger.debug("a draft of answer {} was not shown: {}", case.answer.id, error)

    def _edit_pause(self, case: Case) -> float:
        return EDIT_SECONDS if case.answer.private else GROUP_EDIT_SECONDS

    async def _edit_progress(self, case: Case, shown: Shown) -> None:
        case.shown_at = time.monotonic()
        try:
            with on_terms(Urgency.PROGRESS, _STALE_SECONDS):
                await self._edit(case, shown)
            case.shown = shown
        except Stale:
            logger.debug("an edit of answer {} was dropped", case.answer.id)
        except TelegramForbiddenError as error:
            raise Undeliverable(error.message) from error
        except TelegramBadRequest as error:
            if not _is_gone(error):
                raise
            case.hushed = True  # they deleted it, so they want no status; the result still comes
            case.answer.message_id = None

    # --- the result ---

    async def _deliver(self, case: Case) -> None:
        try:
            await self._deliver_somehow(case)
        except TelegramForbiddenError as error:
            raise Undeliverable(error.message) from error
        async with self.runtime.database.begin() as session:
            for item in case.items:
                values = {"error_code": item.error.code, "error_params": item.error.params} if item.error else {}
                await Posts(session).set(item.post_id, state=item.state, **values)
            await Answers(session).set(case.answer.id, delivered_at=await clock(session))

    async def _deliver_somehow(self, case: Case) -> None:
        with on_terms(Urgency.RESULT):
            if await self._rings(case) and not case.answer.headline:
                await self._announce(case)
            try:
                await self._put(case)
            except TelegramBadRequest as error:
                if not _is_gone(error):
                    raise
                await self._announce(case)  # they deleted the message: the result comes in another
                await self._put(case)

    async def _rings(self, case: Case) -> bool:
        answer = case.answer
        if answer.silent or answer.message_id is None:
            return True
        async with self.runtime.database.at_once() as session:
            waited = (await clock(session) - answer.created_at).total_seconds()
        wanted = users.preferences(case.owner, self.runtime.settings).notify
        long = waited > self.runtime.settings.telegram.ring_after_seconds
        return wanted and long and any(item.state != "cancelled" for item in case.items)

    async def _announce(self, case: Case) -> None:
        """A new message in place of the status. The old one goes first: should we die in between, none is left over."""
        old = case.answer.message_id
        if old is not None:
            await self._delete(case, old)
        await self._place(case, Shown(render.headline(case.texts, case.items)), headline=True)

    async def _delete(self, case: Case, message_id: int) -> None:
        try:
            await self.bot.delete_message(case.answer.chat_id, message_id)
        except TelegramBadRequest as error:
            logger.debug("the status of answer {} stays: {}", case.answer.id, error)  # gone already, or too old

    async def _put(self, case: Case) -> None:
        """Edit the result into the message: its text, or a file with a caption."""
        made = await self.results.make(case.texts, case.answer, case.owner, case.items)
        if made.file is None:
            await self._edit(case, made.shown)
        else:
            await self._edit_into_file(case, made.shown, BufferedInputFile(made.file.data, made.file.name))

    # --- Telegram ---

    async def _place(self, case: Case, shown: Shown, *, headline: bool) -> None:
        """Send the message, and keep its id."""
        answer = case.answer
        try:
            sent = await self.bot.send_message(
                answer.chat_id,
                shown.text,
                message_thread_id=answer.thread_id,
                reply_markup=shown.keyboard,
                reply_parameters=ReplyParameters(message_id=answer.reply_to, allow_sending_without_reply=True),
            )
        except TelegramForbiddenError as error:
            raise Undeliverable(error.message) from error
        answer.message_id, answer.headline = sent.message_id, headline
        async with self.runtime.database.at_once() as session:
            await Answers(session).set(answer.id, message_id=sent.message_id, headline=headline)
        case.shown, case.shown_at = shown, time.monotonic()

    async def _edit(self, case: Case, shown: Shown) -> None:
        edit = partial(self.bot.edit_message_text, text=shown.text)
        await self._unless_same(case, lambda: edit(**_where(case), reply_markup=shown.keyboard))

    async def _edit_into_file(self, case: Case, shown: Shown, file: BufferedInputFile) -> None:
        media = InputMediaDocument(media=file, caption=shown.text, parse_mode="HTML")
        edit = partial(self.bot.edit_message_media, media)
        await self._unless_same(case, lambda: edit(**_where(case), reply_markup=shown.keyboard))

    async def _unless_same(self, case: Case, edit: Callable[[], Coroutine[Any, Any, object]]) -> None:
        try:
            await edit()
        except TelegramBadRequest as error:
            if "not modified" not in error.message:
                raise
            logger.debug("answer {} says so already", case.answer.id)

    async def _abandon(self, answer_id: UUID, *, blocked: bool) -> None:
        """Nobody will read it: the recording stays in the library, and no more is tried."""
        async with self.runtime.database.begin() as session:
            answer = await Answers(session).get(answer_id)
            if answer is None:
                return
            await Answers(session).set(answer_id, delivered_at=await clock(session))
            owner = await Users(session).get(answer.owner_id)
            if owner is not None and answer.private and blocked:
                await users.reachable(session, owner, False)


def _where(case: Case) -> dict[str, Any]:
    return {"chat_id": case.answer.chat_id, "message_id": case.answer.message_id}


def _is_gone(error: TelegramBadRequest) -> bool:
    return "message to edit not found" in error.message or "message can't be edited" in error.message
