"""Editing a transcript: changes taken in, put on what others did meanwhile, kept, listed and taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import Stage
from stenogram.services import edit_json, transcripts
from stenogram.services.transcripts import Readable
from stenogram.speech.attribution import loudest
from stenogram.speech.difference import diff
from stenogram.speech.edits import (
    AddSpeaker,
    AnyOperation,
    Change,
    Document,
    Merge,
    Reassign,
    Rename,
    Replace,
    Retime,
    Split,
    apply,
    document_of,
    invert,
)
from stenogram.speech.merge import rebase
from stenogram.speech.transcript import Diarization, Hypothesis, HypothesisSegment, Segment, Speaker, Word
from stenogram.storage.editing_models import Edit
from stenogram.storage.editing_rows import Edits, Pages
from stenogram.storage.models import TranscriptRow
from stenogram.storage.repositories import StageRuns, Transcripts

MOST_COLOURS = 100
"""Of one transcript: more voices than that are nobody's to colour."""


class Author(NamedTuple):
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A change as it was applied. ``author`` None: the service's own, or of somebody who has left."""

    version: int
    change_id: UUID
    operations: tuple[AnyOperation, ...]
    author: Author | None
    at: datetime
    restored: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The transcript's version now, and every change after the one asked from."""

    version: int
    applied: tuple[Applied, ...]


async def submit(
    session: AsyncSession, run_id: UUID, author: UUID | None, base_version: int, changes: Sequence[Change]
) -> Answer:
    """Apply the changes, made one after another on ``base_version``, to what the transcript is now: all or none.

    A change that was applied before is left out. Raises StenogramError: ``transcript.not_ready``, ``edit.too_early``
    while speakers are told apart, ``edit.unknown_version``, ``edit.invalid``.
    """
    row = await _editable(session, run_id)
    await _apply(session, row, author, base_version, changes)
    return await since(session, run_id, base_version)


async def since(session: AsyncSession, run_id: UUID, version: int) -> Answer:
    """What was changed after this version. Raises ``transcript.not_ready``, ``edit.unknown_version``."""
    row = _known(await transcripts.row_of(session, run_id), version)
    edits = await Edits(session).after(run_id, version)
    return Answer(row.version, tuple(_applied(edit, name) for edit, name in edits))


async def at_version(session: AsyncSession, run_id: UUID, version: int) -> Readable:
    """The transcript as it was. Raises what ``since`` raises."""
    row = _known(await transcripts.row_of(session, run_id), version)
    now = await transcripts.read(session, run_id)
    then = _undone(await _document(session, row), await _changes(session, row, version))
    return now.showing(then.segments, then.speakers, version)


async def restore(session: AsyncSession, run_id: UUID, author: UUID, version: int) -> Answer:
    """Make the transcript what it was at ``version``, by a change like any other. Raises what ``submit`` raises."""
    row = _known(await _editable(session, run_id), version)
    changes = await _changes(session, row, version)
    now = await _document(session, row, _touched(changes))
    operations, before = diff(now, _undone(now, changes)), row.version
    if operations:
        await _apply(session, row, author, before, [Change(str(uuid4()), operations)], restored=version)
    return await since(session, run_id, before)


async def rename_speaker(session: AsyncSession, run_id: UUID, author: UUID, label: str, name: str | None) -> None:
    """Say what people call this voice; a blank name takes it back. Raises StenogramError("not_found")."""
    row = await Edits(session).lock(run_id)
    names = dict(await Pages(session).speakers(run_id)) if row is not None else {}
    if row is None or label not in names:
        raise StenogramError("not_found", f"speaker {label} of run {run_id}")
    after = (name or "").strip() or None
    if after != names[label]:
        change = Change(str(uuid4()), (Rename(label, names[label], after),))
        await _apply(session, row, author, row.version, [change])


async def colour_speaker(session: AsyncSession, run_id: UUID, label: str, colour: int | None) -> None:
    """Show this voice in a colour of the palette; None: in that of its place. Raises ``transcript.not_ready``.

    The label may be one that is on its way with a change: a page tells of both at once.
    """
    row = await Edits(session).lock(run_id)
    if row is None:
        raise StenogramError("transcript.not_ready", f"run {run_id}")
    others = {one: chosen for one, chosen in row.colours.items() if one != label}
    colours = others if colour is None else {**others, label: colour}
    if colours != row.colours:
        await Transcripts(session).touch(run_id, colours=dict(list(colours.items())[-MOST_COLOURS:]))


async def save_diarized(
    session: AsyncSession, run_id: UUID, hypothesis: Hypothesis, diarization: Diarization, duration: float
) -> None:
    """Give the words their speakers. Where people have edited, their words stay.

    A transcript with changes of its own stays as it is but for segments that nobody is said to speak; one that was
    copied from an edited transcript is cut into segments anew, of its words.
    """
    row = await Edits(session).lock(run_id)
    if row is None or not row.edited:
        await transcripts.save_diarized(session, run_id, hypothesis, diarization, duration)
        return
    document = await _document(session, row)
    if await Edits(session).any(run_id):
        await transcripts.save_turns(session, run_id, diarization)
        await _attribute(session, run_id, document, diarization)
        return
    spoken = tuple(HypothesisSegment(one.start, one.end, one.words) for one in document.segments if one.words)
    await transcripts.save_diarized(session, run_id, replace(hypothesis, segments=spoken), diarization, duration)


async def _attribute(session: AsyncSession, run_id: UUID, document: Document, diarization: Diarization) -> None:
    """A change of the service's own: segments without a speaker get the one who speaks longest in them."""
    labels = {one.label for one in document.speakers}
    found = {
        one.id: label
        for one in document.segments
        if one.speaker is None and (label := loudest(one, diarization.exclusive_turns))
    }
    fresh = [label for label in dict.fromkeys(found.values()) if label not in labels]
    added = [AddSpeaker(label, None, len(labels) + number) for number, label in enumerate(fresh)]
    if found:
        reassigned = Reassign(tuple(found), (None,) * len(found), tuple(found.values()))
        change = Change(str(uuid4()), (*added, reassigned))
        row = await transcripts.row_of(session, run_id)
        await _apply(session, row, None, row.version, [change])


async def _editable(session: AsyncSession, run_id: UUID) -> TranscriptRow:
    row = await Edits(session).lock(run_id)
    if row is None:
        raise StenogramError("transcript.not_ready", f"run {run_id}")
    for stage in (await StageRuns(session).of([run_id]))[run_id]:
        if stage.stage == Stage.DIARIZE and stage.state in ("waiting", "queued", "running"):
            raise StenogramError("edit.too_early", f"run {run_id}")
    return row


def _known(row: TranscriptRow, version: int) -> TranscriptRow:
    if not row.baseline <= version <= row.version:
        raise StenogramError("edit.unknown_version", f"{version} of {row.baseline} to {row.version}")
    return row


async def _apply(
    session: AsyncSession,
    row: TranscriptRow,
    author: UUID | None,
    base_version: int,
    changes: Sequence[Change],
    restored: int | None = None,
) -> None:
    """Rebase what is new of ``changes`` and write it; the transcript is locked."""
    edits = Edits(session)
    _known(row, base_version)
    known = await edits.known(row.run_id, [UUID(change.id) for change in changes])
    theirs = await _changes(session, row, base_version)
    mine = [change for change in changes if known.get(UUID(change.id), base_version + 1) > base_version]
    touched = _touched([*theirs, *(change.operations for change in mine)])
    now = await _document(session, row, touched)
    done, then = _rebased(mine, _undone(now, theirs), now, set(known))
    if not done:
        return
    await _write(session, row.run_id, now, then)
    rows = [
        {
            "version": row.version + number,
            "change_id": UUID(change.id),
            "author_id": author,
            "operations": edit_json.dump(change.operations),
            "restored": restored,
        }
        for number, change in enumerate(done, start=1)
    ]
    await edits.add(row.run_id, rows, row.version + len(done))


def _rebased(
    changes: Iterable[Change], base: Document, now: Document, known: set[UUID]
) -> tuple[list[Change], Document]:
    """Those that are not known yet, as they are on ``now``; known ones are already in it."""
    done: list[Change] = []
    fresh: list[Change] = []
    for change in changes:
        if UUID(change.id) in known:
            base = apply(base, change.operations)
        else:
            fresh.append(change)
    if base is now or base == now:
        done, document = fresh, now
        for change in fresh:
            document = apply(document, change.operations)
        return done, document
    rebased, document = rebase(fresh, base, now)
    return list(rebased), document


def _undone(document: Document, changes: Sequence[tuple[AnyOperation, ...]]) -> Document:
    for operations in reversed(changes):
        document = apply(document, invert(operations))
    return document


def _touched(changes: Iterable[Sequence[AnyOperation]]) -> set[str]:
    """Segments whose words are needed to apply these."""
    touched: set[str] = set()
    for operation in (operation for operations in changes for operation in operations):
        if isinstance(operation, Replace | Retime | Split | Merge):
            touched.add(operation.segment)
        if isinstance(operation, Merge):
            touched.add(operation.next)
        if isinstance(operation, Split):
            touched.add(operation.new_segment)
        if isinstance(operation, Reassign):
            touched.update(operation.segments)
    return touched


# --- documents and rows ---


async def _document(session: AsyncSession, row: TranscriptRow, words_of: set[str] | None = None) -> Document:
    """The transcript as it is; with ``words_of`` only these segments have their words."""
    pages = Pages(session)
    outlines = await pages.outlines(row.run_id)
    words = await pages.words(row.run_id, words_of) if words_of is None or words_of else {}
    segments = (
        Segment(one.id, one.start, one.end, tuple(Word(*word) for word in words.get(one.id, ())), one.speaker)
        for one in outlines
    )
    return document_of(segments, (Speaker(*speaker) for speaker in await pages.speakers(row.run_id)))


async def _changes(session: AsyncSession, row: TranscriptRow, version: int) -> list[tuple[AnyOperation, ...]]:
    """What was changed after this version, in order."""
    return [edit_json.load(edit.operations) for edit, _ in await Edits(session).after(row.run_id, version)]


async def _write(session: AsyncSession, run_id: UUID, now: Document, then: Document) -> None:
    """Bring the rows from one document to the other; segments that are the same objects stay untouched."""
    pages = Pages(session)
    before = {segment.id: (place, segment) for place, segment in enumerate(now.segments)}
    after = {segment.id: (place, segment) for place, segment in enumerate(then.segments)}
    if gone := [segment_id for segment_id in before if segment_id not in after]:
        await pages.drop(run_id, gone)
    if moved := {one: place for one, (place, _) in after.items() if one in before and before[one][0] != place}:
        await pages.move(run_id, moved)
    changed = [(place, one) for place, one in after.values() if one.id not in before or before[one.id][1] != one]
    spoken: dict[str | None, list[str]] = {}
    rows: list[dict[str, Any]] = []
    for place, segment in changed:
        if segment.id in before and before[segment.id][1].words == segment.words and _same_bounds(before, segment):
            spoken.setdefault(segment.speaker, []).append(segment.id)
        else:
            rows.append(transcripts.segment_values(run_id, place, segment))
    await pages.assign(run_id, spoken)
    if rows:
        await pages.put(rows)
    if now.speakers != then.speakers:
        await pages.put_speakers(run_id, [(speaker.label, speaker.name) for speaker in then.speakers])


def _same_bounds(before: dict[str, tuple[int, Segment]], segment: Segment) -> bool:
    was = before[segment.id][1]
    return (was.start, was.end) == (segment.start, segment.end)


def _applied(edit: Edit, name: str | None) -> Applied:
    author = Author(edit.author_id, name or "") if edit.author_id is not None else None
    operations = edit_json.load(edit.operations)
    return Applied(edit.version, edit.change_id, operations, author, edit.created_at, edit.restored)
