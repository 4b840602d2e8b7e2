"""The readable result of a run: rows in, domain values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.speech.attribution import attribute, speakers_of, unattributed
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import (
    Diarization,
    Hypothesis,
    Provenance,
    Segment,
    Speaker,
    Transcript,
    Turn,
    Word,
)
from stenogram.storage.models import Recording, Run, SegmentRow, SpeakerRow, TranscriptRow
from stenogram.storage.repositories import KeptSegment, Runs, Transcripts

_MINUTES: TypeAdapter[Minutes] = TypeAdapter(Minutes)


@dataclass(frozen=True, slots=True)
class Readable:
    """A transcript with what belongs to it; ``version`` rises with every change."""

    run_id: UUID
    version: int
    transcript: Transcript
    minutes: Minutes | None
    recording: Recording
    colours: Mapping[str, int] = field(default_factory=dict)
    """Label of a speaker -> number of its colour, where somebody chose one."""

    def showing(self, segments: Sequence[Segment], speakers: Sequence[Speaker], version: int) -> "Readable":
        """The same with another text, that of another version."""
        transcript = replace(self.transcript, segments=tuple(segments), speakers=tuple(speakers))
        return replace(self, transcript=transcript, version=version)


async def get(session: AsyncSession, run_id: UUID) -> Transcript:
    """Raises StenogramError: ``not_found``, or ``transcript.not_ready`` before recognition ended."""
    return (await read(session, run_id)).transcript


async def read(session: AsyncSession, run_id: UUID) -> Readable:
    """The transcript, its version and its minutes. Raises what ``get`` raises."""
    frame = await _frame(session, run_id)
    segments = [_segment(row) for row in await Transcripts(session).segments(run_id)]
    return frame.showing(segments, frame.transcript.speakers, frame.version)


async def as_kept(session: AsyncSession, run_id: UUID) -> tuple[Readable, Sequence[KeptSegment]]:
    """The same to be passed on: without segments, and those as they are kept. Five hours have 45,000 words, of which
    ``read`` makes an object each. Raises what ``get`` raises."""
    return await _frame(session, run_id), await Transcripts(session).kept_segments(run_id)


async def _frame(session: AsyncSession, run_id: UUID) -> Readable:
    """Without its segments."""
    rows = Transcripts(session)
    found = await rows.with_recording(run_id)
    if found is None:
        raise StenogramError("not_found", f"run {run_id}")
    run, recording, row = found
    if row is None:
        raise StenogramError("transcript.not_ready", f"run {run_id}")
    transcript = _transcript(run, recording, row, await rows.speakers(run_id))
    minutes = _MINUTES.validate_python(row.minutes) if row.minutes is not None else None
    return Readable(run_id, row.version, transcript, minutes, recording, row.colours)


async def row_of(session: AsyncSession, run_id: UUID) -> TranscriptRow:
    """Raises StenogramError("transcript.not_ready")."""
    found = await Transcripts(session).get(run_id)
    if found is None:
        raise StenogramError("transcript.not_ready", f"run {run_id}")
    return found


async def latest(session: AsyncSession, recording_id: UUID) -> UUID:
    """The recording's newest run that has a transcript. Raises StenogramError("transcript.not_ready")."""
    run = await Runs(session).latest_with_transcript(recording_id)
    if run is None:
        raise StenogramError("transcript.not_ready", f"recording {recording_id}")
    return run.id


def _transcript(run: Run, recording: Recording, row: TranscriptRow, speakers: Sequence[SpeakerRow]) -> Transcript:
    return Transcript(
        title=recording.title or PurePath(recording.file_name).stem,
        duration=row.duration,
        language=row.language,
        language_probability=row.language_probability,
        segments=(),
        speakers=tuple(Speaker(speaker.label, speaker.name) for speaker in speakers),
        turns=tuple(Turn(*turn) for turn in row.turns),
        provenance=tuple(Provenance(*made) for made in row.provenance),
        warnings=tuple(run.warnings),
    )


def _segment(row: SegmentRow) -> Segment:
    return Segment(row.id, row.start, row.end, tuple(Word(*word) for word in row.words), row.speaker)


async def save_hypothesis(session: AsyncSession, run_id: UUID, hypothesis: Hypothesis, duration: float) -> None:
    """Make what was recognised readable, without speakers; replaces what the run had."""
    if not await Runs(session).set_language(run_id, hypothesis.language, hypothesis.language_probability):
        raise StenogramError("not_found", f"run {run_id}")
    made = Provenance("transcribe", hypothesis.engine, hypothesis.model)
    row = _row(run_id, hypothesis, duration, turns=(), provenance=(made,))
    await Transcripts(session).replace(row, [], _segment_rows(run_id, unattributed(hypothesis)))


async def save_diarized(
    session: AsyncSession, run_id: UUID, hypothesis: Hypothesis, diarization: Diarization, duration: float
) -> None:
    """Give the words their speakers; replaces what the run had."""
    segments = attribute(hypothesis, diarization.exclusive_turns)
    made = (
        Provenance("transcribe", hypothesis.engine, hypothesis.model),
        Provenance("diarize", diarization.engine, diarization.model),
    )
    row = _row(run_id, hypothesis, duration, turns=diarization.turns, provenance=made)
    speakers = [
        SpeakerRow(run_id=run_id, label=speaker.label, name=None, position=position)
        for position, speaker in enumerate(speakers_of(segments))
    ]
    await Transcripts(session).replace(row, speakers, _segment_rows(run_id, segments))


async def save_turns(session: AsyncSession, run_id: UUID, diarization: Diarization) -> None:
    """Keep who speaks when, and leave the words alone. Raises StenogramError("transcript.not_ready")."""
    kept = await row_of(session, run_id)
    made = ["diarize", diarization.engine, diarization.model]
    provenance = [*(item for item in kept.provenance if item[0] not in ("diarize", "summarize")), made]
    await Transcripts(session).touch(run_id, turns=_turns(diarization.turns), provenance=provenance)


def _turns(turns: Sequence[Turn]) -> list[list[Any]]:
    return [[turn.speaker, turn.start, turn.end, turn.confidence] for turn in turns]


def _row(
    run_id: UUID,
    hypothesis: Hypothesis,
    duration: float,
    *,
    turns: Sequence[Turn],
    provenance: Sequence[Provenance],
) -> TranscriptRow:
    return TranscriptRow(
        run_id=run_id,
        duration=duration,
        language=hypothesis.language,
        language_probability=hypothesis.language_probability,
        turns=_turns(turns),
        provenance=[[made.stage, made.engine, made.model] for made in provenance],
        minutes=None,
        colours={},
    )


def _segment_rows(run_id: UUID, segments: Sequence[Segment]) -> list[SegmentRow]:
    return [SegmentRow(**segment_values(run_id, position, segment)) for position, segment in enumerate(segments)]


def segment_values(run_id: UUID, position: int, segment: Segment) -> dict[str, Any]:
    """The row of a segment."""
    return {
        "run_id": run_id,
        "id": segment.id,
        "position": position,
        "speaker": segment.speaker,
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "words": [[word.text, word.start, word.end, word.probability] for word in segment.words],
    }


async def save_minutes(session: AsyncSession, run_id: UUID, minutes: Minutes) -> None:
    """Keep the minutes with the transcript. Raises StenogramError("transcript.not_ready")."""
    rows, kept = Transcripts(session), await row_of(session, run_id)
    made = ["summarize", minutes.engine, minutes.model]
    provenance = [*(item for item in kept.provenance if item[0] != "summarize"), made]
    await rows.touch(run_id, minutes=_MINUTES.dump_python(minutes, mode="json"), provenance=provenance)


async def copy(session: AsyncSession, parent_id: UUID, child_id: UUID, *, attributed: bool, minutes: bool) -> None:
    """Give a rerun its parent's transcript, with speakers or without, with minutes or without."""
    rows = Transcripts(session)
    source = await row_of(session, parent_id)
    stages = {"transcribe", *(["diarize"] if attributed else ()), *(["summarize"] if minutes else ())}
    made = TranscriptRow(
        run_id=child_id,
        edited=source.edited,
        duration=source.duration,
        language=source.language,
        language_probability=source.language_probability,
        turns=source.turns if attributed else [],
        provenance=[one for one in source.provenance if one[0] in stages],
        minutes=source.minutes if minutes else None,
        colours=source.colours if attributed else {},
    )
    speakers = await rows.speakers(parent_id) if attributed else []
    await rows.replace(
        made,
        [SpeakerRow(run_id=child_id, label=s.label, name=s.name, position=s.position) for s in speakers],
        [_copied(segment, child_id, attributed) for segment in await rows.segments(parent_id)],
    )


def _copied(segment: SegmentRow, run_id: UUID, attributed: bool) -> SegmentRow:
    values: dict[str, Any] = {
        name: getattr(segment, name) for name in ("id", "position", "start", "end", "text", "words")
    }
    return SegmentRow(run_id=run_id, speaker=segment.speaker if attributed else None, **values)
