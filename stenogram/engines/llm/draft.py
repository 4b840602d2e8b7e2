"""What the language model is asked to fill in (the JSON schema), and how it becomes minutes."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from stenogram.pipeline.ports import SummaryRequest
from stenogram.speech.minutes import ActionItem, Keyphrase, Minutes, Sentiment, SpeakerSentiment, Statement
from stenogram.speech.transcript import Segment


class _Strict(BaseModel):
    """Every field required and nothing beside them, as strict structured output wants it."""

    model_config = ConfigDict(extra="forbid")


class DraftStatement(_Strict):
    text: str
    lines: list[int]


class DraftAction(_Strict):
    text: str
    owner: str | None
    due: str | None
    lines: list[int]


class DraftKeyphrase(_Strict):
    text: str
    score: float
    lines: list[int]


class DraftSentiment(_Strict):
    speaker: str
    sentiment: Sentiment
    lines: list[int]


class Draft(_Strict):
    title: str
    summary: list[DraftStatement]
    decisions: list[DraftStatement]
    actions: list[DraftAction]
    keyphrases: list[DraftKeyphrase]
    sentiments: list[DraftSentiment]


def to_minutes(draft: Draft, request: SummaryRequest, engine: str, model: str) -> Minutes:
    """Line numbers become the seconds at which those segments start; numbers that do not exist are dropped."""
    segments = request.transcript.segments

    def at(lines: Sequence[int]) -> tuple[float, ...]:
        return _moments(segments, lines)

    return Minutes(
        title=draft.title,
        language=request.language,
        summary=tuple(Statement(item.text, at(item.lines)) for item in draft.summary),
        decisions=tuple(Statement(item.text, at(item.lines)) for item in draft.decisions),
        actions=tuple(ActionItem(item.text, at(item.lines), item.owner, item.due) for item in draft.actions),
        keyphrases=tuple(
            Keyphrase(item.text, min(1.0, max(0.0, item.score)), at(item.lines)) for item in draft.keyphrases
        ),
        sentiments=tuple(
            SpeakerSentiment(_label(item.speaker), item.sentiment, at(item.lines)) for item in draft.sentiments
        ),
        engine=engine,
        model=model,
    )


def _moments(segments: Sequence[Segment], lines: Sequence[int]) -> tuple[float, ...]:
    return tuple(sorted({segments[number].start for number in lines if 0 <= number < len(segments)}))


def _label(speaker: str) -> str:
    """``S1 (Anna)`` as it stands in the lines, or just ``S1``."""
    return speaker.split(" ", 1)[0]
