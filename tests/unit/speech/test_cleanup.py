import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stenogram.speech.cleanup import SILENCE_RMS, clean, compression_ratio, is_silent
from stenogram.speech.transcript import HypothesisSegment, Region, Word

CASES = json.loads((Path(__file__).parents[2] / "data/cleanup/cases.json").read_text())


def said(text: str, start: float = 0.0, each: float = 0.35, probability: float = 0.9, **kw: float) -> HypothesisSegment:
    words = tuple(
        Word(" " + token, start + i * each, start + (i + 1) * each, probability) for i, token in enumerate(text.split())
    )
    return HypothesisSegment(start, start + each * len(words), words, **kw)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    segments, at = [], 0.0
    for given_segment in case["segments"]:
        segment = said(
            start=at,
            each=case.get("seconds_per_word", 0.35),
            probability=case.get("probability", 0.9),
            **given_segment,
        )
        segments.append(segment)
        at = segment.end + 0.2
    regions = [Region(*region) for region in case["regions"]]
    assert [segment.text.strip() for segment in clean(segments, regions)] == case["expected"]


def test_a_roll_call_with_pauses_is_no_loop() -> None:
    words = tuple(Word(" за", i * 1.5, i * 1.5 + 0.4, 0.9) for i in range(20))
    segment = HypothesisSegment(0.0, 30.0, words, compression_ratio=3.0)
    assert clean([segment], [Region(0.0, 30.0)]) == (segment,)


def test_a_shortened_segment_ends_with_its_last_word() -> None:
    (kept,) = clean([said("Пойдём домой. Спасибо за просмотр!")], [])
    assert (kept.start, kept.end) == (0.0, kept.words[-1].end)


VOCABULARY = [
    "мы",
    "вы",
    "решили",
    "график",
    "завтра",
    "да",
    "хорошо",
    "the",
    "plan",
    "is",
    "спасибо",
    "за",
    "просмотр",
]
texts = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=30).map(" ".join)
odd_segments = st.builds(
    said,
    st.one_of(
        texts,
        st.sampled_from(["да " * 20, "Спасибо за просмотр!", "ну всё Продолжение следует...", "...", "я не знаю " * 6]),
    ),
    start=st.floats(0, 100),
    each=st.sampled_from([0.01, 0.3, 5.0]),
    probability=st.sampled_from([0.05, 0.5, 1.0]),
    no_speech_prob=st.sampled_from([0.0, 0.7]),
    avg_logprob=st.sampled_from([-0.2, -1.5]),
    compression_ratio=st.sampled_from([1.2, 3.0]),
)
region_lists = st.lists(st.floats(0, 200), max_size=8, unique=True).map(
    lambda edges: [Region(a, b) for a, b in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)]
)


@given(st.lists(odd_segments, max_size=8), region_lists)
def test_words_are_only_taken_away(segments: list[HypothesisSegment], regions: list[Region]) -> None:
    remaining = iter([word for segment in segments for word in segment.words])
    cleaned = clean(segments, regions)
    assert all(word in remaining for segment in cleaned for word in segment.words), "changed, moved or invented"
    assert all(segment.words for segment in cleaned)


@given(st.lists(odd_segments, max_size=8), region_lists)
def test_cleaning_twice_changes_nothing(segments: list[HypothesisSegment], regions: list[Region]) -> None:
    once = clean(segments, regions)
    assert clean(once, regions) == once


@given(st.lists(st.permutations(VOCABULARY).map(" ".join), min_size=1, max_size=6, unique=True))
def test_real_speech_stays(sentences: list[str]) -> None:
    """Confident words at the rate of speech, in speech regions, without loops: nothing goes, whatever the words."""
    segments = [said(text, start=index * 10.0) for index, text in enumerate(sentences)]
    regions = [Region(segment.start, segment.end) for segment in segments]
    assert clean(segments, regions) == tuple(segments)


def test_rms_gate() -> None:
    tone = np.sin(np.arange(16_000) / 10).astype(np.float32)
    assert is_silent(np.zeros(0, np.float32))
    assert is_silent(tone * SILENCE_RMS)
    assert not is_silent(tone * SILENCE_RMS * 2)


def test_compression_ratio_is_high_for_loops() -> None:
    assert compression_ratio("") == 0
    assert compression_ratio("да " * 100) > 10
    assert compression_ratio("Поставка датчиков из Перми задержалась на девять дней.") < 2.4
