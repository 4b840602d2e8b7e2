"""A real PostgreSQL, a real Redis, and workers: in this process for speed, as subprocesses where processes matter."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
import redis

from apps.worker.context import Context, open_context
from apps.worker.stage_runner import run_stage
from stenogram.events import Event, stream_name
from stenogram.queue import kick, make_celery
from stenogram.services import dead_letters, recordings, runs
from stenogram.services.runs import RunView
from stenogram.settings import Settings, load_settings
from stenogram.storage.models import DeadLetter, SegmentRow, User
from stenogram.storage.repositories import Transcripts, Users
from tests.fakes.engines import speech_wav
from tests.fakes.script import FOLDER_VARIABLE, Script
from tests.servers import Servers

T = TypeVar("T")
TERMINAL = ("done", "done_with_warnings", "cancelled", "dead")
PATIENCE = 40  # seconds; two cores that others use too
QUICK = {
    "STENOGRAM_ENGINES": "tests.fakes.engines:FakeEngines",
    "LEASE_SECONDS": "2",
    "HEARTBEAT_SECONDS": "0.5",
    "REAPER_SECONDS": "0.5",
    "RETRY_BACKOFF_SECONDS": "0.05",
    "REPUBLISH_SECONDS": "0.5",
    "WORKER_SHUTDOWN_SECONDS": "0.2",
    "MAX_ATTEMPTS": "3",
}


def eventually(question: Callable[[], T], patience: float = PATIENCE) -> T:
    """The first true answer. Polls: what happens in other processes cannot be awaited."""
    end = time.monotonic() + patience
    while not (answer := question()):
        assert time.monotonic() < end, f"not within {patience} s"
        time.sleep(0.05)
    return answer


@dataclass
class Bed:
    """One test's service: its own database, Redis numbers and folders."""

    context: Context
    script: Script
    environment: dict[str, str]
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.context.settings

    def record(self, phrases: int = 4) -> UUID:
        """A recording of its own user."""

        async def create() -> UUID:
            async with self.context.database.begin() as session:
                user = await Users(session).add(User(name="tester", role="user", language="en"))
                made = await recordings.create(
                    session,
                    self.context.vault,
                    user.id,
                    "meeting.wav",
                    "audio/wav",
                    speech_wav(phrases),
                    limits=self.settings.limits,
                )
                return made.id

        return self.context.portal.call(create)

    def start(self, recording_id: UUID | None = None, **options: object) -> UUID:
        recording = recording_id or self.record()

        async def begin() -> UUID:
            async with self.context.database.begin() as session:
                wanted = runs.options_from({"formats": ["txt", "json"], **options})
                return (await runs.start(session, recording, wanted, request_id="r-1")).id

        return self.context.portal.call(begin)

    def view(self, run_id: UUID) -> RunView:
        async def look() -> RunView:
            async with self.context.database.begin() as session:
                return await runs.snapshot(session, run_id)

        return self.context.portal.call(look)

    def cancel(self, run_id: UUID) -> list[Event]:
        async def stop() -> list[Event]:
            async with self.context.database.begin() as session:
                return (await runs.cancel(session, run_id))[1]

        return self.context.portal.call(stop)

    def relay(self) -> None:
        self.context.portal.call(kick, self.context.database, self.context.celery, self.settings.queue)

    def work(self, run_id: UUID) -> RunView:
        """Do the run's queued stages here, in this process, until there are none; backoffs are waited for."""
        while queued := [item.stage for item in self.view(run_id).stages if item.state == "queued"]:
            eventually(partial(run_stage, self.context, run_id, queued[0]), 5)
        return self.view(run_id)

    def events(self, run_id: UUID) -> list[Event]:
        with self.redis() as client:
            return [Event.from_json(fields[b"event"]) for _, fields in client.xrange(stream_name(run_id))]

    def segments(self, run_id: UUID) -> Sequence[SegmentRow]:
        async def rows() -> Sequence[SegmentRow]:
            async with self.context.database.begin() as session:
                return await Transcripts(session).segments(run_id)

        return self.context.portal.call(rows)

    def dead_letters(self) -> Sequence[DeadLetter]:
        async def rows() -> Sequence[DeadLetter]:
            async with self.context.database.begin() as session:
                return await dead_letters.list_open(session)

        return self.context.portal.call(rows)

    def empty_redis(self) -> None:
        with self.redis() as client:
            client.flushdb()

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """What waits in a queue, of any priority."""
        with self.redis() as client:
            names = [name for name in client.scan_iter(f"{queue}*") if client.type(name) == b"list"]
            return [json.loads(body) for name in names for body in client.lrange(name, 0, -1)]

    def redis(self) -> "redis.Redis":
        return redis.Redis.from_url(self.environment["REDIS_URL"])

    def worker(self, queues: str = "cpu,gpu,llm,dead_letter", *, beat: bool = False) -> subprocess.Popen[bytes]:
        """A real worker process, ready to work; it and its children are ended with the test."""
        name = f"w{len(self.processes)}"
        log = self.folder / f"{name}.log"
        beating = ["-B", "-s", str(self.folder / f"{name}.beat")] if beat else []
        command = [sys.executable, "-m", "celery", "-A", "apps.worker.main", "worker", "-Q", queues, "-c", "1"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, "-n", f"{name}@%h", "--without-mingle", "--without-gossip", "-l", "INFO", *beating],
                env={**os.environ, **self.environment},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        eventually(lambda: b"ready." in log.read_bytes() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        return process

    def finished(self, run_id: UUID, patience: float = PATIENCE) -> RunView:
        try:
            eventually(lambda: self.view(run_id).state in TERMINAL, patience)
        except AssertionError as error:
            logs = "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))
            raise AssertionError(f"{self.view(run_id)}\n{logs}") from error
        return self.view(run_id)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    folder = tmp_path / "script"
    folder.mkdir()
    environment = {
        **QUICK,
        "DATABASE_URL": servers.fresh_database(),
        "REDIS_URL": servers.fresh_redis(),
        "DATA_DIR": str(tmp_path / "data"),
        FOLDER_VARIABLE: str(folder),
    }
    with _environment(environment):
        settings = load_settings()
        celery = make_celery(settings)
        with open_context(settings, celery, "tester") as context:
            bed = Bed(context, Script(folder), environment, tmp_path)
            yield bed
            bed.close()
    celery.close()
