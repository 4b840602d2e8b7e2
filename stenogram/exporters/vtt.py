"""WebVTT (W3C), with ``<v Speaker>`` voice spans; warnings go into NOTE blocks, which players do not show."""

from html import escape

from stenogram.exporters.document import display_name, document
from stenogram.exporters.subtitles import cues_of, line_text
from stenogram.exporters.wording import subtitle_time
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.cues import Cue


def export(request: ExportRequest) -> bytes:
    head = document(request)
    notes = [f"NOTE {line_text(text)}\n" for text in (head.title, *head.warnings)]
    blocks = [_block(number, cue, request) for number, cue in enumerate(cues_of(request, names=False), start=1)]
    return "\n".join(["WEBVTT\n", *notes, *blocks]).encode()


def _block(number: int, cue: Cue, request: ExportRequest) -> str:
    text = "\n".join(escape(line_text(line), quote=False) for line in cue.lines)
    if cue.speaker is not None:
        text = f"<v {escape(line_text(display_name(request, cue.speaker)), quote=False)}>{text}"
    return f"{number}\n{subtitle_time(cue.start, '.')} --> {subtitle_time(cue.end, '.')}\n{text}\n"
