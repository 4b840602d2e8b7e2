"""The circuit breaker around a remote model, over real HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from loguru import logger

from stenogram.engines.llm import breaker
from stenogram.engines.llm.openai import Endpoint, OpenAISummarizer
from stenogram.errors import EngineError
from stenogram.pipeline.ports import SummaryRequest
from tests.llm_server import LlmServer, Reply, completion, failure, llm_server
from tests.transcripts import transcript
from tests.unit.engines.test_llm import draft

MEETING = transcript([("S1", "Поставка задержалась на девять дней.")])


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The openai client waits between its own attempts: how long is its matter."""
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.0)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.0)
    yield
    breaker.forget_all()


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    passed = [0.0]
    real = time.monotonic
    monkeypatch.setattr(breaker, "monotonic", lambda: real() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def ask(server: LlmServer | str, **endpoint: Any) -> str | None:
    """The code of the error, None for minutes."""
    url = server if isinstance(server, str) else server.url
    settings = {"breaker_failures": 5, "breaker_seconds": 600.0, **endpoint}
    try:
        OpenAISummarizer(Endpoint(url, "key", "stand-in", **settings)).summarize(
            SummaryRequest(MEETING, "ru"), lambda _: None
        )
    except EngineError as error:
        return error.code
    return None


def after(*replies: Reply) -> Callable[[dict[str, Any]], Reply]:
    """The replies in turn, the last one for ever."""
    queue = list(replies)
    return lambda _: queue.pop(0) if len(queue) > 1 else queue[0]


OVERLOADED = failure(503, "overloaded")


@pytest.mark.parametrize("reply", [OVERLOADED, failure(500, "oops"), failure(429, "slow")], ids=["503", "500", "429"])
def test_a_server_that_cannot_answer_is_left_alone(reply: Reply) -> None:
    with llm_server(lambda _: reply) as server:
        assert ask(server) == "engine.unavailable"
        assert len(server.requests) == 5  # the client's own attempts
        assert ask(server) == "engine.unavailable"
        assert len(server.requests) == 5


def test_nobody_at_the_address() -> None:
    assert ask("http://127.0.0.1:9/v1", breaker_failures=3) == "engine.unavailable"
    open_one = breaker.breaker_of("http://127.0.0.1:9/v1", 3, 600.0)
    assert (open_one.current_state, open_one.fail_counter) == ("open", 3)


def test_a_server_that_hangs_is_waited_for_only_until_the_breaker_opens() -> None:
    over = threading.Event()

    def hang(_request: dict[str, Any]) -> Reply:
        over.wait(60)
        return OVERLOADED

    with llm_server(hang) as server:
        assert ask(server, timeout_seconds=0.1, breaker_failures=2) == "engine.unavailable"
        assert breaker.breaker_of(server.url, 2, 600.0).current_state == "open"
        asked = len(server.requests)
        assert ask(server, timeout_seconds=0.1) == "engine.unavailable"
        assert len(server.requests) == asked <= 2
        over.set()


def test_after_a_while_one_question_is_the_trial(time_passes: Callable[[float], None]) -> None:
    answers = [OVERLOADED] * 6 + [completion(draft())]
    with llm_server(lambda _: answers.pop(0) if len(answers) > 1 else answers[0]) as server:
        ask(server)
        assert len(server.requests) == 5
        time_passes(599)
        assert ask(server) == "engine.unavailable"
        assert len(server.requests) == 5
        time_passes(2)
        assert ask(server) == "engine.unavailable"  # the trial fails, and that is that for another while
        assert len(server.requests) == 6
        time_passes(601)
        assert ask(server) is None
        assert ask(server) is None
        assert len(server.requests) == 8


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (completion(None, refusal="no"), "engine.refused"),
        (completion("not json"), "engine.invalid_output"),
        (failure(401, "invalid_api_key"), "engine.not_configured"),
        (failure(429, "insufficient_quota"), "engine.not_configured"),
    ],
    ids=["refusal", "out of schema", "wrong key", "no money"],
)
def test_an_answer_that_nobody_likes_is_an_answer(reply: Reply, code: str) -> None:
    with llm_server(lambda _: reply) as server:
        for _ in range(4):
            assert ask(server, breaker_failures=2) == code
        assert breaker.breaker_of(server.url, 2, 600.0).current_state == "closed"


def test_only_failures_in_a_row_count() -> None:
    answers = after(*[OVERLOADED] * 4, completion(draft()), *[OVERLOADED] * 4, completion(draft()))
    with llm_server(answers) as server:
        assert ask(server) is None
        assert ask(server) is None
        assert len(server.requests) == 10


def test_each_address_has_its_own() -> None:
    with llm_server(lambda _: OVERLOADED) as ill, llm_server(lambda _: completion(draft())) as well:
        assert ask(ill) == "engine.unavailable"
        assert ask(well) is None


def test_opening_and_closing_are_logged(time_passes: Callable[[float], None]) -> None:
    lines: list[str] = []
    sink = logger.add(lines.append, format="{message}")
    try:
        with llm_server(after(*[OVERLOADED] * 5, completion(draft()))) as server:
            ask(server)
            time_passes(601)
            assert ask(server) is None
    finally:
        logger.remove(sink)
    assert [line.rpartition(" is ")[2].strip() for line in lines] == ["open", "half-open", "closed"]


def test_what_a_server_quotes_is_not_kept() -> None:
    quoting = failure(400, "Поставка задержалась", "cannot parse: Поставка задержалась на девять дней")
    with llm_server(lambda _: quoting) as server, pytest.raises(EngineError) as raised:
        OpenAISummarizer(Endpoint(server.url, "key", "stand-in")).summarize(
            SummaryRequest(MEETING, "ru"), lambda _: None
        )
    assert raised.value.code == "engine.not_configured"
    assert raised.value.detail == "HTTP 400"
    assert "Поставка" not in f"{raised.value} {raised.value.params}"
