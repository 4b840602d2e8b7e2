"""All ports faked, fast and deterministic: run a worker with ``STENOGRAM_ENGINES=tests.fakes.engines:FakeEngines``.

They read 16 kHz mono WAV (``speech_wav``); sound is speech, silence is silence, each stretch of it is one phrase.
"""

import io
import wave
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np

from stenogram.errors import InvalidMedia
from stenogram.pipeline.ports import (
    SAMPLE_RATE,
    DecodeRequest,
    DiarizationRequest,
    Loudness,
    MediaFacts,
    MediaTool,
    PreparedAudio,
    Recognition,
    RecognitionRequest,
    RecognizerCapabilities,
    Samples,
    Summarizer,
    SummaryRequest,
)
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import Settings
from stenogram.speech.minutes import Minutes, Statement
from stenogram.speech.transcript import Diarization, HypothesisSegment, Region, Turn, Word
from tests.fakes.script import Script

_FRAME = SAMPLE_RATE // 10  # the fakes see in steps of 0.1 s
_BLOCK = SAMPLE_RATE  # one second


def speech_wav(phrases: int = 4, speech: float = 2.0, pause: float = 1.0) -> bytes:
    """A WAV of tones with pauses between them: ``phrases * (speech + pause)`` seconds."""
    times = np.arange(round(speech * SAMPLE_RATE)) / SAMPLE_RATE
    tone = (0.3 * np.sin(2 * np.pi * 220 * times) * 32767).astype("<i2")
    silence = np.zeros(round(pause * SAMPLE_RATE), dtype="<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(np.concatenate([part for _ in range(phrases) for part in (tone, silence)]).tobytes())
    return file.getvalue()


def sounding(samples: Samples) -> list[Region]:
    """Stretches that are not silent, to 0.1 s."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)  # (frames, samples)
    loud = np.abs(frames).max(axis=1, initial=0.0) > 0.01
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8)))
    return [Region(start / 10, end / 10) for start, end in edges.reshape(-1, 2).tolist()]


class FakeMedia:
    def __init__(self, script: Script) -> None:
        self._script = script

    def probe(self, path: Path) -> MediaFacts:
        return MediaFacts("wav", "pcm_s16le", len(_samples(path)) / SAMPLE_RATE, SAMPLE_RATE, 1)

    def measure(self, request: DecodeRequest, decoded: Callable[[float], None] = lambda _: None) -> Loudness:
        duration = len(_samples(request.path)) / SAMPLE_RATE
        self._script.act("preprocess", request.path.suffix, lambda: decoded(0.0))
        decoded(duration)
        return Loudness(-20.0, -1.0, 5.0, -30.0)

    def decode(self, request: DecodeRequest) -> Generator[Samples, None, None]:
        samples = _samples(request.path)
        for start in range(0, len(samples), _BLOCK):
            yield samples[start : start + _BLOCK]


def _samples(path: Path) -> Samples:
    try:
        with wave.open(str(path), "rb") as file:
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise InvalidMedia("media.unsupported") from error
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32767)


class FakeVad:
    def __init__(self) -> None:
        self._blocks: list[Samples] = []

    def feed(self, block: Samples) -> None:
        self._blocks.append(block)

    def regions(self) -> tuple[Region, ...]:
        return tuple(sounding(np.concatenate(self._blocks))) if self._blocks else ()


class FakeRecognizer:
    """One phrase of two words per stretch of sound."""

    engine, model = "fake", "tones"
    notes: tuple[str, ...] = ()
    capabilities = RecognizerCapabilities(frozenset({"ru", "en"}), True, True, longest_window=4.0)

    def __init__(self, script: Script) -> None:
        self._script = script

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        return "en", 0.9

    def recognize(self, requests: Sequence[RecognitionRequest]) -> Sequence[Recognition]:
        return [self._recognized(request) for request in requests]

    def _recognized(self, request: RecognitionRequest) -> Recognition:
        self._script.act("transcribe", f"{len(request.samples) / SAMPLE_RATE:.1f}")
        segments = tuple(_phrase(region) for region in sounding(request.samples))
        return Recognition(request.language or "en", 0.9, segments)


def _phrase(region: Region) -> HypothesisSegment:
    middle = (region.start + region.end) / 2
    words = (Word(" Hello", region.start, middle, 0.9), Word(" there.", middle, region.end, 0.8))
    return HypothesisSegment(region.start, region.end, words, 0.1, -0.2, 1.1)


class FakeDiarizer:
    """Two speakers take turns."""

    engine, model = "fake", "turns"

    def __init__(self, script: Script) -> None:
        self._script = script

    def diarize(self, request: DiarizationRequest, progress: Callable[[float], None]) -> Diarization:
        self._script.act("diarize", f"{request.audio.duration:.1f}", lambda: progress(0.5))
        turns = tuple(
            Turn(f"S{number % (request.speakers or 2) + 1}", region.start, region.end, 0.9)
            for number, region in enumerate(request.audio.regions)
        )
        return Diarization(turns, turns, self.engine, self.model)


class FakeVoiceReader:
    """A label always sounds alike, and unlike any other."""

    def read(self, audio: PreparedAudio, turns: Sequence[Turn]) -> dict[str, tuple[float, ...]]:
        labels = {turn.speaker for turn in turns}
        return {label: tuple(float(f"S{number}" == label) for number in range(1, 21)) for label in sorted(labels)}


class FakeMinutesMaker:
    engine, model = "fake", "first phrase"

    def __init__(self, script: Script) -> None:
        self._script = script

    def summarize(self, request: SummaryRequest, progress: Callable[[float], None]) -> Minutes:
        self._script.act("summarize", request.language, lambda: progress(0.5))
        first = request.transcript.segments[0]
        said = (Statement(first.text, (first.start,)),)
        return Minutes("Greetings", request.language, said, (), (), (), (), self.engine, self.model)


class FakeEngines:
    """The factory that the worker is given in place of the real one."""

    def __init__(self, settings: Settings | None = None, script: Script | None = None) -> None:
        self.script = script or Script.from_environment()

    def media_tool(self) -> MediaTool:
        return FakeMedia(self.script)

    def vad(self) -> FakeVad:
        return FakeVad()

    def recognizer(self, options: RunOptions, languages_hint: str | None = None) -> FakeRecognizer:
        return FakeRecognizer(self.script)

    def diarizer(self, options: RunOptions) -> FakeDiarizer:
        return FakeDiarizer(self.script)

    def voice_reader(self) -> "FakeVoiceReader":
        return FakeVoiceReader()

    def summarizer(self, options: RunOptions) -> Summarizer:
        return FakeMinutesMaker(self.script)
