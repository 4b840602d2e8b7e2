"""Models in memory: loaded once per process however many recordings want them, and given back when idle."""

import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stenogram.pipeline.catalog import OPENAI_WHISPER

Key = tuple[str, ...]
Schedule = Callable[[float, Callable[[], None]], object]


def load_model(engine: str, path: Path, device: str, compute_type: str) -> Any:
    """The engine's own model object, on ``device`` (``cpu`` | ``cuda``)."""
    if engine == OPENAI_WHISPER:
        import whisper

        return whisper.load_model(str(path), device=device)
    import os

    from faster_whisper import WhisperModel

    threads = len(os.sched_getaffinity(0))  # its default of 4 makes two cores fight
    return WhisperModel(str(path), device=device, compute_type=compute_type, cpu_threads=threads)


@contextmanager
def library_warnings_ignored() -> Iterator[None]:
    """For calls into openai-whisper, which leaves its vocabulary file open when it reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def _start_timer(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


@dataclass(slots=True)
class _Slot:
    model: Any = None
    loaded: bool = False
    users: int = 0
    idle_since: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class ModelPool:
    """``with pool.use(key, load) as model``: loads on first use, keeps it warm, drops it after ``idle_seconds``.

    Users of one key wait for one loading and then for one another: a Whisper model decodes one thing at a time.
    """

    def __init__(
        self,
        idle_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        schedule: Schedule = _start_timer,
    ) -> None:
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._schedule = schedule
        self._slots: dict[Key, _Slot] = {}
        self._lock = threading.Lock()

    @contextmanager
    def use(self, key: Key, load: Callable[[], Any]) -> Iterator[Any]:
        """The model for ``key``; what ``load`` raises passes, and the next user tries again."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            slot.users += 1
        try:
            with slot.lock:
                if not slot.loaded:
                    slot.model, slot.loaded = load(), True
                yield slot.model
        finally:
            self._release(slot)

    def drop(self, key: Key) -> None:
        """Forget a model that nobody uses, at once."""
        with self._lock:
            slot = self._slots.get(key)
            if slot is not None and slot.users == 0:
                del self._slots[key]

    def drop_idle(self) -> None:
        """Forget every model that nobody has used for ``idle_seconds``."""
        now = self._clock()
        with self._lock:
            for key, slot in list(self._slots.items()):
                if slot.users == 0 and now - slot.idle_since >= self._idle_seconds:
                    del self._slots[key]

    @property
    def loaded(self) -> frozenset[Key]:
        with self._lock:
            return frozenset(key for key, slot in self._slots.items() if slot.loaded)

    def _release(self, slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1
            slot.idle_since = self._clock()
        self._schedule(self._idle_seconds, self.drop_idle)
