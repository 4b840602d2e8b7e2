"""One small meeting with everything in it that exporters must carry, hostile texts included."""

from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from stenogram.pipeline.ports import ExportRequest
from stenogram.speech.minutes import ActionItem, Keyphrase, Minutes, SpeakerSentiment, Statement
from stenogram.speech.transcript import Provenance, Segment, Speaker, Transcript, Turn, Word

HOSTILE = "<script>alert(1)</script> & *звёзды* | \"кавычки\" --> 'конец'"
FORBIDDEN = "до\x00после\x1b\ufffe"


def said(number: int, speaker: str | None, start: float, text: str) -> Segment:
    words = tuple(Word(" " + w, start + i * 0.4, start + i * 0.4 + 0.35, 0.9) for i, w in enumerate(text.split(" ")))
    return Segment(f"s{number:04d}", start, words[-1].end, words, speaker)


@pytest.fixture
def meeting() -> Transcript:
    return Transcript(
        title="Планёрка по поставкам",
        duration=131.4,
        language="ru",
        language_probability=0.984,
        segments=(
            said(1, "S1", 1.0, "Доброе утро, коллеги."),
            said(2, "S1", 5.0, "Начнём с поставок."),
            said(3, "S2", 8.0, "Поставка датчиков из Перми задержалась на девять дней."),
            said(4, "S1", 20.0, HOSTILE),
            said(5, "S2", 30.0, "=SUM(A1:A9)"),
            said(6, "S2", 40.0, FORBIDDEN),
        ),
        speakers=(Speaker("S1", "Виктор"), Speaker("S2")),
        turns=(Turn("S1", 0.9, 7.0, 0.8), Turn("S2", 7.9, 12.0), Turn("S1", 19.0, 24.0), Turn("S2", 29.5, 41.0)),
        provenance=(Provenance("transcribe", "faster-whisper", "large-v3"), Provenance("diarize", "embedded", "x")),
        warnings=("demo_model:turbo",),
    )


@pytest.fixture
def minutes() -> Minutes:
    return Minutes(
        title="Планёрка",
        language="ru",
        summary=(Statement("Поставка задержалась.", (8.5,)),),
        decisions=(Statement("Протокол переносится на четверг.", (1.0, 8.0)),),
        actions=(
            ActionItem("Подготовить чертёж", (8.0,), "Светлана", "завтра"),
            ActionItem("Проверить график", (5.0,)),
        ),
        keyphrases=(Keyphrase("поставка датчиков", 0.9, (8.0,)),),
        sentiments=(SpeakerSentiment("S1", "positive", (1.0,)),),
        engine="extractive",
        model="textrank",
    )


class Ask:
    """Makes requests about the meeting: ``ask("en")``, ``ask(transcript=…)``."""

    def __init__(self, meeting: Transcript, minutes: Minutes) -> None:
        self._meeting, self._minutes = meeting, minutes

    def __call__(
        self, language: Literal["ru", "en"] = "ru", *, transcript: Transcript | None = None, summary: bool = True
    ) -> ExportRequest:
        metadata: dict[str, Any] = {
            "file_name": "встреча 1.ogg",
            "created_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
            "recording_id": "r1",
        }
        return ExportRequest(transcript or self._meeting, self._minutes if summary else None, language, metadata)


@pytest.fixture
def ask(meeting: Transcript, minutes: Minutes) -> Ask:
    return Ask(meeting, minutes)


@pytest.fixture
def silence() -> Transcript:
    return Transcript("Тишина", 10.0, "ru", 0.5, ())
