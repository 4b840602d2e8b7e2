"""The remote summariser under all that a server can answer, over real HTTP; and the extractive one's choices."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from stenogram.engines.llm import GEMINI_BASE_URL, make_summarizer
from stenogram.engines.llm.extractive import ExtractiveSummarizer
from stenogram.engines.llm.openai import Endpoint, OpenAISummarizer, estimate_tokens, numbered_lines
from stenogram.errors import EngineError, InvalidOptions
from stenogram.pipeline.ports import SummaryRequest
from stenogram.settings import SummarySettings
from stenogram.speech.minutes import Minutes
from tests.llm_server import LlmServer, Reply, completion, failure, llm_server
from tests.transcripts import transcript

MEETING = transcript([("S1", "Поставка задержалась на девять дней."), ("S2", "Тогда перенесём срок на пятницу.")])


def draft(**changes: Any) -> str:
    empty: dict[str, Any] = {"decisions": [], "actions": [], "keyphrases": [], "sentiments": []}
    return json.dumps({"title": "Т", "summary": [{"text": "Итог.", "lines": [0]}], **empty, **changes})


def ask(
    answer: Callable[[dict[str, Any]], Reply], *, lines: int = 1, **endpoint: Any
) -> tuple[Minutes, LlmServer, list[float]]:
    talk = MEETING if lines == 1 else transcript([("S1", f"Пункт номер {n} обсудили подробно.") for n in range(lines)])
    fractions: list[float] = []
    with llm_server(answer) as server:
        summarizer = OpenAISummarizer(Endpoint(server.url, "key", "stand-in", **endpoint))
        minutes = summarizer.summarize(SummaryRequest(talk, "ru"), fractions.append)
    return minutes, server, fractions


def code_of(answer: Callable[[dict[str, Any]], Reply], **endpoint: Any) -> str:
    with pytest.raises(EngineError) as raised:
        ask(answer, **endpoint)
    return raised.value.code


def scripted(*replies: Reply) -> Callable[[dict[str, Any]], Reply]:
    """The replies in turn, the last one for ever."""
    queue = list(replies)
    return lambda _: queue.pop(0) if len(queue) > 1 else queue[0]


def test_lines_become_seconds_and_unknown_lines_go() -> None:
    minutes, _, _ = ask(lambda _: completion(draft(decisions=[{"text": "Перенести.", "lines": [1, 99, -1]}])))

    assert minutes.decisions[0].at == (MEETING.segments[1].start,)


def test_the_schema_is_strict_and_the_words_of_the_meeting_are_the_users_message() -> None:
    _, server, _ = ask(lambda _: completion(draft()))

    request = server.requests[0]
    schema = request["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["additionalProperties"] is False
    assert set(schema["schema"]["required"]) == set(schema["schema"]["properties"])
    assert "Поставка" not in request["messages"][0]["content"]
    assert request["messages"][1]["content"].startswith("[0] S1: Поставка")


def test_an_answer_out_of_schema_is_handed_back_once() -> None:
    minutes, server, _ = ask(scripted(completion('{"title": "Т"}'), completion(draft())))

    assert minutes.title == "Т"
    assert "schema" in server.requests[1]["messages"][-1]["content"]


def test_an_answer_out_of_schema_twice_is_an_error() -> None:
    assert code_of(lambda _: completion("not json")) == "engine.invalid_output"


def test_a_server_that_stumbles_is_asked_again() -> None:
    _, server, _ = ask(scripted(failure(500, "oops"), failure(429, "slow", retry_after="0"), completion(draft())))

    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (completion(None, refusal="I would rather not"), "engine.refused"),
        (completion("", finish="content_filter"), "engine.refused"),
        (failure(401, "invalid_api_key"), "engine.not_configured"),
        (failure(404, "model_not_found"), "engine.not_configured"),
        ((200, {"id": "1", "object": "chat.completion", "choices": []}, {}), "engine.invalid_output"),
    ],
)
def test_what_cannot_be_helped_is_said_at_once(reply: Reply, code: str) -> None:
    with llm_server(lambda _: reply) as server:
        summarizer = OpenAISummarizer(Endpoint(server.url, "key", "stand-in"))
        with pytest.raises(EngineError) as raised:
            summarizer.summarize(SummaryRequest(MEETING, "ru"), lambda _: None)

    assert raised.value.code == code
    assert len(server.requests) == 1


def test_no_server_may_help_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stenogram.engines.llm.openai.CLIENT_RETRIES", 0)
    summarizer = OpenAISummarizer(Endpoint("http://127.0.0.1:9/v1", "key", "stand-in"))

    with pytest.raises(EngineError) as raised:
        summarizer.summarize(SummaryRequest(MEETING, "ru"), lambda _: None)

    assert raised.value.code == "engine.unavailable"
    assert raised.value.retryable


def test_quota_spent_is_not_retried_by_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stenogram.engines.llm.openai.CLIENT_RETRIES", 0)

    assert code_of(lambda _: failure(429, "insufficient_quota")) == "engine.not_configured"


def test_a_long_transcript_is_summarised_in_parts_and_merged() -> None:
    minutes, server, fractions = ask(lambda _: completion(draft()), lines=400, context_tokens=4000)

    parts = [r for r in server.requests if r["messages"][1]["content"].startswith("[")]
    merges = [r for r in server.requests if "consecutive parts" in r["messages"][1]["content"]]
    assert len(parts) > 1
    assert merges
    assert "".join(f"[{n}]" for n in range(400)) == "".join(
        line.split(" ")[0] for part in parts for line in part["messages"][1]["content"].splitlines()
    )
    assert all(estimate_tokens(part["messages"][1]["content"]) < 4000 for part in parts)
    assert fractions == sorted(fractions)
    assert minutes.summary[0].at == (0.0,)


def test_a_context_smaller_than_promised_makes_smaller_parts() -> None:
    def small(request: dict[str, Any]) -> Reply:
        if len(request["messages"][1]["content"]) > 6000:
            return failure(400, "context_length_exceeded", "maximum context length is 3000 tokens")
        return completion(draft())

    minutes, server, _ = ask(small, lines=400)

    assert minutes.summary
    assert len(server.requests) > 3


def test_an_answer_cut_off_is_never_taken() -> None:
    assert code_of(lambda _: completion('{"title"', finish="length")) == "engine.not_configured"


def test_the_budget_bounds_all_calls_together() -> None:
    with pytest.raises(EngineError) as raised:
        ask(lambda _: completion(draft(), tokens=3000), lines=400, context_tokens=4000, token_budget=5000)

    assert raised.value.code == "engine.over_budget"


def test_named_speakers_are_shown_to_the_model() -> None:
    from dataclasses import replace

    from stenogram.speech.transcript import Speaker

    talk = replace(MEETING, speakers=(Speaker("S1", "Анна"), Speaker("S2")))

    assert [line.split(":")[0] for line in numbered_lines(talk)] == ["[0] S1 (Анна)", "[1] S2"]


def settings(**values: Any) -> SummarySettings:
    return SummarySettings(**values)


def test_auto_is_extractive_without_a_key_and_remote_with_one() -> None:
    assert make_summarizer(settings()).engine == "extractive"
    assert make_summarizer(settings(openai_base_url="http://127.0.0.1:1/v1")).engine == "openai"
    assert make_summarizer(settings(gemini_api_key=SecretStr("k"))).model.startswith("gemini")
    assert GEMINI_BASE_URL.startswith("https://")


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(EngineError, match="not_configured"):
        make_summarizer(settings(), "openai")
    with pytest.raises(InvalidOptions):
        make_summarizer(settings(), "magic")


def test_extractive_prefers_what_others_resemble_and_keeps_the_order_of_time() -> None:
    talk = transcript(
        [
            ("S1", "Сегодня хорошая погода и птицы поют."),
            *[
                ("S1", f"Поставка датчиков из Перми задержалась на {n} дней.")
                for n in ("пять", "шесть", "семь", "девять")
            ],
            ("S2", "Поставка датчиков важна для склада и для цеха."),
        ]
    )
    minutes = ExtractiveSummarizer().summarize(SummaryRequest(talk, "ru"), lambda _: None)

    assert len(minutes.summary) == 3
    assert all("Поставка" in statement.text for statement in minutes.summary)
    assert [s.at for s in minutes.summary] == sorted(s.at for s in minutes.summary)


def test_extractive_leaves_questions_out() -> None:
    talk = transcript([("S1", "Какой срок у договора?"), ("S2", "Срок у договора до конца месяца.")])
    minutes = ExtractiveSummarizer().summarize(SummaryRequest(talk, "ru"), lambda _: None)

    assert [statement.text for statement in minutes.summary] == ["Срок у договора до конца месяца."]


def test_extractive_ranks_hours_in_chunks() -> None:
    talk = transcript(
        [("S1", f"The delivery number {n} of sensors from Madrid is late again.") for n in range(700)], language="en"
    )
    fractions: list[float] = []
    minutes = ExtractiveSummarizer().summarize(SummaryRequest(talk, "en"), fractions.append)

    assert len(minutes.summary) == 12
    assert len(fractions) == 5


def test_extractive_sentences_start_at_their_own_first_word() -> None:
    talk = transcript(
        [("S1", "Да. Поставка датчиков из Перми задержалась сильно. Клиент из Самары ждёт срочный заказ.")]
    )
    minutes = ExtractiveSummarizer().summarize(SummaryRequest(talk, "ru"), lambda _: None)

    assert [(s.text.split()[0], s.at) for s in minutes.summary] == [("Поставка", (0.5,)), ("Клиент", (3.5,))]
