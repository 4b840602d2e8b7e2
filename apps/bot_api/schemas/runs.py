"""Runs: their options, their stages, their events."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from apps.bot_api.schemas.common import Input, Notice, Output
from stenogram import warnings
from stenogram.errors import render
from stenogram.pipeline.stage import FORMATS, MAX_SPEAKERS, PRESETS, RunOptions, Stage
from stenogram.services import runs

RunState = Literal["queued", "running", "done", "done_with_warnings", "cancelled", "dead"]
StageState = Literal["waiting", "queued", "running", "done", "skipped", "failed", "cancelled", "dead"]


def _one_of(*names: str) -> dict[str, Any]:
    """Documented choices of a plain string: a wrong one is answered with its own code, not with request.invalid."""
    return {"enum": list(names)}


def _one_of_or_null(*names: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "enum": list(names)}, {"type": "null"}]}


class RunOptionsIn(Input):
    """What is left out is as in one's settings (``/me/settings``); null means that the service decides."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"example": {"language": "ru", "preset": "quality", "speakers": 3, "formats": ["docx"]}},
    )

    language: str | None = Field(None, max_length=16, description="ISO 639-1; null: detected")
    multilingual: bool = Field(False, description="Detect the language anew in every window")
    preset: str = Field("quality", max_length=32, json_schema_extra=_one_of(*PRESETS))
    engine: str | None = Field(None, max_length=64, json_schema_extra=_one_of_or_null(*runs.ENGINES))
    model: str | None = Field(None, max_length=100, description="A name of GET /models")
    glossary: tuple[str, ...] = Field((), max_length=200, description="Names and terms to expect")
    denoise: bool = False
    diarize: bool = True
    diarizer: str | None = Field(None, max_length=64, json_schema_extra=_one_of_or_null(*runs.DIARIZERS))
    speakers: int | None = Field(None, description=f"1 to {MAX_SPEAKERS}; null: found by the diarizer")
    summarize: bool = True
    summarizer: str | None = Field(None, max_length=64, json_schema_extra=_one_of_or_null(*runs.SUMMARIZERS))
    formats: tuple[str, ...] = Field(
        RunOptions().formats,
        max_length=len(FORMATS),
        json_schema_extra={"items": {"type": "string", **_one_of(*FORMATS)}},
    )

    def options(self) -> RunOptions:
        """Raises InvalidOptions with one of the ``options.*`` codes."""
        return runs.options_from(self.model_dump())

    def over(self, settings: RunOptions) -> RunOptions:
        """What is given here, and the rest as in ``settings``. Raises as ``options``."""
        return runs.options_from({**asdict(settings), **self.model_dump(exclude_unset=True)})


class RunOptionsOut(Output):
    language: str | None
    multilingual: bool
    preset: str
    engine: str | None
    model: str | None
    glossary: list[str]
    denoise: bool
    diarize: bool
    diarizer: str | None
    speakers: int | None
    summarize: bool
    summarizer: str | None
    formats: list[str]


class RunIn(Input):
    options: RunOptionsIn = RunOptionsIn()


class RerunIn(Input):
    from_stage: Stage = Field(examples=["diarize"])
    options: RunOptionsIn | None = Field(None, description="null: those of the run that is repeated")


class StageOut(Output):
    stage: Stage
    state: StageState
    attempts: int
    fraction: float = Field(ge=0, le=1)
    started_at: datetime | None
    finished_at: datetime | None
    engine_seconds: float | None
    error: Notice | None


class RunOut(Output):
    id: UUID
    recording_id: UUID
    state: RunState
    options: RunOptionsOut
    stages: list[StageOut]
    error: Notice | None
    warnings: list[Notice]
    language: str | None
    language_probability: float | None
    created_at: datetime
    finished_at: datetime | None
    fraction: float = Field(ge=0, le=1, description="Of the whole run")
    queue_place: int | None = Field(description="While it waits for its first worker: 1 is next")


class PartialOut(Output):
    """A phrase just recognised, before speakers are known."""

    start: float
    end: float
    text: str


class EventOut(Output):
    """The data of one server-sent event (``run``, ``stage``, ``progress``, ``partial``, ``error``).

    The first event, ``snapshot``, carries a RunOut instead.
    """

    run_id: str
    type: Literal["run", "stage", "progress", "partial", "error"]
    stage: Stage | None
    state: RunState | StageState | None
    fraction: float | None = Field(description="Of the stage, 0 to 1")
    eta_seconds: float | None = Field(description="Of the whole run; null while unknown")
    segments: list[PartialOut]
    error_code: str | None
    at: float = Field(description="Unix seconds")


def notice(problem: runs.Problem | None, language: str, *, given_up: bool) -> Notice | None:
    if problem is None:
        return None
    return Notice(code=problem.code, message=render(problem.code, problem.params, language, given_up=given_up))


def warning_notices(codes: tuple[str, ...], language: str) -> list[Notice]:
    return [Notice(code=code, message=warnings.describe(code, language)) for code in codes]


def options_out(options: RunOptions) -> RunOptionsOut:
    return RunOptionsOut.model_validate(options, from_attributes=True)


def run_out(view: runs.RunView, language: str) -> RunOut:
    return RunOut(
        id=view.id,
        recording_id=view.recording_id,
        state=view.state,
        options=options_out(view.options),
        stages=[stage_out(stage, language) for stage in view.stages],
        error=notice(view.error, language, given_up=view.state == "dead"),
        warnings=warning_notices(view.warnings, language),
        language=view.language,
        language_probability=view.language_probability,
        created_at=view.created_at,
        finished_at=view.finished_at,
        fraction=view.fraction,
        queue_place=view.queue_place,
    )


def stage_out(view: runs.StageView, language: str) -> StageOut:
    return StageOut(
        stage=view.stage,
        state=view.state,
        attempts=view.attempts,
        fraction=view.fraction,
        started_at=view.started_at,
        finished_at=view.finished_at,
        engine_seconds=view.engine_seconds,
        error=notice(view.error, language, given_up=view.state == "dead"),
    )
