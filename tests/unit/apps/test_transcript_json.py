"""The transcript that is written without its objects says what the schema says."""

from dataclasses import replace
from uuid import UUID

from apps.bot_api.schemas.transcripts import TranscriptOut, transcript_json, transcript_out
from stenogram.services.transcripts import Readable, segment_values
from stenogram.storage.models import Recording
from stenogram.storage.repositories import KeptSegment
from tests.transcripts import transcript


def test_both_ways_to_write_a_transcript_agree() -> None:
    made = transcript([("S1", "Добрый день"), (None, "good morning"), ("S2", "")])
    read = Readable(UUID(int=1), 7, made, None, Recording(id=UUID(int=2)))
    frame = replace(read, transcript=replace(made, segments=()))
    rows = [segment_values(read.run_id, position, segment) for position, segment in enumerate(made.segments)]
    kept = [KeptSegment(*(row[name] for name in ("id", "start", "end", "speaker", "text", "words"))) for row in rows]
    assert TranscriptOut.model_validate_json(transcript_json(frame, kept, "ru")) == transcript_out(read, "ru")
