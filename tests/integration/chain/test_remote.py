"""A remote model that is away costs runs seconds and their minutes, nothing else; and it is found when it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest

from stenogram.engines.llm import breaker
from stenogram.pipeline.stage import Stage
from stenogram.services.runs import RunView
from tests.bed import CALM, Bed, make_bed
from tests.llm_server import LlmServer, Reply, completion, failure, llm_server
from tests.servers import Servers
from tests.unit.engines.test_llm import draft

RESET = 600.0


class Model:
    """A server that can fall ill."""

    ill = False

    def answer(self, _request: dict[str, Any]) -> Reply:
        return failure(503, "overloaded") if self.ill else completion(draft())


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Seconds that have passed for the breaker; the client does not wait between its own attempts."""
    now = [0.0]
    monkeypatch.setattr(breaker, "monotonic", lambda: monotonic() + now[0])
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.0)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.0)
    yield now
    breaker.forget_all()


@contextmanager
def remote_bed(servers: Servers, folder: Path, server: LlmServer) -> Iterator[Bed]:
    remote = {
        "STENOGRAM_ENGINES": "tests.fakes.remote:RemoteEngines",
        "OPENAI_BASE_URL": server.url,
        "LLM_BREAKER_FAILURES": "7",
        "LLM_BREAKER_SECONDS": str(RESET),
    }
    with make_bed(servers, folder, {**CALM, **remote}) as made:
        yield made


def summary(view: RunView) -> tuple[str, str, int, str | None]:
    """State of the run, and of its summary: state, attempts, error."""
    stage = view.stages[3]
    return view.state, stage.state, stage.attempts, stage.error.code if stage.error else None


def test_an_outage_of_the_model_costs_a_summary_and_no_time(
    servers: Servers, tmp_path: Path, passed: list[float]
) -> None:
    model = Model()
    with llm_server(model.answer) as server, remote_bed(servers, tmp_path, server) as bed:
        assert summary(bed.work(bed.start())) == ("done", "done", 1, None)
        model.ill = True
        lost = [bed.start() for _ in range(3)]
        for run_id in lost:
            assert summary(bed.work(run_id)) == ("done_with_warnings", "dead", 3, "engine.unavailable")
            assert bed.view(run_id).warnings == ("no_summary",)
            assert bed.export(run_id)
        assert len(server.requests) == 1 + 7  # of three runs with three attempts of five questions each

        model.ill = False
        assert summary(bed.work(bed.start()))[0] == "done_with_warnings"  # nobody knows yet
        passed[0] += RESET + 1
        assert summary(bed.work(bed.start())) == ("done", "done", 1, None)
        for run_id in lost:
            _replay(bed, run_id)
            assert summary(bed.work(run_id)) == ("done", "done", 1, None)


def _replay(bed: Bed, run_id: UUID) -> None:
    assert bed.record_dead_letter(run_id, Stage.SUMMARIZE)
    [letter] = [letter for letter in bed.dead_letters() if letter.run_id == run_id]
    assert letter.error_code == "engine.unavailable"
    bed.replay(letter.id)


def test_an_outage_shorter_than_the_attempts_is_not_noticed(
    servers: Servers, tmp_path: Path, passed: list[float]
) -> None:
    model = Model()
    with llm_server(model.answer) as server, remote_bed(servers, tmp_path, server) as bed:
        model.ill = True
        run_id = bed.start()
        bed.work(run_id, until=Stage.SUMMARIZE)
        assert bed.run(run_id, Stage.SUMMARIZE)
        model.ill = False
        assert summary(bed.work(run_id)) == ("done", "done", 2, None)
