"""What must be true when all is quiet again, whatever was broken: asked of the database and the blob store."""

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import gettempdir
from typing import Literal
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import REQUIRED, Stage
from stenogram.queue import STAGE_TASK
from stenogram.services import chain, dead_letters, exports, janitor
from stenogram.storage.models import DeadLetter, Outbox, Recording, Run, StageRun, TranscriptRow
from stenogram.storage.repositories import StageRuns
from tests.bed import TERMINAL, Bed
from tests.processes import PATIENCE, eventually, is_alive

Kind = Literal["lost", "duplicated", "stuck", "untidy"]
_PHRASE = "Hello there."
_PHRASE_SECONDS = 3  # of a phrase and its pause in ``speech_wav``


@dataclass(frozen=True, slots=True)
class Violation:
    kind: Kind
    what: str


class Broken(AssertionError):
    """All that is not as it must be."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = violations
        super().__init__("\n".join(f"{item.kind}: {item.what}" for item in violations))


@dataclass(frozen=True, slots=True)
class _Facts:
    """One run as the rows have it."""

    run: Run
    stages: Mapping[Stage, StageRun]
    letters: Sequence[DeadLetter]
    phrases: int

    @property
    def endings(self) -> int:
        """How often it came to an end: once, and once more for each replay."""
        return 1 + sum(letter.resolution == "replayed" for letter in self.letters)


def check(
    bed: Bed,
    runs: Collection[UUID],
    ends: Collection[str] = ("done",),
    *,
    killed: bool = False,
    patience: float = PATIENCE,
) -> None:
    """Wait until nothing is on its way, then ask everything. Raises Broken.

    ``ends``: the states that ``runs`` may be in. ``killed``: a process was, so an event may not have been told, and
    an object that no row knows may lie in the store, and a folder on the disk: the janitor must take them away.
    """
    try:
        eventually(lambda: not [*_on_their_way(bed, runs), *_untold(bed, () if killed else runs)], patience)
    except AssertionError as error:
        raise stuck(bed, runs) from error
    found = [*_leftovers(bed), *_store(bed, killed=killed), *_scratch(bed, killed=killed)]
    for run_id in runs:
        found += _Examiner(bed, _facts(bed, run_id), ends, killed).violations()
    if found:
        raise Broken(found)


def stuck(bed: Bed, runs: Collection[UUID]) -> Broken:
    """To raise when something did not come: all that is still on its way."""
    held = [Violation("stuck", what) for what in _on_their_way(bed, runs)]
    return Broken([*held, *(Violation("lost", what) for what in _untold(bed, runs))])


def _untold(bed: Bed, runs: Collection[UUID]) -> Iterator[str]:
    """An end is told a moment after it is in the rows."""
    for run_id in runs:
        if not any(event.final for event in bed.events(run_id)):
            yield f"the end of run {run_id} is not told"


def _on_their_way(bed: Bed, runs: Collection[UUID]) -> Iterator[str]:
    """What will change if one only waits."""

    async def look(session: AsyncSession) -> list[str]:
        open_runs = await session.execute(select(Run.id, Run.state).where(Run.id.in_(runs), Run.state.not_in(TERMINAL)))
        unsent = await session.scalars(
            select(Outbox.args).where(Outbox.sent_at.is_(None), Outbox.not_before <= func.now())
        )
        silent = await StageRuns(session).unrecorded(timedelta(0), chain.OF_THE_RECORDING)
        return [
            *[f"run {run_id} is {state}: {await _told(session, run_id)}" for run_id, state in open_runs.all()],
            *(f"the message {args} was not sent" for args in unsent),
            *(f"no dead letter for {row.run_id} {row.stage}" for row in silent),
        ]

    yield from bed.inside(look)
    waiting = [message["headers"] for queue in ("cpu", "gpu", "llm") for message in bed.messages(queue)]
    yield from (f"a message waits: {headers.get('subject')}" for headers in waiting if headers["task"] == STAGE_TASK)


async def _told(session: AsyncSession, run_id: UUID) -> str:
    rows = (await StageRuns(session).of([run_id]))[run_id]
    return ", ".join(f"{row.stage} {row.state} ({row.attempts}, {row.worker}, {row.error_code})" for row in rows)


def _leftovers(bed: Bed) -> Iterator[Violation]:
    async def look(session: AsyncSession) -> Sequence[StageRun]:
        held = or_(StageRun.state == "running", StageRun.lease_until.is_not(None), StageRun.worker.is_not(None))
        return (await session.scalars(select(StageRun).where(held))).all()

    for row in bed.inside(look):
        yield Violation(
            "stuck", f"{row.run_id} {row.stage} is {row.state}, held by {row.worker} until {row.lease_until}"
        )


def _store(bed: Bed, *, killed: bool) -> Iterator[Violation]:
    """Rows and objects, one for one."""
    vault = bed.context.vault
    known = set(bed.keys().values())
    yield from (Violation("lost", f"the object {name} is gone") for name in known - bed.objects())
    if not (strange := bed.objects() - known):
        return
    if not killed:
        yield Violation("untidy", f"nobody needs the objects {sorted(strange)}")
    orphans = {name.rpartition("/")[2] for name in bed.inside(partial(vault.orphans, older_than=timedelta(0)))}
    if orphans != strange:
        yield Violation("untidy", f"the janitor finds {sorted(orphans)}, not {sorted(strange)}")
    bed.inside(partial(vault.sweep, older_than=timedelta(0)))
    if bed.objects() != known:
        yield Violation("untidy", f"the janitor leaves {sorted(bed.objects() - known)}")


def scratch(bed: Bed) -> Path:
    """Where the bed's workers keep what stages need as files."""
    return Path(bed.environment.get("TMPDIR", gettempdir())) / f"stenogram-{os.getuid()}"


def _scratch(bed: Bed, *, killed: bool) -> Iterator[Violation]:
    if killed:
        janitor.sweep(scratch(bed))
    for folder in scratch(bed).glob("stage-*"):
        if not is_alive(int(folder.name.split("-")[1])):
            yield Violation("untidy", f"the folder {folder.name} of a dead process is there")


def _facts(bed: Bed, run_id: UUID) -> _Facts:
    async def read(session: AsyncSession) -> _Facts:
        run = await session.get_one(Run, run_id)
        rows = (await StageRuns(session).of([run_id]))[run_id]
        letters = (await session.scalars(select(DeadLetter).where(DeadLetter.run_id == run_id))).all()
        duration = (await session.get_one(Recording, run.recording_id)).duration
        return _Facts(run, {Stage(row.stage): row for row in rows}, letters, round((duration or 0) / _PHRASE_SECONDS))

    return bed.inside(read)


@dataclass(slots=True)
class _Examiner:
    """Looks at one run that is over."""

    bed: Bed
    facts: _Facts
    ends: Collection[str]
    killed: bool
    found: list[Violation] = field(default_factory=list)

    def violations(self) -> Sequence[Violation]:
        for look in (self._end, self._transcript, self._files, self._artifacts, self._events, self._letters):
            look()
        return self.found

    def _claim(self, truth: bool, kind: Kind, what: str) -> None:
        if not truth:
            self.found.append(Violation(kind, f"run {self.facts.run.id}: {what}"))

    def _end(self) -> None:
        run, states = self.facts.run, {stage: row.state for stage, row in self.facts.stages.items()}
        self._claim(run.state in self.ends, "lost", f"is {run.state}, not {' or '.join(self.ends)}: {run.error_code}")
        self._claim(run.finished_at is not None, "lost", "has no end")
        required = {states[stage] for stage in REQUIRED}
        optional = set(states.values()) - required if run.state != "dead" else set()
        fits: Mapping[str, Callable[[], bool]] = {
            "done": lambda: set(states.values()) <= {"done", "skipped"},
            "done_with_warnings": lambda: required == {"done"} and "dead" in optional <= {"done", "skipped", "dead"},
            "cancelled": lambda: set(states.values()) <= {"done", "skipped", "cancelled", "dead"},
            "dead": lambda: (
                [states[stage] for stage in REQUIRED].count("dead") == 1
                and set(states.values()) <= {"done", "skipped", "waiting", "dead"}
            ),
        }
        self._claim(fits[run.state](), "lost", f"is {run.state}, but its stages are {states}")

    def _transcript(self) -> None:
        made = self.facts.stages[Stage.TRANSCRIBE].state == "done"

        async def count(session: AsyncSession) -> int:
            mine = TranscriptRow.run_id == self.facts.run.id
            return await session.scalar(select(func.count()).select_from(TranscriptRow).where(mine)) or 0

        self._claim(self.bed.inside(count) == made, "lost", f"{self.bed.inside(count)} transcripts")
        segments = self.bed.segments(self.facts.run.id)
        said, wanted = self.bed.phrases(self.facts.run.id), self.facts.phrases if made else 0
        self._claim(said >= wanted, "lost", f"{said} phrases of {wanted}")
        self._claim(said <= wanted, "duplicated", f"{said} phrases of {wanted}")
        self._claim([row.position for row in segments] == list(range(len(segments))), "lost", "segments have gaps")
        apart = all(one.end <= other.start for one, other in pairwise(segments))
        self._claim(apart, "duplicated", "segments overlap")

    def _files(self) -> None:
        row = self.facts.stages[Stage.EXPORT]
        for name in self.facts.run.options["formats"] if row.state == "done" else ():
            try:
                file, prepared = self.bed.export(self.facts.run.id, name), exports.key(self.facts.run.id, name)
                self._claim(self.bed.read(prepared) == file, "lost", f"the prepared {name} is not the one people get")
            except StenogramError as error:
                self._claim(False, "lost", f"no {name}: {error}")
                continue
            text = json.dumps(json.loads(file)) if name == "json" else file.decode()
            said, wanted = text.count(_PHRASE), self.facts.phrases
            self._claim(said >= wanted, "lost", f"{said} phrases of {wanted} in {name}")

    def _artifacts(self) -> None:
        wanted = {stage: row.artifact for stage, row in self.facts.stages.items() if row.state == "done"}
        for stage, key in wanted.items():
            try:
                self.bed.read(key or "")
            except StenogramError as error:
                self._claim(False, "lost", f"the artifact of {stage} cannot be read: {error}")
        mine = self.bed.keys(f"runs/{self.facts.run.id}/")
        made = {key.split("/")[2] for key in mine if key.count("/") == 2}
        whole = {f"{stage}.json" for stage in self.facts.stages} | {"audio.pcm"}
        self._claim(made <= whole, "untidy", f"has the files {sorted(made - whole)}")

    def _events(self) -> None:
        told = self.bed.events(self.facts.run.id)
        final = sum(event.final for event in told)
        self._claim(final <= self.facts.endings, "duplicated", f"its end was told {final} times")
        self._claim(self.killed or final == self.facts.endings, "lost", f"its end was told {final} times")
        done = Counter(event.stage for event in told if (event.type, event.state) == ("stage", "done"))
        often = {stage: count for stage, count in done.items() if count > self.facts.endings}
        self._claim(not often, "duplicated", f"told more than once as done: {often}")

    def _letters(self) -> None:
        unresolved = Counter(letter.stage for letter in self.facts.letters if letter.resolved_at is None)
        often = {stage: count for stage, count in unresolved.items() if count > 1}
        self._claim(not often, "duplicated", f"dead letters: {often}")
        for stage, row in self.facts.stages.items():
            if row.state != "dead" or (row.error_code or "").startswith(chain.OF_THE_RECORDING):
                continue
            letter = next((item for item in self.facts.letters if item.stage == stage and not item.resolved_at), None)
            self._claim(letter is not None, "lost", f"{stage} is dead, and no letter says so")
            if letter and not self.facts.run.cancel_requested:
                self._claim(self._can_be_replayed(letter), "lost", f"{stage} is dead and cannot be replayed")

    def _can_be_replayed(self, letter: DeadLetter) -> bool:
        """Tried, and undone."""

        async def attempt(session: AsyncSession) -> bool:
            try:
                await dead_letters.replay(session, letter.id)
            except StenogramError:
                return False
            else:
                return True
            finally:
                await session.rollback()

        return self.bed.inside(attempt)
