"""What editing promises, tried on thousands of random transcripts and random hands."""

from collections import Counter
from collections.abc import Callable
from random import Random, SystemRandom
from typing import Any

import pytest

from stenogram.errors import StenogramError
from stenogram.speech.alignment import align
from stenogram.speech.difference import diff
from stenogram.speech.edits import (
    AddSpeaker,
    Change,
    Document,
    Merge,
    Reassign,
    RemoveSpeaker,
    Replace,
    Retime,
    Split,
    apply,
    document_of,
    in_order,
    invert,
)
from stenogram.speech.merge import merge, rebase
from stenogram.speech.respan import respan
from stenogram.speech.transcript import Segment, Speaker, Word
from tests.editing_hands import random_change, random_document, typed


def tried(times: int) -> Callable[[Callable[[int], None]], Callable[[], None]]:
    """The test on so many random numbers, other ones each time it is run; a failure tells which number repeats it."""

    def decorate(test: Callable[[int], None]) -> Callable[[], None]:
        def run() -> None:
            for seed in (SystemRandom().getrandbits(63) for _ in range(times)):
                try:
                    test(seed)
                except Exception as error:
                    error.add_note(f"with seed {seed}")
                    raise

        return run

    return decorate


def edited(random: Random, base: Document, name: str) -> tuple[list[Change], Document]:
    changes, document = [], base
    for number in range(random.randint(1, 3)):
        changes.append(random_change(random, document, f"{name}{number}"))
        document = apply(document, changes[-1].operations)
    return changes, document


def valid(document: Document) -> bool:
    labels = [speaker.label for speaker in document.speakers]
    ids = [segment.id for segment in document.segments]
    return (
        len(set(labels)) == len(labels)
        and len(set(ids)) == len(ids)
        and all(segment.speaker in (None, *labels) for segment in document.segments)
        and all(in_order(segment.words) for segment in document.segments)
        and all(
            not segment.words or (segment.start <= segment.words[0].start and segment.words[-1].end <= segment.end)
            for segment in document.segments
        )
    )


def texts(document: Document) -> Counter[str]:
    return Counter(word.text for segment in document.segments for word in segment.words)


@tried(10_000)
def test_any_sequence_of_edits_can_be_taken_back_and_no_time_runs_backwards(seed: int) -> None:
    random = Random(seed)
    base = random_document(random)
    changes, document = edited(random, base, "m")
    assert valid(document)
    for change in reversed(changes):
        document = apply(document, invert(change.operations))
    assert document == base


@tried(3_000)
def test_two_people_keep_every_word(seed: int) -> None:
    random = Random(seed)
    base = random_document(random)
    changes, mine = edited(random, base, "m")
    _, theirs = edited(random, base, "t")
    merged = merge(base, mine, theirs)
    assert valid(merged)
    was, my, their, both = map(texts, (base, mine, theirs, merged))
    for text in my | their:
        assert both[text] >= max((my - was)[text], (their - was)[text]), text
    rebased, end = rebase(changes, base, theirs)
    document = theirs
    for change in rebased:
        document = apply(document, change.operations)
    assert document == end
    assert valid(end)


@tried(2_000)
def test_a_difference_leads_from_one_document_to_the_other(seed: int) -> None:
    random = Random(seed)
    base = random_document(random)
    _, mine = edited(random, base, "m")
    _, theirs = edited(random, base, "t")
    assert apply(base, diff(base, mine)) == mine
    assert apply(mine, diff(mine, base)) == base
    merged = merge(base, mine, theirs)
    assert apply(mine, diff(mine, merged)).segments == merged.segments
    assert apply(theirs, diff(theirs, merged)) == merged
    assert diff(mine, mine) == ()


@tried(500)
def test_what_both_did_alike_counts_once(seed: int) -> None:
    random = Random(seed)
    base = random_document(random)
    _, mine = edited(random, base, "m")
    assert merge(base, mine, mine) == merge(base, mine, base) == merge(base, base, mine) == mine


def line(*texts: str, id: str = "s1", speaker: str | None = "S1", start: float = 0.0) -> Segment:  # noqa: A002
    words = tuple(Word(f" {text}", start + at, start + at + 1, 0.5) for at, text in enumerate(texts))
    return Segment(id, start, start + len(words), words, speaker)


def document(*segments: Segment) -> Document:
    return Document(segments, (Speaker("S1"), Speaker("S2")))


def typing(base: Document, at: int, count: int, *fresh: str) -> Document:
    return apply(base, [typed(base, base.segments[0], at, count, [f" {text}" for text in fresh])])


BASE = document(line("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ((1, 1, "X"), (2, 1, "Y"), "a X Y d"),
        ((1, 1, "X"), (1, 1, "Y"), "a Y X c d"),
        ((1, 1, "X"), (1, 1, "X"), "a X c d"),
        ((1, 1, "X"), (0, 3), "X d"),
        ((0, 3), (1, 1, "Y"), "Y d"),
        ((1, 0, "X"), (1, 0, "Y"), "a Y X b c d"),
        ((1, 0, "X"), (1, 1, "Y"), "a X Y c d"),
        ((1, 0, "X", "Z"), (1, 0, "X"), "a X Z b c d"),
        ((0, 4, "X"), (0, 4, "Y"), "Y X"),
        ((4, 0, "X"), (0, 0, "Y"), "Y a b c d X"),
    ],
)
def test_the_same_words_changed_by_two(mine: tuple[Any, ...], theirs: tuple[Any, ...], merged: str) -> None:
    result = merge(BASE, typing(BASE, *mine), typing(BASE, *theirs))
    assert result.segments[0].text == merged


def test_segments_cut_and_joined_by_two() -> None:
    split = apply(BASE, [Split("s1", 2, "x", "S1", (2.0, 2.0))])
    also = apply(BASE, [Split("s1", 2, "y", "S1", (2.0, 2.0))])
    assert merge(BASE, also, split) == split
    spoken = apply(BASE, [Reassign(("s1",), ("S1",), ("S2",))])
    assert [segment.speaker for segment in merge(BASE, split, spoken).segments] == ["S2", "S2"]
    words = merge(BASE, typing(BASE, 3, 1, "X"), split).segments
    assert [segment.text for segment in words] == ["a b", "c X"]


def test_a_speaker_who_is_given_words_stays() -> None:
    removed = apply(BASE, [RemoveSpeaker("S2", None, 1)])
    spoken = apply(BASE, [Reassign(("s1",), ("S1",), ("S2",))])
    assert merge(BASE, removed, spoken).speakers == merge(BASE, spoken, removed).speakers == BASE.speakers


def test_two_new_speakers_do_not_become_one() -> None:
    mine = Change("m", (AddSpeaker("S3", "Anna", 2), Reassign(("s1",), ("S1",), ("S3",))))
    theirs = apply(BASE, [AddSpeaker("S3", "Boris", 2)])
    _, end = rebase([mine], BASE, theirs)
    assert {speaker.label: speaker.name for speaker in end.speakers[2:]} == {"S3": "Boris", "S4": "Anna"}
    assert end.segments[0].speaker == "S4"


@pytest.mark.parametrize(
    "operation",
    [
        Replace("s9", 0, (), ()),
        Replace("s1", 0, (Word(" z", 0, 1, 0.5),), ()),
        Replace("s1", 3, BASE.segments[0].words[2:], ()),
        Replace("s1", -1, (), ()),
        Replace("s1", 4, (), (Word(" late", 4, 9, 1),)),
        Replace("s1", 4, (), (Word(" late", 4, 9, 1),), ((0.0, 3.0), (0.0, 9.0))),
        Replace("s1", 4, (), (Word(" early", 0.5, 0.6, 1),)),
        Retime("s1", 1, ((1.0, 2.0),), ((3.5, 3.6),)),
        Retime("s1", 1, ((1.0, 2.0),), ((2.0, 1.0),)),
        Retime("s1", 1, ((1.0, 2.5),), ((1.0, 2.0),)),
        Split("s1", 5, "x", "S1", (4.0, 4.0)),
        Split("s1", 2, "s1", "S1", (2.0, 2.0)),
        Split("s1", 2, "<x>", "S1", (2.0, 2.0)),
        Split("s1", 2, "x", "S7", (2.0, 2.0)),
        Split("s1", 2, "x", "S1", (1.0, 2.0)),
        Merge("s1", "s1", 4, "S1", (4.0, 0.0)),
        Reassign(("s1",), ("S2",), ("S1",)),
        Reassign(("s1",), ("S1",), ("S7",)),
        Reassign(("s1",), ("S1",), ()),
        RemoveSpeaker("S1", None, 0),
        RemoveSpeaker("S2", None, 0),
        AddSpeaker("S1", None, 2),
        AddSpeaker("S3", None, 3),
    ],
)
def test_what_does_not_fit_is_refused(operation: Replace) -> None:
    with pytest.raises(StenogramError, match=r"edit\.invalid"):
        apply(BASE, [operation])


def test_times_that_run_backwards_are_held() -> None:
    words = (Word(" a", 1, 2, 1), Word(" b", 0.5, 1.5, 1), Word(" c", 3, 4, 1))
    made = document_of([Segment("s1", 1, 4, words)], ())
    assert [(word.start, word.end) for word in made.segments[0].words] == [(1, 2), (1, 2), (3, 4)]


def test_words_share_the_span_of_what_they_replace() -> None:
    before = BASE.segments[0].words
    spans = [(word.text, word.start, word.end) for word in respan(before, [" a", " b1", " b23", " c", " d"], (0, 9))]
    assert spans == [(" a", 0, 1), (" b1", 1, 1.429), (" b23", 1.429, 2), (" c", 2, 3), (" d", 3, 4)]
    assert [word.probability for word in respan(before, [" A", " b", " c", " d"], (0, 9))] == [1, 0.5, 0.5, 0.5]
    (new,) = respan((), [" ja"], (4, 9))
    assert new.start == 4
    assert new.end == pytest.approx(4.24)


def test_two_texts_are_aligned() -> None:
    assert align("abcabba", "cbabac") == align(list("abcabba"), list("cbabac"))
    pairs = align("abcabba", "cbabac")
    assert sum(pair >= 0 for pair in pairs) == 4
    assert align("", "abc") == []
    assert align("abc", "") == [-1, -1, -1]
    assert align([str(n) for n in range(700)], [str(-n) for n in range(1, 700)]) == [-1] * 700
