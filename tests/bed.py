"""A real PostgreSQL, a real Redis, and workers: in this process for speed, as subprocesses where processes matter."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import psutil
import redis
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import housekeeping
from apps.worker.context import Context, open_context
from apps.worker.stage_runner import run_stage
from stenogram.events import Event, stream_name
from stenogram.pipeline.stage import Stage
from stenogram.queue import QUEUES, kick, make_celery, publish, stage_message
from stenogram.services import chain, dead_letters, exports, recordings, runs
from stenogram.services.runs import RunView
from stenogram.settings import Settings, load_settings
from stenogram.storage.models import Blob, DeadLetter, Outbox, Run, SegmentRow, StageRun, User
from stenogram.storage.repositories import StageRuns, Transcripts, Users
from tests.fakes.engines import speech_wav
from tests.fakes.script import FOLDER_VARIABLE, Script
from tests.processes import PATIENCE, START_SECONDS, buried, bury, eventually
from tests.servers import Servers

Worker = subprocess.Popen[bytes]
T = TypeVar("T")
TERMINAL = ("done", "done_with_warnings", "cancelled", "dead")
CALM = {  # in this process nothing happens by itself: a test moves the clock (``Bed.later``)
    "STENOGRAM_ENGINES": "tests.fakes.engines:FakeEngines",
    "LEASE_SECONDS": "60",
    "HEARTBEAT_SECONDS": "20",
    "RETRY_BACKOFF_SECONDS": "40",
    "REPUBLISH_SECONDS": "30",
    "MAX_ATTEMPTS": "3",
}
QUICK = {  # for worker processes, whose clock is the world's
    **CALM,
    "LEASE_SECONDS": "5",  # longer than a busy machine may make a heartbeat late
    "HEARTBEAT_SECONDS": "0.5",
    "REAPER_SECONDS": "0.5",
    "RETRY_BACKOFF_SECONDS": "0.05",
    "REPUBLISH_SECONDS": "0.5",
    "WORKER_SHUTDOWN_SECONDS": "0.2",
    "REMAP_SIGTERM": "SIGQUIT",
}


@dataclass
class Bed:
    """One test's service: its own database, Redis numbers and folders."""

    context: Context
    script: Script
    environment: dict[str, str]
    folder: Path
    threads: ThreadPoolExecutor
    processes: list[Worker] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.context.settings

    def record(self, phrases: int = 4) -> UUID:
        return self.take_in(speech_wav(phrases))

    def take_in(self, data: bytes, name: str = "meeting.wav", content_type: str = "audio/wav") -> UUID:
        """A recording of its own user."""

        async def create(session: AsyncSession) -> UUID:
            user = await Users(session).add(User(name="tester", role="user", language="en"))
            vault, limits = self.context.vault, self.settings.limits
            return (await recordings.create(session, vault, user.id, name, content_type, data, limits=limits)).id

        return self.inside(create)

    def start(self, recording_id: UUID | None = None, **options: object) -> UUID:
        recording = recording_id or self.record()
        wanted = runs.options_from({"formats": ["txt", "json"], **options})

        async def begin(session: AsyncSession) -> UUID:
            return (await runs.start(session, recording, wanted, request_id="r-1")).id

        return self.inside(begin)

    def rerun(self, run_id: UUID, from_stage: Stage, *, sent: bool = False, **options: object) -> UUID:
        """``sent``: as if its message had left the outbox; the test sends one of its own."""
        wanted = runs.options_from({"formats": ["txt", "json"], **options})

        async def begin(session: AsyncSession) -> UUID:
            child = await runs.rerun(session, run_id, from_stage, wanted)
            if sent:
                await session.execute(update(Outbox).where(Outbox.sent_at.is_(None)).values(sent_at=func.now()))
            return child.id

        return self.inside(begin)

    def inside(self, use: Callable[[AsyncSession], Coroutine[Any, Any, T]]) -> T:
        """One transaction."""

        async def call() -> T:
            async with self.context.database.begin() as session:
                return await use(session)

        return self.context.portal.call(call)

    def view(self, run_id: UUID) -> RunView:
        return self.inside(lambda session: runs.snapshot(session, run_id))

    def states(self, run_id: UUID) -> list[str]:
        return [stage.state for stage in self.view(run_id).stages]

    def row(self, run_id: UUID, stage: Stage) -> StageRun:
        async def read(session: AsyncSession) -> StageRun:
            return next(row for row in (await StageRuns(session).of([run_id]))[run_id] if row.stage == stage)

        return self.inside(read)

    def cancel(self, run_id: UUID) -> list[Event]:
        return self.inside(lambda session: runs.cancel(session, run_id))[1]

    def delete(self, recording_id: UUID) -> None:
        self.inside(lambda session: recordings.delete(session, self.context.vault, recording_id))

    def record_dead_letter(self, run_id: UUID, stage: Stage) -> bool:
        return self.context.portal.call(housekeeping.record_dead_letter, self.context, run_id, stage)

    def replay(self, letter_id: int) -> list[Event]:
        return self.inside(lambda session: dead_letters.replay(session, letter_id))[1]

    def discard(self, letter_id: int) -> None:
        self.inside(lambda session: dead_letters.discard(session, letter_id))

    def claim_and_vanish(self, run_id: UUID, stage: Stage) -> None:
        """A worker takes the stage and dies."""
        claimed = self.inside(lambda session: chain.claim(session, run_id, stage, "ghost:1", self.settings.queue))
        assert claimed is not None

    def overtake(self, run_id: UUID, stage: Stage) -> None:
        """Take the stage from whoever works on it, as if its lease had expired, and do it."""

        async def requeue(session: AsyncSession) -> None:
            held = (StageRun.run_id == run_id, StageRun.stage == stage)
            await session.execute(update(StageRun).where(*held).values(state="queued", lease_until=None))

        self.inside(requeue)
        assert self.run(run_id, stage)

    def resend(self, run_id: UUID, stage: Stage = Stage.PREPROCESS) -> None:
        """Send a stage's message past the outbox."""
        publish(self.context.celery, stage_message(run_id, stage), self.settings.queue)

    def relay(self) -> None:
        self.context.portal.call(kick, self.context.database, self.context.celery, self.settings.queue)

    def reap(self) -> int:
        return self.context.portal.call(housekeeping.reap, self.context)

    def later(self, seconds: float = 3600) -> None:
        """Let this much time pass, as far as rows tell it."""
        past = timedelta(seconds=seconds)
        columns = (
            (StageRun, ("not_before", "lease_until", "started_at", "finished_at")),
            (Outbox, ("not_before", "sent_at")),
            (DeadLetter, ("created_at",)),
            (Run, ("created_at",)),
        )

        async def shift(session: AsyncSession) -> None:
            for table, names in columns:
                await session.execute(update(table).values({name: getattr(table, name) - past for name in names}))

        self.inside(shift)

    def run(self, run_id: UUID, stage: Stage) -> bool:
        """Deliver the stage's message to a worker that is this process."""
        return run_stage(self.context, run_id, stage)

    def work(self, run_id: UUID, until: Stage | None = None) -> RunView:
        """Do the run's queued stages here (up to ``until``, which is left queued); backoffs pass at once."""
        while queued := [item.stage for item in self.view(run_id).stages if item.state == "queued"]:
            if queued[0] == until:
                break
            if not self.run(run_id, queued[0]):
                self.later()
        return self.view(run_id)

    def beside(self, work: Callable[[], T]) -> "Future[T]":
        """Do it in a thread, as another worker would."""
        return self.threads.submit(work)

    def events(self, run_id: UUID) -> list[Event]:
        with self.redis() as client:
            return [Event.from_json(fields[b"event"]) for _, fields in client.xrange(stream_name(run_id))]

    def segments(self, run_id: UUID) -> Sequence[SegmentRow]:
        return self.inside(lambda session: Transcripts(session).segments(run_id))

    def phrases(self, run_id: UUID) -> int:
        """How many of the recording's phrases are in the transcript, each of them said once by the fake."""
        return sum(row.text.count("Hello there.") for row in self.segments(run_id))

    def dead_letters(self) -> Sequence[DeadLetter]:
        return self.inside(dead_letters.list_open)

    def export(self, run_id: UUID, name: str = "txt") -> bytes:
        return self.inside(lambda session: exports.export(session, self.context.vault, run_id, name))[0]

    def keys(self, prefix: str = "") -> dict[str, str]:
        """Of the files in the vault, and the objects that hold them."""

        async def read(session: AsyncSession) -> dict[str, str]:
            rows = await session.scalars(select(Blob).where(Blob.key.startswith(prefix)).order_by(Blob.key))
            return {row.key: row.object_name for row in rows}

        return self.inside(read)

    def read(self, key: str) -> bytes:
        reader = self.inside(lambda session: self.context.vault.open(session, key))
        return b"".join(reader.chunks())

    def objects(self) -> set[str]:
        """Names of the files in the store."""
        return {path.name for path in (self.settings.server.data_dir / "blobs").rglob("*") if path.is_file()}

    def scratch(self) -> list[Path]:
        """Folders of stages of this process that are not removed."""
        return list(self.context.scratch.glob(f"stage-{os.getpid()}-*"))

    def empty_redis(self) -> None:
        with self.redis() as client:
            client.flushdb()

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """What waits in a queue, of any priority."""
        with self.redis() as client:
            names = [name for name in client.scan_iter(f"{queue}*") if client.type(name) == b"list"]
            return [json.loads(body) for name in names for body in client.lrange(name, 0, -1)]

    def waits_for_a_worker(self, run_id: UUID, stage: Stage) -> int:
        """How many messages of this stage are in its queue."""
        subjects = [message["headers"]["subject"] for message in self.messages(QUEUES[stage])]
        return subjects.count(f"{run_id}/{stage}")

    def redis(self) -> "redis.Redis":
        return redis.Redis.from_url(self.environment["REDIS_URL"])

    def staff(self, wanted: int = 2) -> None:
        """As ``stenogram up``: beat's own worker, and ``wanted`` for the stages; those that have ended are replaced."""
        alive = [process for process in self.processes if process.poll() is None]
        beat = [] if self.processes else [self._worker("dead_letter", beat=True)]
        stages = [self._worker("cpu,gpu,llm", beat=False) for _ in range(wanted + 1 - len(alive) - len(beat))]
        for process in (*beat, *stages):
            self._await_ready(process)

    def _worker(self, queues: str, *, beat: bool) -> Worker:
        name = f"w{len(self.processes)}"
        beating = ["-B", "-s", str(self.folder / f"{name}.beat")] if beat else []
        command = [sys.executable, "-m", "celery", "-A", "apps.worker.main", "worker", "-Q", queues, "-c", "1"]
        with (self.folder / f"{name}.log").open("wb") as out:
            process = subprocess.Popen(
                [*command, "-n", f"{name}@%h", "--without-mingle", "--without-gossip", "-l", "INFO", *beating],
                env={**os.environ, **self.environment},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        bury(process.pid)  # all of it: beat outlives a worker that is killed, and one that is stopped waits for Redis
        self.processes.append(process)
        return process

    def replace(self, process: Worker) -> int:
        """Stop a worker as an operator does, and start another like it. The exit code of the first."""
        process.terminate()
        code = process.wait(PATIENCE)
        arguments = [str(word) for word in process.args] if isinstance(process.args, list) else []
        fresh = self._worker(arguments[arguments.index("-Q") + 1], beat="-B" in arguments)
        self._await_ready(fresh)
        return code

    def holder(self, run_id: UUID, stage: Stage) -> psutil.Process:
        """The main process of the worker that works on the stage."""
        worker = self.row(run_id, stage).worker
        assert worker is not None
        return psutil.Process(int(worker.rpartition(":")[2]))

    def _await_ready(self, process: Worker) -> None:
        log = self.folder / f"w{self.processes.index(process)}.log"
        eventually(lambda: b"ready." in log.read_bytes() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, log.read_text()

    def finished(self, run_id: UUID, patience: float = PATIENCE) -> RunView:
        try:
            eventually(lambda: self.view(run_id).state in TERMINAL, patience)
        except AssertionError as error:
            logs = "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))
            raise AssertionError(f"{self.view(run_id)}\n{logs}") from error
        return self.view(run_id)

    def close(self) -> None:
        self.script.forget()  # whoever is still held goes on
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            buried(process.pid)


@contextmanager
def variables(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


@contextmanager
def make_bed(
    servers: Servers, folder: Path, settings: dict[str, str], *, lasting: bool = False, apart: bool = False
) -> Iterator[Bed]:
    """``lasting``: it outlives a dozen others. ``apart``: outside of it this process's environment is what it was."""
    script = Script(folder / "script")
    script.forget()
    database_url = servers.fresh_database()
    environment = {
        **settings,
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.fresh_redis(lasting=lasting),
        "DATA_DIR": str(folder / "data"),
        FOLDER_VARIABLE: str(folder / "script"),
    }
    with ExitStack() as stack:
        stack.callback(servers.leave_database, database_url)
        inside = stack.enter_context(ExitStack())
        inside.enter_context(variables(environment))
        loaded = load_settings()
        celery = make_celery(loaded)
        stack.callback(celery.close)
        context = stack.enter_context(open_context(loaded, celery, "tester"))
        threads = stack.enter_context(ThreadPoolExecutor(4))
        bed = Bed(context, script, environment, folder, threads)
        stack.callback(bed.close)
        if apart:
            inside.close()
        yield bed
