"""Use cases around a run: start, look at, cancel, run again from a stage."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.events import Event, run_fraction
from stenogram.pipeline import catalog
from stenogram.pipeline.stage import FORMATS, MAX_SPEAKERS, PRESETS, STAGES, RunOptions, Stage
from stenogram.queue import stage_message
from stenogram.services import chain, glossary, transcripts
from stenogram.storage.models import Run, StageRun
from stenogram.storage.repositories import Outboxes, Runs, StageRuns, clock
from stenogram.storage.schedule_rows import Queue

ENGINES = ("openai-whisper", "faster-whisper")
DIARIZERS = ("pyannote", "embedded")
SUMMARIZERS = ("openai", "extractive")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as kept in a row: its code and the params that fill its text (``stenogram.errors.render``)."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StageView:
    stage: Stage
    state: str
    attempts: int
    fraction: float
    started_at: datetime | None
    finished_at: datetime | None
    engine_seconds: float | None
    error: Problem | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as every front shows it. ``warnings`` are codes (``stenogram.warnings.describe``)."""

    id: UUID
    recording_id: UUID
    state: str
    options: RunOptions
    stages: tuple[StageView, ...]
    error: Problem | None
    warnings: tuple[str, ...]
    language: str | None
    language_probability: float | None
    created_at: datetime
    finished_at: datetime | None
    fraction: float
    queue_place: int | None  # of one that nobody has begun; 1 is next


def options_from(data: Mapping[str, Any]) -> RunOptions:
    """RunOptions out of JSON. Raises InvalidOptions: ``options.*``, or ``request.invalid`` for an unknown field."""
    known = {item.name for item in fields(RunOptions)}
    if unknown := sorted(set(data) - known):
        raise InvalidOptions("request.invalid", detail=f"unknown options: {', '.join(unknown)}")
    options = _frozen(data)
    validate(options)
    return options


def validate(options: RunOptions) -> None:
    """Refuse what does not exist. Raises InvalidOptions with one of the ``options.*`` codes."""
    if options.language is not None and options.language not in catalog.LANGUAGES:
        raise InvalidOptions("options.language", language=options.language, supported=_list(sorted(catalog.LANGUAGES)))
    if options.preset not in PRESETS:
        raise InvalidOptions("options.preset", preset=options.preset, supported=_list(PRESETS))
    for engine, supported in (
        (options.engine, ENGINES),
        (options.diarizer, DIARIZERS),
        (options.summarizer, SUMMARIZERS),
    ):
        if engine is not None and engine not in supported:
            raise InvalidOptions("options.engine", engine=engine, supported=_list(supported))
    if options.speakers is not None and not 1 <= options.speakers <= MAX_SPEAKERS:
        raise InvalidOptions("options.speakers", maximum=MAX_SPEAKERS)
    for name in options.formats:
        if name not in FORMATS:
            raise InvalidOptions("options.format", format=name, supported=_list(FORMATS))


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


async def start(
    session: AsyncSession,
    recording_id: UUID,
    options: RunOptions,
    *,
    parent: Run | None = None,
    first_stage: Stage | None = None,
    request_id: str | None = None,
) -> Run:
    """A new run: its rows and the message for its first stage, all in the caller's transaction.

    With ``parent`` and ``first_stage``, the results of the stages before it are the parent's; the parent's rows are
    only referred to, and may be deleted later. After the commit, relay the outbox (``Dispatcher.flush``).
    Raises InvalidOptions, or StenogramError("run.conflict") when the parent has not got so far.
    """
    validate(options)
    first = first_stage or STAGES[0]
    inherited = await _inherited(session, parent, first)
    if Stage.TRANSCRIBE not in inherited:
        options = await glossary.with_terms(session, recording_id, options)
    run = Run(
        recording_id=recording_id,
        parent_id=parent.id if parent else None,
        first_stage=first.value,
        options=asdict(options),
        request_id=request_id,
    )
    rows = [inherited.get(stage) or _fresh(stage, options) for stage in STAGES]
    return await _begin(session, run, rows)


async def _begin(session: AsyncSession, run: Run, rows: list[StageRun]) -> Run:
    run.warnings = chain.warnings_of(rows)
    first = next((row for row in rows if row.state == "waiting"), None)
    if first is None:
        run.state, run.finished_at = chain.final_state(rows), await clock(session)
    else:
        first.state = "queued"
    run = await Runs(session).add(run, [])
    for row in rows:
        row.run_id = run.id
        session.add(row)
    await session.flush()
    if first is not None:
        await Outboxes(session).add(stage_message(run.id, first.stage, run.request_id))
    return run


def _fresh(stage: Stage, options: RunOptions) -> StageRun:
    wanted = {
        Stage.DIARIZE: options.diarize,
        Stage.SUMMARIZE: options.summarize,
        Stage.EXPORT: bool(options.formats),
    }
    return _row(stage, state="waiting" if wanted.get(stage, True) else "skipped")


def _row(stage: Stage, **values: Any) -> StageRun:
    return StageRun(stage=stage.value, position=STAGES.index(stage), **values)


async def _inherited(session: AsyncSession, parent: Run | None, first: Stage) -> dict[Stage, StageRun]:
    """Rows of the stages before ``first``, as the parent finished them, with references to its artifacts."""
    before = STAGES[: STAGES.index(first)]
    if not before:
        return {}
    if parent is None:
        raise StenogramError("run.conflict", f"{first} has nothing to start from", state="queued")
    rows = {Stage(row.stage): row for row in (await StageRuns(session).of([parent.id]))[parent.id]}
    for stage in before:
        over = ("done", "skipped") if stage in (Stage.PREPROCESS, Stage.TRANSCRIBE) else ("done", "skipped", "dead")
        if rows[stage].state not in over:
            raise StenogramError("run.conflict", f"{stage} of the parent is not over", state=parent.state)
    return {stage: _reuse(stage, rows[stage]) for stage in before}


def _reuse(stage: Stage, row: StageRun) -> StageRun:
    return _row(
        stage,
        state="skipped" if row.state == "dead" else row.state,
        fraction=row.fraction,
        artifact=row.artifact,
        warnings=list(row.warnings),
        started_at=row.started_at,
        finished_at=row.finished_at,
        engine_seconds=row.engine_seconds,
    )


async def get(session: AsyncSession, run_id: UUID) -> Run:
    """Raises StenogramError("not_found")."""
    run = await Runs(session).get(run_id)
    if run is None:
        raise StenogramError("not_found", f"run {run_id}")
    return run


async def of_recording(session: AsyncSession, recording_id: UUID) -> list[RunView]:
    """Every run of the recording, newest first."""
    return await views(session, await Runs(session).of_recording(recording_id))


async def latest(session: AsyncSession, recording_ids: Sequence[UUID]) -> dict[UUID, RunView]:
    """The newest run of each recording that has one."""
    found = await views(session, list((await Runs(session).latest(recording_ids)).values()))
    return {view.recording_id: view for view in found}


async def cancel(session: AsyncSession, run_id: UUID) -> tuple[Run, list[Event]]:
    """Ask the run to stop: at once when nobody works on it, else when its stage next reports progress.

    Cancelling a cancelled run changes nothing. Returns the events to publish after the commit.
    Raises StenogramError: ``not_found``, or ``run.conflict`` for a run that has ended otherwise.
    """
    run = await Runs(session).lock(run_id)
    if run is None:
        raise StenogramError("not_found", f"run {run_id}")
    if run.state == "cancelled":
        return run, []
    if chain.is_over(run):
        raise StenogramError("run.conflict", f"run {run_id} is over", state=run.state)
    run.cancel_requested = True
    await session.flush()
    await StageRuns(session).cancel_pending(run_id)
    rows = (await StageRuns(session).of([run_id]))[run_id]
    if any(row.state == "running" for row in rows):
        return run, []
    events = await chain.end_cancelled(session, run)
    await session.flush()
    return run, events


async def rerun(
    session: AsyncSession, run_id: UUID, from_stage: Stage, options: RunOptions, *, request_id: str | None = None
) -> Run:
    """A new run that begins at ``from_stage`` with the artifacts of ``run_id`` and other options.

    The transcript is readable at once where the parent had one: from diarize on as it was recognised, from later
    stages on with its speakers and their names. Raises what ``start`` raises, and ``not_found``.
    """
    parent = await get(session, run_id)
    child = await start(
        session, parent.recording_id, options, parent=parent, first_stage=from_stage, request_id=request_id
    )
    position = STAGES.index(from_stage)
    if position > STAGES.index(Stage.TRANSCRIBE):
        child.language, child.language_probability = parent.language, parent.language_probability
        await transcripts.copy(
            session,
            parent.id,
            child.id,
            attributed=position > STAGES.index(Stage.DIARIZE),
            minutes=position > STAGES.index(Stage.SUMMARIZE),
        )
    return child


async def snapshot(session: AsyncSession, run_id: UUID) -> RunView:
    """The run as it is now. Raises StenogramError("not_found")."""
    return (await views(session, [await get(session, run_id)]))[0]


async def some(session: AsyncSession, run_ids: Sequence[UUID]) -> list[RunView]:
    """Of these ids, those that are still there."""
    return await views(session, await Runs(session).some(run_ids))


async def views(session: AsyncSession, runs: Sequence[Run]) -> list[RunView]:
    """The runs with their stages, in the same order, by one query; by two when some of them wait."""
    stages = await StageRuns(session).of([run.id for run in runs])
    queued = [run.id for run in runs if run.state == "queued"]
    places = await Queue(session).places(queued) if queued else {}
    return [_view(run, stages[run.id], places.get(run.id)) for run in runs]


def _view(run: Run, rows: Sequence[StageRun], place: int | None) -> RunView:
    counted = {Stage(row.stage): row.fraction for row in rows if row.state != "skipped"}
    return RunView(
        id=run.id,
        recording_id=run.recording_id,
        state=run.state,
        options=stored_options(run.options),
        stages=tuple(_stage_view(row) for row in rows),
        error=Problem(run.error_code, run.error_params) if run.error_code else None,
        warnings=tuple(run.warnings),
        language=run.language,
        language_probability=run.language_probability,
        created_at=run.created_at,
        finished_at=run.finished_at,
        fraction=1.0 if run.state in ("done", "done_with_warnings") else run_fraction(counted),
        queue_place=place,
    )


def stored_options(data: Mapping[str, Any]) -> RunOptions:
    """RunOptions as kept in a row; fields unknown to this version are left out."""
    known = {item.name for item in fields(RunOptions)}
    return _frozen({name: value for name, value in data.items() if name in known})


def _frozen(data: Mapping[str, Any]) -> RunOptions:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return RunOptions(**values)


def _stage_view(row: StageRun) -> StageView:
    return StageView(
        stage=Stage(row.stage),
        state=row.state,
        attempts=row.attempts,
        fraction=row.fraction,
        started_at=row.started_at,
        finished_at=row.finished_at,
        engine_seconds=row.engine_seconds,
        error=Problem(row.error_code, row.error_params) if row.error_code else None,
    )
