"""faster-whisper: the same models in CTranslate2, several times faster on CPU by int8."""

from collections.abc import Iterable, Mapping
from typing import Any

from stenogram.engines.asr.base import WhisperRecognizer, word
from stenogram.pipeline.catalog import DEMO, FASTER_WHISPER
from stenogram.pipeline.ports import Samples
from stenogram.speech.transcript import HypothesisSegment

BEAM = 5  # the library's default
_SHORT_MEMORY = ("out of memory", "bad_alloc", "CUBLAS_STATUS_ALLOC_FAILED")


class FasterWhisperRecognizer(WhisperRecognizer):
    """int8 or float32 on CPU, float16 on CUDA."""

    engine = FASTER_WHISPER

    def _languages(self, model: Any, samples: Samples) -> Mapping[str, float]:
        _, _, probabilities = model.detect_language(samples)
        return dict(probabilities)

    def _segments(self, model: Any, samples: Samples, language: str, prompt: str) -> Iterable[HypothesisSegment]:
        found, _ = model.transcribe(
            samples,
            language=language,
            initial_prompt=prompt or None,
            temperature=self._temperatures,
            beam_size=1 if self._choice.model == DEMO else BEAM,  # the demo rambles on in a beam: 21 % errors, not 11 %
            word_timestamps=True,
            condition_on_previous_text=False,  # one bad window must not spoil the next
        )
        return [_segment(item) for item in found]  # decoding happens here, once

    def _is_memory(self, error: Exception) -> bool:
        return any(sign in str(error) for sign in _SHORT_MEMORY)


def _segment(found: Any) -> HypothesisSegment:
    words = tuple(word(item.word, item.start, item.end, item.probability) for item in found.words or ())
    start = max(0.0, float(found.start))
    return HypothesisSegment(
        start,
        max(start, float(found.end)),
        words,
        float(found.no_speech_prob),
        float(found.avg_logprob),
        float(found.compression_ratio),
    )
