"""How fake engines are told what to do, also in another process: one small file per stage in a folder.

A test writes ``{"errors": ["engine.failed"], "busy": 0.2, "hold_at": 3}``; every call of the stage's engine is counted.
"""

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded

from stenogram.errors import EngineError, InvalidMedia, StenogramError

FOLDER_VARIABLE = "FAKE_ENGINES_FOLDER"
_STEP = 0.02


class Script:
    """The folder. ``None``: everything succeeds at once."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    @classmethod
    def from_environment(cls) -> "Script":
        folder = os.environ.get(FOLDER_VARIABLE)
        return cls(Path(folder) if folder else None)

    def tell(self, stage: str, errors: tuple[str, ...] = (), busy: float = 0.0, hold_at: int | None = None) -> None:
        """What the next calls do: fail with ``errors``, one each (codes, words of ``_OF_THE_SYSTEM``, "" for none).

        All take ``busy`` seconds; the one with the number ``hold_at`` waits for ``release``.
        """
        self._write(stage, {"errors": list(errors), "busy": busy, "hold_at": hold_at})

    def forget(self) -> None:
        """As if nothing had been told or done yet."""
        if self.folder is None:
            raise ValueError("this script has no folder")
        self.folder.mkdir(exist_ok=True)
        for path in self.folder.iterdir():
            path.unlink()

    def release(self, stage: str) -> None:
        self._write(stage, {**self._read(stage), "hold_at": None})

    def calls(self, stage: str) -> list[str]:
        """What was asked of the stage's engine, in order, by all processes."""
        path = self._path(stage, "calls")
        return path.read_text().splitlines() if path and path.exists() else []

    def act(self, stage: str, what: str, progress: Callable[[], None] = lambda: None) -> None:
        """Called by the fakes: take the time, wait while held, raise what is due."""
        path = self._path(stage, "calls")
        if path is None:
            return
        with path.open("a") as file:
            file.write(f"{what}\n")
        number = len(self.calls(stage))
        told = self._read(stage)
        self._busy(float(told.get("busy") or 0), progress)
        while self._read(stage).get("hold_at") == number:
            self._busy(_STEP, progress)
        if told.get("errors"):
            self._write(stage, {**told, "errors": told["errors"][1:]})
            if told["errors"][0]:
                raise _error(told["errors"][0])

    def _busy(self, seconds: float, progress: Callable[[], None]) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(_STEP, left))
            progress()

    def _path(self, stage: str, kind: str) -> Path | None:
        return self.folder / f"{stage}.{kind}" if self.folder else None

    def _read(self, stage: str) -> dict[str, Any]:
        path = self._path(stage, "json")
        told: dict[str, Any] = json.loads(path.read_text()) if path and path.exists() else {}
        return told

    def _write(self, stage: str, told: dict[str, Any]) -> None:
        path = self._path(stage, "json")
        if path is None:
            raise ValueError("this script has no folder")
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(told))
        fresh.replace(path)  # a reader sees the old or the new, never a half


_OF_THE_SYSTEM: dict[str, Callable[[], BaseException]] = {
    "vanish": SystemExit,  # nothing catches it: as near to a killed process as this process can be
    "crash": lambda: RuntimeError("the engine broke"),
    "timeout": SoftTimeLimitExceeded,
    "memory": MemoryError,
    "disk": lambda: OSError(errno.ENOSPC, "No space left on device"),
}


def _error(code: str) -> BaseException:
    if code in _OF_THE_SYSTEM:
        return _OF_THE_SYSTEM[code]()
    if code.startswith("media."):
        return InvalidMedia(code)
    return EngineError(code, engine="fake") if code.startswith("engine.") else StenogramError(code)
