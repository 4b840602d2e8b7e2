"""How a command on this machine finds the service: a remote one, one that runs here, or one brought up for a while."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from stenogram.children import dying_with_parent
from stenogram.client import ApiError, Client
from stenogram.phrases import phrase
from stenogram.services.access import ensure_local_admin, make_link
from stenogram.settings import Settings
from stenogram.storage.database import Database

START_SECONDS = 120.0  # migrations and the first start of an embedded PostgreSQL on a slow disk
STOP_SECONDS = 90.0  # more than all graces together
CLOCK_SECONDS = 60.0  # by how much the machine's clock may be set while a service runs


@dataclass(frozen=True, slots=True)
class RunningService:
    """What ``stenogram up`` leaves in ``DATA_DIR/service.json`` (mode 0600) while it runs."""

    pid: int
    started: float  # with the number it names the process for ever: numbers are used again
    url: str
    database_url: str

    @classmethod
    def here(cls, url: str, database_url: str) -> "RunningService":
        """This very process."""
        return cls(os.getpid(), psutil.Process().create_time(), url, database_url)

    def write(self, data_dir: Path) -> None:
        path = data_dir / "service.json"
        fresh = path.with_suffix(".new")
        fresh.touch(0o600)
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(path)

    def remove(self, data_dir: Path) -> None:
        """Take the file away, unless another service has put its own there."""
        if self.find(data_dir) == self:
            (data_dir / "service.json").unlink(missing_ok=True)

    @classmethod
    def find(cls, data_dir: Path) -> "RunningService | None":
        """The service on this data folder, None where none runs (a file left by a killed one does not count)."""
        try:
            found = cls(**json.loads((data_dir / "service.json").read_text()))
            alive = abs(psutil.Process(found.pid).create_time() - found.started) < CLOCK_SECONDS
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None
        return found if alive else None

    async def sign_in_link(self) -> str:
        """A fresh one-time link for the local administrator."""
        database = Database(self.database_url)
        try:
            async with database.begin() as session:
                secret = await make_link(session, await ensure_local_admin(session))
        finally:
            await database.dispose()
        return f"{self.url}/login#{secret}"


@contextmanager
def client(settings: Settings, language: str = "en", say: Callable[[str], None] = lambda _: None) -> Iterator[Client]:
    """A signed-in client of STENOGRAM_URL (with STENOGRAM_TOKEN), else of the service of this data folder.

    Where none runs, ``say`` hears so, and one is brought up and stopped afterwards. Raises ApiError.
    """
    remote = os.environ.get("STENOGRAM_URL")
    if remote:
        with _remote_client(remote, language) as connected:
            yield connected
        return
    running = RunningService.find(settings.server.data_dir)
    if running:
        with _local_client(running, language) as connected:
            yield connected
        return
    say(phrase("starting", language))
    with _brought_up(settings, language) as started, _local_client(started, language) as connected:
        yield connected


@contextmanager
def _remote_client(url: str, language: str) -> Iterator[Client]:
    token = os.environ.get("STENOGRAM_TOKEN")
    if not token:
        raise ApiError("auth.required", phrase("no_token", language))
    with Client(url, token, language) as connected:
        try:
            connected.me()
        except ApiError as error:
            if error.code != "auth.required":
                raise
            raise ApiError(error.code, phrase("old_token", language), error.status) from error
        yield connected


@contextmanager
def _local_client(service: RunningService, language: str) -> Iterator[Client]:
    with Client(service.url, language=language) as connected:
        connected.sign_in(asyncio.run(service.sign_in_link()))
        yield connected


@contextmanager
def _brought_up(settings: Settings, language: str) -> Iterator[RunningService]:
    data_dir = settings.server.data_dir
    log = data_dir / "logs" / "service.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.touch(0o600)  # the sign-in link goes there
    with log.open("w") as output:
        process = subprocess.Popen(
            dying_with_parent([sys.executable, "-m", "stenogram.cli", "up"]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this command, which stops the service in order
        )
    try:
        yield _await(process, data_dir, log, language)
    finally:
        _stop(process)


def _await(process: "subprocess.Popen[bytes]", data_dir: Path, log: Path, language: str) -> RunningService:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = RunningService.find(data_dir)
        if found and found.pid == process.pid:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.1)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ApiError("service.unreachable", phrase("not_started", language, log=log, tail=tail))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
