"""One module per format, each with ``export(request) -> bytes``; loaded when the format is first asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from stenogram.pipeline.ports import Exporter, ExportRequest


@dataclass(frozen=True, slots=True)
class ExporterInfo:
    """A format: the function that makes it, its media type, its file name extension and what people call it."""

    function: Exporter
    content_type: str
    extension: str
    title: str


def _load_and_export(module: str, request: ExportRequest) -> bytes:
    data: bytes = import_module(f"{__name__}.{module}").export(request)
    return data


def _info(extension: str, content_type: str, title: str) -> ExporterInfo:
    return ExporterInfo(partial(_load_and_export, extension), content_type, extension, title)


EXPORTERS: Mapping[str, ExporterInfo] = {
    info.extension: info
    for info in (
        _info("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
        _info("srt", "application/x-subrip; charset=utf-8", "SubRip"),
        _info("vtt", "text/vtt; charset=utf-8", "WebVTT"),
        _info("txt", "text/plain; charset=utf-8", "Text"),
        _info("md", "text/markdown; charset=utf-8", "Markdown"),
        _info("json", "application/json", "JSON"),
        _info("csv", "text/csv; charset=utf-8", "CSV"),
        _info("html", "text/html; charset=utf-8", "HTML"),
        _info("pdf", "application/pdf", "PDF"),
        _info("rttm", "text/plain; charset=utf-8", "RTTM"),
    )
}
