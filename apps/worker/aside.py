"""Work beside the tasks of a process: nobody waits for it, and it has ended before the process closes what it uses."""

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
