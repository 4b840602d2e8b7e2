"""How a command on this machine finds the service: a remote one, one that runs here, or one brought up for a while."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from stenogram.client import ApiError, Client
from stenogram.services.access import ensure_local_admin, make_link
from stenogram.settings import Settings
from stenogram.storage.database import Database

START_SECONDS = 120.0  # migrations and the first start of an embedded PostgreSQL on a slow disk
STOP_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class RunningService:
    """What ``stenogram up`` leaves in ``DATA_DIR/service.json`` (mode 0600) while it runs."""

    pid: int
    url: str
    database_url: str

    def write(self, data_dir: Path) -> None:
        path = data_dir / "service.json"
        fresh = path.with_suffix(".new")
        fresh.touch(0o600)
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(path)

    @staticmethod
    def remove(data_dir: Path) -> None:
        (data_dir / "service.json").unlink(missing_ok=True)

    @classmethod
    def find(cls, data_dir: Path) -> "RunningService | None":
        """The service on this data folder, None where none runs (a file left by a killed one does not count)."""
        try:
            found = cls(**json.loads((data_dir / "service.json").read_text()))
            os.kill(found.pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return None
        return found

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
def client(settings: Settings, language: str = "en") -> Iterator[Client]:
    """A signed-in client of STENOGRAM_URL (with STENOGRAM_TOKEN), else of the service of this data folder.

    Where none runs, one is brought up and stopped afterwards. Raises ApiError.
    """
    remote = os.environ.get("STENOGRAM_URL")
    if remote:
        with Client(remote, os.environ.get("STENOGRAM_TOKEN"), language) as connected:
            yield connected
        return
    running = RunningService.find(settings.server.data_dir)
    if running:
        with _local_client(running, language) as connected:
            yield connected
        return
    with _brought_up(settings) as started, _local_client(started, language) as connected:
        yield connected


@contextmanager
def _local_client(service: RunningService, language: str) -> Iterator[Client]:
    with Client(service.url, language=language) as connected:
        connected.sign_in(asyncio.run(service.sign_in_link()))
        yield connected


@contextmanager
def _brought_up(settings: Settings) -> Iterator[RunningService]:
    data_dir = settings.server.data_dir
    log = data_dir / "logs" / "service.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "stenogram.cli", "up"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches this command, which stops the service in order
        )
    try:
        yield _await(process, data_dir, log)
    finally:
        _stop(process)


def _await(process: "subprocess.Popen[bytes]", data_dir: Path, log: Path) -> RunningService:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = RunningService.find(data_dir)
        if found and found.pid == process.pid:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.1)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ApiError("service.unreachable", f"the service did not start; the end of {log}:\n{tail}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
