"""Faults inside worker processes: ``STENOGRAM_ENGINES=tests.faults.hooks:FaultyEngines`` and a folder that tells them.

A test plans a fault for one point in the life of one stage of one run. The process that gets there takes the plan, so a
second attempt goes through, leaves a mark with its process ids, and holds, dies or fails as planned.
"""

import asyncio
import ctypes
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import stage_runner, tasks
from apps.worker.context import Context
from apps.worker.stage_runner import _Runner
from apps.worker.stages import WORK, Bench, Outcome
from stenogram import queue
from stenogram.errors import EngineError
from stenogram.pipeline.stage import Progress, Stage
from stenogram.services import exports
from stenogram.services.chain import Advanced, Claim
from stenogram.services.transcripts import Readable
from stenogram.settings import QueueSettings, Settings
from stenogram.storage.models import Blob, Outbox
from stenogram.storage.vault import Vault
from tests.fakes.engines import FakeEngines
from tests.fakes.script import Script

FOLDER_VARIABLE = "FAULTS_FOLDER"
POINTS = ("unclaimed", "claimed", "working", "written", "committed")
"""Before the claim; after it; inside the engine; the artifact written, not committed; committed, not acknowledged."""
PUBLISHED = "published"
"""The stage's message was published, and is not marked as sent."""
LEFT = "left"
"""Whoever was held or spared somewhere in this stage has ended its attempt, however."""

_MAIN_PID = "STENOGRAM_WORKER_PID"
_MIDDLE = 3  # of the windows that transcribe recognises: two are kept, the third is at work
_STEP, _FOR_EVER = 0.02, 3600
_AIR = 64 << 20  # bytes that a child may still take when its memory is about to run out


@dataclass(frozen=True, slots=True)
class Reached:
    """Who got to a planned point: the process that works, and the main process of its worker."""

    pid: int
    main: int


class Faults:
    """The folder: ``{run}.{stage}.{point}`` with ``.plan.``, ``.held.`` and ``.reached.`` files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def plan(self, run_id: UUID, stage: str, point: str, do: str = "hold", times: int = 1) -> None:
        """The next ``times`` that somebody gets there. ``do`` is a word of ``DEEDS``, or one of two until ``release``:
        "hold", which reports progress all the time, and "hang", which does not.
        """
        self.folder.mkdir(exist_ok=True)
        for _ in range(times):
            fresh = self.folder / uuid4().hex
            fresh.write_text(do)
            fresh.rename(self._file(run_id, stage, point, "plan", uuid4().hex))

    def reached(self, run_id: UUID, stage: str, point: str) -> list[Reached]:
        marks = [path.suffixes for path in self._files(run_id, stage, point, "reached")]
        return [Reached(int(suffixes[-3][1:]), int(suffixes[-2][1:])) for suffixes in marks]

    def release(self, run_id: UUID, stage: str, point: str) -> None:
        """Let them go on; what is planned and not reached is forgotten."""
        for kind in ("plan", "held"):
            for path in self._files(run_id, stage, point, kind):
                path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Nothing is planned, nobody is held."""
        self.folder.mkdir(exist_ok=True)
        for path in self.folder.iterdir():
            path.unlink(missing_ok=True)

    def take(self, run_id: UUID, stage: str, point: str) -> tuple[str, Path] | None:
        """The plan, by the process that got there: of two at once each takes its own."""
        for path in self._files(run_id, stage, point, "plan"):
            held = self._file(run_id, stage, point, "held", path.suffix[1:])
            try:
                path.rename(held)
            except FileNotFoundError:
                continue
            do = held.read_text()  # once it is known that we are here it may be gone
            self.mark(run_id, stage, point)
            return do, held
        return None

    def mark(self, run_id: UUID, stage: str, point: str) -> None:
        who = f"{os.getpid()}.{os.environ[_MAIN_PID]}.{uuid4().hex}"
        self._file(run_id, stage, point, "reached", who).touch()

    def _files(self, run_id: UUID, stage: str, point: str, kind: str) -> Sequence[Path]:
        return sorted(self.folder.glob(f"{run_id}.{stage}.{point}.{kind}.*"))

    def _file(self, run_id: UUID, stage: str, point: str, kind: str, more: str) -> Path:
        return self.folder / f"{run_id}.{stage}.{point}.{kind}.{more}"


def _nothing() -> None:
    pass


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)  # as the system does when memory runs out


def _kill_worker() -> None:
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _deafen() -> None:
    """As inside of native code, where no signal handler of Python's runs."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    ctypes.CDLL(None).sleep(_FOR_EVER)


def _segfault() -> None:
    ctypes.string_at(0)


def _exhaust_memory() -> None:
    """A MemoryError of the system's, not one that was made up."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _AIR, limits[1]))
    try:
        np.ones(16 * _AIR, dtype=np.uint8)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _crash() -> None:
    raise RuntimeError("the engine broke")


def _fail() -> None:
    raise EngineError("engine.failed", engine="fake")


DEEDS: Mapping[str, Callable[[], None]] = {
    "kill": _kill,
    "kill worker": _kill_worker,
    "deafen": _deafen,
    "segfault": _segfault,
    "exhaust memory": _exhaust_memory,
    "crash": _crash,
    "fail": _fail,
}
WAITS = ("hold", "hang")


class _Here:
    """This worker process: what it works on, and what happens to it there."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._claim: Claim | None = None
        self._recognised = 0
        self._met = False

    def meet(self, run_id: UUID, stage: str, point: str, progress: Callable[[], None] = lambda: None) -> None:
        """In a thread of its own: hold, or do what is planned."""
        do, held = self._taken(run_id, stage, point)
        DEEDS.get(do, _nothing)()
        while do in WAITS and held.exists():
            time.sleep(_STEP)
            if do == "hold":
                progress()

    def _taken(self, run_id: UUID, stage: str, point: str) -> tuple[str, Path]:
        plan = self._faults.take(run_id, stage, point)
        self._met = self._met or plan is not None
        return plan or ("pass", Path())

    async def meet_in_loop(self, run_id: UUID, stage: str, point: str) -> None:
        """The same where the loop must go on."""
        do, held = self._taken(run_id, stage, point)
        DEEDS.get(do, _nothing)()
        while do in WAITS and held.exists():  # noqa: ASYNC110 - a file in another process's folder
            await asyncio.sleep(_STEP)

    def leave(self) -> None:
        if self._claim is not None and self._met:
            self._faults.mark(self._claim.run_id, self._claim.stage, LEFT)
        self._met = False

    def engine_works(self, stage: str, progress: Callable[[], None]) -> None:
        if self._claim is None:
            return
        self._recognised += stage == Stage.TRANSCRIBE
        middle = _MIDDLE if self._claim.attempt == 1 else 1  # later attempts begin where the first one ended
        if stage != Stage.TRANSCRIBE or self._recognised == middle:
            self.meet(self._claim.run_id, self._claim.stage, "working", progress)

    def working(self, work: Callable[[Bench], Outcome]) -> Callable[[Bench], Outcome]:
        def wrapped(bench: Bench) -> Outcome:
            self._claim, self._recognised = bench.claim, 0
            self.meet(bench.claim.run_id, bench.claim.stage, "claimed")
            return work(bench)

        return wrapped

    async def committed(self) -> None:
        if self._claim is not None:
            await self.meet_in_loop(self._claim.run_id, self._claim.stage, "committed")


class _FaultyScript(Script):
    def __init__(self, folder: Path | None, here: _Here) -> None:
        super().__init__(folder)
        self._here = here

    def act(self, stage: str, what: str, progress: Callable[[], None] = lambda: None) -> None:
        super().act(stage, what, progress)
        self._here.engine_works(stage, progress)


class FaultyEngines(FakeEngines):
    """Made once in each process of a worker, before its first task: there it puts itself around the stages' life."""

    def __init__(self, settings: Settings | None = None) -> None:
        script = Script.from_environment()
        folder = os.environ.get(FOLDER_VARIABLE)
        if folder and _MAIN_PID in os.environ:  # not in the test's own process
            here = _Here(Faults(Path(folder)))
            script = _FaultyScript(script.folder, here)
            _go_around(here)
        super().__init__(settings, script)


def _go_around(here: _Here) -> None:
    for stage, work in tuple(WORK.items()):
        patch.dict(WORK, {stage: here.working(work)}).start()
    _before_claims(here)
    _in_exports(here)
    _after_artifacts(here)
    _after_commits(here)
    _after_publishing(here)


def _before_claims(here: _Here) -> None:
    take_up = stage_runner.take_up

    def wrapped(context: Context, run_id: UUID, stage: Stage) -> bool:
        here.meet(run_id, stage, "unclaimed")
        done = take_up(context, run_id, stage)
        here.leave()
        return done

    patch.object(tasks, "take_up", wrapped).start()


def _in_exports(here: _Here) -> None:
    prepare = exports.prepare

    def wrapped(readable: Readable, formats: Sequence[str], progress: Progress) -> dict[str, bytes]:
        here.engine_works(Stage.EXPORT, lambda: progress(0.5))
        return prepare(readable, formats, progress)

    patch.object(exports, "prepare", wrapped).start()


def _after_artifacts(here: _Here) -> None:
    put = Vault.put

    async def wrapped(vault: Vault, session: AsyncSession, key: str, *args: Any, **kwargs: Any) -> Blob:
        blob = await put(vault, session, key, *args, **kwargs)
        folder, _, rest = key.partition("/")
        run_id, _, name = rest.partition("/")
        if folder == "runs" and name.endswith(".json") and "/" not in name:
            await here.meet_in_loop(UUID(run_id), name.removesuffix(".json"), "written")
        return blob

    patch.object(Vault, "put", wrapped).start()


def _after_commits(here: _Here) -> None:
    wake = _Runner._wake

    async def wrapped(runner: _Runner, ended: Advanced) -> None:
        await here.committed()
        await wake(runner, ended)

    patch.object(_Runner, "_wake", wrapped).start()


def _after_publishing(here: _Here) -> None:
    publish = queue.publish

    def wrapped(celery: Any, message: Outbox, settings: QueueSettings) -> None:
        publish(celery, message, settings)
        if message.task == queue.STAGE_TASK:
            here.meet(UUID(message.args[0]), message.args[1], PUBLISHED)

    patch.object(queue, "publish", wrapped).start()
