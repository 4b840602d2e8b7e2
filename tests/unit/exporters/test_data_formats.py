"""JSON, CSV and RTTM, read back."""

import csv
import io
import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from stenogram.exporters import EXPORTERS
from stenogram.exporters.csv import COLUMNS, guarded
from stenogram.speech.rttm import parse
from stenogram.speech.transcript import Segment, Transcript, Word

SCHEMA = json.loads((files("stenogram.exporters") / "transcript.schema.json").read_text("utf-8"))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("summary", [True, False])
def test_json_obeys_its_schema(ask: Any, summary: bool) -> None:
    document = json.loads(EXPORTERS["json"].function(ask(summary=summary)))
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert document["schema"] == SCHEMA["title"]
    assert (document["minutes"] is not None) == summary


def test_the_schema_can_fail(ask: Any) -> None:
    document = json.loads(EXPORTERS["json"].function(ask()))
    document["segments"][0]["words"][0]["probability"] = 2
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_json_loses_nothing(ask: Any, meeting: Transcript) -> None:
    document = json.loads(EXPORTERS["json"].function(ask()))
    segments = tuple(
        Segment(s["id"], s["start"], s["end"], tuple(Word(**word) for word in s["words"]), s["speaker"])
        for s in document["segments"]
    )
    assert segments == meeting.segments
    assert [tuple(turn.values()) for turn in document["turns"]] == [
        (turn.speaker, turn.start, turn.end, turn.confidence) for turn in meeting.turns
    ]
    assert document["metadata"]["created_at"] == "2026-11-20T09:30:00+00:00"
    assert document["warnings"][0]["code"] == "demo_model:turbo"
    assert document["speakers"][1]["display"] == "Говорящий 2"
    assert document["minutes"]["actions"][0]["owner"] == "Светлана"


def test_csv_has_one_row_per_segment(ask: Any, meeting: Transcript) -> None:
    data = EXPORTERS["csv"].function(ask())
    assert data.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Cyrillic"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [segment.id for segment in meeting.segments]
    assert rows[2]["text"] == meeting.segments[2].text
    assert rows[2]["time"] == "0:00:08"
    assert rows[2]["name"] == "Говорящий 2"


def test_csv_cannot_carry_formulas(ask: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(EXPORTERS["csv"].function(ask()).decode("utf-8-sig"), newline="")))
    assert rows[4]["text"] == "'=SUM(A1:A9)"
    assert [guarded(text)[0] for text in ("=1", "+1", "-1", "@a", "\ta", "\ra")] == ["'"] * 6
    assert guarded("обычный текст = 1") == "обычный текст = 1"


def test_rttm_is_read_back(ask: Any, meeting: Transcript) -> None:
    text = EXPORTERS["rttm"].function(ask()).decode()
    assert parse(text) == meeting.turns
    assert "SPEAKER встреча_1.ogg 1 0.900 6.100" in text
    assert ";; S1 = Виктор" in text


def test_rttm_without_turns_tells_the_segments(ask: Any, meeting: Transcript) -> None:
    only_text = Transcript("t", 50.0, "ru", 1.0, meeting.segments, meeting.speakers)
    turns = parse(EXPORTERS["rttm"].function(ask(transcript=only_text)).decode())
    assert [turn.speaker for turn in turns] == ["S1", "S1", "S2", "S1", "S2", "S2"]
