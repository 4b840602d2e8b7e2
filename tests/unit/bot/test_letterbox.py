"""Updates that come side by side are kept together, and none goes under with another."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from apps.bot_api.bot.inbox import Letterbox
from stenogram.errors import StorageError
from stenogram.storage.database import Database


class Counting(Letterbox):
    """Notes the numbers of each lot instead of writing it. ``spoilt`` ones cannot be kept; ``away``: none can."""

    def __init__(self, spoilt: int | None = None, *, away: bool = False) -> None:
        super().__init__(Database("postgresql://nobody@127.0.0.1/none"))
        self.lots: list[list[int]] = []
        self._spoilt, self._away = spoilt, away

    async def put_all(self, updates: Iterable[Mapping[str, Any]], safe: Callable[[], None] = lambda: None) -> None:
        await asyncio.sleep(0)
        numbers = [update["update_id"] for update in updates]
        if self._away:
            raise StorageError("database.unavailable")
        if self._spoilt in numbers:
            raise ValueError(self._spoilt)
        self.lots.append(numbers)
        safe()


async def _put(letterbox: Letterbox, count: int) -> list[BaseException | None]:
    puts = (letterbox.put({"update_id": number}) for number in range(count))
    return await asyncio.gather(*puts, return_exceptions=True)


async def test_what_comes_while_a_lot_is_written_makes_one_lot() -> None:
    letterbox = Counting()
    first = asyncio.create_task(letterbox.put({"update_id": 1000}))
    await asyncio.sleep(0)  # its lot is taken up before the others come
    await asyncio.sleep(0)
    assert await _put(letterbox, 50) == [None] * 50
    await first
    assert letterbox.lots == [[1000], list(range(50))]


async def test_no_more_than_a_statement_takes() -> None:
    letterbox = Counting()
    assert await _put(letterbox, 250) == [None] * 250
    assert [len(lot) for lot in letterbox.lots] == [100, 100, 50]


async def test_one_that_cannot_be_kept_fails_alone() -> None:
    letterbox = Counting(spoilt=3)
    told = await _put(letterbox, 5)
    assert isinstance(told.pop(3), ValueError)
    assert told == [None] * 4
    assert letterbox.lots == [[0], [1], [2], [4]]


async def test_everybody_hears_that_the_database_is_away() -> None:
    told = await _put(Counting(away=True), 5)
    assert [type(error) for error in told] == [StorageError] * 5


async def test_whoever_does_not_wait_any_longer_keeps_nobody_from_it() -> None:
    letterbox = Counting()
    gone = asyncio.create_task(letterbox.put({"update_id": 1}))
    await asyncio.sleep(0)
    gone.cancel()
    await letterbox.put({"update_id": 2})
    assert letterbox.lots == [[1, 2]]
    with pytest.raises(asyncio.CancelledError):
        await gone
