"""The real service as people start it: ``stenogram up`` on a data folder of its own, with the demo model."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import TypeVar

import psutil

from stenogram.children import dying_with_parent
from stenogram.client import Client
from stenogram.local import RunningService
from stenogram.services.access import make_link
from stenogram.storage.database import Database
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests.processes import PATIENCE, START_SECONDS, eventually

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
QUICK = {
    "LEASE_SECONDS": "20",
    "HEARTBEAT_SECONDS": "1",
    "REAPER_SECONDS": "1",
    "JANITOR_SECONDS": "2",
    "WORKER_SHUTDOWN_SECONDS": "1",
}
OURS = ("STENOGRAM_", "LANG", "LC_", "DATABASE_URL", "REDIS_URL", "HF_TOKEN", "OPENAI_", "TELEGRAM_", "BOT_TOKEN")


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """One data folder and the ``stenogram up`` that runs on it, now and again."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port, self.flower_port = free_port(), free_port()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = {
            **inherited,
            **QUICK,
            "LANG": "C.UTF-8",
            "DATA_DIR": str(self.data),
            "MODEL_CACHE_DIR": str(models),
            "MODELS_OFFLINE": "true",
            "WHISPER_MODEL": "demo",
            "FRONTEND_DIR": str(ROOT / "frontend" / "dist"),
            "PORT": str(self.port),
            "FLOWER_PORT": str(self.flower_port),
        }
        self._log = folder / "up.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def log(self) -> str:
        """All that the service printed since its last start."""
        return self._log.read_text(errors="replace")

    def start(self) -> None:
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                dying_with_parent([sys.executable, "-m", "stenogram.cli", "up"]),
                cwd=self.folder,  # a developer's .env is none of our business
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = self._process
        eventually(lambda: "/login#" in self.log() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, self.log()

    def stop(self) -> int:
        """As Ctrl-C's sober brother: SIGTERM. The exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(PATIENCE)

    def end(self) -> None:
        """Whatever became of it: nothing is left behind."""
        if self._process is not None and self._process.poll() is None:
            self.stop()
        for process in self.leftovers():
            process.kill()

    def leftovers(self) -> list[psutil.Process]:
        """Processes of this service that live, the supervisor's own children or not."""
        return [process for process in psutil.process_iter() if _data_dir(process) == str(self.data)]

    def child(self, *words: str) -> psutil.Process:
        """The supervisor's child with these words in its command line."""
        found = [process for process in self.process.children() if set(words) <= set(process.cmdline())]
        assert len(found) == 1, found
        return found[0]

    def link(self) -> str:
        running = RunningService.find(self.data)
        assert running is not None
        return asyncio.run(running.sign_in_link())

    def guest_link(self, name: str = "guest") -> str:
        """The same, of somebody new who is no administrator."""
        running = RunningService.find(self.data)
        assert running is not None
        return f"{self.url}/login#{asyncio.run(_invite(running.database_url, name))}"

    def token(self) -> str:
        with Client(self.url) as client:
            return client.sign_in(self.link())

    @contextmanager
    def client(self, language: str = "en") -> Iterator[Client]:
        with Client(self.url, self.token(), language) as client:
            yield client

    def command(self, *arguments: str | Path, **variables: str) -> "subprocess.Popen[str]":
        """``stenogram …`` as a user would type it on this machine."""
        return subprocess.Popen(
            dying_with_parent([sys.executable, "-m", "stenogram.cli", *map(str, arguments)]),
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


async def _invite(database_url: str, name: str) -> str:
    database = Database(database_url)
    try:
        async with database.begin() as session:
            return await make_link(session, await Users(session).add(User(name=name, role="user", language="ru")))
    finally:
        await database.dispose()


def finish(process: "subprocess.Popen[str]", patience: float = PATIENCE) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of a command."""
    with process:
        out, err = process.communicate(timeout=patience)
    return process.returncode, out, err


def cut(source: Path, target: Path, seconds: float) -> Path:
    """The first seconds of a recording."""
    command: Sequence[str | Path] = ("ffmpeg", "-v", "error", "-i", source, "-t", str(seconds), "-c", "copy", target)
    subprocess.run(command, check=True)
    return target


def _data_dir(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("DATA_DIR") if process.status() != psutil.STATUS_ZOMBIE else None
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
