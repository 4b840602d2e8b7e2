"""Every Summarizer keeps the same promises: the fake, the extractive one, and the remote one over real HTTP."""

import json
from collections.abc import Iterator

import pytest

from stenogram.engines.llm.extractive import ExtractiveSummarizer
from stenogram.engines.llm.openai import Endpoint, OpenAISummarizer
from stenogram.pipeline.ports import Summarizer, SummaryRequest
from tests.fakes.summarizer import FakeSummarizer
from tests.llm_server import completion, llm_server
from tests.transcripts import transcript

MEETING = transcript(
    [
        ("S1", "Доброе утро, коллеги. Давайте обсудим поставку датчиков из Перми."),
        ("S2", "Поставка датчиков из Перми задержалась на девять дней."),
        ("S1", "Хорошо."),
        ("S3", "Нужно заказать датчики на следующей неделе. За заказ отвечает Светлана."),
        ("S2", "Светлана подготовит договор на поставку датчиков к пятнице."),
    ]
)
DRAFT = {
    "title": "Поставка датчиков",
    "summary": [{"text": "Поставка задержалась.", "lines": [1]}],
    "decisions": [{"text": "Заказать датчики.", "lines": [3]}],
    "actions": [{"text": "Подготовить договор", "owner": "Светлана", "due": "к пятнице", "lines": [4]}],
    "keyphrases": [{"text": "датчики", "score": 0.9, "lines": [0, 1, 3, 4]}],
    "sentiments": [{"speaker": "S2", "sentiment": "negative", "lines": [1]}],
}


@pytest.fixture(params=["fake", "extractive", "openai"])
def summarizer(request: pytest.FixtureRequest) -> Iterator[Summarizer]:
    if request.param == "fake":
        yield FakeSummarizer()
    elif request.param == "extractive":
        yield ExtractiveSummarizer()
    else:
        with llm_server(lambda _: completion(json.dumps(DRAFT))) as server:
            yield OpenAISummarizer(Endpoint(server.url, "key", "stand-in"))


def test_every_statement_rests_on_a_moment_of_the_recording(summarizer: Summarizer) -> None:
    minutes = summarizer.summarize(SummaryRequest(MEETING, "ru"), lambda _: None)

    assert minutes.summary
    assert minutes.keyphrases
    starts = {round(word.start, 3) for segment in MEETING.segments for word in segment.words}
    said = (minutes.summary, minutes.decisions, minutes.actions, minutes.keyphrases, minutes.sentiments)
    for at in [item.at for items in said for item in items]:
        assert at
        assert {round(moment, 3) for moment in at} <= starts


def test_names_itself_and_the_language(summarizer: Summarizer) -> None:
    minutes = summarizer.summarize(SummaryRequest(MEETING, "ru"), lambda _: None)

    assert (minutes.engine, minutes.model) == (summarizer.engine, summarizer.model)
    assert minutes.language == "ru"
    assert minutes.title


def test_progress_never_falls_and_stays_within_bounds(summarizer: Summarizer) -> None:
    fractions: list[float] = []
    summarizer.summarize(SummaryRequest(MEETING, "ru"), fractions.append)

    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)


def test_salience_is_between_zero_and_one(summarizer: Summarizer) -> None:
    minutes = summarizer.summarize(SummaryRequest(MEETING, "ru"), lambda _: None)

    assert all(0 <= phrase.score <= 1 for phrase in minutes.keyphrases)
