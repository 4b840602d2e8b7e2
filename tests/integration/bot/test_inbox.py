"""In whose turn updates are handled, with the inbox in a real database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

import pytest

from apps.bot_api.bot.inbox import Letterbox, Processor, delivery
from stenogram.storage.database import Database

ANNA, BORIS, VERA = 1, 2, 3


class Desk:
    """Handles updates for as long as each is held; ``at_work`` says whose."""

    def __init__(self, database: Database) -> None:
        self._letterbox, self.processor = Letterbox(database), Processor(database, self._handle)
        self._held: dict[int, asyncio.Event] = {}
        self._changed = asyncio.Condition()
        self.at_work: list[int] = []

    async def _handle(self, update: Mapping[str, Any]) -> None:
        person, number = int(update["message"]["chat"]["id"]), delivery.get().update_id
        await self._change(self.at_work.append, person)
        await self._held.setdefault(number, asyncio.Event()).wait()
        await self._change(self.at_work.remove, person)

    async def _change(self, change: Callable[[int], None], person: int) -> None:
        async with self._changed:
            change(person)
            self._changed.notify_all()

    async def come(self, updates: Iterable[tuple[int, int]]) -> None:
        """(number, person)"""
        await self._letterbox.put_all(
            [{"update_id": number, "message": {"chat": {"id": person}}} for number, person in updates]
        )
        self.processor.wake()

    def let(self, number: int) -> None:
        self._held.setdefault(number, asyncio.Event()).set()

    async def until(self, at_work: list[int]) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: sorted(self.at_work) == at_work)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    made = Desk(database)
    running = asyncio.create_task(made.processor.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_updates_of_one_person_come_one_after_the_other(desk: Desk) -> None:
    await desk.come([(1, ANNA), (2, ANNA), (3, BORIS)])
    await desk.until([ANNA, BORIS])
    desk.let(1)
    desk.let(3)
    await desk.until([ANNA])


async def test_while_somebody_waits_for_their_first_word_few_others_get_a_second(desk: Desk) -> None:
    regulars = range(10, 20)
    for person in regulars:
        desk.let(person)
    await desk.come((person, person) for person in regulars)
    await desk.until([])
    await desk.come([(100, ANNA), *((200 + person, person) for person in regulars)])
    await desk.until([ANNA, 10, 11])
    await asyncio.sleep(0.3)
    assert sorted(desk.at_work) == [ANNA, 10, 11]

    desk.let(210)
    await desk.until([ANNA, 11, 12])
    desk.let(100)
    await desk.until([*range(11, 20)])


async def test_newcomers_do_not_wait_for_each_other(desk: Desk) -> None:
    await desk.come([(1, ANNA)])
    await desk.until([ANNA])
    await desk.come([(2, BORIS), (3, VERA)])
    await desk.until([ANNA, BORIS, VERA])
