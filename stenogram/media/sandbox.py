"""Run a program on hostile input: bounded memory, processor time, open files and files written; never outlived.

Limits are set by ``ulimit`` in the shell that then becomes the program: unlike ``preexec_fn`` this is safe in a
process with threads, and the limits stand before the program's first instruction.
"""

import os
import select
import signal
import subprocess
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import IO

_CHUNK = 65_536
_KEPT_DIAGNOSTICS = 65_536  # characters of stderr kept; a hostile file can cause gigabytes of it


@dataclass(frozen=True, slots=True)
class Limits:
    """``stall_seconds``: longest wait for the next bytes of output before the program is given up.

    ``output_mb``: the largest file it may write; 0: none at all.
    """

    cpu_seconds: int
    memory_mb: int = 1024
    open_files: int = 64
    stall_seconds: float = 60.0
    output_mb: int = 0

    def __post_init__(self) -> None:
        if min(self.cpu_seconds, self.memory_mb, self.open_files, self.stall_seconds) <= 0 or self.output_mb < 0:
            raise ValueError(f"limits must be positive: {self}")


class Failure(Exception):
    """The program ended badly. ``returncode`` is negative for a signal; None: it stalled and was killed."""

    def __init__(self, returncode: int | None, diagnostics: str) -> None:
        self.returncode = returncode
        self.diagnostics = diagnostics
        super().__init__(f"exit status {returncode}")


def stream(
    command: Sequence[str], limits: Limits, on_end: Callable[[str], None] = lambda _: None
) -> Generator[bytes, None, None]:
    """The program's standard output in chunks; at the end ``on_end`` gets its standard error.

    Raises Failure on any exit status but 0. Closing the generator, or an exception in its consumer's ``with
    closing(...)``, kills the whole process group at once.
    """
    process = _start(command, limits)
    diagnostics = _Tail(process.stderr)
    try:
        yield from _chunks(process, limits, diagnostics)
        returncode = process.wait(timeout=limits.stall_seconds)
    except subprocess.TimeoutExpired as error:
        raise Failure(None, diagnostics.text()) from error
    finally:
        _end(process)
        diagnostics.close()
    if returncode:
        raise Failure(returncode, diagnostics.text())
    on_end(diagnostics.text())


def _start(command: Sequence[str], limits: Limits) -> subprocess.Popen[bytes]:
    bounds = (
        f"ulimit -v {limits.memory_mb * 1024} && ulimit -t {limits.cpu_seconds} && ulimit -n {limits.open_files}"
        f" && ulimit -f {limits.output_mb * 2048} && ulimit -c 0"  # in blocks of 512 bytes
    )
    return subprocess.Popen(
        ["/bin/sh", "-c", f'{bounds} && exec "$@"', "sandbox", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )


def _chunks(process: subprocess.Popen[bytes], limits: Limits, diagnostics: "_Tail") -> Generator[bytes, None, None]:
    if process.stdout is None:
        raise ValueError("standard output must be a pipe")
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN)
    while True:
        if not poll.poll(limits.stall_seconds * 1000):
            raise Failure(None, diagnostics.text())
        chunk = os.read(process.stdout.fileno(), _CHUNK)
        if not chunk:
            return
        yield chunk


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)  # not yet reaped, so the id is still its own
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


class _Tail:
    """Drains a pipe in a thread, so that the writer never blocks, and keeps its last part."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        if pipe is None:
            raise ValueError("standard error must be a pipe")
        self._pipe = pipe
        self._kept = b""
        self._thread = threading.Thread(target=self._drain, name="sandbox-stderr", daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        while chunk := os.read(self._pipe.fileno(), _CHUNK):
            self._kept = (self._kept + chunk)[-_KEPT_DIAGNOSTICS:]

    def text(self) -> str:
        return self._kept.decode(errors="replace")

    def close(self) -> None:
        """Wait for the writer's end (it is dead by now) and close the pipe."""
        self._thread.join()
        self._pipe.close()
