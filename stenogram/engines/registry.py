"""The engines of this process, made from settings and a run's options when a stage asks for them."""

from typing import Literal

from stenogram.engines.asr.base import Placement, WhisperRecognizer
from stenogram.engines.asr.faster_whisper import FasterWhisperRecognizer
from stenogram.engines.asr.loading import ModelPool
from stenogram.engines.asr.openai_whisper import OpenAIWhisperRecognizer
from stenogram.engines.llm import make_summarizer
from stenogram.engines.weights import Choice, Weights
from stenogram.errors import EngineError, InvalidOptions
from stenogram.pipeline.catalog import ENGINES, FASTER_WHISPER
from stenogram.pipeline.ports import Diarizer, MediaTool, Recognizer, Summarizer, VoiceActivityDetector, VoiceReader
from stenogram.pipeline.stage import PRESETS, RunOptions
from stenogram.settings import Settings

DIARIZERS = ("pyannote", "embedded")
_RECOGNIZERS: dict[str, type[WhisperRecognizer]] = {
    engine.engine: engine for engine in (OpenAIWhisperRecognizer, FasterWhisperRecognizer)
}


class Engines:
    """One per process: recognition models and diarizers are kept between recordings.

    An engine that does not exist raises InvalidOptions("options.engine").
    """

    def __init__(self, settings: Settings, *, weights: Weights | None = None) -> None:
        self._settings = settings
        self._weights = weights or Weights(settings.asr)
        self._pool = ModelPool(settings.asr.idle_seconds)
        self._diarizers: dict[str, Diarizer] = {}
        self._voices: VoiceReader | None = None

    def media_tool(self) -> MediaTool:
        from stenogram.engines.media import FfmpegMediaTool

        return FfmpegMediaTool()

    def vad(self) -> VoiceActivityDetector:
        """A fresh one: it remembers what it was fed."""
        from stenogram.engines.vad import SileroVad

        return SileroVad()

    def recognizer(self, options: RunOptions, languages_hint: str | None = None) -> Recognizer:
        """Raises EngineError("weights.unavailable") for a named model that cannot be had."""
        if options.engine is not None:
            _require(options.engine, ENGINES)
        if options.preset not in PRESETS:
            raise InvalidOptions("options.preset", preset=options.preset, supported=", ".join(PRESETS))
        choice = self._weights.resolve(options, options.language or languages_hint)
        placement = self._placement(choice.engine)
        batch = self._settings.asr.batch_size if placement.device == "cuda" else 1  # a CPU gains nothing by it
        made = _RECOGNIZERS[choice.engine]
        return made(choice, self._pool, placement, lambda name: self._lighter(choice.engine, name), batch)

    def diarizer(self, options: RunOptions) -> Diarizer:
        """``auto`` is pyannote where a token is set."""
        wanted = options.diarizer or self._settings.diarization.engine
        if wanted == "auto":
            wanted = "pyannote" if self._settings.diarization.token else "embedded"
        _require(wanted, DIARIZERS)
        if wanted not in self._diarizers:
            self._diarizers[wanted] = self._pyannote() if wanted == "pyannote" else self._embedded()
        return self._diarizers[wanted]

    def voice_reader(self) -> VoiceReader:
        """For voiceprints: the same encoder whichever engine diarizes."""
        from stenogram.engines.diarization.voiceprints import VoiceprintReader

        if self._voices is None:
            self._voices = VoiceprintReader(self._device())
        return self._voices

    def summarizer(self, options: RunOptions) -> Summarizer:
        """``auto`` is the language model where a key or an address is set."""
        return make_summarizer(self._settings.summary, options.summarizer)

    # --- makers ---

    def _placement(self, engine: str) -> Placement:
        asr = self._settings.asr
        device = self._device()
        if asr.compute_type != "auto":
            return Placement(device, asr.compute_type)
        on_cpu = "int8" if engine == FASTER_WHISPER else "float32"
        return Placement(device, "float16" if device == "cuda" else on_cpu)

    def _device(self) -> Literal["cpu", "cuda"]:
        if self._settings.asr.device != "auto":
            return self._settings.asr.device
        import torch

        return "cuda" if torch.cuda.is_available() else "cpu"

    def _lighter(self, engine: str, name: str) -> Choice | None:
        """The lighter model by name, or None where it cannot be had."""
        try:
            return self._weights.resolve(RunOptions(engine=engine, model=name))
        except EngineError:
            return None

    def _pyannote(self) -> Diarizer:
        from stenogram.engines.diarization.pyannote import PyannoteDiarizer

        settings = self._settings.diarization
        token = settings.token.get_secret_value() if settings.token else None
        cache = self._settings.asr.model_cache_dir / "pyannote"
        return PyannoteDiarizer(settings.model, token=token, device=self._device(), cache_dir=cache)

    def _embedded(self) -> Diarizer:
        from stenogram.engines.diarization.embedded import EmbeddedDiarizer

        return EmbeddedDiarizer(device=self._device())


def _require(engine: str, supported: tuple[str, ...]) -> None:
    if engine not in supported:
        raise InvalidOptions("options.engine", engine=engine, supported=", ".join(supported))
