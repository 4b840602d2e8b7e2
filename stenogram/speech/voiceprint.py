"""Voices that are known by name, compared with those of a recording: who somebody may be."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

Embedding = tuple[float, ...]

DIFFERENT, SAME = 0.90, 0.98
"""Cosine similarity of two mean GE2E embeddings (Wan et al. 2018; resemblyzer) that counts as 0 % and as 100 % alike.

Measured on ``examples/`` between halves of both meetings, 7 to 25 windows of 1.6 s each: of one voice 0.972 to 0.982,
of two voices 0.904 at the most. It says how much alike two voices are, and is no probability.
"""

LEAST_SCORE = 0.5
"""Half-way between the two; what is less alike is not suggested."""

LEAST_LEAD = 0.1
"""The best name has to be this much more alike than the second best: else nobody knows which of them it is."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that a voice may have. ``score``: how much alike, 0..1."""

    label: str
    name: str
    score: float


def mean(embeddings: Iterable[Sequence[float]]) -> Embedding:
    """The middle of them, of unit length. Raises ValueError for none, or where they cancel out."""
    sums = [math.fsum(values) for values in zip(*embeddings, strict=True)]
    length = math.hypot(*sums)
    if not length:
        raise ValueError("no direction")
    return tuple(value / length for value in sums)


def score(one: Sequence[float], other: Sequence[float]) -> float:
    """How much alike two voices are, 0..1; both of unit length."""
    similarity = math.fsum(map(mul, one, other))
    return min(1.0, max(0.0, (similarity - DIFFERENT) / (SAME - DIFFERENT)))


def guesses(unknown: Mapping[str, Embedding], known: Mapping[str, Sequence[Embedding]]) -> list[Guess]:
    """At most one name for each unknown voice, and each name once: the most alike first.

    ``unknown`` by label; ``known`` by name, one embedding for each recording the person was named in.
    """
    people = {name: mean(embeddings) for name, embeddings in known.items()}
    found: list[Guess] = []
    for label, embedding in unknown.items():
        ranked = sorted(((score(embedding, person), name) for name, person in people.items()), reverse=True)
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        if ranked and ranked[0][0] >= max(LEAST_SCORE, second + LEAST_LEAD):
            found.append(Guess(label, ranked[0][1], ranked[0][0]))
    best: dict[str, Guess] = {}
    for guess in sorted(found, key=lambda one: -one.score):
        best.setdefault(guess.name, guess)
    return list(best.values())
