"""What happens to a statement when its task is cancelled, and to the lead when the work breaks off."""

import asyncio

import pytest
from sqlalchemy import text

from stenogram.storage.database import Database
from stenogram.storage.leadership import lead
from tests.processes import PATIENCE
from tests.servers import Servers


@pytest.mark.parametrize("after", [0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032])
async def test_a_cancelled_statement_is_cancelled_and_no_failure(servers: Servers, after: float) -> None:
    """At any moment: while it connects, begins, waits or closes."""
    database = Database(servers.fresh_database())

    async def ask() -> None:
        async with database.at_once() as session:
            await session.execute(text("SELECT pg_sleep(5)"))

    task = asyncio.create_task(ask())
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.dispose()


async def test_one_leads_and_another_follows_when_it_ends(servers: Servers) -> None:
    url = servers.fresh_database()
    databases = [Database(url), Database(url)]
    leading: list[int] = []
    began = [asyncio.Event(), asyncio.Event()]

    async def work(number: int) -> None:
        leading.append(number)
        began[number].set()
        await asyncio.Event().wait()

    first = asyncio.create_task(lead(databases[0], 7, lambda: work(0)))
    await began[0].wait()
    second = asyncio.create_task(lead(databases[1], 7, lambda: work(1)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await began[1].wait()
    first.cancel()
    async with asyncio.timeout(PATIENCE):
        await began[1].wait()
    assert leading == [0, 1]
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    for database in databases:
        await database.dispose()


async def test_a_leader_that_loses_its_connection_stops_and_leads_anew(servers: Servers) -> None:
    database = Database(servers.fresh_database())
    starts, stops = asyncio.Queue[int](), asyncio.Queue[int]()

    async def work() -> None:
        starts.put_nowait(1)
        try:
            await asyncio.Event().wait()
        finally:
            stops.put_nowait(1)

    leading = asyncio.create_task(lead(database, 8, work))
    await starts.get()
    async with database.begin() as session:
        held = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 8"
        await session.execute(text(held))
    async with asyncio.timeout(PATIENCE):
        await stops.get()
        await starts.get()
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    await database.dispose()


async def test_what_the_work_raises_passes_through(servers: Servers) -> None:
    database = Database(servers.fresh_database())

    async def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await lead(database, 9, work)
    await database.dispose()
