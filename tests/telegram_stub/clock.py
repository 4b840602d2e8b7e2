"""Time as the stand-in sees it, and waiting for its changes without sleeping."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Clock:
    """Monotonic seconds for limits and deadlines, and the date that Telegram would write on a message."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._epoch = time.time() - monotonic()

    def now(self) -> float:
        return self._monotonic()

    def date(self) -> float:
        """Seconds since 1970; it moves with ``now``."""
        return self._epoch + self._monotonic()


class HandTime:
    """A monotonic time that only moves when told: ``Clock(HandTime())``."""

    def __init__(self) -> None:
        self._seconds = 1000.0

    def __call__(self) -> float:
        return self._seconds

    def advance(self, seconds: float) -> None:
        self._seconds += seconds


class Changes:
    """The lock over the stand-in's state, and the bell that rings after every change.

    Tests may wait in any event loop or thread, also in another one than the server's.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._bells: dict[object, Callable[[], object]] = {}
        self._depth = 0

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock; whoever waits looks again when the outermost block has ended."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._ring()

    def _ring(self) -> None:
        for bell in list(self._bells.values()):
            bell()

    async def until(self, predicate: Callable[[], T | None], within: float | None) -> T:
        """The first truthy value of ``predicate``, asked after every change; TimeoutError after ``within`` seconds."""
        loop, rung, key = asyncio.get_running_loop(), asyncio.Event(), object()
        with self._lock:
            self._bells[key] = lambda: loop.call_soon_threadsafe(rung.set)
        try:
            async with asyncio.timeout(within):
                while True:
                    rung.clear()
                    with self._lock:
                        value = predicate()
                    if value:
                        return value
                    await rung.wait()
        finally:
            with self._lock:
                del self._bells[key]

    def until_blocking(self, predicate: Callable[[], T | None], within: float) -> T:
        """`until` for code without an event loop; the server must then live in another thread."""
        rung, key, deadline = threading.Event(), object(), time.monotonic() + within
        with self._lock:
            self._bells[key] = rung.set
        try:
            while True:
                rung.clear()
                with self._lock:
                    value = predicate()
                if value:
                    return value
                if not rung.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"not within {within} s")
        finally:
            with self._lock:
                del self._bells[key]
