"""Work beside the tasks of a process: nobody waits for it, and it has ended before the process closes what it uses."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

from anyio.from_thread import BlockingPortal
from loguru import logger

END_SECONDS = 30.0
"""More than a thread of it that cannot be broken off usually takes."""


class Aside:
    """One piece of work at a time, in the loop of the portal."""

    def __init__(self, portal: BlockingPortal) -> None:
        self._portal = portal
        self._under_way: Future[None] | None = None
        self._over = threading.Event()
        self._over.set()

    def begin(self, work: Callable[[], Awaitable[object]]) -> bool:
        """False: what was begun last has not ended yet. What ``work`` raises is logged."""
        if not self._over.is_set():
            return False
        self._over.clear()
        self._under_way = self._portal.start_task_soon(self._do, work)
        return True

    async def _do(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - nobody waits for it who could be told
            logger.exception("work beside the tasks has failed")
        finally:
            self._over.set()

    def end(self) -> None:
        """Break off what is under way, and wait for its end."""
        if self._under_way is not None:
            self._under_way.cancel()
        if not self._over.wait(END_SECONDS):
            logger.warning("work beside the tasks does not end within {:g} s", END_SECONDS)


class Pulse:
    """Looks after what is at work, every ``seconds``, in the loop of the portal: one beat for all work of a process."""

    def __init__(self, portal: BlockingPortal, seconds: float) -> None:
        self._seconds = seconds
        self._looks: set[Callable[[], Awaitable[None]]] = set()
        self._beating = portal.start_task_soon(self._beat)

    def watch(self, look: Callable[[], Awaitable[None]]) -> None:
        """Call ``look`` again and again from now on; what it raises is logged."""
        self._looks.add(look)

    def forget(self, look: Callable[[], Awaitable[None]]) -> None:
        self._looks.discard(look)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            for look in tuple(self._looks):
                try:
                    await look()
                except Exception:  # noqa: BLE001 - the next look may go well, and other work has its own
                    logger.exception("looking after the work has failed")

    def end(self) -> None:
        self._beating.cancel()
