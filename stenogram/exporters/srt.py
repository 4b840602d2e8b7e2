"""SubRip. It cannot carry warnings; a change of speaker is told by the name before the words."""

from stenogram.exporters.subtitles import cues_of, line_text
from stenogram.exporters.wording import subtitle_time
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.cues import Cue


def export(request: ExportRequest) -> bytes:
    blocks = [_block(number, cue) for number, cue in enumerate(cues_of(request, names=True), start=1)]
    return "\n".join(blocks).encode()


def _block(number: int, cue: Cue) -> str:
    lines = "\n".join(line_text(line) for line in cue.lines)
    return f"{number}\n{subtitle_time(cue.start, ',')} --> {subtitle_time(cue.end, ',')}\n{lines}\n"
