"""A PostgreSQL and a Redis that nobody else uses: to be killed, stopped and started again."""

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from stenogram.embedded import Postgres, Redis
from tests.bed import variables
from tests.processes import is_gone
from tests.servers import Servers

_OWN = "own"


class Breakable(Servers):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, _OWN)
        self._pg_folder = folder / "postgres"
        self._redis_folder = folder / f"redis-{_OWN}"

    def start_by(self, environment: Mapping[str, str]) -> None:
        """As ``start``; PostgreSQL alone gets these variables."""
        with variables(dict(environment)):
            self._postgres.start()
        self.start()

    def stop_postgres(self) -> None:
        """An immediate shutdown: nothing is finished, nothing is said; the next start recovers from the log."""
        postmaster = self.postgres()[0]
        postmaster.send_signal(signal.SIGQUIT)
        assert is_gone(postmaster.pid)

    def start_postgres(self) -> None:
        Postgres(self._pg_folder).ensure_running()

    def kill_redis(self) -> None:
        process = self.redis()
        process.kill()
        assert is_gone(process.pid)

    def start_redis(self) -> None:
        """On the port it had, with what its append-only file holds."""
        Redis(self._redis_folder).ensure_running()

    def postgres(self) -> Sequence[psutil.Process]:
        """The postmaster, and its children."""
        postmaster = psutil.Process(int((self._pg_folder / "postmaster.pid").read_text().split()[0]))
        return [postmaster, *postmaster.children()]

    def redis(self) -> psutil.Process:
        found = [process for process in psutil.process_iter(["name"]) if _is_redis_of(process, self._redis_folder)]
        assert len(found) == 1, found
        return found[0]

    @contextmanager
    def frozen(self, processes: Sequence[psutil.Process]) -> Iterator[None]:
        """SIGSTOP: they hold their sockets open, and say nothing."""
        try:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.suspend()
            yield
        finally:
            for process in reversed(processes):
                with suppress(psutil.NoSuchProcess):
                    process.resume()


def _is_redis_of(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name() == "redis-server" and os.fspath(folder / "redis") == process.cwd()
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        return False
