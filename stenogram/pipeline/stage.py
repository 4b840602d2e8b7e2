"""What the five stages have in common: their order, their options, and the hook by which they tell how far they are.

A stage is a pure function: ports and values in, a value out. No database, no queue, no blob store, no settings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from stenogram.speech.transcript import HypothesisSegment


class Stage(StrEnum):
    PREPROCESS = "preprocess"
    TRANSCRIBE = "transcribe"
    DIARIZE = "diarize"
    SUMMARIZE = "summarize"
    EXPORT = "export"


STAGES: tuple[Stage, ...] = tuple(Stage)
REQUIRED: frozenset[Stage] = frozenset({Stage.PREPROCESS, Stage.TRANSCRIBE})
"""A run whose required stage is exhausted is dead; any other exhausted stage only leaves a warning."""

PRESETS: tuple[str, ...] = ("fast", "quality")
MAX_SPEAKERS = 10
FORMATS: tuple[str, ...] = ("docx", "srt", "vtt", "txt", "md", "json", "csv", "html", "pdf", "rttm")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a person may choose for one run. None means: decided by the service (``auto``)."""

    language: str | None = None  # ISO 639-1; locked for the whole file when given
    multilingual: bool = False  # detect the language anew in every window
    preset: str = "quality"
    engine: str | None = None  # "openai-whisper" | "faster-whisper"
    model: str | None = None
    glossary: tuple[str, ...] = ()  # names and terms, given to the recogniser as its initial prompt
    denoise: bool = False
    diarize: bool = True
    diarizer: str | None = None  # "pyannote" | "embedded"
    speakers: int | None = None  # 1..MAX_SPEAKERS
    summarize: bool = True
    summarizer: str | None = None  # "openai" | "extractive"
    formats: tuple[str, ...] = ("docx", "srt", "txt", "json")  # made by the export stage; others are made on demand


class Progress(Protocol):
    """How a stage reports. Every call may raise ``RunCancelled``; stages let it pass."""

    def __call__(self, fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        """``fraction`` of this stage, 0..1, never falling; ``partial`` are phrases recognised since the last call."""


def no_progress(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
    """The progress hook for callers that do not care."""
