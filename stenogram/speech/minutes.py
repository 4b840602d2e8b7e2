"""What a summary is made of. Every statement names the seconds it rests on (``at``)."""

from dataclasses import dataclass
from typing import Literal

Sentiment = Literal["positive", "neutral", "negative", "mixed"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the minutes and the moments (seconds) of the recording it rests on."""

    text: str
    at: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something somebody is to do. ``owner`` and ``due`` stay as they were said; None where nobody said."""

    text: str
    at: tuple[float, ...]
    owner: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Keyphrase:
    """A phrase the recording is about; ``score`` is 0..1, higher is more salient."""

    text: str
    score: float
    at: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SpeakerSentiment:
    """How one speaker sounded in words, with the moments it rests on."""

    speaker: str
    sentiment: Sentiment
    at: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Structured summary of one transcript. An engine leaves empty what it cannot tell."""

    title: str
    language: str
    summary: tuple[Statement, ...]
    decisions: tuple[Statement, ...]
    actions: tuple[ActionItem, ...]
    keyphrases: tuple[Keyphrase, ...]
    sentiments: tuple[SpeakerSentiment, ...]
    engine: str
    model: str
    notes: tuple[str, ...] = ()
