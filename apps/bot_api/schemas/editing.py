"""Changes of a transcript. Times are seconds; ``at`` counts words of a segment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from apps.bot_api.schemas.common import Input, Output
from apps.bot_api.schemas.edit_wording import summary
from stenogram.services import edit_history, edit_json, editing
from stenogram.speech.edits import Change
from stenogram.storage.editing_models import GlossaryTerm

MAX_CHANGES = 1000
MAX_OPERATIONS = 20_000
_MAX_WORDS = 20_000


def _ordered(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError("it ends before it starts")
    return span


Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Interval = Annotated[tuple[Seconds, Seconds], AfterValidator(_ordered)]
At = Annotated[int, Field(ge=0)]
SegmentId = Annotated[str, Field(min_length=1, max_length=32)]
Label = Annotated[str, Field(min_length=1, max_length=16)]
PersonName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class WordIn(Input):
    text: str = Field(
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="With its leading space: joined words are the segment's text",
        examples=[" meeting"],
    )
    start: Seconds
    end: Seconds
    probability: float = Field(ge=0, le=1)


def _timed(word: WordIn) -> WordIn:
    if word.start > word.end:
        raise ValueError("a word ends before it starts")
    return word


Words = Annotated[list[Annotated[WordIn, AfterValidator(_timed)]], Field(max_length=_MAX_WORDS)]
Intervals = Annotated[list[Interval], Field(max_length=_MAX_WORDS)]
Bounds = Annotated[
    tuple[Interval, Interval] | None,
    Field(description="The segment's bounds before and after; null: they stay, and hold the words"),
]


class ReplaceIn(Input):
    """Words `at … at + before.length` become `after`."""

    type: Literal["replace"]
    segment: SegmentId
    at: At
    before: Words
    after: Words
    ends: Bounds = None


class RetimeIn(Input):
    """Words `at … at + before.length` get other times."""

    type: Literal["retime"]
    segment: SegmentId
    at: At
    before: Intervals
    after: Intervals
    ends: Bounds = None


class SplitIn(Input):
    """Words from `at` on become `new_segment`, right behind; `ends`: end of the one, start of the other."""

    type: Literal["split"]
    segment: SegmentId
    at: At
    new_segment: SegmentId
    speaker_after: Label | None
    ends: tuple[Seconds, Seconds]


class MergeIn(Input):
    """`next`, the one right behind, goes into `segment`, which has `at` words."""

    type: Literal["merge"]
    segment: SegmentId
    next: SegmentId
    at: At
    next_speaker: Label | None
    ends: tuple[Seconds, Seconds]


class ReassignIn(Input):
    """`segments[i]` goes from speaker `before[i]` to `after[i]`."""

    type: Literal["reassign"]
    segments: list[SegmentId] = Field(max_length=MAX_OPERATIONS)
    before: list[Label | None] = Field(max_length=MAX_OPERATIONS)
    after: list[Label | None] = Field(max_length=MAX_OPERATIONS)


class RenameIn(Input):
    """Say what people call a voice; null takes it back."""

    type: Literal["rename"]
    label: Label
    before: PersonName | None
    after: PersonName | None


class AddSpeakerIn(Input):
    """One more voice, at `position` of the speakers."""

    type: Literal["add_speaker"]
    label: Label
    name: PersonName | None
    position: At


class RemoveSpeakerIn(Input):
    """Forget a voice that no segment has."""

    type: Literal["remove_speaker"]
    label: Label
    name: PersonName | None
    position: At


OperationIn = Annotated[
    ReplaceIn | RetimeIn | SplitIn | MergeIn | ReassignIn | RenameIn | AddSpeakerIn | RemoveSpeakerIn,
    Field(discriminator="type"),
]


class ChangeIn(Input):
    """Applied whole or not at all, and once: a change with an `id` that came before is left out."""

    id: UUID
    operations: list[OperationIn] = Field(max_length=MAX_OPERATIONS)


class ChangesIn(Input):
    """Changes made one after another on `base_version`."""

    base_version: int = Field(ge=1)
    changes: list[ChangeIn] = Field(max_length=MAX_CHANGES)

    def domain(self) -> list[Change]:
        return [
            Change(str(change.id), edit_json.load([operation.model_dump() for operation in change.operations]))
            for change in self.changes
        ]


class RestoreIn(Input):
    version: int = Field(ge=1)


class AuthorOut(Output):
    id: UUID
    name: str


class AppliedOut(Output):
    """A change as it was applied: put on what was there before it."""

    version: int
    change_id: UUID
    operations: list[OperationIn]
    author: AuthorOut | None = Field(description="null: the service itself, or somebody who has left")
    at: datetime
    mine: bool = Field(description="Made by the account that asks")
    restored: int | None = Field(description="The version that this change brought back")


class EditedOut(Output):
    """The transcript has changed: `GET /runs/{run_id}/changes` has how."""

    version: int


class ChangesOut(Output):
    version: int = Field(description="Of the transcript now")
    applied: list[AppliedOut] = Field(description="Every change after the version asked from, in order")


class ExampleOut(Output):
    before: str
    after: str


class HistoryEntryOut(Output):
    """What one person changed in one sitting."""

    version: int = Field(description="Of the transcript after these changes")
    before_version: int
    began_at: datetime
    at: datetime
    author: AuthorOut | None
    mine: bool
    restored: int | None
    summary: str = Field(description="What changed, in a line", examples=["“Smit” → “Smith” · Segments split: 2"])
    changes: int
    kinds: dict[str, int] = Field(description="How many operations of which type", examples=[{"replace": 3}])
    examples: list[ExampleOut] = Field(description="The first texts that became other ones")


class HistoryOut(Output):
    items: list[HistoryEntryOut] = Field(description="The newest first")
    baseline: int = Field(description="The version that the first change was made on")
    more: bool


class TermIn(Input):
    term: str = Field(max_length=200, examples=["Стенограм"])


class TermOut(Output):
    id: UUID
    term: str


class GlossaryOut(Output):
    items: list[TermOut]


def term_out(term: GlossaryTerm) -> TermOut:
    return TermOut(id=term.id, term=term.term)


def glossary_out(terms: Sequence[GlossaryTerm]) -> GlossaryOut:
    return GlossaryOut(items=[term_out(term) for term in terms])


def changes_out(answer: editing.Answer, user_id: UUID) -> dict[str, Any]:
    """What ``ChangesOut`` says, unchecked: it may be large, and is the service's own."""
    return {"version": answer.version, "applied": [_applied(one, user_id) for one in answer.applied]}


def _applied(one: editing.Applied, user_id: UUID) -> dict[str, Any]:
    return {
        "version": one.version,
        "change_id": one.change_id,
        "operations": edit_json.dump(one.operations),
        "author": one.author and {"id": one.author.id, "name": one.author.name},
        "at": one.at,
        "mine": one.author is not None and one.author.id == user_id,
        "restored": one.restored,
    }


def history_out(history: edit_history.History, user_id: UUID, language: str) -> HistoryOut:
    items = [_entry(entry, user_id, language) for entry in history.entries]
    return HistoryOut(items=items, baseline=history.baseline, more=history.more)


def _entry(entry: edit_history.Entry, user_id: UUID, language: str) -> HistoryEntryOut:
    return HistoryEntryOut(
        version=entry.version,
        before_version=entry.before_version,
        began_at=entry.began_at,
        at=entry.at,
        author=AuthorOut(id=entry.author.id, name=entry.author.name) if entry.author else None,
        mine=entry.author is not None and entry.author.id == user_id,
        restored=entry.restored,
        summary=summary(entry, language),
        changes=entry.changes,
        kinds=dict(entry.kinds),
        examples=[ExampleOut(before=before, after=after) for before, after in entry.examples],
    )
