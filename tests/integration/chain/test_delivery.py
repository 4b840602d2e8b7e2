"""At least once: messages that come twice or not at all, workers that vanish or come back too late."""

from concurrent.futures import wait

import pytest

from apps.worker.stage_runner import take_up
from stenogram.errors import StorageError
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.queue import CPU, make_celery, relay
from stenogram.settings import load_settings
from stenogram.storage.database import Database
from tests.bed import Bed, variables
from tests.processes import eventually


def test_a_stage_that_is_done_is_not_done_again(bed: Bed) -> None:
    run_id = bed.start()
    view = bed.work(run_id)
    files, events = bed.keys(), bed.events(run_id)

    assert not any(bed.run(run_id, stage) for stage in STAGES)

    assert bed.view(run_id) == view
    assert (bed.keys(), bed.events(run_id)) == (files, events)


@pytest.mark.parametrize("stage", STAGES[:4])
def test_of_two_deliveries_at_once_one_works(bed: Bed, stage: Stage) -> None:
    bed.script.tell(stage, busy=0.2)
    run_id = bed.start()
    bed.work(run_id, until=stage)
    before = len(bed.script.calls(stage))

    both = [bed.beside(lambda: bed.run(run_id, stage)) for _ in range(3)]
    wait(both)

    assert sorted(done.result() for done in both) == [False, False, True]
    assert bed.row(run_id, stage).attempts == 1
    assert len(bed.script.calls(stage)) - before == (4 if stage == Stage.TRANSCRIBE else 1)


@pytest.mark.parametrize("stage", STAGES[:4])
def test_a_holder_whose_lease_was_lost_can_save_nothing(bed: Bed, stage: Stage) -> None:
    bed.script.tell(stage, hold_at=1)
    run_id = bed.start()
    bed.work(run_id, until=stage)
    stale = bed.beside(lambda: bed.run(run_id, stage))
    eventually(lambda: bed.script.calls(stage))

    bed.overtake(run_id, stage)
    files, view = bed.keys(), bed.view(run_id)
    bed.script.release(stage)
    stale.result(60)

    assert (bed.keys(), bed.view(run_id)) == (files, view)
    assert bed.objects() == set(files.values())  # and what it wrote is gone
    assert bed.row(run_id, stage).attempts == 2
    assert bed.work(run_id).state == "done"
    assert bed.phrases(run_id) == 4


def test_a_deserted_stage_goes_on_from_its_last_window(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("",) * 2 + ("vanish",))
    run_id = bed.start()
    bed.work(run_id, until=Stage.TRANSCRIBE)
    with pytest.raises(SystemExit):
        bed.run(run_id, Stage.TRANSCRIBE)
    row = bed.row(run_id, Stage.TRANSCRIBE)
    assert (row.state, row.attempts) == ("running", 1)

    assert bed.reap() == 0  # its lease holds
    bed.later()
    assert bed.reap() == 1

    row = bed.row(run_id, Stage.TRANSCRIBE)
    assert (row.state, row.error_code) == ("queued", "internal")
    assert bed.waits_for_a_worker(run_id, Stage.TRANSCRIBE)
    assert bed.work(run_id).state == "done"
    assert len(bed.script.calls("transcribe")) == 3 + 2
    assert bed.phrases(run_id) == 4


def test_a_recording_that_kills_its_workers_is_given_up(bed: Bed) -> None:
    run_id = bed.start()
    bed.work(run_id, until=Stage.TRANSCRIBE)
    for _ in range(3):
        bed.claim_and_vanish(run_id, Stage.TRANSCRIBE)
        bed.later()
        bed.reap()

    view = bed.view(run_id)

    assert (view.state, view.stages[1].attempts) == ("dead", 3)
    assert view.error
    assert view.error.code == "internal"


def test_the_heartbeat_keeps_the_lease(beating_bed: Bed) -> None:
    bed = beating_bed
    bed.script.tell("summarize", hold_at=1)
    run_id = bed.start()
    bed.work(run_id, until=Stage.SUMMARIZE)
    working = bed.beside(lambda: bed.run(run_id, Stage.SUMMARIZE))
    eventually(lambda: bed.script.calls("summarize"))
    first = bed.row(run_id, Stage.SUMMARIZE).lease_until

    eventually(lambda: bed.row(run_id, Stage.SUMMARIZE).lease_until != first)
    assert not bed.run(run_id, Stage.SUMMARIZE)

    bed.script.release("summarize")
    assert working.result(60)
    assert bed.row(run_id, Stage.SUMMARIZE).state == "done"


def test_a_holder_that_learns_of_its_loss_stops_working(beating_bed: Bed) -> None:
    bed = beating_bed
    bed.script.tell("diarize", hold_at=1)
    run_id = bed.start()
    bed.work(run_id, until=Stage.DIARIZE)
    stale = bed.beside(lambda: bed.run(run_id, Stage.DIARIZE))
    eventually(lambda: bed.script.calls("diarize"))

    bed.overtake(run_id, Stage.DIARIZE)

    assert stale.result(60)  # although nobody releases it
    assert bed.row(run_id, Stage.DIARIZE).attempts == 2


def test_a_message_that_was_never_sent_is_relayed(bed: Bed) -> None:
    run_id = bed.start()
    assert bed.waits_for_a_worker(run_id, Stage.PREPROCESS) == 0

    bed.relay()
    bed.relay()

    assert bed.waits_for_a_worker(run_id, Stage.PREPROCESS) == 1


def test_relays_at_once_share_the_work(bed: Bed) -> None:
    runs = [bed.start() for _ in range(5)]

    wait([bed.beside(bed.relay) for _ in range(4)])

    assert [bed.waits_for_a_worker(run_id, Stage.PREPROCESS) for run_id in runs] == [1] * 5


def test_as_many_messages_as_the_broker_forgot_are_sent_anew(bed: Bed) -> None:
    waiting = [bed.start(), bed.start(), bed.start()]
    bed.relay()
    bed.empty_redis()
    bed.resend(waiting[0])

    bed.reap()
    assert len(bed.messages(CPU)) == 1  # a worker may just have taken the others
    bed.later()
    bed.reap()
    bed.reap()

    assert len(bed.messages(CPU)) == 3
    for _ in waiting:
        assert take_up(bed.context, waiting[0], Stage.PREPROCESS)  # any message wakes a worker for any of them
    assert [bed.states(run_id)[0] for run_id in waiting] == ["done"] * 3


def test_without_a_broker_messages_wait_in_the_outbox(bed: Bed) -> None:
    run_id = bed.start()
    with variables({"REDIS_URL": "redis://127.0.0.1:1/0"}):
        celery = make_celery(load_settings())

    with pytest.raises(StorageError, match=r"queue\.unavailable"):
        bed.context.portal.call(relay, bed.context.database, celery, bed.settings.queue)

    bed.relay()
    assert bed.waits_for_a_worker(run_id, Stage.PREPROCESS) == 1


def test_every_message_has_the_limit_behind_those_of_the_stages(bed: Bed) -> None:
    run_id = bed.start()
    bed.relay()

    [message] = bed.messages("cpu")

    soft = bed.settings.queue.message_limit
    assert message["headers"]["timelimit"] == [soft + 60, soft]
    assert message["headers"]["ignore_result"] is True
    assert str(run_id) in message["headers"]["subject"]


def test_a_database_that_is_away_for_a_moment_costs_no_attempt(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    bed.script.tell("diarize", hold_at=1)
    run_id = bed.start()
    bed.work(run_id, until=Stage.DIARIZE)
    working = bed.beside(lambda: bed.run(run_id, Stage.DIARIZE))
    eventually(lambda: bed.script.calls("diarize"))
    refused: list[int] = []

    def away(_: Database) -> None:
        refused.append(1)
        raise StorageError("database.unavailable")

    with monkeypatch.context() as broken:
        for way in ("begin", "at_once"):
            broken.setattr(Database, way, away)
        eventually(lambda: len(refused) > 2)
    bed.script.release("diarize")

    assert working.result(60)
    assert bed.row(run_id, Stage.DIARIZE).state == "done"
    assert bed.row(run_id, Stage.DIARIZE).attempts == 1
