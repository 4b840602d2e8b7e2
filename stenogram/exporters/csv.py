"""CSV (RFC 4180) for spreadsheets, one row per segment; UTF-8 with the byte order mark that Excel needs."""

import csv
import io

from stenogram.exporters.document import display_name, plain
from stenogram.exporters.wording import clock
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.transcript import Segment

COLUMNS = ("id", "start", "end", "time", "speaker", "name", "text")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def export(request: ExportRequest) -> bytes:
    """The columns keep their English names in every language, so that scripts can rely on them."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_row(segment, request) for segment in request.transcript.segments)
    return file.getvalue().encode("utf-8-sig")


def _row(segment: Segment, request: ExportRequest) -> list[str]:
    label = segment.speaker or ""
    name = display_name(request, label) if label else ""
    start, end = f"{segment.start:.3f}", f"{segment.end:.3f}"
    texts = (clock(segment.start, hours=True), label, name, plain(segment.text))
    return [guarded(segment.id), start, end, *(guarded(text) for text in texts)]


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
