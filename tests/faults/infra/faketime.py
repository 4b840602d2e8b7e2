"""A clock for some processes that a test sets (libfaketime); the monotonic one stays true."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

_FOLDER = Path("/usr/lib")
_SITE = Path(__file__).parent / "site"
_LIBRARY = "faketime/libfaketimeMT.so.1"


class Clock:
    """Processes started with ``environment`` see the time that ``set`` says: within a second, or at once.

    Looking at every question costs Python, which asks often, too much.
    """

    def __init__(self, folder: Path, offset: int = 0, *, at_once: bool = False) -> None:
        libraries = sorted(_FOLDER.glob(f"*/{_LIBRARY}"))
        if not libraries:
            pytest.skip("libfaketime is not installed (Debian: faketime)")
        folder.chmod(0o755)  # PostgreSQL is another user
        self._file = folder / "clock"
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            **({"FAKETIME_NO_CACHE": "1"} if at_once else {"FAKETIME_CACHE_DURATION": "1"}),
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # with it a thread that wants the interpreter waits far too long
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": os.pathsep.join((str(_SITE), os.environ.get("PYTHONPATH", ""))).rstrip(os.pathsep),
        }
        self.set(offset)

    def set(self, offset: int) -> None:
        """Seconds from the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}s\n")
        fresh.chmod(0o644)
        fresh.rename(self._file)
