"""The second stage: a prepared recording becomes recognised words, window by window."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from stenogram.errors import EngineError, InvalidMedia, InvalidOptions
from stenogram.pipeline.ports import SAMPLE_RATE, Checkpoint, PreparedAudio, RecognitionRequest, Recognizer
from stenogram.pipeline.stage import Progress, no_progress
from stenogram.speech.cleanup import clean, is_silent
from stenogram.speech.transcript import Hypothesis, HypothesisSegment, Region, Word

MARGIN = 0.25  # seconds of sound kept around speech: detectors cut soft beginnings
LONGEST_SILENCE = 4.0  # seconds; a longer pause ends the window, for recognisers invent words in it
STRETCHES = 5  # of speech from which the language is told; one greeting in another language must not decide
SURE_LANGUAGE = 0.5  # below this mean probability the result carries a warning
_FRAME = 0.02  # seconds per frame of the loudness that is looked at to cut inside long speech


@dataclass(frozen=True, slots=True)
class TranscribeOptions:
    """``language`` (ISO 639-1) is locked for the whole recording; None: detected once, then locked.

    ``multilingual``: detected anew in every window. ``glossary``: names and terms to expect. ``window_seconds``
    shortens the windows below what the recogniser would take.
    """

    language: str | None = None
    multilingual: bool = False
    glossary: tuple[str, ...] = ()
    window_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.window_seconds is not None and self.window_seconds < 1:
            raise ValueError(f"window of {self.window_seconds} s is below one second")

    @property
    def prompt(self) -> str:
        return ", ".join(self.glossary)


class NoCheckpoint:
    """Keeps nothing: for recordings so short that doing them again costs nothing."""

    def load(self, key: str) -> Sequence[HypothesisSegment] | None:
        return None

    def save(self, key: str, segments: Sequence[HypothesisSegment]) -> None:
        return None


def transcribe(
    audio: PreparedAudio,
    recognizer: Recognizer,
    options: TranscribeOptions,
    progress: Progress = no_progress,
    checkpoint: Checkpoint | None = None,
) -> Hypothesis:
    """Words of ``audio``, in order, inside the recording, cleaned of what recognisers make up.

    Finished windows are taken from ``checkpoint`` and put there. Raises InvalidOptions (``options.language``),
    InvalidMedia (``media.no_speech``), EngineError, and whatever ``progress`` raises to cancel.
    """
    _require(recognizer, options)
    windows = plan_windows(audio, _longest_window(recognizer, options))
    if not windows:
        raise InvalidMedia("media.no_speech")
    progress(0.0)
    language, probability = _language(audio, windows, recognizer, options)
    # of a single window nothing is to be kept that its result does not keep a moment later
    kept = NoCheckpoint() if checkpoint is None or len(windows) == 1 else checkpoint
    job = _Job(audio, recognizer, options, language, kept)
    segments = clean(job.run(windows, progress), audio.regions)
    notes = [*recognizer.notes, *job.notes]
    if probability < SURE_LANGUAGE:
        notes.append("low_language_probability")
    if not segments:
        notes.append("no_speech")
    return Hypothesis(language, probability, segments, recognizer.engine, recognizer.model, tuple(dict.fromkeys(notes)))


def _require(recognizer: Recognizer, options: TranscribeOptions) -> None:
    """What the recogniser declares must be enough, before any work is done."""
    can = recognizer.capabilities
    if options.language is not None and options.language not in can.languages:
        raise InvalidOptions("options.language", language=options.language, supported=", ".join(sorted(can.languages)))
    if not can.word_timestamps:
        raise EngineError("engine.not_configured", "it gives no times of words", engine=recognizer.engine)
    if options.language is None and not can.language_detection:
        raise EngineError("engine.not_configured", "it needs the language to be chosen", engine=recognizer.engine)


def _longest_window(recognizer: Recognizer, options: TranscribeOptions) -> float:
    longest = recognizer.capabilities.longest_window
    return min(longest, options.window_seconds or longest)


# --- windows ---


def plan_windows(audio: PreparedAudio, longest: float) -> tuple[Region, ...]:
    """Windows of at most ``longest`` seconds that hold all speech regions, cut in the pauses between them.

    Speech that goes on for longer than a window is cut where it is quietest. Windows do not overlap; silence between
    them is left out.
    """
    pieces = [piece for region in audio.regions for piece in _breakable(audio, region, longest - 2 * MARGIN)]
    groups = list(_grouped(pieces, longest - 2 * MARGIN))
    return tuple(_with_margins([Region(group[0].start, group[-1].end) for group in groups], audio.duration))


def _breakable(audio: PreparedAudio, region: Region, longest: float) -> Iterator[Region]:
    """``region`` in pieces of at most ``longest`` seconds, cut at the quietest moment of each piece's second half."""
    start = region.start
    while region.end - start > longest:
        cut = _quietest(audio, start + longest / 2, start + longest)
        yield Region(start, cut)
        start = cut
    yield Region(start, region.end)


def _quietest(audio: PreparedAudio, start: float, end: float) -> float:
    samples = audio.read(start, end)
    size = round(_FRAME * SAMPLE_RATE)
    frames = samples[: len(samples) // size * size].reshape(-1, size)  # (frames, samples)
    if not len(frames):
        return end
    energy = np.convolve(np.square(frames).mean(axis=1), np.ones(5) / 5, mode="same")
    return start + (int(energy.argmin()) + 0.5) * _FRAME


def _grouped(pieces: Sequence[Region], longest: float) -> Iterator[list[Region]]:
    """Neighbours together as long as they fit; of the pauses in the second half of a window the longest is its end."""
    rest = list(pieces)
    while rest:
        count = _fitting(rest, longest)
        if count < len(rest):
            count = _best_cut(rest, count, longest)
        yield rest[:count]
        rest = rest[count:]


def _fitting(pieces: Sequence[Region], longest: float) -> int:
    for index, (earlier, later) in enumerate(pairwise(pieces), start=1):
        if later.end - pieces[0].start > longest or later.start - earlier.end > LONGEST_SILENCE:
            return index
    return len(pieces)


def _best_cut(pieces: Sequence[Region], count: int, longest: float) -> int:
    """How many of the first ``count`` pieces make the window: up to the longest pause in its second half."""
    half = pieces[0].start + longest / 2
    cuts = [index for index in range(1, count + 1) if pieces[index - 1].end >= half] or [count]
    return max(cuts, key=lambda index: (round(pieces[index].start - pieces[index - 1].end, 2), index))


def _with_margins(spans: Sequence[Region], duration: float) -> Iterator[Region]:
    """Each span with MARGIN around it, at most half of the pause to its neighbour, inside the recording."""
    for index, span in enumerate(spans):
        before = spans[index - 1].end if index else 0.0
        after = spans[index + 1].start if index + 1 < len(spans) else duration
        left = min(MARGIN, max(0.0, span.start - before) / (2 if index else 1))
        right = min(MARGIN, max(0.0, after - span.end) / (2 if index + 1 < len(spans) else 1))
        yield Region(span.start - left, max(span.start, min(span.end + right, duration)))


# --- language ---


def _language(
    audio: PreparedAudio, windows: Sequence[Region], recognizer: Recognizer, options: TranscribeOptions
) -> tuple[str, float]:
    """The language with the most probability over stretches spread over the recording, and its mean probability."""
    if options.language is not None:
        return options.language, 1.0
    stretches = _spread(sorted(windows, key=lambda window: window.duration)[-3 * STRETCHES :], STRETCHES)
    votes: Counter[str] = Counter()
    for stretch in stretches:
        language, probability = recognizer.detect_language(audio.read(stretch.start, stretch.end))
        votes[language] += probability  # type: ignore[assignment]  # Counter is typed for whole numbers only
    language, total = votes.most_common(1)[0]
    return language, min(1.0, total / len(stretches))


def _spread(windows: Iterable[Region], count: int) -> list[Region]:
    """Up to ``count`` of ``windows``, evenly over the time they cover."""
    ordered = sorted(windows, key=lambda window: window.start)
    chosen = np.unique(np.linspace(0, len(ordered) - 1, count).round().astype(int))
    return [ordered[index] for index in chosen]


# --- recognition ---


class _Job:
    """One recording, one recogniser, one language. ``notes`` gathers the fallbacks that were taken."""

    def __init__(
        self,
        audio: PreparedAudio,
        recognizer: Recognizer,
        options: TranscribeOptions,
        language: str,
        checkpoint: Checkpoint,
    ) -> None:
        self.notes: list[str] = []
        self._audio = audio
        self._recognizer = recognizer
        self._request = RecognitionRequest(
            np.zeros(0, np.float32), None if options.multilingual else language, options.prompt
        )
        self._checkpoint = checkpoint

    def run(self, windows: Sequence[Region], progress: Progress) -> list[HypothesisSegment]:
        total = sum(window.duration for window in windows)
        done, segments, size = 0.0, list[HypothesisSegment](), self._recognizer.capabilities.batch
        for batch in (windows[at : at + size] for at in range(0, len(windows), size)):
            found = self._batch(batch)
            segments += found
            done += sum(window.duration for window in batch)
            progress(min(1.0, done / total), clean(found, self._audio.regions))
        return segments

    def _batch(self, windows: Sequence[Region]) -> list[HypothesisSegment]:
        """The segments of ``windows``: kept ones from the checkpoint, the others recognised in one call."""
        kept = {window: self._checkpoint.load(self._key(window)) for window in windows}
        for window, segments in self._recognized([window for window in windows if kept[window] is None]):
            self._checkpoint.save(self._key(window), segments)
            kept[window] = segments
        return [segment for window in windows for segment in kept[window] or ()]

    def _recognized(self, windows: Sequence[Region]) -> Iterator[tuple[Region, tuple[HypothesisSegment, ...]]]:
        heard = {window: self._audio.read(window.start, window.end) for window in windows}
        silent = [window for window in windows if is_silent(heard[window])]
        spoken = [window for window in windows if window not in silent]
        yield from ((window, ()) for window in silent)
        requests = [replace(self._request, samples=heard[window]) for window in spoken]
        for window, answer in zip(spoken, self._recognizer.recognize(requests) if requests else (), strict=True):
            self.notes += answer.notes
            yield window, tuple(placed(answer.segments, window))

    def _key(self, window: Region) -> str:
        """Changes with anything that changes the answer."""
        asked = (
            round(window.start, 3),
            round(window.end, 3),
            self._recognizer.engine,
            self._recognizer.model,
            self._request.language,
            self._request.prompt,
        )
        return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def placed(segments: Iterable[HypothesisSegment], window: Region) -> Iterator[HypothesisSegment]:
    """``segments`` of a window at their place in the recording: words in order, not overlapping, inside the window."""
    floor = window.start
    for segment in segments:
        words = []
        for word in segment.words:
            start = min(max(window.start + word.start, floor), window.end)
            floor = max(start, min(window.start + word.end, window.end))
            words.append(Word(word.text, start, floor, word.probability))
        if words:
            yield replace(segment, start=words[0].start, end=words[-1].end, words=tuple(words))
