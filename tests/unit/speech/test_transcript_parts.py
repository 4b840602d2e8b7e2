"""Parts of a transcript: ``between`` and ``only``."""

from hypothesis import given
from hypothesis import strategies as st

from stenogram.speech.transcript import Segment, Transcript, Turn, Word


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    segments, turns, at = [], [], 0.0
    for number in range(draw(st.integers(0, 8))):
        words: list[Word] = []
        for _ in range(draw(st.integers(1, 8))):
            end = at + draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
            words.append(Word(f" w{len(words)}", at, end, 0.5))
            at = end
        segments.append(Segment(f"s{number}", words[0].start, at, tuple(words), "S1"))
        turns.append(Turn("S1", words[0].start, at))
    return Transcript("t", at, "ru", 0.9, tuple(segments), turns=tuple(turns))


def words_of(transcript: Transcript) -> list[Word]:
    return [word for segment in transcript.segments for word in segment.words]


cuts = st.floats(0, 70)


@given(transcripts())
def test_between_nothing_is_everything(transcript: Transcript) -> None:
    assert transcript.between() == transcript
    assert words_of(transcript.between(0.0)) == words_of(transcript)


@given(transcripts(), cuts)
def test_two_parts_make_the_whole(transcript: Transcript, cut: float) -> None:
    assert words_of(transcript.between(None, cut)) + words_of(transcript.between(cut)) == words_of(transcript)


@given(transcripts(), cuts, cuts)
def test_a_part_is_inside_its_range(transcript: Transcript, a: float, b: float) -> None:
    part = transcript.between(a, b)
    assert all(a <= (word.start + word.end) / 2 < b for word in words_of(part))
    assert all(a <= turn.start <= turn.end <= b for turn in part.turns)
    assert all(segment.words for segment in part.segments)
    assert all(s.start == s.words[0].start and s.end == s.words[-1].end for s in part.segments)


@given(transcripts(), st.sets(st.sampled_from([f"s{n}" for n in range(9)])))
def test_only_keeps_the_chosen_segments_whole(transcript: Transcript, chosen: set[str]) -> None:
    part = transcript.only([*sorted(chosen), "unknown"])
    assert part.segments == tuple(segment for segment in transcript.segments if segment.id in chosen)
    expected = [t for t in transcript.turns if any(t.start < s.end and s.start < t.end for s in part.segments)]
    assert list(part.turns) == expected
