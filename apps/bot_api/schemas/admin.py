"""What administrators see. Nothing of it tells what recordings say, or what they are called."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Notice, Output
from apps.bot_api.schemas.runs import RunState, StageOut, notice, stage_out, warning_notices
from stenogram.errors import StenogramError
from stenogram.pipeline.stage import Stage
from stenogram.services.dead_letters import Chosen, Inspected
from stenogram.storage.models import DeadLetter


class LetterOut(Output):
    """A stage that was given up. ``error_detail`` is for administrators: never words of a recording."""

    id: int
    run_id: UUID
    stage: Stage
    attempts: int
    error_code: str = Field(examples=["engine.unavailable"])
    error_detail: str
    created_at: datetime
    resolved_at: datetime | None
    resolution: Literal["replayed", "discarded"] | None


class LetterPage(Output):
    """Newest first. ``next_before`` is null on the last page."""

    items: list[LetterOut]
    next_before: int | None


class LetterRunOut(Output):
    """The run that a letter is about, as it is now."""

    id: UUID
    recording_id: UUID
    state: RunState
    stages: list[StageOut]
    error: Notice | None
    warnings: list[Notice]
    created_at: datetime
    finished_at: datetime | None


class InspectedLetterOut(LetterOut):
    run: LetterRunOut


class ChosenIn(Input):
    """Which open letters: of one stage, with one error code, or both; all where neither is given."""

    stage: Stage | None = None
    code: str | None = Field(None, max_length=64, examples=["engine.unavailable"])

    def chosen(self) -> Chosen:
        return Chosen(self.stage, self.code)


class RefusedLetterOut(Output):
    id: int
    error: Notice


class DealtWithOut(Output):
    """Ids of the letters that were dealt with, and those that could not be, which stay."""

    done: list[int]
    refused: list[RefusedLetterOut]


def letter_out(letter: DeadLetter) -> LetterOut:
    return LetterOut.model_validate(letter, from_attributes=True)


def inspected_out(inspected: Inspected, language: str) -> InspectedLetterOut:
    run = inspected.run
    return InspectedLetterOut(
        **letter_out(inspected.letter).model_dump(),
        run=LetterRunOut(
            id=run.id,
            recording_id=run.recording_id,
            state=run.state,
            stages=[stage_out(stage, language) for stage in run.stages],
            error=notice(run.error, language, given_up=run.state == "dead"),
            warnings=warning_notices(run.warnings, language),
            created_at=run.created_at,
            finished_at=run.finished_at,
        ),
    )


def refused_out(letter_id: int, error: StenogramError, language: str) -> RefusedLetterOut:
    return RefusedLetterOut(id=letter_id, error=Notice(code=error.code, message=error.message(language)))
