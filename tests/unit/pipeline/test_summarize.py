"""The summarize stage keeps only what rests on the recording."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from stenogram.errors import EngineError, RunCancelled
from stenogram.pipeline.ports import SummaryRequest
from stenogram.pipeline.stage import no_progress
from stenogram.pipeline.summarize import SummarizeOptions, summarize
from stenogram.speech.minutes import ActionItem, Minutes, SpeakerSentiment, Statement
from tests.fakes.summarizer import FakeSummarizer
from tests.transcripts import transcript

TALK = transcript([("S1", "Поставка задержалась."), ("S2", "Перенесём срок.")])


class Careless(FakeSummarizer):
    """Claims things that rest on nothing."""

    def summarize(self, request: SummaryRequest, progress: Callable[[float], None]) -> Minutes:
        minutes = super().summarize(request, progress)
        return replace(
            minutes,
            title=" ",
            summary=(
                *minutes.summary,
                Statement("Выдумка", ()),
                Statement("После конца", (9999.0,)),
                Statement(" ", (0.0,)),
            ),
            actions=(ActionItem("Сделать", (1.0, 0.5, 1.0)),),
            sentiments=(SpeakerSentiment("S1", "neutral", (0.0,)), SpeakerSentiment("S9", "neutral", (0.0,))),
        )


def test_what_rests_on_nothing_is_left_out() -> None:
    minutes = summarize(TALK, Careless(), SummarizeOptions(), no_progress)

    assert [statement.text for statement in minutes.summary] == ["Поставка задержалась."]
    assert minutes.actions[0].at == (0.5, 1.0)
    assert [sentiment.speaker for sentiment in minutes.sentiments] == ["S1"]
    assert minutes.title == TALK.title


def test_a_transcript_without_words_never_reaches_the_engine() -> None:
    engine = FakeSummarizer(error=AssertionError("must not be asked"))

    assert summarize(transcript([]), engine, SummarizeOptions("en"), no_progress).summary == ()


def test_the_language_can_be_chosen() -> None:
    assert summarize(TALK, FakeSummarizer(), SummarizeOptions("en"), no_progress).language == "en"
    assert summarize(TALK, FakeSummarizer(), SummarizeOptions(), no_progress).language == "ru"


def test_failures_and_cancellation_pass_through() -> None:
    with pytest.raises(EngineError):
        summarize(TALK, FakeSummarizer(error=EngineError("engine.refused")), SummarizeOptions(), no_progress)

    def cancelled(fraction: float, partial: object = ()) -> None:
        raise RunCancelled

    with pytest.raises(RunCancelled):
        summarize(TALK, FakeSummarizer(), SummarizeOptions(), cancelled)
