"""aiogram's types are built when they are used, and are what they are otherwise."""

import subprocess
import sys
from textwrap import dedent

PROGRAM = """
import psutil
from apps.bot_api import lean_aiogram
before = psutil.Process().memory_info().rss
lean_aiogram.install()
from aiogram.methods import SendMessage
from aiogram.methods.base import Response
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
message = {"message_id": 2, "date": 0, "text": "hi", "chat": {"id": 3, "type": "private"}}
origin = {"type": "hidden_user", "date": 0, "sender_user_name": "A"}
update = Update.model_validate({"update_id": 1, "message": {**message, "forward_origin": origin}})
assert type(update.message) is Message
assert type(update.message.forward_origin).__name__ == "MessageOriginHiddenUser"
assert Response[Message].model_validate({"ok": True, "result": message}).result.chat.id == 3
keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="a", callback_data="b")]])
sent = SendMessage(chat_id=1, text="x", reply_markup=keyboard).model_dump(warnings=False)
assert sent["reply_markup"]["inline_keyboard"][0][0]["text"] == "a"
lean_aiogram.install()
print((psutil.Process().memory_info().rss - before) / 1e6)
"""


def test_a_third_of_the_memory() -> None:
    made = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert float(made.stdout) < 90  # 48 MB; all of aiogram at once takes 158


def test_validators_of_answers_outlive_a_collection_of_garbage() -> None:
    program = """
        import gc
        from apps.bot_api import lean_aiogram
        lean_aiogram.install()
        from aiogram.methods import EditMessageText
        from aiogram.methods.base import Response
        before = id(Response[EditMessageText.__returning__])
        gc.collect()
        kept = [object() for _ in range(1000)]  # what was freed would be taken again
        assert id(Response[EditMessageText.__returning__]) == before
        assert Response[bool] is not Response[int]
    """
    subprocess.run([sys.executable, "-c", dedent(program)], check=True)
