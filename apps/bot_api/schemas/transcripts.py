"""The transcript as people read it. Times are seconds from the start of the recording."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from pydantic_core import to_json

from apps.bot_api.schemas.common import Input, Notice, Output
from apps.bot_api.schemas.runs import warning_notices
from stenogram.services.transcripts import Readable
from stenogram.speech.attribution import talk_time
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Segment
from stenogram.storage.repositories import KeptSegment

COLOURS = 10
"""Speakers are shown in as many: the tokens of the page and the palette of documents."""


class WordOut(Output):
    text: str = Field(description="With its leading space: joined words are the segment's text", examples=[" meeting"])
    start: float
    end: float
    probability: float


class SegmentOut(Output):
    id: str
    start: float
    end: float
    speaker: str | None = Field(description="Label of a speaker", examples=["S1"])
    text: str
    words: list[WordOut]


class SpeakerOut(Output):
    label: str = Field(examples=["S1"])
    name: str | None = Field(description="null until somebody names this voice")
    display: str = Field(description="The name, or “Speaker 1”", examples=["Speaker 1"])
    talk_seconds: float = Field(description="Of the text as it is now")
    colour: int | None = Field(description="Of the ten, from 0, that somebody chose; null: by place in this list")


class SuggestionOut(Output):
    """A name that a voice without one may have, by earlier recordings of the same owner."""

    label: str
    name: str = Field(examples=["Анна"])
    score: float = Field(description="How much alike the voices are, 0 to 1; no probability")


class TurnOut(Output):
    speaker: str
    start: float
    end: float
    confidence: float | None


class ProvenanceOut(Output):
    """Which engine and model made a part of this."""

    stage: str
    engine: str
    model: str


class StatementOut(Output):
    text: str
    at: list[float] = Field(description="The seconds of the recording it rests on")


class ActionItemOut(Output):
    text: str
    at: list[float]
    owner: str | None
    due: str | None


class KeyphraseOut(Output):
    text: str
    score: float
    at: list[float]


class SentimentOut(Output):
    speaker: str
    sentiment: Literal["positive", "neutral", "negative", "mixed"]
    at: list[float]


class MinutesOut(Output):
    title: str
    language: str
    summary: list[StatementOut]
    decisions: list[StatementOut]
    actions: list[ActionItemOut]
    keyphrases: list[KeyphraseOut]
    sentiments: list[SentimentOut]
    engine: str
    model: str
    notes: list[str]


class TranscriptOut(Output):
    run_id: UUID
    recording_id: UUID
    version: int = Field(description="Rises with every change")
    title: str
    duration: float
    language: str
    language_probability: float
    warnings: list[Notice]
    speakers: list[SpeakerOut]
    segments: list[SegmentOut]
    turns: list[TurnOut]
    provenance: list[ProvenanceOut]
    minutes: MinutesOut | None


class SpeakerPatch(Input):
    """What is left out stays."""

    name: str | None = Field(None, max_length=100, description="null or blank: unnamed again", examples=["Анна"])
    colour: int | None = Field(None, ge=0, lt=COLOURS, description="null: by place again", examples=[3])


def transcript_out(read: Readable, language: str) -> TranscriptOut:
    transcript = read.transcript
    return TranscriptOut(
        run_id=read.run_id,
        recording_id=read.recording.id,
        version=read.version,
        title=transcript.title,
        duration=transcript.duration,
        language=transcript.language,
        language_probability=transcript.language_probability,
        warnings=warning_notices(transcript.warnings, language),
        speakers=_speakers(read, talk_time(transcript.segments), language),
        segments=[_segment(segment) for segment in transcript.segments],
        turns=[TurnOut.model_validate(turn, from_attributes=True) for turn in transcript.turns],
        provenance=[ProvenanceOut.model_validate(made, from_attributes=True) for made in transcript.provenance],
        minutes=_minutes(read.minutes),
    )


def transcript_json(frame: Readable, segments: Sequence[KeptSegment], language: str) -> bytes:
    """What ``transcript_out`` gives of ``frame`` with these segments, as JSON: without an object for each word."""
    told: dict[str, Any] = dict(transcript_out(frame, language))
    told["speakers"] = _speakers(frame, talk_time(segments), language)
    told["segments"] = [
        {
            "id": segment.id,
            "start": segment.start,
            "end": segment.end,
            "speaker": segment.speaker,
            "text": segment.text,
            "words": [
                {"text": text, "start": start, "end": end, "probability": probability}
                for text, start, end, probability in segment.words
            ],
        }
        for segment in segments
    ]
    return to_json(told)


def _segment(segment: Segment) -> SegmentOut:
    return SegmentOut(
        id=segment.id,
        start=segment.start,
        end=segment.end,
        speaker=segment.speaker,
        text=segment.text,
        words=[
            WordOut(text=word.text, start=word.start, end=word.end, probability=word.probability)
            for word in segment.words
        ],
    )


def _speakers(read: Readable, talk: Mapping[str, float], language: str) -> list[SpeakerOut]:
    return [
        SpeakerOut(
            label=speaker.label,
            name=speaker.name,
            display=speaker.display(language),
            talk_seconds=round(talk.get(speaker.label, 0.0), 3),
            colour=read.colours.get(speaker.label),
        )
        for speaker in read.transcript.speakers
    ]


def _minutes(minutes: Minutes | None) -> MinutesOut | None:
    return MinutesOut.model_validate(minutes, from_attributes=True) if minutes else None
