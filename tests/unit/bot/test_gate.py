"""What never gets past the gate."""

from typing import Any

import pytest
from aiogram.types import Message

from apps.bot_api.bot.gate import Flood, is_chatter

GROUP, PRIVATE = {"id": -5, "type": "supergroup", "title": "Отдел"}, {"id": 7, "type": "private"}
PERSON, BOT = {"id": 7, "is_bot": False, "first_name": "A"}, {"id": 9, "is_bot": True, "first_name": "B"}
MENTION = {"type": "mention", "offset": 0, "length": 4}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
VOICE = {"file_id": "f", "file_unique_id": "u", "duration": 1}


def message(**values: Any) -> Message:
    return Message.model_validate({"message_id": 1, "date": 0, "chat": GROUP, "from": PERSON, **values})


def reply(to: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": 2, "date": 0, "chat": GROUP, "from": to, "text": "before"}


@pytest.mark.parametrize(
    ("values", "chatter"),
    [
        ({"text": "see you at five"}, True),
        ({"text": "https://example.com/a.mp3", "entities": [{"type": "url", "offset": 0, "length": 25}]}, True),
        ({"photo": PHOTO}, True),
        ({"text": "yes", "reply_to_message": reply(PERSON)}, True),
        ({"text": "Мария", "reply_to_message": reply(BOT)}, False),
        ({"text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}, False),
        ({"text": "@bot", "entities": [{"type": "mention", "offset": 0, "length": 4}]}, False),
        (
            {"photo": PHOTO, "caption": "@bot", "caption_entities": [{"type": "mention", "offset": 0, "length": 4}]},
            False,
        ),
        ({"voice": VOICE}, False),
        ({"migrate_to_chat_id": -100}, False),
        ({"text": "hello", "chat": PRIVATE}, False),
    ],
)
def test_chatter_of_a_group_is_none_of_our_business(values: dict[str, Any], chatter: bool) -> None:
    assert is_chatter(message(**values)) is chatter


def test_a_flood_is_counted_by_the_minute_and_the_person() -> None:
    now = [0.0]
    flood = Flood(3, lambda: now[0])
    assert [flood.excess(1) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert flood.excess(2) == 0
    now[0] = 61.0
    assert flood.excess(1) == 0
