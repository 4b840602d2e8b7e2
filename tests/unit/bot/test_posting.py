"""What a message with a recording says of it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram.types import Message

from apps.bot_api.bot import posting
from apps.bot_api.bot.inbox import CHECKOUTS, lane

ZONE = ZoneInfo("Europe/Moscow")
CHAT = {"id": 7, "type": "private"}
SENDER = {"id": 7, "is_bot": False, "first_name": "Анна", "last_name": "Ким"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 100}
NOON = int(datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp())


def message(**values: Any) -> Message:
    return Message.model_validate({"message_id": 1, "date": NOON, "chat": CHAT, "from": SENDER, **values})


def post(**values: Any) -> dict[str, Any]:
    made = posting.post_of(message(**values), "ru", ZONE)
    assert made is not None
    return made


def test_a_voice_message_is_named_by_its_local_time() -> None:
    made = post(voice={**FILE, "duration": 5})
    assert made["file_name"] == "Голосовое 21.11.2026 12-00.ogg"
    assert (made["kind"], made["duration"], made["size"]) == ("voice", 5.0, 100)
    assert made["content_type"] == "audio/ogg"
    assert made["origin"]["author"] == "Анна Ким"
    assert not made["origin"]["forwarded"]


@pytest.mark.parametrize(
    ("media", "name"),
    [
        ({"audio": {**FILE, "duration": 5, "file_name": "a.m4a"}}, "a.m4a"),
        ({"audio": {**FILE, "duration": 5, "title": "Song", "performer": "AC/DC"}}, "AC-DC - Song"),
        ({"video": {**FILE, "duration": 5, "width": 1, "height": 1}}, "Видео 21.11.2026 12-00.mp4"),
        ({"video_note": {**FILE, "duration": 5, "length": 240}}, "Видеосообщение 21.11.2026 12-00.mp4"),
        ({"document": {**FILE, "file_name": "call.WAV"}}, "call.WAV"),
        ({"document": {**FILE, "mime_type": "audio/flac"}}, "Запись 21.11.2026 12-00.flac"),
    ],
)
def test_names(media: dict[str, Any], name: str) -> None:
    assert post(**media)["file_name"] == name


def test_documents_that_are_no_recordings() -> None:
    for document in ({"file_name": "contract.pdf"}, {"mime_type": "image/png", "file_name": "x.png"}, {}):
        assert posting.post_of(message(document={**FILE, **document}), "ru", ZONE) is None


@pytest.mark.parametrize(
    ("origin", "author"),
    [
        ({"type": "user", "sender_user": {"id": 9, "is_bot": False, "first_name": "Иван"}}, "Иван"),
        ({"type": "hidden_user", "sender_user_name": "Скрытый"}, "Скрытый"),
        ({"type": "chat", "sender_chat": {"id": -5, "type": "group", "title": "Отдел"}}, "Отдел"),
        ({"type": "channel", "chat": {"id": -6, "type": "channel", "title": "Канал"}, "message_id": 3}, "Канал"),
    ],
)
def test_the_first_author_and_date_of_a_forwarded_one(origin: dict[str, Any], author: str) -> None:
    made = post(voice={**FILE, "duration": 5}, forward_origin={**origin, "date": NOON - 3600})
    assert made["origin"]["author"] == author
    assert made["origin"]["forwarded"]
    assert datetime.fromisoformat(made["origin"]["date"]).timestamp() == NOON - 3600


@pytest.mark.parametrize(
    ("text", "entity", "link"),
    [
        ("see example.com/a.mp3", {"type": "url", "offset": 4, "length": 17}, "https://example.com/a.mp3"),
        ("http://a.ru/x", {"type": "url", "offset": 0, "length": 13}, "http://a.ru/x"),
        ("here", {"type": "text_link", "offset": 0, "length": 4, "url": "https://b.ru/y"}, "https://b.ru/y"),
        ("ftp://a.ru/x", {"type": "url", "offset": 0, "length": 12}, None),
        ("🎧 example.com/ё", {"type": "url", "offset": 3, "length": 13}, "https://example.com/ё"),  # UTF-16 units
        ("bold", {"type": "bold", "offset": 0, "length": 4}, None),
    ],
)
def test_links(text: str, entity: dict[str, Any], link: str | None) -> None:
    assert posting.link_of(message(text=text, entities=[entity])) == link


def test_lanes() -> None:
    chat, person = {"id": -5, "type": "group"}, {"id": 9}
    assert lane({"update_id": 1, "message": {"chat": chat, "from": person}}) == -5
    assert lane({"update_id": 1, "callback_query": {"from": person, "message": {"chat": chat}}}) == -5
    assert lane({"update_id": 1, "inline_query": {"from": person}}) == 9
    assert lane({"update_id": 1, "pre_checkout_query": {"from": person}}) == 9 + CHECKOUTS
    assert lane({"update_id": 1, "my_chat_member": {"chat": chat, "from": person}}) == -5
    assert lane({"update_id": 1, "something_new": 5}) == 0
