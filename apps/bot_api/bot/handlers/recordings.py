"""Messages with recordings, in private chats and in groups."""

from typing import Any

from aiogram import BaseMiddleware, F, Router
from aiogram.filters import BaseFilter, Command
from aiogram.types import Message, TelegramObject, Update

from apps.bot_api.bot import posting, rules
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.gate import Handler
from apps.bot_api.bot.texts import Texts
from stenogram.pipeline.stage import RunOptions
from stenogram.services import users
from stenogram.storage.models import User

router = Router(name="recordings")

_PRIVATE = F.chat.type == "private"


class PrivateRecordings(BaseMiddleware):
    """Takes what people send to the bot itself, past everything that a recording does not need: the state of dialogs,
    which may be broken, and the filters of fifty handlers. In a crowd that is a fifth of the work for each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        message, user = event.message if isinstance(event, Update) else None, data.get("user")
        if message is None or user is None or message.chat.type != "private" or posting.media_of(message) is None:
            return await handler(event, data)
        return await _take(message, message, self._desk, user, data["texts"])


class HasRecording(BaseFilter):
    async def __call__(self, message: Message) -> bool:
        return posting.media_of(message) is not None


class HasLink(BaseFilter):
    async def __call__(self, message: Message, desk: Desk) -> bool | dict[str, Any]:
        url = posting.link_of(message) if desk.runtime.settings.telegram.fetch_links else None
        return {"url": url} if url else False


class Asked(BaseFilter):
    """In a group: the bot is named in the message, by ``/transcribe`` or @name."""

    async def __call__(self, message: Message, desk: Desk) -> bool:
        me = await desk.bot.me()
        text = message.text or message.caption or ""
        entities = message.entities or message.caption_entities or []
        names = {entity.extract_from(text).lower() for entity in entities if entity.type in ("mention", "bot_command")}
        mine = f"@{(me.username or '').lower()}"
        return bool(names & {mine, "/transcribe", f"/transcribe{mine}"})


class ToUs(BaseFilter):
    """In a group: it answers a message of the bot's own."""

    async def __call__(self, message: Message, desk: Desk) -> bool:
        before = message.reply_to_message
        return before is not None and before.from_user is not None and before.from_user.id == desk.bot.id


class Every(BaseFilter):
    """In a group: its administrators want every voice and video note transcribed."""

    async def __call__(self, message: Message, desk: Desk) -> bool:
        async with desk.runtime.database.at_once() as session:
            group = await rules.house(session, message.chat.id)
        return group is not None and group.rules.every


@router.message(_PRIVATE, HasLink(), ~F.text.startswith("/"))
async def private_link(message: Message, desk: Desk, user: User, url: str) -> None:
    await posting.post(desk, message, user, posting.link_post(message, url))


@router.message(HasRecording(), Asked())
@router.message(~_PRIVATE, HasRecording(), ToUs())
@router.message(~_PRIVATE, F.voice | F.video_note, Every())
async def recording_in_group(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    await _take(message, message, desk, user, texts)


@router.message(F.reply_to_message, Asked())
async def recording_replied_to(message: Message, desk: Desk, user: User, texts: Texts) -> None:
    """Somebody asks for the recording of another message."""
    if message.reply_to_message is None or not await _take(message, message.reply_to_message, desk, user, texts):
        await message.reply(texts("nothing-to-transcribe"))


@router.message(Command("transcribe"))
async def transcribe_nothing(message: Message, texts: Texts) -> None:
    await message.reply(texts("transcribe-how"))


async def _take(request: Message, source: Message, desk: Desk, user: User, texts: Texts) -> bool:
    values = posting.post_of(source, texts.language, users.zone(user, desk.runtime.settings))
    if values is None:
        return False
    await posting.post(desk, request, user, values, options=await _options(desk, request, user))
    return True


async def _options(desk: Desk, request: Message, user: User) -> RunOptions:
    """As the user prefers, and in a group as that wants it."""
    options = users.default_options(user, desk.runtime.settings)
    if request.chat.type == "private":
        return options
    async with desk.runtime.database.at_once() as session:
        group = await rules.house(session, request.chat.id)
    return group.rules.applied(options) if group else options
