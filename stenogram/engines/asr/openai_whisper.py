"""openai-whisper: the reference implementation, in torch."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stenogram.engines.asr.base import WhisperRecognizer, word
from stenogram.engines.asr.loading import library_warnings_ignored
from stenogram.pipeline.catalog import OPENAI_WHISPER
from stenogram.pipeline.ports import Samples
from stenogram.speech.transcript import HypothesisSegment


class OpenAIWhisperRecognizer(WhisperRecognizer):
    """float16 on CUDA, float32 on CPU (the library has no int8)."""

    engine = OPENAI_WHISPER

    def _languages(self, model: Any, samples: Samples) -> Mapping[str, float]:
        import whisper

        padded = whisper.pad_or_trim(np.array(samples))  # a copy: torch takes no read-only memory
        mel = whisper.log_mel_spectrogram(padded, model.dims.n_mels).to(model.device)
        with library_warnings_ignored():
            _, probabilities = model.detect_language(mel)
        return dict(probabilities)

    def _segments(
        self, model: Any, windows: Sequence[Samples], language: str, prompt: str
    ) -> list[tuple[HypothesisSegment, ...]]:
        """One after the other: the library decodes one window at a time."""
        return [self._window(model, samples, language, prompt) for samples in windows]

    def _window(self, model: Any, samples: Samples, language: str, prompt: str) -> tuple[HypothesisSegment, ...]:
        with library_warnings_ignored():
            answer = model.transcribe(
                np.array(samples),
                language=language,
                initial_prompt=prompt or None,
                temperature=self._temperatures,
                word_timestamps=True,
                condition_on_previous_text=False,  # one bad window must not spoil the next
                fp16=self._placement.compute_type == "float16",
            )
        return tuple(_segment(found) for found in answer["segments"])

    def _is_memory(self, error: Exception) -> bool:
        import torch

        return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _segment(found: Mapping[str, Any]) -> HypothesisSegment:
    words = tuple(word(item["word"], item["start"], item["end"], item["probability"]) for item in found["words"])
    start = max(0.0, float(found["start"]))
    return HypothesisSegment(
        start,
        max(start, float(found["end"])),
        words,
        float(found["no_speech_prob"]),
        float(found["avg_logprob"]),
        float(found["compression_ratio"]),
    )
