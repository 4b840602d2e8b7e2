"""JSON with everything that is known: the schema ``stenogram.transcript/1`` (``transcript.schema.json`` beside this).

Within version 1 keys are only added; a reader passes over what it does not know.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from typing import Any

from stenogram.exporters.document import display_name
from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.attribution import talk_time
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Segment
from stenogram.warnings import describe

SCHEMA = "stenogram.transcript/1"


def export(request: ExportRequest) -> bytes:
    """UTF-8, indented; a half of a surrogate pair, which UTF-8 cannot carry, becomes ``?``."""
    text = json.dumps(_transcript(request), ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8", "replace")


def _transcript(request: ExportRequest) -> dict[str, Any]:
    transcript = request.transcript
    return {
        "schema": SCHEMA,
        "generator": {"name": "stenogram", "version": version("stenogram")},
        "title": transcript.title,
        "duration": transcript.duration,
        "language": transcript.language,
        "language_probability": transcript.language_probability,
        "warnings": _warnings(transcript.warnings, request.language),
        "metadata": _metadata(request.metadata),
        "speakers": _speakers(request),
        "segments": [_segment(segment) for segment in transcript.segments],
        "turns": [asdict(turn) for turn in transcript.turns],
        "provenance": [asdict(source) for source in transcript.provenance],
        "minutes": _minutes(request.minutes, request.language) if request.minutes else None,
    }


def _warnings(codes: Iterable[str], language: str) -> list[dict[str, str]]:
    return [{"code": code, "message": describe(code, language)} for code in codes]


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's own scalars as they are, dates as ISO 8601, anything else as text."""

    def value(item: object) -> object:
        if item is None or isinstance(item, str | bool | int | float):
            return item
        return item.isoformat() if isinstance(item, date) else str(item)

    return {key: value(item) for key, item in metadata.items()}


def _speakers(request: ExportRequest) -> list[dict[str, Any]]:
    seconds = talk_time(request.transcript.segments)
    return [
        {
            "label": speaker.label,
            "name": speaker.name,
            "display": display_name(request, speaker.label),
            "talk_seconds": round(seconds.get(speaker.label, 0.0), 3),
        }
        for speaker in request.transcript.speakers
    ]


def _segment(segment: Segment) -> dict[str, Any]:
    words = [asdict(word) for word in segment.words]
    return {
        "id": segment.id,
        "start": segment.start,
        "end": segment.end,
        "speaker": segment.speaker,
        "text": segment.text,
        "words": words,
    }


def _minutes(minutes: Minutes, language: str) -> dict[str, Any]:
    fields = asdict(minutes)
    del fields["notes"]
    return {**fields, "warnings": _warnings(minutes.notes, language)}
