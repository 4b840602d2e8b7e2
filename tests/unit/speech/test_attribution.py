import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stenogram.speech.attribution import attribute, speakers_of, talk_time, unattributed
from stenogram.speech.transcript import Hypothesis, HypothesisSegment, Segment, Speaker, Turn, Word
from tests.scaling import growth

CASES = json.loads((Path(__file__).parents[2] / "data/attribution/cases.json").read_text())


def hypothesis_of(words: list[Word]) -> Hypothesis:
    end = max((word.end for word in words), default=0.0)
    return Hypothesis("ru", 0.9, (HypothesisSegment(0.0, end, tuple(words)),), "engine", "model")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    words = [Word(text, start, end, 0.9) for text, start, end in case["input"]["words"]]
    turns = [Turn(*turn) for turn in case["input"]["turns"]]
    segments = attribute(hypothesis_of(words), turns)
    assert [[segment.speaker, segment.text] for segment in segments] == case["expected"]


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    words, at = [], 0.0
    for _ in range(draw(st.integers(0, 60))):
        at += draw(st.sampled_from([0.0, 0.0, 0.05, 0.4, 2.0]))
        end = at + draw(st.sampled_from([0.0, 0.1, 0.4, 1.0, 7.0]))
        words.append(Word(" " + draw(st.sampled_from(["да", "нет,", "слово", "Конец.", "why?"])), at, end, 0.5))
        at = end
    return words


@st.composite
def exclusive_turns(draw: st.DrawFn) -> list[Turn]:
    turns, at = [], 0.0
    for _ in range(draw(st.integers(0, 30))):
        at += draw(st.sampled_from([0.0, 0.2, 1.0]))
        end = at + draw(st.sampled_from([0.0, 0.1, 0.6, 5.0]))
        turns.append(Turn(draw(st.sampled_from(["S1", "S2", "S3"])), at, end))
        at = end
    return turns


@given(spoken(), exclusive_turns())
def test_no_word_is_lost_or_moved(words: list[Word], turns: list[Turn]) -> None:
    segments = attribute(hypothesis_of(words), turns)
    assert [word for segment in segments for word in segment.words] == words
    assert all(segment.text == "".join(word.text for word in segment.words).strip() for segment in segments)
    assert all(segment.words for segment in segments)
    assert [segment.id for segment in segments] == [f"s{n:04d}" for n in range(1, len(segments) + 1)]


@given(spoken(), exclusive_turns())
def test_only_speakers_of_the_turns_are_named(words: list[Word], turns: list[Turn]) -> None:
    named = {segment.speaker for segment in attribute(hypothesis_of(words), turns)}
    known: set[str | None] = {turn.speaker for turn in turns}
    assert named <= (known or {None})


@given(spoken(), exclusive_turns())
def test_paragraphs_obey_the_limits(words: list[Word], turns: list[Turn]) -> None:
    for segment in attribute(hypothesis_of(words), turns, max_pause=1.0, comfortable=5.0, longest=10.0):
        assert segment.end - segment.start <= 10.0 or len(segment.words) == 1
        pauses = [b.start - a.end for a, b in zip(segment.words, segment.words[1:], strict=False)]
        assert max(pauses, default=0.0) < 1.0


@given(spoken(), exclusive_turns())
def test_the_word_goes_to_the_speaker_with_most_overlap(words: list[Word], turns: list[Turn]) -> None:
    """Against the plain definition, with merging of flips switched off."""
    for segment in attribute(hypothesis_of(words), turns, shortest_flip=0.0):
        for word in segment.words if turns else ():
            shared = {
                turn.speaker: sum(
                    max(min(t.end, word.end) - max(t.start, word.start), 0.0)
                    for t in turns
                    if t.speaker == turn.speaker
                )
                for turn in turns
            }
            assert segment.speaker is not None
            assert shared[segment.speaker] == pytest.approx(max(shared.values()))


def test_a_long_monologue_is_cut_at_sentence_ends() -> None:
    words = [Word(" раз." if i % 10 == 9 else " раз", i * 0.5, i * 0.5 + 0.5, 0.9) for i in range(400)]
    segments = unattributed(hypothesis_of(words))
    assert all(segment.text.endswith(".") for segment in segments)
    assert all(30.0 <= segment.end - segment.start <= 35.0 for segment in segments[:-1])


def test_a_monologue_without_sentences_is_cut_at_clauses() -> None:
    words = [Word(" раз," if i % 30 == 29 else " раз", i * 0.5, i * 0.5 + 0.5, 0.9) for i in range(400)]
    segments = unattributed(hypothesis_of(words))
    assert all(segment.text.endswith(",") for segment in segments[:-1])


def test_rules_are_checked() -> None:
    with pytest.raises(ValueError, match="comfortable"):
        unattributed(hypothesis_of([]), comfortable=50, longest=40)


def test_speakers_and_talk_time() -> None:
    segments = [
        Segment("s1", 1.0, 3.0, (), "S2"),
        Segment("s2", 3.0, 4.0, (), "S1"),
        Segment("s3", 5.0, 9.0, (), "S2"),
        Segment("s4", 9.0, 10.0, (), None),
    ]
    assert speakers_of(segments) == (Speaker("S2"), Speaker("S1"))
    assert talk_time(segments) == {"S2": 6.0, "S1": 1.0}


def test_five_hours_take_no_more_than_their_share() -> None:
    words = [Word(" слово." if i % 12 == 0 else " слово", i * 0.4, i * 0.4 + 0.35, 0.9) for i in range(45_000)]
    turns = [Turn(f"S{i % 6}", i * 3.6, i * 3.6 + 3.5) for i in range(5_000)]
    half_hour, five_hours = hypothesis_of(words[:4_500]), hypothesis_of(words)
    assert growth(lambda: attribute(half_hour, turns[:500]), lambda: attribute(five_hours, turns)) < 3 * 10
    assert sum(len(segment.words) for segment in attribute(five_hours, turns)) == 45_000
