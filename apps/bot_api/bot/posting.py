"""A message with a recording becomes a post, and its answer is begun."""

import mimetypes
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram.types import (
    Audio,
    Document,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Video,
    VideoNote,
    Voice,
)
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.bot.answers import Opening
from apps.bot_api.bot.desk import Desk
from apps.bot_api.bot.inbox import delivery
from apps.bot_api.bot.samples import KIND as SAMPLE
from apps.bot_api.bot.texts import texts
from stenogram.pipeline.stage import RunOptions
from stenogram.services import users
from stenogram.storage.models import Recording, Run, User
from stenogram.storage.telegram_models import TelegramAnswer
from stenogram.storage.telegram_rows import Answers

_SUFFIX = {"voice": ".ogg", "video_note": ".mp4", "audio": ".mp3", "video": ".mp4"}
_CONTENT_TYPE = {"voice": "audio/ogg", "video_note": "video/mp4", "audio": "audio/mpeg", "video": "video/mp4"}
_MEDIA_SUFFIXES = frozenset(
    {".mp3", ".m4a", ".wav", ".ogg", ".oga", ".opus", ".flac", ".aac", ".wma", ".amr", ".aiff", ".mka", ".caf", ".weba"}
    | {".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".wmv", ".3gp", ".mpg", ".mpeg", ".ts"}
)
_CONTENT = 200  # characters of a file name that are kept

Media = Voice | Audio | Video | VideoNote | Document


def media_of(message: Message) -> tuple[str, Media] | None:
    """The kind and the file of the recording in the message; None where there is none."""
    for kind in ("voice", "audio", "video", "video_note"):
        found = getattr(message, kind)
        if found is not None:
            return kind, found
    document = message.document
    if document is not None and message.animation is None and _is_media(document):
        return "document", document
    return None


def _is_media(document: Document) -> bool:
    declared = (document.mime_type or "").partition("/")[0]
    return declared in ("audio", "video") or PurePath(document.file_name or "").suffix.lower() in _MEDIA_SUFFIXES


def link_of(message: Message) -> str | None:
    """The first http address in the message's text or caption."""
    entities, text = message.entities or message.caption_entities or [], message.text or message.caption or ""
    for entity in entities:
        found = (
            entity.url if entity.type == "text_link" else entity.extract_from(text) if entity.type == "url" else None
        )
        if found:
            url = found if "://" in found else f"https://{found}"
            return url if urlsplit(url).scheme in ("http", "https") else None
    return None


def origin_of(message: Message) -> dict[str, Any]:
    """Who said it and when: of a forwarded message the first author, as far as Telegram tells."""
    origin = message.forward_origin
    match origin:
        case MessageOriginUser():
            author: str | None = origin.sender_user.full_name
        case MessageOriginHiddenUser():
            author = origin.sender_user_name
        case MessageOriginChat():
            author = origin.sender_chat.title
        case MessageOriginChannel():
            author = origin.chat.title
        case _:
            author = message.from_user.full_name if message.from_user else None
    when = origin.date if origin else message.date
    return {"author": author, "date": when.isoformat(), "forwarded": origin is not None}


def post_of(message: Message, language: str, zone: ZoneInfo) -> dict[str, Any] | None:
    """The columns of a post that the message gives; None for one without a recording."""
    found = media_of(message)
    if found is None:
        return None
    kind, media = found
    return {
        "kind": kind,
        "file_id": media.file_id,
        "file_unique_id": media.file_unique_id,
        "file_name": _file_name(kind, media, message.date, language, zone),
        "content_type": getattr(media, "mime_type", None) or _CONTENT_TYPE.get(kind, "application/octet-stream"),
        "size": media.file_size,
        "duration": None if isinstance(media, Document) else float(media.duration),
        "origin": {**origin_of(message), "media": kind},
    }


def _file_name(kind: str, media: Media, sent_at: datetime, language: str, zone: ZoneInfo) -> str:
    given = getattr(media, "file_name", None)
    if given:
        return str(given)[-_CONTENT:]
    title = getattr(media, "title", None)
    if title:
        performer = getattr(media, "performer", None)
        return f"{performer} - {title}"[:_CONTENT].replace("/", "-") if performer else str(title)[:_CONTENT]
    suffix = _SUFFIX.get(kind) or mimetypes.guess_extension(getattr(media, "mime_type", None) or "") or ""
    named = texts(language).plain(
        f"recording-{kind.replace('_', '-')}", when=f"{sent_at.astimezone(zone):%d.%m.%Y %H-%M}"
    )
    return named + suffix


def link_post(message: Message, url: str) -> dict[str, Any]:
    """The columns of a post for a link."""
    name = PurePath(unquote(urlsplit(url).path)).name or urlsplit(url).hostname or "link"
    return {
        "kind": "link",
        "url": url,
        "file_name": name[-_CONTENT:],
        "content_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "origin": {**origin_of(message), "media": "link", "url": url},
    }


def sample_post(message: Message, file_name: str) -> dict[str, Any]:
    """The columns of a post for the sample recording."""
    return {
        "kind": SAMPLE,
        "file_name": file_name,
        "content_type": "audio/ogg",
        "origin": {"media": SAMPLE, "date": message.date.isoformat()},
    }


async def post(
    desk: Desk,
    request: Message,
    owner: User,
    values: Mapping[str, Any],
    *,
    options: RunOptions | None = None,
    key: str | None = None,
) -> UUID | None:
    """Keep the post and begin its answer, which replies to ``request``; once per update. None: it was there before.

    What is posted as an album gets one answer. ``key``: for an answer that is not the only one to its message.
    """
    preferences = users.preferences(owner, desk.runtime.settings)
    album = request.media_group_id
    answer = TelegramAnswer(
        owner_id=owner.id,
        chat_id=request.chat.id,
        key=key or (f"album:{album}" if album else str(request.message_id)),
        thread_id=request.message_thread_id if request.is_topic_message else None,
        reply_to=request.message_id,
        private=request.chat.type == "private",
        silent=preferences.silent,
    )
    async with desk.runtime.database.begin() as session:
        answers = Answers(session)
        kept = await answers.find_or_add(answer)
        added = await answers.add_post(
            {
                **values,
                "answer_id": kept.id,
                "owner_id": owner.id,
                "chat_id": request.chat.id,
                "message_id": request.message_id,
                "options": asdict(options or users.run_options(preferences)),
            }
        )
        if added is not None and kept.delivered_at is not None:
            await answers.set(kept.id, delivered_at=None)  # one of an album that comes late
        await delivery.get().settle(session)
    desk.caretaker.begin(kept.id, Opening(kept, owner, added) if added and album is None else None)
    return added.id if added else None


async def post_run(
    session: AsyncSession, request: Message, owner: User, recording: Recording, run: Run, *, key: str
) -> UUID:
    """An answer for a run that was started by a button: replies to the message with the button. The answer's id."""
    answers = Answers(session)
    kept = await answers.find_or_add(
        TelegramAnswer(
            owner_id=owner.id,
            chat_id=request.chat.id,
            key=key[:64],
            thread_id=request.message_thread_id if request.is_topic_message else None,
            reply_to=request.message_id,
            private=request.chat.type == "private",
            silent=False,
        )
    )
    await answers.add_post(
        {
            "answer_id": kept.id,
            "owner_id": owner.id,
            "chat_id": request.chat.id,
            "message_id": request.message_id,
            "kind": f"run-{run.id.hex[:8]}",
            "file_name": recording.file_name,
            "content_type": recording.content_type,
            "duration": recording.duration,
            "origin": recording.origin,
            "options": run.options,
            "state": "running",
            "recording_id": recording.id,
            "run_id": run.id,
        }
    )
    await delivery.get().settle(session)
    return kept.id
