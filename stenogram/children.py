"""Child processes that outlive nobody: what their parents do in and to them."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from loguru import logger

_AUTOGROUP = Path("/proc/self/autogroup")
_GROUP_TRIES, _GROUP_PAUSE_SECONDS = 20, 0.1


def dying_with_parent(command: Sequence[str]) -> tuple[str, ...]:
    """The command, told to end (SIGTERM) when the process that starts it dies, however it dies; Linux only.

    To Linux the parent is the thread that starts it: use one that lives as long as the child is wanted.
    By setpriv(1), which becomes the command. Unlike ``preexec_fn`` it runs nothing of ours between fork and exec, where
    a process with threads may wait for ever for a lock. Raises FileNotFoundError for a command that is not there.
    """
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(f"there is no program {command[0]}")
    return ("setpriv", "--pdeathsig", "TERM", "--", *command) if sys.platform == "linux" else tuple(command)


def stand_back(by: int, group: Path = _AUTOGROUP) -> None:
    """Let others go first, by as many steps of nice(1); for a process that leads its session, and its children.

    Where Linux schedules whole sessions against each other (autogroups, sched(7)), only the session's own number counts
    between them. Where it does not, the session's file is missing or empty, and there is nothing to write.
    """
    os.nice(by)
    if by and group.exists() and group.read_text():
        _write_patiently(group, str(by))


def _write_patiently(group: Path, number: str) -> None:
    """Linux takes one such number in a tenth of a second, whoever of all users' processes writes it (EAGAIN)."""
    refused: OSError | None = None
    for _ in range(_GROUP_TRIES):
        try:
            group.write_text(number)
        except BlockingIOError as error:
            refused = error
            time.sleep(_GROUP_PAUSE_SECONDS)
        except OSError as error:  # work that does not stand back is better than none
            refused = error
            break
        else:
            return
    logger.warning("this process does not stand back for other sessions: {}", refused)


def end_group(group: int, number: signal.Signals) -> None:
    """Send a signal to what is left of a process group (of a child started in a session of its own)."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # all of it ended by itself
