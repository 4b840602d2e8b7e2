"""Who is asking: known, let in, not too often; before any handler sees the update."""

import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import (
    CallbackQuery,
    Chat,
    InlineQuery,
    InlineQueryResultsButton,
    Message,
    PreCheckoutQuery,
    TelegramObject,
    Update,
)
from aiogram.types import User as TelegramUser

from apps.bot_api.bot import posting, rules
from apps.bot_api.bot.checkout import agree
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.texts import Texts, texts
from stenogram.errors import StenogramError
from stenogram.services import users
from stenogram.services.users import Person
from stenogram.storage.models import User
from stenogram.storage.repositories import Users

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_MINUTE = 60.0
_QUERIES = 4  # inline queries for each other update: one comes with nearly every letter that is typed


class Flood:
    """Counts what a person does within a minute."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._times: dict[int, deque[float]] = defaultdict(deque)

    def excess(self, person: int) -> int:
        """By how much this one is too many; 0: it is not."""
        now, times = self._clock(), self._times[person]
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        times.append(now)
        if len(self._times) > 10_000:
            self._forget(now)
        return max(0, len(times) - self._most)

    def _forget(self, now: float) -> None:
        for person in [one for one, times in self._times.items() if times[-1] <= now - _MINUTE]:
            del self._times[person]


class Gate(BaseMiddleware):
    """Gives handlers ``user`` and ``texts``; answers those who are not let in, and leaves floods unanswered.

    Recordings are never dropped as a flood: what is too much of them is for the quota to say.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        most = desk.runtime.settings.telegram.updates_per_minute
        self._flood, self._typing = Flood(most), Flood(_QUERIES * most)

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        person: TelegramUser | None = data.get("event_from_user")
        if person is None or person.is_bot or not isinstance(event, Update) or event.my_chat_member is not None:
            return await handler(event, data)
        if event.message is not None and is_chatter(event.message):
            return None
        words = texts(person.language_code or "en")
        if await self._is_flood(event, person, words):
            return None
        user: User | None
        try:
            user = known = await self._welcome(event, person)
            language = await self._language(data.get("event_chat"), known)
        except StenogramError as error:
            if error.retryable:
                raise
            if not _is_paid(event):
                await self._turn_away(event, words, error)
                return None
            user, language = await self._whoever(person), words.language
        data["user"], data["texts"] = user, texts(language)
        return await handler(event, data)

    async def _is_flood(self, event: Update, person: TelegramUser, words: Texts) -> bool:
        if event.pre_checkout_query or (event.message and _is_needed(event.message)):
            return False
        excess = (self._typing if event.inline_query else self._flood).excess(person.id)
        if excess == 1:
            await _say(event, words("too-fast"), words.plain("too-fast"))
        return excess > 0

    async def _welcome(self, event: Update, person: TelegramUser) -> User:
        known = Person(person.id, person.full_name, person.username, person.language_code)
        async with self._desk.runtime.database.begin() as session:
            return await users.welcome(session, known, self._desk.runtime.settings, invite=_payload(event.message))

    async def _whoever(self, person: TelegramUser) -> User | None:
        """Let in or not: what is paid is paid."""
        async with self._desk.runtime.database.at_once() as session:
            return await Users(session).by_telegram(person.id)

    async def _language(self, chat: Chat | None, user: User) -> str:
        """The group's own, in which everybody there is answered, else the person's."""
        if chat is None or chat.type == "private":
            return user.language
        async with self._desk.runtime.database.at_once() as session:
            found = await rules.house(session, chat.id)
        return found.language if found else user.language

    async def _turn_away(self, event: Update, words: Texts, error: StenogramError) -> None:
        """In groups nobody is bothered: whoever is not let in there may not even have meant the bot."""
        message = event.message
        if message is None or message.chat.type == "private":
            await _say(event, words.error(error.code, error.params), error.message(words.language))


def is_chatter(message: Message) -> bool:
    """What people of a group say to each other, where the bot hears everything: not for us, and nobody is noted."""
    if message.chat.type == "private" or posting.media_of(message) is not None:
        return False
    if message.text is None and message.photo is None and message.sticker is None and message.animation is None:
        return False  # something happened to the group itself
    entities = message.entities or message.caption_entities or []
    named = any(entity.type in ("mention", "bot_command") for entity in entities)
    reply = message.reply_to_message
    return not named and not (reply is not None and reply.from_user is not None and reply.from_user.is_bot)


def _is_needed(message: Message) -> bool:
    return posting.media_of(message) is not None or _is_payment(message)


def _is_paid(event: Update) -> bool:
    return event.message is not None and _is_payment(event.message)


def _is_payment(message: Message) -> bool:
    return message.successful_payment is not None or message.refunded_payment is not None


def _payload(message: Message | None) -> str | None:
    """Of the deep link that the person came by."""
    words = (message.text or "").split(maxsplit=1) if message else []
    return words[1].strip() if len(words) == 2 and words[0] == "/start" else None


async def _say(event: Update, words: str, plain: str) -> None:
    """In place of results an inline query gets a way to the bot, which says there what is the matter."""
    match event.event:
        case Message() as message:
            await message.answer(words)
        case CallbackQuery() as query:
            await query.answer(plain[:200], show_alert=True)
        case PreCheckoutQuery() as paying:
            await agree(paying, plain)
        case InlineQuery() as asked:
            words_of = texts(asked.from_user.language_code or "en")
            doorway = InlineQueryResultsButton(text=words_of.plain("inline-open"), start_parameter="inline")
            await asked.answer([], cache_time=0, is_personal=True, button=doorway)
        case _:
            return
