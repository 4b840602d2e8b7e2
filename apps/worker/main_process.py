"""What a worker's main process tells its children. They are spawned and have nothing of it but its environment."""

import atexit
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from stenogram.services import janitor

_PID, _QUEUES, _FOLDER = "STENOGRAM_WORKER_PID", "STENOGRAM_WORKER_QUEUES", "STENOGRAM_WORKER_FOLDER"
_STOPPING = "stopping"


def begin(queues: Iterable[str], root: Path) -> None:
    """Called in the main process, before children are started. It keeps a folder of its own under ``root``."""
    kept = ExitStack()
    folder = kept.enter_context(janitor.private_folder(root))
    atexit.register(kept.close)
    os.environ.update({_PID: str(os.getpid()), _QUEUES: ",".join(queues), _FOLDER: str(folder)})


def stop() -> None:
    """Called in the main process: its children are to take up nothing more."""
    Path(os.environ[_FOLDER], _STOPPING).touch()


def is_stopping() -> bool:
    """Whether the main process was told to end. Never of a process that is no child of a worker."""
    folder = os.environ.get(_FOLDER)
    return folder is not None and Path(folder, _STOPPING).exists()


def queues() -> frozenset[str]:
    """What the worker serves. Nothing where this process is no child of one."""
    return frozenset(filter(None, os.environ.get(_QUEUES, "").split(",")))


def worker_name(hostname: str) -> str:
    """The Celery node and its main process, by which a worker that shuts down finds the leases of its children."""
    return f"{hostname}:{os.environ.get(_PID, os.getpid())}"
