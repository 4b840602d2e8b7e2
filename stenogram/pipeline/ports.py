"""The ports of the pipeline: what a stage needs from the world, as Protocols with one frozen request each.

Adapters live in ``stenogram.engines``; each port has a deterministic fake in ``tests/fakes.py`` that passes the same
contract suite (``tests/contract``) as the real adapters. Adapters wrap third-party exceptions in ``EngineError`` or
``InvalidMedia``.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Diarization, HypothesisSegment, Region, Transcript, Turn

SAMPLE_RATE = 16_000
Samples = npt.NDArray[np.float32]  # mono, SAMPLE_RATE, shape (n,), range -1..1


# --- audio ---


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What ffprobe says of a file. ``duration`` is None where the container does not tell, and not
    ``duration_is_exact`` where it is only guessed from the size and bit rate."""

    container: str
    codec: str
    duration: float | None
    sample_rate: int
    channels: int
    bit_rate: int | None = None
    has_video: bool = False
    duration_is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Loudness:
    """EBU R128, first pass: integrated loudness (LUFS), true peak (dBTP), range (LU), gating threshold (LUFS).

    ``clipped``: of the loud samples, the share that stands at full scale, 0..1.
    """

    integrated: float
    true_peak: float
    range: float
    threshold: float
    clipped: float = 0.0


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """Decode ``path`` to mono float32 at SAMPLE_RATE. With ``loudness``, apply the second, linear R128 pass."""

    path: Path
    facts: MediaFacts
    max_seconds: float
    loudness: Loudness | None = None
    denoise: bool = False


class MediaTool(Protocol):
    """Sandboxed probing and streaming decoding. Raises InvalidMedia with one of the ``media.*`` codes.

    What decodes to more than ``max_seconds`` is media.too_long, whatever its headers say. A file that breaks off in
    the middle gives what is there.
    """

    def probe(self, path: Path) -> MediaFacts: ...

    def measure(self, request: DecodeRequest, decoded: Callable[[float], None] = ...) -> Loudness:
        """Loudness of the mono mix. ``decoded`` hears of every block the seconds so far; what it raises ends it all."""
        ...

    def decode(self, request: DecodeRequest) -> Generator[Samples, None, None]:
        """Blocks of at most a few seconds, in order; nothing keeps the whole recording in memory.

        Closing the generator ends the decoder at once.
        """
        ...


class VoiceActivityDetector(Protocol):
    """Streaming speech detection: feed every block in order, then ask for the regions."""

    def feed(self, block: Samples) -> None: ...

    def regions(self) -> tuple[Region, ...]:
        """Speech regions of all that was fed, in order, not overlapping."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedAudio:
    """The recording as every later stage sees it.

    ``read(start, end)`` gives the samples between two times in seconds, clipped to the recording; shape
    (round((end - start) * SAMPLE_RATE),). It may be called in any order, also for the whole.
    """

    duration: float
    regions: tuple[Region, ...]
    read: Callable[[float, float], Samples] = field(repr=False)


# --- recognition ---


@dataclass(frozen=True, slots=True)
class RecognizerCapabilities:
    """Declared once, checked before work starts. ``languages`` are ISO 639-1 codes."""

    languages: frozenset[str]
    word_timestamps: bool
    language_detection: bool
    longest_window: float  # seconds of one request; the stage cuts its windows at silence below this
    batch: int = 1  # requests that one call is best given


@dataclass(frozen=True, slots=True)
class RecognitionRequest:
    """One window. Times in the answer are seconds from the start of ``samples``."""

    samples: Samples
    language: str | None  # None: detect
    prompt: str = ""  # glossary and the like


@dataclass(frozen=True, slots=True)
class Recognition:
    """The answer for one window; ``notes`` name fallbacks taken (``smaller_batch:4``, ``lighter_model:small``)."""

    language: str
    language_probability: float
    segments: tuple[HypothesisSegment, ...]
    notes: tuple[str, ...] = ()


class Recognizer(Protocol):
    """A speech recogniser with its model chosen. Loads on first use."""

    engine: str
    model: str
    notes: tuple[str, ...]  # e.g. ("demo_model",): shown with every result
    capabilities: RecognizerCapabilities

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        """Most probable language of up to 30 s of speech and its probability."""
        ...

    def recognize(self, requests: Sequence[RecognitionRequest]) -> Sequence[Recognition]:
        """One answer per request, in order."""
        ...


# --- diarization ---


@dataclass(frozen=True, slots=True)
class DiarizationRequest:
    audio: PreparedAudio
    speakers: int | None = None  # None: find out (1..MAX_SPEAKERS)


class Diarizer(Protocol):
    engine: str
    model: str

    def diarize(self, request: DiarizationRequest, progress: Callable[[float], None]) -> Diarization: ...


class VoiceReader(Protocol):
    """Embeddings of voices, comparable between recordings, by label. ``turns`` do not overlap."""

    def read(self, audio: PreparedAudio, turns: Sequence[Turn]) -> Mapping[str, tuple[float, ...]]: ...


# --- minutes ---


@dataclass(frozen=True, slots=True)
class SummaryRequest:
    transcript: Transcript
    language: str  # the language the minutes are written in


class Summarizer(Protocol):
    engine: str
    model: str

    def summarize(self, request: SummaryRequest, progress: Callable[[float], None]) -> Minutes: ...


# --- export ---


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What an exporter gets. ``transcript`` is already limited to the wanted range or segments."""

    transcript: Transcript
    minutes: Minutes | None
    language: Literal["ru", "en"]  # of headings and labels
    metadata: Mapping[str, Any] = field(default_factory=dict)  # recording id, created_at, file name … for headers
    colours: Mapping[str, int] = field(default_factory=dict)  # of speakers by label, where somebody chose: 0..9


Exporter = Callable[[ExportRequest], bytes]


# --- checkpoints ---


class Checkpoint(Protocol):
    """Where transcribe keeps finished windows, so that a killed worker goes on from the last one.

    ``key`` says what was asked for (window bounds, model, options); another key finds nothing.
    """

    def load(self, key: str) -> Sequence[HypothesisSegment] | None: ...

    def save(self, key: str, segments: Sequence[HypothesisSegment]) -> None: ...
