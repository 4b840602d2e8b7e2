"""Names are suggested for voices that are clearly alike, and for no others."""

import math

import pytest

from stenogram.speech.voiceprint import DIFFERENT, LEAST_LEAD, SAME, guesses, mean, score


def at(similarity: float) -> tuple[float, ...]:
    """A voice so far from ``(1, 0, 0)``."""
    return (similarity, math.sqrt(1 - similarity**2), 0.0)


ANNA = (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [(1.0, 1.0), (SAME, 1.0), ((SAME + DIFFERENT) / 2, 0.5), (DIFFERENT, 0.0), (0.1, 0.0)],
)
def test_likeness_goes_from_different_to_same(similarity: float, expected: float) -> None:
    assert score(ANNA, at(similarity)) == pytest.approx(expected)


def test_only_what_is_more_than_half_alike_is_suggested() -> None:
    half = (SAME + DIFFERENT) / 2
    found = guesses({"S1": at(half + 0.01), "S2": at(half - 0.01)}, {"Анна": [ANNA]})
    assert [(guess.label, guess.name) for guess in found] == [("S1", "Анна")]


def test_two_people_who_are_equally_alike_are_not_suggested() -> None:
    near = mean([ANNA, at(SAME)])
    assert score(near, ANNA) - score(near, at(SAME)) < LEAST_LEAD
    assert guesses({"S1": near}, {"Анна": [ANNA], "Вера": [at(SAME)]}) == []


def test_a_name_is_suggested_once_for_the_voice_that_is_most_alike() -> None:
    found = guesses({"S1": at(0.96), "S2": at(0.99)}, {"Анна": [ANNA]})
    assert [guess.label for guess in found] == ["S2"]


def test_recordings_of_one_person_count_together() -> None:
    middle = mean([ANNA, at(0.97)])
    assert score(middle, mean([ANNA, at(0.97)])) == 1.0
    assert math.hypot(*middle) == pytest.approx(1.0)
    with pytest.raises(ValueError):
        mean([ANNA, (-1.0, 0.0, 0.0)])
