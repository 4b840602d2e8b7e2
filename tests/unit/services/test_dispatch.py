"""What follows commits, when the broker is slow."""

import asyncio
from typing import Any

import pytest

from stenogram.events import Event
from stenogram.services import dispatch
from stenogram.services.dispatch import Dispatcher


class Silent:
    def publish(self, *events: Event) -> None:
        """Nobody listens."""

    def celery(self) -> None:
        """Nobody works."""


async def test_relays_do_not_pile_up_behind_a_slow_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: asyncio.Queue[None] = asyncio.Queue()
    answers = asyncio.Event()

    async def slow(*_: Any) -> None:
        begun.put_nowait(None)
        await answers.wait()

    monkeypatch.setattr(dispatch, "kick", slow)
    silent: Any = Silent()
    dispatcher = Dispatcher(silent, silent, silent, silent)
    flushes = [asyncio.create_task(dispatcher.flush()) for _ in range(20)]
    async with asyncio.timeout(30):
        await asyncio.wait(flushes[2:])  # the second waits, and sends what these have committed
        await begun.get()
        assert begun.empty()

        flushes[1].cancel()
        await asyncio.wait(flushes[1:2])
        later = asyncio.create_task(dispatcher.flush())
        answers.set()
        await asyncio.gather(flushes[0], later)
    assert begun.qsize() == 1
