"""Child processes that outlive nobody: what their parents do in and to them."""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """For ``preexec_fn``: SIGTERM when the parent dies, however it dies (prctl(2), Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stand_back(by: int) -> None:
    """Let others go first, by as many steps of nice(1); for a process that leads its session, and its children.

    Where Linux schedules whole sessions against each other (autogroups, on by default), only the session's own number
    counts between them.
    """
    os.nice(by)
    group = Path("/proc/self/autogroup")
    if by and group.exists():
        group.write_text(str(by))


def end_group(group: int, number: signal.Signals) -> None:
    """Send a signal to what is left of a process group (of a child started in a session of its own)."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # all of it ended by itself
