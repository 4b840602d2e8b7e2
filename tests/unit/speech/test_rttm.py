import pytest
from hypothesis import given
from hypothesis import strategies as st

from stenogram.speech.rttm import RttmError, dump, parse
from stenogram.speech.transcript import Turn

milliseconds = st.integers(0, 20_000_000).map(lambda value: value / 1000)
turn_lists = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", "Иван", "a_b"]),
        milliseconds,
        st.integers(0, 60_000).map(lambda value: value / 1000),
        st.one_of(st.none(), st.integers(0, 1000).map(lambda value: value / 1000)),
    ).map(lambda t: Turn(t[0], t[1], round(t[1] + t[2], 3), t[3])),
    max_size=20,
)


@given(turn_lists)
def test_round_trip(turns: list[Turn]) -> None:
    expected = sorted(turns, key=lambda turn: (turn.start, turn.end))
    assert parse(dump(turns, "my meeting", comments=["a\nb"])) == tuple(expected)


def test_the_line_is_the_standard_one() -> None:
    text = dump([Turn("S1", 1.0, 2.5, 0.9)], "my meeting", comments=["demo\nmodel"])
    assert text == ";; demo model\nSPEAKER my_meeting 1 1.000 1.500 <NA> <NA> S1 0.9 <NA>\n"


def test_comments_and_other_records_are_passed_over() -> None:
    text = """\ufeff;; made by hand

SPKR-INFO a 1 <NA> <NA> <NA> unknown S1 <NA> <NA>
SPEAKER a 1 1 2 <NA> <NA> S1 <NA>
"""
    assert parse(text) == (Turn("S1", 1.0, 3.0),)


def test_one_recording_of_several() -> None:
    text = "SPEAKER a 1 1 2 <NA> <NA> S1 <NA>\nSPEAKER b 1 5 1 <NA> <NA> S2 <NA>\n"
    assert parse(text, "b") == (Turn("S2", 5.0, 6.0),)
    with pytest.raises(RttmError, match=r"line 2.*choose one"):
        parse(text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("SPEAKR a 1 1 2 <NA> <NA> S1 <NA>", "unknown type"),
        ("SPEAKER a 1 1 2 <NA>", "found 6"),
        ("SPEAKER a 1 one 2 <NA> <NA> S1 <NA>", "start 'one' is no number"),
        ("SPEAKER a 1 1 -2 <NA> <NA> S1 <NA>", "duration '-2' is not finite or is negative"),
        ("SPEAKER a 1 nan 2 <NA> <NA> S1 <NA>", "start 'nan'"),
        ("SPEAKER a 1 1 2 <NA> <NA> <NA> <NA>", "no speaker"),
        ("SPEAKER a 1 1 2 <NA> <NA> S1 7", "confidence"),
    ],
)
def test_errors_name_the_line(line: str, reason: str) -> None:
    with pytest.raises(RttmError, match=reason) as caught:
        parse(";; comment\n" + line)
    assert caught.value.line == 2


@pytest.mark.parametrize("label", ["", "two words"])
def test_labels_that_rttm_cannot_carry(label: str) -> None:
    with pytest.raises(ValueError, match="white space"):
        dump([Turn(label, 0.0, 1.0)])
