"""Error rates, each with its convention.

WER: summed word errors / summed reference words, after lower case, ё→е, numbers to words, punctuation stripped.
DER: pyannote.metrics, collar 0, overlap counted, scored over the whole recording (UEM).
Word-start error: median of |hypothesis - reference| over the words that both have, in seconds.
"""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jiwer
from num2words import num2words

from stenogram.speech.transcript import Turn

TimedWord = tuple[str, float]  # text, start in seconds


@dataclass(frozen=True, slots=True)
class DiarizationError:
    """Fractions of the reference speech; ``rate`` is the sum of the other three."""

    rate: float
    missed: float
    false_alarm: float
    confusion: float
    found: int
    true: int


def normalize(text: str, language: str) -> str:
    """The words that are compared: lower case, ё→е, digits spelled out, no punctuation, single spaces."""
    spelled = re.sub(r"\d+", lambda number: num2words(int(number[0]), lang=language), text)
    return " ".join(re.sub(r"[^\w\s]|_", " ", spelled.lower().replace("ё", "е")).split())


def word_error_rate(reference: str, hypothesis: str, language: str) -> float:
    return float(jiwer.wer(normalize(reference, language), normalize(hypothesis, language) or "∅"))


def word_start_error(reference: Sequence[TimedWord], hypothesis: Sequence[TimedWord], language: str) -> float:
    """Median over the words that the alignment finds equal. Raises ValueError where there are none."""
    left, right = _split(reference, language), _split(hypothesis, language)
    alignment = jiwer.process_words(" ".join(w for w, _ in left), " ".join(w for w, _ in right) or "∅").alignments[0]
    errors = [
        abs(left[chunk.ref_start_idx + i][1] - right[chunk.hyp_start_idx + i][1])
        for chunk in alignment
        if chunk.type == "equal"
        for i in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]
    if not errors:
        raise ValueError("no word in common")
    return statistics.median(errors)


def _split(words: Sequence[TimedWord], language: str) -> list[TimedWord]:
    """One entry per normalised word: ``из-за`` becomes two that start together."""
    return [(part, start) for text, start in words for part in normalize(text, language).split()]


def diarization_error(reference: Sequence[Turn], hypothesis: Sequence[Turn], duration: float) -> DiarizationError:
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    metric = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    parts: dict[str, Any] = metric(
        _annotation(reference), _annotation(hypothesis), uem=Timeline([Segment(0, duration)]), detailed=True
    )
    total = parts["total"]
    return DiarizationError(
        rate=parts["diarization error rate"],
        missed=parts["missed detection"] / total,
        false_alarm=parts["false alarm"] / total,
        confusion=parts["confusion"] / total,
        found=len({turn.speaker for turn in hypothesis}),
        true=len({turn.speaker for turn in reference}),
    )


def _annotation(turns: Sequence[Turn]) -> Any:
    from pyannote.core import Annotation, Segment

    annotation = Annotation()
    for number, turn in enumerate(turns):
        annotation[Segment(turn.start, turn.end), number] = turn.speaker
    return annotation
