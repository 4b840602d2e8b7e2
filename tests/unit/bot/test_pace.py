"""Turns: no chat and no crowd is written to faster than Telegram allows, whoever gives up meanwhile."""

import asyncio
import contextlib

import pytest

from apps.bot_api.bot.pace import Pace, Stale, Terms, Urgency
from tests.processes import PATIENCE


class Requests:
    """When each request of a chat began and ended."""

    def __init__(self, pace: Pace) -> None:
        self.pace, self.times = pace, list[tuple[float, float, int | None]]()

    async def make(self, chat: int | None, terms: Terms | None = None, seconds: float = 0.0) -> None:
        async with self.pace.turn(chat, terms or Terms()):
            begun = asyncio.get_running_loop().time()
            await asyncio.sleep(seconds)
            self.times.append((begun, asyncio.get_running_loop().time(), chat))


async def test_a_chat_hears_once_a_second_and_all_thirty_times() -> None:
    requests = Requests(Pace())
    await asyncio.gather(*(requests.make(chat) for chat in range(1, 41) for _ in range(2)))
    begun = sorted(begin for begin, _, _ in requests.times)
    assert all(later - earlier >= 1 for earlier, later in zip(begun, begun[30:], strict=False))
    for chat in range(1, 41):
        (_, ended, _), (begin, _, _) = sorted(item for item in requests.times if item[2] == chat)
        assert begin - ended >= 1
    assert begun[-1] - begun[0] < 20  # 80 messages are three windows: two seconds, where nothing else is slow


async def test_a_person_goes_before_progress() -> None:
    requests = Requests(Pace())
    await requests.make(7)
    order: list[str] = []

    async def one(name: str, terms: Terms) -> None:
        await requests.make(7, terms)
        order.append(name)

    await asyncio.gather(one("progress", Terms(Urgency.PROGRESS)), one("person", Terms()))
    assert order == ["person", "progress"]


@pytest.mark.parametrize("granted_first", [True, False])
async def test_whoever_gives_up_as_the_turn_comes_takes_it_from_nobody(granted_first: bool) -> None:
    now = [0.0]
    requests = Requests(Pace(lambda: now[0]))
    await requests.make(5)
    waiting = asyncio.create_task(requests.make(5))
    await asyncio.sleep(0)
    now[0] = 2.0
    if granted_first:
        requests.pace._grant()
    waiting.cancel()
    requests.pace._grant()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    now[0] = 4.0
    async with asyncio.timeout(PATIENCE):
        await requests.make(5)


async def test_a_chat_that_is_held_waits_alone() -> None:
    now = [0.0]
    requests = Requests(Pace(lambda: now[0]))
    requests.pace.hold(5, 3600)
    with pytest.raises(Stale):
        await requests.make(5, Terms(Urgency.PROGRESS, 0.1))
    await requests.make(6)
    waiting = asyncio.create_task(requests.make(5))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    now[0] = 3601.0
    requests.pace._grant()
    await waiting


async def test_a_group_hears_twenty_times_a_minute() -> None:
    pace = Pace()
    windows = pace._windows(-100)
    for _ in range(20):
        for window in windows:
            window.begin()
            window.end(1000.0)
    free = [window.free_at(1002.0) for window in windows]
    assert free[0] == 1002.0
    assert free[1] == 1002.0
    assert free[2] is not None
    assert free[2] > 1060.0
