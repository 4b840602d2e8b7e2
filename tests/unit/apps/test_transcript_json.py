"""The transcript that is written without its objects says what the schema says."""

from uuid import UUID

from apps.bot_api.schemas.transcripts import TranscriptOut, transcript_json, transcript_out
from stenogram.services.transcripts import Readable
from stenogram.storage.models import Recording
from tests.transcripts import transcript


def test_both_ways_to_write_a_transcript_agree() -> None:
    made = transcript([("S1", "Добрый день"), (None, "good morning"), ("S2", "")])
    read = Readable(UUID(int=1), 7, made, None, Recording(id=UUID(int=2)))
    assert TranscriptOut.model_validate_json(transcript_json(read, "ru")) == transcript_out(read, "ru")
