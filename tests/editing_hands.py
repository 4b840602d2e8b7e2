"""Random documents and the random edits of somebody at the keyboard, for the tests of editing."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from stenogram.speech.edits import (
    AddSpeaker,
    AnyOperation,
    Change,
    Document,
    Merge,
    Reassign,
    RemoveSpeaker,
    Rename,
    Replace,
    Retime,
    Span,
    Split,
    apply,
)
from stenogram.speech.respan import respan
from stenogram.speech.transcript import Segment, Speaker, Word

_TEXTS = (" да", " нет", " и", " ёлка", " one", " 𝄞", " two,", " дом", "три", "")


def random_document(random: Random) -> Document:
    """A few short segments of few different words, so that edits meet; times to the millisecond, some of them equal."""
    now, segments = 0.0, []
    for number in range(1, random.randint(2, 6)):
        words = []
        for _ in range(random.choice((0, 1, 2, 4, 7))):
            start = round(now + random.choice((0, 0.01, 0.4)), 3)
            now = round(start + random.choice((0, 0.2, 0.333)), 3)
            words.append(Word(random.choice(_TEXTS[:-1]), start, now, round(random.random(), 3)))
        low, high = (words[0].start, words[-1].end) if words else (now, now)
        segments.append(Segment(f"s{number:04d}", low, high, tuple(words), random.choice(("S1", "S2", None))))
    return Document(tuple(segments), (Speaker("S1"), Speaker("S2", "Анна")))


def random_change(random: Random, document: Document, name: str) -> Change:
    """One to four operations that fit."""
    operations: list[AnyOperation] = []
    for number in range(random.randint(1, 4)):
        operation = random.choice(_KINDS)(random, document, f"{name}{number}")
        if operation is not None:
            operations.append(operation)
            document = apply(document, [operation])
    return Change(name, tuple(operations))


def _replace(random: Random, document: Document, _: str) -> Replace:
    segment = random.choice(document.segments)
    at = random.randint(0, len(segment.words))
    count = random.randint(0, min(3, len(segment.words) - at))
    texts = [random.choice(_TEXTS) for _ in range(random.randint(0, 3))]
    return typed(document, segment, at, count, texts)


def typed(document: Document, segment: Segment, at: int, count: int, texts: list[str]) -> Replace:
    """``count`` words from ``at`` on read ``texts`` now."""
    old, whole = segment.words[at : at + count], segment.words
    low, high = (whole[at - 1].end if at else segment.start), segment.end + 1
    if at + count < len(whole):
        high = whole[at + count].start
    new = _fitted(respan(old, texts, (low, max(low, high))), whole[:at], whole[at + count :])
    return Replace(segment.id, at, old, new, _ends(segment, (*whole[:at], *new, *whole[at + count :])))


def _fitted(words: tuple[Word, ...], before: tuple[Word, ...], after: tuple[Word, ...]) -> tuple[Word, ...]:
    fitted = []
    for word in words:
        start = min(max(word.start, before[-1].start if before else 0), after[0].start if after else 1e9)
        end = min(max(word.end, start, before[-1].end if before else 0), after[0].end if after else 1e9)
        fitted.append(replace(word, start=start, end=end))
    return tuple(fitted)


def _ends(segment: Segment, words: tuple[Word, ...]) -> tuple[Span, Span] | None:
    was = (segment.start, segment.end)
    bounds = (words[0].start, words[-1].end) if words else was
    return None if bounds == was else (was, bounds)


def _retime(random: Random, document: Document, _: str) -> Retime | None:
    segment = random.choice(document.segments)
    if not segment.words:
        return None
    at = random.randrange(len(segment.words))
    word = segment.words[at]
    low = segment.words[at - 1].end if at else max(word.start - 0.5, 0)
    high = segment.words[at + 1].start if at + 1 < len(segment.words) else word.end + 0.5
    if low > high:
        return None
    span = (round(low + (high - low) / 3, 3), round(high, 3))
    if span[0] > span[1] or round(high, 3) > high:
        return None
    words = (*segment.words[:at], replace(word, start=span[0], end=span[1]), *segment.words[at + 1 :])
    return Retime(segment.id, at, ((word.start, word.end),), (span,), _ends(segment, words))


def _split(random: Random, document: Document, name: str) -> Split:
    segment = random.choice(document.segments)
    at = random.randint(0, len(segment.words))
    end = segment.words[at - 1].end if at else segment.start
    start = segment.words[at].start if at < len(segment.words) else segment.end
    label = random.choice((segment.speaker, *(speaker.label for speaker in document.speakers)))
    return Split(segment.id, at, f"{name}-x", label, (end, start))


def _merge(random: Random, document: Document, _: str) -> Merge | None:
    if len(document.segments) < 2:
        return None
    place = random.randrange(len(document.segments) - 1)
    left, right = document.segments[place : place + 2]
    words = (*left.words, *right.words)
    fits = left.start <= right.end and (not words or words[-1].end <= right.end)
    fits = fits and (not words or left.start <= words[0].start)
    if not fits or (left.words and right.words and not _follow(left.words[-1], right.words[0])):
        return None
    return Merge(left.id, right.id, len(left.words), right.speaker, (left.end, right.start))


def _follow(left: Word, right: Word) -> bool:
    return left.start <= right.start and left.end <= right.end


def _reassign(random: Random, document: Document, _: str) -> Reassign:
    chosen = random.sample(document.segments, random.randint(1, len(document.segments)))
    label = random.choice((None, *(speaker.label for speaker in document.speakers)))
    return Reassign(tuple(s.id for s in chosen), tuple(s.speaker for s in chosen), (label,) * len(chosen))


def _rename(random: Random, document: Document, name: str) -> Rename | None:
    if not document.speakers:
        return None
    speaker = random.choice(document.speakers)
    return Rename(speaker.label, speaker.name, random.choice((None, "Анна", f"Имя {name}")))


def _add(random: Random, document: Document, name: str) -> AddSpeaker:
    number = max((int(speaker.label[1:]) for speaker in document.speakers), default=0) + 1
    return AddSpeaker(f"S{number}", random.choice((None, f"Имя {name}")), len(document.speakers))


def _remove(random: Random, document: Document, _: str) -> RemoveSpeaker | None:
    used = {segment.speaker for segment in document.segments}
    free = [at for at, speaker in enumerate(document.speakers) if speaker.label not in used]
    if not free:
        return None
    at = random.choice(free)
    return RemoveSpeaker(document.speakers[at].label, document.speakers[at].name, at)


_KINDS: tuple[Callable[[Random, Document, str], AnyOperation | None], ...] = (
    _replace,
    _replace,
    _replace,
    _retime,
    _split,
    _merge,
    _reassign,
    _rename,
    _add,
    _remove,
)
