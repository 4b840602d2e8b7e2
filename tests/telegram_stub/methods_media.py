"""Sending files, fetching them, and editing messages."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendVideo,
    SendVoice,
)

from tests.telegram_stub.errors import StubError, bad_request
from tests.telegram_stub.files import StoredFile
from tests.telegram_stub.keyboards import apply_reply_keyboard, inline_keyboard
from tests.telegram_stub.limits import DOWNLOAD_BYTES
from tests.telegram_stub.methods import handles
from tests.telegram_stub.methods_messages import body_text, caption_text, find, not_modified, replied
from tests.telegram_stub.model import Content, Json, Media, Message
from tests.telegram_stub.world import World

NEEDED = {
    "audio": {"duration": 0},
    "voice": {"duration": 0},
    "video": {"width": 640, "height": 360, "duration": 0},
    "photo": {"width": 640, "height": 360},
    "document": {},
}
ALBUM_SIZES = range(2, 11)


def media_of(world: World, kind: str, file: Any, options: Any) -> Media:
    """``file`` is a file_id or a file:// URI; ``options`` has the fields of the method or the InputMedia."""
    stored = _stored(world, str(file), kind)
    details: Json = dict(NEEDED[kind])
    for name in ("duration", "width", "height", "performer", "title"):
        value = getattr(options, name, None)
        if isinstance(value, int | str) and (name in details or kind == "audio"):
            details[name] = value
    return Media(kind, stored, details)


def _stored(world: World, reference: str, kind: str) -> StoredFile:
    parts = urlsplit(reference)
    if parts.scheme == "file" and world.local:
        path = Path(unquote(parts.path))
        return world.files.add(path, kind=kind, name=path.name)
    return world.files.as_kind(reference, kind)


def _send(world: World, call: Any, kind: str) -> Json:
    chat = world.open_chat(call.chat_id)
    caption = caption_text(call.caption, call.parse_mode, call.caption_entities)
    keyboard = inline_keyboard(call.reply_markup, chat)
    extras = replied(chat, call)
    media = media_of(world, kind, getattr(call, kind), call)
    apply_reply_keyboard(call.reply_markup, chat)
    return world.json(world.post(chat, world.bot, Content(caption.text, caption.entities, media, keyboard), **extras))


@handles(SendDocument)
def send_document(world: World, call: SendDocument) -> Json:
    return _send(world, call, "document")


@handles(SendAudio)
def send_audio(world: World, call: SendAudio) -> Json:
    return _send(world, call, "audio")


@handles(SendVoice)
def send_voice(world: World, call: SendVoice) -> Json:
    return _send(world, call, "voice")


@handles(SendVideo)
def send_video(world: World, call: SendVideo) -> Json:
    return _send(world, call, "video")


@handles(SendPhoto)
def send_photo(world: World, call: SendPhoto) -> Json:
    return _send(world, call, "photo")


@handles(SendMediaGroup)
def send_media_group(world: World, call: SendMediaGroup) -> list[Json]:
    chat = world.open_chat(call.chat_id)
    if len(call.media) not in ALBUM_SIZES:
        raise bad_request("group send failed: an album has 2-10 items")
    kinds = {item.type for item in call.media}
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise bad_request("media of different types can't be mixed in an album")
    extras = {**replied(chat, call), "album": str(world.number(-1))}
    contents = [_album_item(world, item) for item in call.media]
    return [world.json(world.post(chat, world.bot, content, **extras)) for content in contents]


def _album_item(world: World, item: Any) -> Content:
    caption = caption_text(item.caption, item.parse_mode, item.caption_entities)
    return Content(caption.text, caption.entities, media_of(world, item.type, item.media, item))


@handles(GetFile)
def get_file(world: World, call: GetFile) -> Json:
    stored = world.files.find(call.file_id)
    if stored.size > DOWNLOAD_BYTES and not world.local:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.content.unique_id,
        "file_size": stored.size,
        "file_path": str(stored.path) if world.local else stored.content.path,
    }


@handles(EditMessageText)
def edit_message_text(world: World, call: EditMessageText) -> Json:
    message = _editable(world, call)
    text = body_text(call.text or "", call.parse_mode, call.entities)
    if message.media or message.invoice:
        raise bad_request("there is no text in the message to edit")
    keyboard = inline_keyboard(call.reply_markup, message.chat)
    return _edited(world, message, Content(text.text, text.entities, keyboard=keyboard))


@handles(EditMessageCaption)
def edit_message_caption(world: World, call: EditMessageCaption) -> Json:
    message = _editable(world, call)
    caption = caption_text(call.caption, call.parse_mode, call.caption_entities)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    keyboard = inline_keyboard(call.reply_markup, message.chat)
    return _edited(world, message, Content(caption.text, caption.entities, message.media, keyboard))


@handles(EditMessageReplyMarkup)
def edit_message_reply_markup(world: World, call: EditMessageReplyMarkup) -> Json:
    message = _editable(world, call)
    keyboard = inline_keyboard(call.reply_markup, message.chat)
    return _edited(world, message, Content(message.text, message.entities, message.media, keyboard))


@handles(EditMessageMedia)
def edit_message_media(world: World, call: EditMessageMedia) -> Json:
    """Also turns a text into a file; in an album the kind must stay."""
    message = _editable(world, call)
    if message.album and message.media and message.media.kind != call.media.type:
        raise bad_request("message media can't be edited: the album holds another type")
    content = _album_item(world, call.media)
    keyboard = inline_keyboard(call.reply_markup, message.chat)
    return _edited(world, message, Content(content.text, content.entities, content.media, keyboard))


def _editable(world: World, call: Any) -> Message:
    if call.inline_message_id:
        raise StubError("the stand-in does not edit inline messages")
    if call.chat_id is None:
        raise bad_request("message identifier is not specified")
    message = find(world.open_chat(call.chat_id), call.message_id, "edit")
    if message.sender is not world.bot or message.service or message.origin:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Message, content: Content) -> Json:
    if _shown(message.content) == _shown(content):
        raise not_modified()
    return world.json(world.show(message, content))


def _shown(content: Content) -> tuple[object, ...]:
    """What makes two versions of a message the same to Telegram."""
    media = content.media and (content.media.kind, content.media.file.content, content.media.file.name)
    return content.text, content.entities, content.keyboard, media
