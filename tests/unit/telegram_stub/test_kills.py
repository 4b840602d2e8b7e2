"""The stand-in outlives the bot."""

import subprocess
import sys
from pathlib import Path

from stenogram.children import dying_with_parent
from tests.telegram_stub import NO_LIMITS, TelegramStub

BOT = Path(__file__).with_name("echo_bot.py")


def test_a_bot_that_is_killed_and_comes_back() -> None:
    with TelegramStub(limits=NO_LIMITS) as telegram:
        anna = telegram.user(id=1, name="Анна")
        command = dying_with_parent((sys.executable, str(BOT), telegram.url, telegram.token))
        for text in ("/start", "ещё здесь?"):
            anna.sends_text(text)  # nobody listens yet
            with subprocess.Popen(command) as bot:
                telegram.until_blocking(lambda: anna.chat.last.sender.is_bot)
                telegram.until_blocking(lambda: not telegram.world.updates.pending)
                bot.kill()
        assert [message.text for message in anna.messages] == [
            "/start",
            "слышу: /start",
            "ещё здесь?",
            "слышу: ещё здесь?",
        ]
        assert not telegram.refusals
