from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stenogram.speech.cues import Cue, CueRules, cues
from stenogram.speech.transcript import Segment, Word
from tests.scaling import growth

RULES = CueRules()


def said(text: str, start: float = 0.0, speaker: str = "S1", per_character: float = 0.065) -> Segment:
    words, at = [], start
    for token in text.split():
        end = at + len(token) * per_character
        words.append(Word(" " + token, at, end, 0.9))
        at = end + (0.4 if token.endswith(".") else 0.03)
    return Segment("s0001", start, words[-1].end, tuple(words), speaker)


@st.composite
def transcripts(draw: st.DrawFn) -> list[Segment]:
    segments, at = [], 0.0
    for number in range(draw(st.integers(0, 6))):
        words = []
        for _ in range(draw(st.integers(1, 30))):
            at += draw(st.sampled_from([0.0, 0.02, 0.5, 3.0]))
            end = at + draw(st.sampled_from([0.0, 0.1, 0.4, 9.0]))
            token = draw(st.sampled_from([" и", " слово,", " Конец.", " достопримечательность", " x" * 3, "!"]))
            words.append(Word(token, at, end, 0.9))
            at = end
        segments.append(Segment(f"s{number}", words[0].start, at, tuple(words), draw(st.sampled_from(["S1", "S2"]))))
    return segments


@given(transcripts())
def test_limits_hold_for_any_speech(segments: list[Segment]) -> None:
    made = cues(segments)
    for cue in made:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < len(line) <= RULES.line for line in cue.lines)
        assert 0 < cue.end - cue.start <= RULES.longest + 1e-6
    assert all(a.end <= b.start for a, b in pairwise(made)), "overlap"


@given(transcripts())
def test_every_word_is_shown_once_in_order(segments: list[Segment]) -> None:
    spoken = "".join("".join(word.text for word in segment.words) for segment in segments)
    shown = "".join(cue.text for cue in cues(segments))
    assert "".join(shown.split()) == "".join(spoken.split())


@given(transcripts())
def test_speakers_never_share_a_cue(segments: list[Segment]) -> None:
    for speaker in ("S1", "S2"):
        spoken = "".join(s.text for s in segments if s.speaker == speaker)
        shown = "".join(cue.text for cue in cues(segments) if cue.speaker == speaker)
        assert "".join(shown.split()) == "".join(spoken.split())


def test_phrases_are_kept_together_and_lines_balanced() -> None:
    text = "Сегодня мы обсудим поставки на квартал, потому что клиент из Самары ждёт заказ, а датчики задержались."
    assert [cue.lines for cue in cues([said(text)])] == [
        ("Сегодня мы обсудим поставки на квартал,", "потому что клиент из Самары ждёт заказ,"),
        ("а датчики задержались.",),
    ]


def test_a_long_sentence_is_folded_into_alike_lines() -> None:
    (cue,) = cues([said("The delivery of the sensors from Perm is nine days late again")])
    upper, lower = cue.lines
    assert abs(len(upper) - len(lower)) <= 10


def test_short_cues_stay_long_enough_to_read() -> None:
    first, second = cues([said("Да.", 1.0), said("Хорошо.", 20.0, "S2")])
    assert first == Cue(1.0, 2.0, ("Да.",), "S1")
    assert second.end - second.start == pytest.approx(1.0)


def test_the_next_cue_limits_the_extension_and_leaves_a_gap() -> None:
    first, second = cues([said("Да.", 1.0), said("Хорошо.", 1.6, "S2")])
    assert first.end == pytest.approx(1.6 - RULES.gap)
    assert second.start == 1.6


def test_reading_speed_is_kept_where_speech_leaves_room() -> None:
    quick = said("Очень быстрая речь звучит так, что читать её успеть нельзя.", per_character=0.02)
    (cue,) = cues([quick])
    assert len(cue.text) / (cue.end - cue.start) <= RULES.characters_per_second + 1e-6


def test_a_word_longer_than_a_line_stays_whole() -> None:
    address = "https://example.org/" + "a" * 60
    (cue,) = cues([said(address)])
    assert cue.lines == (address,)


def test_words_without_text_are_left_out() -> None:
    assert cues([Segment("s1", 0.0, 1.0, (Word(" ", 0.0, 1.0, 0.5),), "S1")]) == ()


def test_rules_are_checked() -> None:
    with pytest.raises(ValueError, match="line"):
        CueRules(line=0)


def test_five_hours_take_no_more_than_their_share() -> None:
    words = tuple(Word(" слово", i * 0.4, i * 0.4 + 0.38, 0.9) for i in range(45_000))
    segments = [Segment(f"s{i}", words[i].start, words[i + 149].end, words[i : i + 150]) for i in range(0, 45_000, 150)]
    made: list[int] = []
    assert growth(lambda: made.append(len(cues(segments[:30]))), lambda: made.append(len(cues(segments)))) < 3 * 10
    assert made[-1] > 2_000
