"""What both Whisper engines share: the choice of weights, the pool, lighter models when memory is short, errors."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from stenogram.engines.asr.loading import Key, ModelPool, load_model
from stenogram.engines.weights import Choice
from stenogram.errors import EngineError, StenogramError
from stenogram.pipeline.catalog import DEMO, LIGHTER, MODELS
from stenogram.pipeline.ports import SAMPLE_RATE, Recognition, RecognitionRequest, RecognizerCapabilities, Samples
from stenogram.speech.cleanup import AVG_LOGPROB, COMPRESSION
from stenogram.speech.transcript import HypothesisSegment, Word

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # Whisper's own: hotter after each unbelievable answer
DETECTION_SECONDS = 30.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how the model computes: ``device`` cpu or cuda; ``compute_type`` int8, float16 or float32."""

    device: str
    compute_type: str


class WhisperRecognizer(ABC):
    """A Recognizer over weights that are on this machine; ``lighter`` finds those of a lighter model by name.

    ``batch`` windows are decoded at once. Memory that does not suffice halves that, and when it is one, leads to the
    next lighter model, for the rest of this recogniser's life, with the notes ``smaller_batch:N``,
    ``lighter_model:NAME``. Raises EngineError: ``engine.out_of_memory`` where nothing helps, else ``engine.failed``.
    May be used by several threads; they wait for one another.
    """

    engine: str

    def __init__(
        self,
        choice: Choice,
        pool: ModelPool,
        placement: Placement,
        lighter: Callable[[str], Choice | None],
        batch: int = 1,
        load: Callable[..., Any] = load_model,
    ) -> None:
        model = MODELS[choice.model]
        self.model = choice.model
        self.notes = choice.notes
        self.capabilities = RecognizerCapabilities(
            languages=model.languages,
            word_timestamps=True,
            language_detection=True,
            longest_window=model.window_seconds,
            batch=batch,
        )
        self._batch = batch
        self._choice = choice
        self._pool = pool
        self._placement = placement
        self._lighter = lighter
        self._load = load

    def detect_language(self, samples: Samples) -> tuple[str, float]:
        """Among the languages of the model; the probabilities of those are scaled to sum to 1."""
        head = samples[: round(DETECTION_SECONDS * SAMPLE_RATE)]
        return self._with_memory(lambda model: most_probable(self._languages(model, head), self.capabilities.languages))

    def recognize(self, requests: Sequence[RecognitionRequest]) -> tuple[Recognition, ...]:
        """Neighbours of one language and prompt are decoded together."""
        languages = [
            (request.language, 1.0) if request.language else self.detect_language(request.samples)
            for request in requests
        ]
        asked = zip(requests, languages, strict=True)
        answers: list[Recognition] = []
        for (language, prompt), group in groupby(asked, lambda pair: (pair[1][0], pair[0].prompt)):
            alike = list(group)
            found = self._decoded([request.samples for request, _ in alike], language, prompt)
            for (request, (_, probability)), segments in zip(alike, found, strict=True):
                inside = within(segments, len(request.samples) / SAMPLE_RATE)
                answers.append(Recognition(language, probability, inside, self._fallbacks))
        return tuple(answers)

    def _decoded(self, windows: Sequence[Samples], language: str, prompt: str) -> list[tuple[HypothesisSegment, ...]]:
        """The segments of each window, as many windows at a time as memory allows."""
        known = prompt if MODELS[self._choice.model].prompts else ""
        found: list[tuple[HypothesisSegment, ...]] = []

        def decode(model: Any) -> list[tuple[HypothesisSegment, ...]]:
            return self._segments(model, windows[len(found) : len(found) + self._batch], language, known)

        while len(found) < len(windows):
            found += self._with_memory(decode)
        return found

    @property
    def _fallbacks(self) -> tuple[str, ...]:
        used = self._choice.model
        smaller = () if self._batch == self.capabilities.batch else (f"smaller_batch:{self._batch}",)
        return (*smaller, *(() if used == self.model else (f"lighter_model:{used}",)))

    @abstractmethod
    def _languages(self, model: Any, samples: Samples) -> Mapping[str, float]:
        """Probability by language code."""

    @abstractmethod
    def _segments(
        self, model: Any, windows: Sequence[Samples], language: str, prompt: str
    ) -> list[tuple[HypothesisSegment, ...]]:
        """Of each window; times from its start."""

    @abstractmethod
    def _is_memory(self, error: Exception) -> bool:
        """Whether the engine says by this that memory is short."""

    @property
    def _temperatures(self) -> tuple[float, ...]:
        """The demo model answers at once: its doubt tells nothing, and each attempt costs a decoding."""
        return (0.0,) if self._choice.model == DEMO else TEMPERATURES

    def _with_memory(self, act: Callable[[Any], _T]) -> _T:
        """``act`` on the loaded model, again with less at once or a lighter one as long as memory does not suffice."""
        while True:
            try:
                with self._pool.use(self._key(), self._loaded) as model:
                    return act(model)
            except StenogramError:
                raise
            except Exception as error:
                if not (isinstance(error, MemoryError) or self._is_memory(error)):
                    raise EngineError("engine.failed", repr(error), engine=self.engine) from error
                self._step_down(error)

    def _step_down(self, error: Exception) -> None:
        if self._batch > 1:
            self._batch //= 2
            return
        self._pool.drop(self._key())
        name = LIGHTER.get(self._choice.model)
        choice = self._lighter(name) if name else None
        if choice is None:
            raise EngineError("engine.out_of_memory", repr(error), engine=self.engine) from error
        self._choice = choice

    def _loaded(self) -> Any:
        return self._load(self.engine, self._choice.path, self._placement.device, self._placement.compute_type)

    def _key(self) -> Key:
        return (self.engine, str(self._choice.path), self._placement.device, self._placement.compute_type)


def most_probable(probabilities: Mapping[str, float], languages: frozenset[str]) -> tuple[str, float]:
    """The best of ``languages`` and its share of their probability."""
    known = {code: probability for code, probability in probabilities.items() if code in languages}
    best = max(known, key=lambda code: known[code])
    return best, min(1.0, known[best] / (sum(known.values()) or 1.0))


def within(segments: Iterable[HypothesisSegment], duration: float) -> tuple[HypothesisSegment, ...]:
    """Without words that begin after the sound: decoders fill the silence to 30 s that a window is padded with."""
    kept = []
    for segment in segments:
        words = tuple(
            Word(word.text, word.start, min(word.end, duration), word.probability)
            for word in segment.words
            if word.start < duration
        )
        if words:
            kept.append(replace(segment, words=words, start=words[0].start, end=words[-1].end))
    return tuple(kept)


def convincing(segments: Iterable[HypothesisSegment]) -> bool:
    """Whether Whisper itself would let the decoding stand, by its own thresholds."""
    return all(segment.compression_ratio <= COMPRESSION and segment.avg_logprob >= AVG_LOGPROB for segment in segments)


def word(text: str, start: float, end: float, probability: float) -> Word:
    """A word out of an engine's numbers, which may be numpy's and off by rounding."""
    begin = max(0.0, float(start))
    return Word(text, begin, max(begin, float(end)), min(1.0, max(0.0, float(probability))))
