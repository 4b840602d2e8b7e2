"""A recogniser that says what it is told to: one phrase per call, its words spread over the sound."""

from collections.abc import Sequence

from stenogram.pipeline.ports import SAMPLE_RATE, Recognition, RecognitionRequest, RecognizerCapabilities, Samples
from stenogram.speech.transcript import HypothesisSegment, Word


class FakeRecognizer:
    """``detections`` are its answers to ``detect_language``, in order, the last for ever.

    ``requests`` is what it got, ``batches`` how many at a time."""

    engine, model = "fake", "phrases"

    def __init__(
        self,
        phrase: str = "Доброе утро коллеги",
        *,
        detections: Sequence[tuple[str, float]] = (("ru", 0.9),),
        longest_window: float = 8.0,
        notes: tuple[str, ...] = (),
        word_timestamps: bool = True,
        batch: int = 1,
    ) -> None:
        self.notes = notes
        self.capabilities = RecognizerCapabilities(
            frozenset({"ru", "en"}), word_timestamps, True, longest_window, batch
        )
        self.requests: list[RecognitionRequest] = []
        self.batches: list[int] = []
        self._words = phrase.split()
        self._detections = list(detections)

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        return self._detections.pop(0) if len(self._detections) > 1 else self._detections[0]

    def recognize(self, requests: Sequence[RecognitionRequest]) -> tuple[Recognition, ...]:
        self.batches.append(len(requests))
        return tuple(self._answer(request) for request in requests)

    def _answer(self, request: RecognitionRequest) -> Recognition:
        self.requests.append(request)
        seconds = len(request.samples) / SAMPLE_RATE
        step = seconds / len(self._words)
        words = tuple(Word(f" {text}", n * step, (n + 1) * step, 0.9) for n, text in enumerate(self._words))
        segments = (HypothesisSegment(0.0, seconds, words, 0.1, -0.2, 1.1),)
        language, probability = (request.language, 1.0) if request.language else self.detect_language(request.samples)
        return Recognition(language, probability, segments)
