"""What a recogniser makes up: phantom phrases, loops, words where nobody speaks. Everything doubtful stays.

Thresholds are those of Whisper (``transcribe.py`` of openai-whisper: ``no_speech_threshold`` 0.6, ``logprob_threshold``
-1.0, ``compression_ratio_threshold`` 2.4). Batched engines only report the values, so they are applied here.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stenogram.speech.transcript import HypothesisSegment, Region, Word

NO_SPEECH = 0.6
AVG_LOGPROB = -1.0
COMPRESSION = 2.4
SILENCE_RMS = 0.0025
"""Full scale is 1. Below this a window is silence, on which recognisers invent (about -52 dBFS; measured by peers)."""

_FASTEST_SPEECH = 8.0
"""Words per second. Fast Russian and English stay under 5; a phantom is squeezed into far less time than it needs."""
_SLOWEST_SPEECH = 0.6
"""Words per second of a phrase said in one breath. A phantom is often stretched over a whole silence."""
_VOICED_SHARE = 0.6
_TRUSTED_PROBABILITY = 0.4
_DOUBTFUL_PROBABILITY = 0.35
_FAR_FROM_SPEECH = 1.0
"""Seconds from the nearest speech region; detectors miss quiet speech, so nothing nearer is doubted."""


def is_silent(samples: npt.NDArray[np.float32], threshold: float = SILENCE_RMS) -> bool:
    """The root mean square of ``samples`` (mono, shape (n,), range -1..1) is under ``threshold``; so is no samples."""
    if samples.size == 0:
        return True
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) < threshold


def clean(segments: Sequence[HypothesisSegment], regions: Sequence[Region]) -> tuple[HypothesisSegment, ...]:
    """``segments`` without what was made up; ``regions`` are the speech regions, in order, not overlapping.

    Words are only taken away, never changed or moved. Without regions nothing is known about voice activity: then no
    word is doubted for its place, and no phantom phrase is trusted. Cleaning what is clean changes nothing.
    """
    voice = _Voice(regions)
    before, after = None, tuple(segments)
    while after != before:  # what is taken away may bare another phantom or loop; each pass takes a word or is the last
        before, after = after, _without_repeats(after)
        for step in _STEPS:
            after = tuple(kept for segment in after if (kept := step(segment, voice)) is not None)
    return after


class _Voice:
    """Speech regions, asked for the share of a span that is voiced and for the distance of a span from speech."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self.known = bool(regions)
        self._starts = np.array([region.start for region in regions])
        self._ends = np.array([region.end for region in regions])

    def share(self, start: float, end: float) -> float:
        """0..1; of a span without length, whether it lies in a region."""
        if not self.known:
            return 0.0
        if end <= start:
            return float(self.distance(start, end) == 0)
        first, last = self._between(start, end)
        overlap = np.minimum(self._ends[first:last], end) - np.maximum(self._starts[first:last], start)
        return float(overlap.sum()) / (end - start)

    def distance(self, start: float, end: float) -> float:
        """Seconds to the nearest region; 0 where a region is touched or none is known."""
        if not self.known:
            return 0.0
        first, last = self._between(start, end)
        if first < last:
            return 0.0
        before = start - self._ends[first - 1] if first > 0 else np.inf
        after = self._starts[first] - end if first < len(self._starts) else np.inf
        return float(min(before, after))

    def _between(self, start: float, end: float) -> tuple[int, int]:
        first = int(np.searchsorted(self._ends, start, side="left"))
        return first, max(first, int(np.searchsorted(self._starts, end, side="right")))


# --- loops ---


@dataclass(frozen=True, slots=True)
class _LoopRule:
    """A run of equal phrases is a loop from this many copies on; people do say "yes, yes, yes"."""

    single: int  # copies of one word
    phrase: int  # copies of two words or more


_LOOP = _LoopRule(single=8, phrase=5)
_COMPRESSIBLE_LOOP = _LoopRule(single=5, phrase=4)  # where Whisper's own measure is over its threshold, too
_LONGEST_LOOP_PHRASE = 16  # words
_LOOPED_SEGMENTS = 4
_LOOPED_SEGMENT_WORDS = 3
_COUNTED_PAUSE = 0.25
"""Seconds. Copies with pauses like these between them are a person's (a roll call); loops run on without a breath."""
_STUTTER = re.compile(r"([^\W\d_-]{1,8}-?)\1{11,}", re.IGNORECASE)


def _without_repeats(segments: Sequence[HypothesisSegment]) -> tuple[HypothesisSegment, ...]:
    """Of the same phrase in many segments in a row, the first stays (votes of a word or two are left alone)."""
    kept: list[HypothesisSegment] = []
    for group in _equal_neighbours(segments):
        looped = len(group) >= _LOOPED_SEGMENTS and len(_tokens(group[0].words)) >= _LOOPED_SEGMENT_WORDS
        kept.extend(group[:1] if looped else group)
    return tuple(kept)


def _equal_neighbours(segments: Iterable[HypothesisSegment]) -> list[list[HypothesisSegment]]:
    groups: list[list[HypothesisSegment]] = []
    last: list[str] | None = None
    for segment in segments:
        tokens = _tokens(segment.words)
        if tokens and tokens == last:
            groups[-1].append(segment)
        else:
            groups.append([segment])
        last = tokens
    return groups


def _without_loops(segment: HypothesisSegment, _: _Voice) -> HypothesisSegment | None:
    rule = _COMPRESSIBLE_LOOP if segment.compression_ratio > COMPRESSION else _LOOP
    words = [word for word in segment.words if not _STUTTER.search(word.text)]
    tokens = [_token(word) for word in words]
    kept: list[Word] = []
    at = 0
    while at < len(words):
        size, copies = _loop_at(words, tokens, at, rule)
        kept.extend(words[at : at + size])
        at += size * copies
    return _with_words(segment, kept)


def _loop_at(words: Sequence[Word], tokens: Sequence[str], at: int, rule: _LoopRule) -> tuple[int, int]:
    """The size in words and the number of copies of the loop that starts here; (1, 1) where there is none."""
    for size in range(1, _LONGEST_LOOP_PHRASE + 1):
        if at + size >= len(tokens) or tokens[at] != tokens[at + size]:
            continue
        copies = 1
        while tokens[at : at + size] == tokens[at + size * copies : at + size * (copies + 1)]:
            copies += 1
        least = rule.single if size == 1 else rule.phrase
        if copies >= least and not _is_counted_out(words[at : at + size * copies], size):
            return size, copies
    return 1, 1


def _is_counted_out(words: Sequence[Word], size: int) -> bool:
    pauses = [words[i].start - words[i - 1].end for i in range(size, len(words), size)]
    return float(np.median(pauses)) >= _COUNTED_PAUSE


def compression_ratio(text: str) -> float:
    """Bytes of the text by bytes of its zlib form, as Whisper counts it; 0 for no text."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


# --- whole segments ---


def _believable(segment: HypothesisSegment, _: _Voice) -> HypothesisSegment | None:
    """Whisper's own rules: no speech by two measures, or still a loop after every attempt at decoding."""
    unsure = segment.avg_logprob < AVG_LOGPROB
    if unsure and segment.no_speech_prob > NO_SPEECH:
        return None
    if unsure and segment.compression_ratio > COMPRESSION and compression_ratio(segment.text.strip()) > COMPRESSION:
        return None
    return segment


def _long_enough(segment: HypothesisSegment, _: _Voice) -> HypothesisSegment | None:
    """A segment needs something that can be said, and doubtful ones the time to say it."""
    tokens = _tokens(segment.words)
    if not tokens:
        return None
    doubtful = segment.no_speech_prob > NO_SPEECH or segment.avg_logprob < AVG_LOGPROB
    squeezed = _end(segment.words) - segment.words[0].start < len(tokens) / (2 * _FASTEST_SPEECH)
    return None if doubtful and squeezed else segment


def _near_speech(segment: HypothesisSegment, voice: _Voice) -> HypothesisSegment | None:
    """Words far from every speech region go if they, or the whole segment, were doubtful."""

    def stays(word: Word) -> bool:
        doubtful = word.probability < _DOUBTFUL_PROBABILITY or segment.no_speech_prob > NO_SPEECH
        return not doubtful or voice.distance(word.start, word.end) <= _FAR_FROM_SPEECH

    return _with_words(segment, [word for word in segment.words if stays(word)])


# --- phantom phrases ---

_NAME = r"(?: [^ ]+){1,4}?"
_SUBTITLES = r"субтитр(?:ы|ов|ами)"
_PHANTOMS = re.compile(
    r"(?:^| )(?P<phrase>"
    + "|".join(
        (
            rf"{_SUBTITLES} (?:и перевод )?(?:с?делала?|создавала?|создала?|подготовила?|добавила?|выполнила?){_NAME}",
            rf"{_SUBTITLES} (?:by|от|предоставлены|созданы|сделаны){_NAME}",
            rf"(?:субтитры )?(?:dimatorzok|дима ?торжок|амара ?(?:орг|org)?|amara org|amara)(?: {_SUBTITLES})?",
            rf"редактор(?: {_SUBTITLES})?{_NAME} корректор(?: {_SUBTITLES})?{_NAME}",
            rf"(?:редактор|корректор) {_SUBTITLES}{_NAME}",
            r"(?:и )?(?:продолжение|продолжения) следует",
            r"(?:всем )?(?:большое )?спасибо (?:вам )?(?:большое )?за (?:ваш |внимание и )?просмотр(?: видео)?",
            r"(?:не забудьте )?(?:подписывайтесь|подписаться|подпишитесь) на (?:мой |наш )?канал(?: и ставьте лайки?)?",
            r"(?:thanks|thank you)(?: (?:so|very) much)? for watching(?: (?:this|the|my) video)?",
            r"(?:please )?(?:like and subscribe(?: to (?:my|our|the) channel)?|subscribe to (?:my|our|the) channel)",
            r"to be continued",
            r"subtitles (?:made )?by(?: the)? [^ ]+(?: [^ ]+){0,3}",
            r"subs by [^ ]+(?: [^ ]+){0,2}",
            r"(?:transcription|transcribed|translation|captions?|captioning) by(?: [^ ]+){1,4}",
        )
    )
    + r")$"
)
_LONGEST_PHANTOM = 12  # words; looking at no more than the tail keeps the search linear


def _without_phantoms(segment: HypothesisSegment, voice: _Voice) -> HypothesisSegment | None:
    """A phantom phrase at the end of a segment (or all of it) goes unless somebody can have said it there."""
    first = _phantom_start(segment.words)
    if first is None or _was_said(segment.words[first:], voice):
        return segment
    return _with_words(segment, segment.words[:first])


def _phantom_start(words: Sequence[Word]) -> int | None:
    """The index of the first word of the phantom that ends the segment."""
    spoken = [index for index, word in enumerate(words) if _token(word)]
    for start in spoken[-_LONGEST_PHANTOM:]:
        tail = " ".join(_token(words[index]) for index in spoken if index >= start)
        if (found := _PHANTOMS.match(tail)) and found.end() == len(tail):
            return start
    return None


def _was_said(words: Sequence[Word], voice: _Voice) -> bool:
    """With voice activity under it, at a rate at which people speak, and heard with some certainty."""
    start, end = words[0].start, _end(words)
    rate = len(_tokens(words)) / max(end - start, 1e-3)
    certain = float(np.mean([word.probability for word in words])) >= _TRUSTED_PROBABILITY
    return certain and _SLOWEST_SPEECH <= rate <= _FASTEST_SPEECH and voice.share(start, end) >= _VOICED_SHARE


# --- words ---


def _token(word: Word) -> str:
    """Lower case, ё as е, letters and digits only; punctuation inside becomes a space."""
    return " ".join(re.sub(r"[\W_]+", " ", word.text.lower().replace("ё", "е")).split())


def _tokens(words: Iterable[Word]) -> list[str]:
    return [token for word in words if (token := _token(word))]


def _end(words: Iterable[Word]) -> float:
    return max(word.end for word in words)


def _with_words(segment: HypothesisSegment, words: Sequence[Word]) -> HypothesisSegment | None:
    """The segment with only these of its words and the span they leave; None where no word is left."""
    if len(words) == len(segment.words):
        return segment
    if not words:
        return None
    start = segment.start if words[0] is segment.words[0] else words[0].start
    end = segment.end if words[-1] is segment.words[-1] else max(_end(words), start)
    return replace(segment, words=tuple(words), start=start, end=end)


_Step = Callable[[HypothesisSegment, _Voice], HypothesisSegment | None]
_STEPS: tuple[_Step, ...] = (_believable, _without_loops, _near_speech, _long_enough, _without_phantoms)
