"""Training examples in Whisper's multitask format, composed of the clips of a pool."""

from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt
from whisper.tokenizer import get_tokenizer

from stenogram.engines.asr.loading import library_warnings_ignored
from tools.demo_model.corpus import Clip, Pool
from tools.make_examples import RATE

with library_warnings_ignored():
    TOKENIZER = get_tokenizer(True, num_languages=99, language="ru", task="transcribe")
TICK = 0.02  # seconds between timestamp tokens
SLACK = 0.15  # seconds around a word in which its tokens may look
NOISE_ONLY = 0.02  # share of windows without speech
UNSTAMPED = 0.2  # share of windows without timestamps
SPEECH = (2.0, 8.5)  # seconds of a window that hold speech: the service cuts windows at silence, up to 8 s

Samples = npt.NDArray[np.float32]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """``samples``: (n,), of which ``filled`` seconds are sound and the rest padding.

    Of each of the ``tokens`` the seconds in which it sounds are in ``spans``; ``text`` is what the CTC head is to read.
    """

    samples: Samples
    tokens: list[int]
    spans: list[Span]
    text: str
    filled: float


def used_tokens(pool: Pool) -> list[int]:
    """All that the model is taught; the other rows of the vocabulary stay zero."""
    words = {token for clip in pool.clips for token in TOKENIZER.encode(" " + clip.text)}
    languages = {TOKENIZER.to_language_token(language) for language in pool.by_language}
    marks = {TOKENIZER.sot, TOKENIZER.eot, TOKENIZER.transcribe, TOKENIZER.no_timestamps, TOKENIZER.no_speech}
    stamps = range(TOKENIZER.timestamp_begin, TOKENIZER.timestamp_begin + 1501)
    return sorted(words | languages | marks | set(stamps))


def compose(pool: Pool, rng: Random, length: float) -> Window:
    """A window of ``length`` seconds: sentences of one language, any voices, pauses, gain, noise."""
    samples = np.zeros(round(length * RATE), np.float32)
    if rng.random() < NOISE_ONLY:
        _add_noise(samples, rng, (-4, -2))
        return Window(samples, [TOKENIZER.sot, TOKENIZER.no_speech], [(0, length)] * 2, "", length)
    language = rng.choice(list(pool.by_language))
    longest = length if rng.random() < 0.1 else min(length, rng.uniform(*SPEECH))
    placed = _place(pool, language, rng, samples, longest)
    filled = min(length, placed[-1][0] + _seconds(placed[-1][1]) + rng.uniform(0.1, 0.5))
    _add_noise(samples[: round(filled * RATE)], rng, (-5, -2.3))
    tokens, spans = _labels(placed, language, rng.random() >= UNSTAMPED, length)
    return Window(samples, tokens, spans, " ".join(clip.text for _, clip in placed), filled)


def _place(pool: Pool, language: str, rng: Random, samples: Samples, longest: float) -> list[tuple[float, Clip]]:
    """Put clips into ``samples``; their starts in seconds. The first is put even where it is too long to be wished."""
    at, placed = rng.choice([rng.uniform(0, 0.6), 0.25]), list[tuple[float, Clip]]()
    while True:
        clip = rng.choice(pool.by_language[language])
        if at + _seconds(clip) > (longest if placed else len(samples) / RATE):
            if placed:
                return placed
            continue
        begin = round(at * RATE)
        samples[begin : begin + clip.end - clip.start] += pool.sound(clip) * 10 ** rng.uniform(-0.5, 0.2)
        placed.append((at, clip))
        at += _seconds(clip) + rng.choice([rng.uniform(0.1, 0.5), rng.uniform(0.3, 1.5)])


def _seconds(clip: Clip) -> float:
    return (clip.end - clip.start) / RATE


def _add_noise(samples: Samples, rng: Random, exponents: tuple[float, float]) -> None:
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(len(samples), np.float32)
    samples += noise * 10 ** rng.uniform(*exponents)


def _labels(
    placed: list[tuple[float, Clip]], language: str, stamped: bool, length: float
) -> tuple[list[int], list[Span]]:
    """The tokens that Whisper is to write, and where each sounds."""
    head = [TOKENIZER.sot, TOKENIZER.to_language_token(language), TOKENIZER.transcribe]
    tokens = head if stamped else [*head, TOKENIZER.no_timestamps]
    spans: list[Span] = [(0, length)] * len(tokens)
    for start, clip in placed:
        end = start + _seconds(clip)
        written, when = _words(clip, start)
        if stamped:
            written = [_stamp(start), *written, _stamp(end)]
            when = [(start - 0.25, start + 0.5), *when, (end - 0.5, end + 0.25)]
        tokens, spans = tokens + written, spans + when
    return [*tokens, TOKENIZER.eot], [*spans, (0, length)]


def _words(clip: Clip, start: float) -> tuple[list[int], list[Span]]:
    tokens, spans = list[int](), list[Span]()
    for word, (begin, end) in zip(clip.text.split(), clip.words, strict=True):
        parts = TOKENIZER.encode(" " + word)
        tokens += parts
        spans += [(start + begin - SLACK, start + end + SLACK)] * len(parts)
    return tokens, spans


def _stamp(seconds: float) -> int:
    return int(TOKENIZER.timestamp_begin) + round(seconds / TICK)
