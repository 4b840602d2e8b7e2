"""faster-whisper: the same models in CTranslate2, several times faster on CPU by int8."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from stenogram.engines.asr.base import WhisperRecognizer, convincing, word
from stenogram.pipeline.catalog import DEMO, FASTER_WHISPER
from stenogram.pipeline.ports import SAMPLE_RATE, Samples
from stenogram.speech.transcript import HypothesisSegment

BEAM = 5  # the library's default
_FRAMES_PER_SECOND = 100  # of the library's ``seek``
_SHORT_MEMORY = ("out of memory", "bad_alloc", "CUBLAS_STATUS_ALLOC_FAILED")


class FasterWhisperRecognizer(WhisperRecognizer):
    """int8 or float32 on CPU, float16 on CUDA."""

    engine = FASTER_WHISPER

    def _languages(self, model: Any, samples: Samples) -> Mapping[str, float]:
        _, _, probabilities = model.detect_language(samples)
        return dict(probabilities)

    def _segments(
        self, model: Any, windows: Sequence[Samples], language: str, prompt: str
    ) -> list[tuple[HypothesisSegment, ...]]:
        """Several windows at once are tried at one temperature only; what does not convince is decoded by itself."""
        options: dict[str, Any] = {"language": language, "initial_prompt": prompt or None, "word_timestamps": True}
        options["beam_size"] = 1 if self._choice.model == DEMO else BEAM  # the demo rambles on in a beam
        if len(windows) == 1:
            return [self._alone(model, windows[0], options)]
        found = self._together(model, windows, options)
        return [
            segments if convincing(segments) else self._alone(model, samples, options)
            for samples, segments in zip(windows, found, strict=True)
        ]

    def _alone(self, model: Any, samples: Samples, options: Mapping[str, Any]) -> tuple[HypothesisSegment, ...]:
        found, _ = model.transcribe(
            samples,
            temperature=self._temperatures,
            condition_on_previous_text=False,  # one bad segment must not spoil the next
            **options,
        )
        return tuple(_segment(item) for item in found)  # decoding happens here, once

    def _together(
        self, model: Any, windows: Sequence[Samples], options: Mapping[str, Any]
    ) -> list[tuple[HypothesisSegment, ...]]:
        from faster_whisper import BatchedInferencePipeline

        bounds = np.cumsum([0, *map(len, windows)]) / SAMPLE_RATE
        clips = [{"start": float(start), "end": float(end)} for start, end in pairwise(bounds)]
        found, _ = BatchedInferencePipeline(model).transcribe(
            np.concatenate(windows),
            clip_timestamps=clips,
            batch_size=len(windows),
            without_timestamps=False,
            temperature=0.0,
            **options,
        )
        by_window: list[list[HypothesisSegment]] = [[] for _ in windows]
        for item in found:
            number = int(np.abs(bounds[:-1] - item.seek / _FRAMES_PER_SECOND).argmin())
            by_window[number].append(_segment(item, -float(bounds[number])))
        return [tuple(segments) for segments in by_window]

    def _is_memory(self, error: Exception) -> bool:
        return any(sign in str(error) for sign in _SHORT_MEMORY)


def _segment(found: Any, shift: float = 0.0) -> HypothesisSegment:
    """The library's segment, ``shift`` seconds later."""
    words = tuple(word(item.word, item.start + shift, item.end + shift, item.probability) for item in found.words or ())
    start = max(0.0, float(found.start) + shift)
    return HypothesisSegment(
        start,
        max(start, float(found.end) + shift),
        words,
        float(found.no_speech_prob),
        float(found.avg_logprob),
        float(found.compression_ratio),
    )
