"""A bed whose workers meet faults as planned."""

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import STAGES, Stage
from stenogram.services import runs
from tests.bed import QUICK, Bed, make_bed
from tests.faults.hooks import FOLDER_VARIABLE, Faults, Reached
from tests.faults.invariants import stuck
from tests.processes import PATIENCE, eventually, is_gone
from tests.servers import Servers

WORKERS = 2  # for the stages, each with one process
BY_MESSAGE = {**QUICK, "GO_ON_SECONDS": "0"}
"""Every stage waits for its message, so that the points before the claim and around the message can be met."""


@dataclass(frozen=True, slots=True)
class Scene:
    bed: Bed
    faults: Faults

    def begin(self) -> None:
        """Workers of whom nobody is held, and no plans."""
        self.faults.forget()
        self.bed.script.forget()
        self.bed.staff(WORKERS)

    def start(self, stage: Stage, point: str, do: str = "hold", times: int = 1, **options: object) -> UUID:
        """A run that will meet this fault; planned before any worker can see the run."""
        recording = self.bed.record()
        wanted = runs.options_from({"formats": ["txt", "json"], **options})

        async def begin(session: AsyncSession) -> UUID:
            run = await runs.start(session, recording, wanted)
            self.faults.plan(run.id, stage, point, do, times)
            return run.id

        return self.bed.inside(begin)

    def start_each(
        self, point: str, do: str = "hold", stages: Sequence[Stage] = STAGES, times: int = 1
    ) -> dict[UUID, Stage]:
        """A run for each stage, whose stage will meet the fault; all in flight together."""
        made = {self.start(stage, point, do, times): stage for stage in stages}
        self.bed.relay()
        return made

    def held_at(self, point: str, runs_left: dict[UUID, Stage], at_least: int = WORKERS) -> dict[UUID, Reached]:
        """As many of these runs as there are workers, each held there by one; taken out of ``runs_left``."""
        wanted = min(at_least, len(runs_left))

        def look() -> dict[UUID, Reached]:
            marks = ((run_id, self.faults.reached(run_id, stage, point)) for run_id, stage in runs_left.items())
            found = {run_id: reached[0] for run_id, reached in marks if reached}
            return found if len(found) >= wanted else {}

        try:
            found = eventually(look)
        except AssertionError as error:
            raise stuck(self.bed, runs_left) from error
        for run_id in found:
            del runs_left[run_id]
        return found

    def kill_at(self, point: str, runs: dict[UUID, Stage], victim: str) -> dict[UUID, datetime]:
        """Kill whoever is held there in each of these runs: its "child" or "main" process. When each was killed."""
        left, killed = dict(runs), dict[UUID, datetime]()
        while left:
            held = self.held_at(point, left)
            killed |= dict.fromkeys(held, now())
            for who in held.values():
                os.kill(who.pid if victim == "child" else who.main, signal.SIGKILL)
            assert all(is_gone(who.pid, PATIENCE) for who in held.values())
            if victim == "main":
                self.replace(held.values())
        return killed

    def replace(self, ended: Collection[Reached]) -> None:
        """Wait for the main processes to be over, and put other workers in their place."""
        mains = {who.main for who in ended}
        over = [process for process in self.bed.processes if process.pid in mains]
        eventually(lambda: all(process.poll() is not None for process in over))
        self.bed.staff(WORKERS)

    def restaffed(self) -> Bed:
        """With a worker for each that has ended meanwhile."""
        self.bed.staff(WORKERS)
        return self.bed

    def went_on_after(self, run_id: UUID, since: datetime) -> float:
        """Seconds from then until the next stage, or the same one, was begun; 0 for a run that was as good as over."""
        begun = (stage.started_at for stage in self.bed.view(run_id).stages)
        return min(((when - since).total_seconds() for when in begun if when and when > since), default=0.0)


def cells(names: Collection[tuple[Any, ...]], everyday: Collection[tuple[Any, ...]]) -> list[Any]:
    """Parameters of a matrix: ``make test`` runs only the ``everyday`` ones, ``make faults`` all."""
    return [pytest.param(*name, marks=() if name in everyday else pytest.mark.faults) for name in names]


def deliver(bed: Bed) -> None:
    """Messages go out, and to workers that have nothing to do."""
    bed.relay()
    with bed.redis() as client:
        client.delete("none", *(name for queue in ("cpu", "gpu", "llm") for name in client.scan_iter(f"{queue}*")))


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def make_scene(
    servers: Servers,
    folder: Path,
    settings: dict[str, str],
    engines: str = "tests.faults.hooks:FaultyEngines",
    *,
    lasting: bool = False,
) -> Iterator[Scene]:
    temporary = folder / "tmp"
    temporary.mkdir()
    ours = {
        "STENOGRAM_ENGINES": engines,
        FOLDER_VARIABLE: str(folder / "faults"),
        "TMPDIR": str(temporary),
    }
    with make_bed(servers, folder, {**settings, **ours}, lasting=lasting, apart=True) as bed:
        faults = Faults(folder / "faults")
        faults.forget()
        yield Scene(bed, faults)
        faults.forget()
