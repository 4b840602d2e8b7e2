"""Fifth stage: the transcript and its minutes become files."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.pipeline.ports import Exporter, ExportRequest
from stenogram.pipeline.stage import Progress
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Transcript


def export(
    transcript: Transcript,
    minutes: Minutes | None,
    formats: Sequence[str],
    exporters: Mapping[str, Exporter],
    language: Literal["ru", "en"],
    metadata: Mapping[str, Any],
    progress: Progress,
    colours: Mapping[str, int] | None = None,
) -> dict[str, bytes]:
    """One file per format, in the order of ``formats``; ``language`` is that of headings and labels.

    Raises InvalidOptions for a format without an exporter before any work, and StenogramError ``export.failed``
    that names the format whose exporter failed.
    """
    wanted = tuple(dict.fromkeys(formats))
    for name in wanted:
        if name not in exporters:
            raise InvalidOptions("options.format", format=name, supported=", ".join(exporters))
    request = ExportRequest(transcript, minutes, language, metadata, colours or {})
    files: dict[str, bytes] = {}
    progress(0.0)
    for name in wanted:
        files[name] = _made(name, exporters[name], request)
        progress(len(files) / len(wanted))
    return files


def _made(name: str, exporter: Exporter, request: ExportRequest) -> bytes:
    try:
        return exporter(request)
    except Exception as error:
        raise StenogramError("export.failed", detail=type(error).__name__, format=name) from error
