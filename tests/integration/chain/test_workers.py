"""The chain in real worker processes: killed, stopped, told twice, with a Redis that forgets."""

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
import redis.asyncio

from stenogram.pipeline.stage import Stage
from stenogram.services import workers
from stenogram.services.workers import Worker
from tests.bed import QUICK, Bed, make_bed
from tests.processes import PATIENCE, eventually, is_gone
from tests.servers import Servers

pytestmark = pytest.mark.xdist_group("workers")  # their processes and the crew that they share


def test_a_run_goes_through_workers(crew: Bed) -> None:
    run_id = crew.start()
    crew.relay()

    view = crew.finished(run_id)

    assert view.state == "done"
    assert [stage.attempts for stage in view.stages] == [1] * 5
    assert b"Hello there." in crew.export(run_id)


def test_workers_that_live_say_so(crew: Bed) -> None:
    assert {queues for _, queues in _alive(crew)} == {("dead_letter",), ("cpu", "gpu", "llm")}
    crew.script.tell("transcribe", hold_at=1)
    run_id = crew.start()
    crew.relay()
    eventually(lambda: crew.script.calls("transcribe"))
    holder = crew.row(run_id, Stage.TRANSCRIBE).worker
    assert holder in [name for name, _ in _alive(crew)]

    crew.holder(run_id, Stage.TRANSCRIBE).send_signal(signal.SIGTERM)

    eventually(lambda: holder not in [name for name, _ in _alive(crew)])  # told, not found out: it has not expired yet
    crew.script.release("transcribe")
    assert crew.finished(run_id).state == "done"


def _alive(crew: Bed) -> list[tuple[str, tuple[str, ...]]]:
    async def ask() -> Sequence[Worker]:
        async with redis.asyncio.Redis.from_url(crew.environment["REDIS_URL"]) as client:
            return await workers.alive(client)

    return [(worker.name, worker.queues) for worker in crew.context.portal.call(ask)]


def test_a_message_that_comes_often_changes_nothing(crew: Bed) -> None:
    crew.script.tell("transcribe", busy=0.1)
    run_id = crew.start()
    for _ in range(3):
        crew.resend(run_id, Stage.PREPROCESS)
        crew.resend(run_id, Stage.TRANSCRIBE)
    crew.relay()

    view = crew.finished(run_id)

    assert [stage.attempts for stage in view.stages] == [1] * 5
    assert len(crew.script.calls("transcribe")) == 4
    assert crew.phrases(run_id) == 4


def test_a_dead_letter_is_recorded_by_its_consumer(crew: Bed) -> None:
    crew.script.tell("diarize", errors=("engine.failed",) * 3)
    run_id = crew.start()
    crew.relay()

    assert crew.finished(run_id).state == "done_with_warnings"
    eventually(crew.dead_letters)
    [letter] = crew.dead_letters()
    assert (letter.run_id, letter.stage, letter.attempts, letter.error_code) == (run_id, "diarize", 3, "engine.failed")


def test_a_running_stage_is_cancelled_at_its_next_report(crew: Bed) -> None:
    crew.script.tell("diarize", hold_at=1)
    run_id = crew.start()
    crew.relay()
    eventually(lambda: crew.script.calls("diarize"))

    crew.cancel(run_id)

    assert crew.finished(run_id).state == "cancelled"
    assert crew.states(run_id) == ["done", "done", "cancelled", "cancelled", "cancelled"]


def test_a_stage_that_takes_too_long_is_stopped_and_tried_again(servers: Servers, tmp_path: Path) -> None:
    with make_bed(servers, tmp_path, {**QUICK, "GPU_TIME_LIMIT": "3"}) as hurried:
        hurried.staff()
        hurried.script.tell("diarize", hold_at=1)
        run_id = hurried.start()
        hurried.relay()

        view = hurried.finished(run_id)

        assert (view.state, [stage.attempts for stage in view.stages]) == ("done", [1, 1, 2, 1, 1])
        errors = {(event.state, event.error_code) for event in hurried.events(run_id) if event.error_code}
        assert errors == {("queued", "stage.timeout")}


def test_a_killed_pool_child_costs_an_attempt_and_no_more(crew: Bed) -> None:
    crew.script.tell("summarize", hold_at=1)
    run_id = crew.start()
    crew.relay()
    eventually(lambda: crew.script.calls("summarize"))

    [child] = [
        process
        for process in crew.holder(run_id, Stage.SUMMARIZE).children()
        if "spawn_main" in " ".join(process.cmdline())
    ]
    child.kill()

    view = crew.finished(run_id)
    assert (view.state, view.stages[3].attempts) == ("done", 2)


def test_a_redis_emptied_under_workers_is_made_good(crew: Bed) -> None:
    crew.script.tell("transcribe", hold_at=1)
    held, waiting = crew.start(), crew.start()
    crew.relay()
    eventually(lambda: crew.script.calls("transcribe"))

    crew.empty_redis()
    crew.script.release("transcribe")

    assert [crew.finished(run_id).state for run_id in (held, waiting)] == ["done", "done"]


def test_a_killed_worker_costs_one_lease_and_no_finished_window(crew: Bed) -> None:
    crew.script.tell("transcribe", hold_at=3)
    run_id = crew.start(crew.record(phrases=5))
    crew.relay()
    eventually(lambda: len(crew.script.calls("transcribe")) == 3)

    os.killpg(crew.holder(run_id, Stage.TRANSCRIBE).pid, signal.SIGKILL)
    view = crew.finished(run_id)

    assert (view.state, view.stages[1].attempts) == ("done", 2)
    assert len(crew.script.calls("transcribe")) == 3 + 3  # windows 1 and 2 once, the third again, then 4 and 5
    assert crew.phrases(run_id) == 5


def test_a_stopped_worker_gives_its_stage_back_uncounted(crew: Bed) -> None:
    crew.script.tell("transcribe", hold_at=2)
    run_id = crew.start()
    crew.relay()
    eventually(lambda: len(crew.script.calls("transcribe")) == 2)

    stopped = crew.holder(run_id, Stage.TRANSCRIBE)
    stopped.terminate()
    view = crew.finished(run_id)

    assert (view.state, view.stages[1].attempts) == ("done", 1)  # the reaper would have counted the lost one
    assert len(crew.script.calls("transcribe")) == 2 + 3
    assert is_gone(stopped.pid, PATIENCE)


def test_only_ids_cross_the_broker(bed: Bed) -> None:
    run_id = bed.start()
    bed.relay()

    [message] = bed.messages("cpu")
    body = json.dumps(message)

    assert str(run_id) in body
    assert message["headers"]["request_id"] == "r-1"
    assert "meeting" not in body
