"""The chain in real worker processes: killed, stopped, told twice, with a Redis that forgets."""

import json
import os
import signal
from itertools import pairwise

from stenogram.pipeline.stage import Stage
from tests.integration.chain.conftest import Bed, eventually


def test_a_run_goes_through_a_real_worker_in_seconds(bed: Bed) -> None:
    bed.worker()
    run_id = bed.start()
    bed.relay()

    view = bed.finished(run_id, 20)

    assert view.state == "done"
    handed_over = [
        (later.started_at - earlier.finished_at).total_seconds()
        for earlier, later in pairwise(view.stages)
        if later.started_at and earlier.finished_at
    ]
    assert len(handed_over) == 4
    assert max(handed_over) < 0.5  # a tenth of a second on an idle machine; never the relay's period


def test_a_killed_worker_costs_one_lease_and_no_finished_window(bed: Bed) -> None:
    bed.script.tell("transcribe", hold_at=3)
    victim = bed.worker()
    run_id = bed.start(bed.record(phrases=5))
    bed.relay()
    eventually(lambda: len(bed.script.calls("transcribe")) == 3)

    os.killpg(victim.pid, signal.SIGKILL)
    bed.script.release("transcribe")
    bed.worker(beat=True)
    view = bed.finished(run_id)

    assert view.state == "done"
    assert {stage.stage: stage.attempts for stage in view.stages}[Stage.TRANSCRIBE] == 2
    assert len(bed.script.calls("transcribe")) == 3 + 3  # windows 1 and 2 once, the third again, then 4 and 5
    assert len(bed.segments(run_id)) == 5


def test_a_stopped_worker_gives_its_stage_back_at_once_and_uncounted(bed: Bed) -> None:
    bed.script.tell("transcribe", hold_at=2)
    first = bed.worker()
    run_id = bed.start()
    bed.relay()
    eventually(lambda: len(bed.script.calls("transcribe")) == 2)

    first.send_signal(signal.SIGTERM)
    first.wait(20)
    transcribe = bed.view(run_id).stages[1]
    assert (transcribe.state, transcribe.attempts) == ("queued", 0)

    bed.script.release("transcribe")
    bed.worker()
    assert bed.finished(run_id).state == "done"


def test_a_message_that_comes_twice_changes_nothing(bed: Bed) -> None:
    bed.script.tell("transcribe", busy=0.3)
    bed.worker()
    bed.worker()
    run_id = bed.start()
    for _ in range(3):
        bed.context.celery.send_task("stenogram.stage", [str(run_id), "preprocess"], queue="cpu")
        bed.context.celery.send_task("stenogram.stage", [str(run_id), "transcribe"], queue="gpu")
    bed.relay()

    view = bed.finished(run_id)
    bed.context.celery.send_task("stenogram.stage", [str(run_id), "transcribe"], queue="gpu")

    assert [stage.attempts for stage in view.stages] == [1] * 5
    assert len(bed.script.calls("transcribe")) == 4
    assert len(bed.segments(run_id)) == 4


def test_an_emptied_redis_is_made_good(bed: Bed) -> None:
    run_id = bed.start()
    bed.relay()
    bed.empty_redis()

    bed.worker(beat=True)

    assert bed.finished(run_id).state == "done"


def test_a_dead_letter_is_recorded_by_its_consumer(bed: Bed) -> None:
    bed.script.tell("diarize", errors=("engine.failed",) * 3)
    bed.worker(beat=True)
    run_id = bed.start()
    bed.relay()

    assert bed.finished(run_id).state == "done_with_warnings"
    letter = eventually(bed.dead_letters)[0]
    assert (letter.run_id, letter.stage, letter.attempts, letter.error_code) == (run_id, "diarize", 3, "engine.failed")


def test_a_running_stage_is_cancelled_at_its_next_progress(bed: Bed) -> None:
    bed.script.tell("diarize", hold_at=1)
    bed.worker()
    run_id = bed.start()
    bed.relay()
    eventually(lambda: bed.script.calls("diarize"))

    bed.cancel(run_id)
    view = bed.finished(run_id, 10)

    assert view.state == "cancelled"
    assert [stage.state for stage in view.stages] == ["done", "done", "cancelled", "cancelled", "cancelled"]


def test_only_ids_cross_the_broker(bed: Bed) -> None:
    run_id = bed.start()
    bed.relay()

    [message] = bed.messages("cpu")
    body = json.dumps(message)

    assert str(run_id) in body
    assert message["headers"]["request_id"] == "r-1"
    assert "meeting" not in body
