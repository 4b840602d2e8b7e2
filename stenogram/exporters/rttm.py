"""RTTM of the turns (of the segments, where there are no turns); warnings and names go into comments."""

from stenogram.exporters.document import display_name, document, plain
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.rttm import dump
from stenogram.speech.transcript import Transcript, Turn


def export(request: ExportRequest) -> bytes:
    turns = _turns(request.transcript)
    labels = dict.fromkeys(turn.speaker for turn in turns)
    names = [f"{label} = {display_name(request, label)}" for label in labels]
    comments = [*document(request).warnings, *names]
    recording = plain(str(request.metadata.get("file_name") or request.transcript.title))
    return dump(turns, recording, comments).encode()


def _turns(transcript: Transcript) -> tuple[Turn, ...]:
    if transcript.turns:
        return transcript.turns
    return tuple(Turn(s.speaker, s.start, s.end) for s in transcript.segments if s.speaker is not None)
