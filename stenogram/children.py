"""Child processes that outlive nobody: what their parents do in and to them."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """For ``preexec_fn``: SIGTERM when the parent dies, however it dies (prctl(2), Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_group(group: int, number: signal.Signals) -> None:
    """Send a signal to what is left of a process group (of a child started in a session of its own)."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # all of it ended by itself
