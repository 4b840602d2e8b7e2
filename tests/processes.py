"""What tests ask of processes: nothing here can be awaited, so it is asked again and again."""

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import IO, TypeVar

import psutil

T = TypeVar("T")
PATIENCE = 150.0  # seconds; for what takes a few on two cores that nobody else uses
START_SECONDS = 2 * PATIENCE  # the same for a process that imports much before it answers


def eventually(question: Callable[[], T], patience: float = PATIENCE) -> T:
    """The first true answer."""
    end = time.monotonic() + patience
    while not (answer := question()):
        assert time.monotonic() < end, f"not within {patience} s"
        time.sleep(0.05)
    return answer


_UNDERTAKER = """
import os, signal, sys
from contextlib import suppress
groups = set()
for line in sys.stdin:
    (groups.discard if line.startswith("-") else groups.add)(abs(int(line)))
for group in groups:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
"""


@cache
def _undertaker() -> IO[str]:
    """To a process that kills the groups it has been told of when this one ends, however it ends."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", _UNDERTAKER], stdin=subprocess.PIPE, text=True, start_new_session=True
    )
    atexit.register(process.communicate)
    assert process.stdin is not None
    return process.stdin


def bury(group: int) -> None:
    """Let no process of this group outlive this one: for those whose own children may (``dying_with_parent``)."""
    print(group, file=_undertaker(), flush=True)


def buried(group: int) -> None:
    """Nothing is left of it."""
    print(-group, file=_undertaker(), flush=True)


def is_gone(pid: int, patience: float = PATIENCE) -> bool:
    """Whether the process ends: one that was killed does when it is next scheduled; nobody may have waited for it."""
    end = time.monotonic() + patience
    while is_alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def children(name: str) -> list[psutil.Process]:
    """Of this process, those that run the program ``name``; other tests may have children of their own."""
    return [child for child in psutil.Process(os.getpid()).children() if child.name() == name]
