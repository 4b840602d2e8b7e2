"""How messages and workers are set up: each line here is a trap that was met."""

from uuid import uuid4

import pytest

from stenogram.pipeline.stage import STAGES, Stage
from stenogram.queue import (
    DEAD_LETTER,
    HOUSEKEEPING,
    QUEUES,
    dead_letter_message,
    make_celery,
    niceness,
    stage_message,
    time_limit,
    worker_options,
)
from stenogram.settings import QueueSettings, Settings, load_settings
from stenogram.supervisor import processes


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    return load_settings()


def test_the_visibility_timeout_is_set_wherever_celery_reads_it(settings: Settings) -> None:
    conf = make_celery(settings).conf
    wanted = settings.queue.visibility_timeout
    assert conf.broker_transport_options["visibility_timeout"] == wanted
    assert conf.result_backend_transport_options["visibility_timeout"] == wanted
    assert conf.visibility_timeout == wanted
    assert wanted > settings.queue.message_limit


def test_no_message_is_lost_and_none_kills_for_ever(settings: Settings) -> None:
    conf = make_celery(settings).conf
    assert conf.result_backend is None
    assert conf.task_ignore_result
    assert conf.task_acks_late
    assert conf.worker_prefetch_multiplier == 1
    assert conf.worker_cancel_long_running_tasks_on_connection_loss is False
    assert (conf.task_reject_on_worker_lost, conf.task_retry_on_worker_lost) == (True, True)
    assert conf.task_annotations["*"]["max_retries"] == settings.queue.max_attempts
    assert conf.worker_soft_shutdown_timeout == settings.queue.shutdown_seconds
    assert conf.worker_proc_alive_timeout > 60
    assert list(conf.accept_content) == ["json"]
    assert conf.worker_send_task_events


@pytest.mark.parametrize(
    ("queues", "spawned"), [("gpu", True), (["cpu", "gpu"], True), ("cpu,dead_letter", False), (None, False)]
)
def test_processes_that_serve_a_gpu_are_spawned(queues: str | list[str] | None, spawned: bool) -> None:
    assert worker_options(queues) == ({"worker_pool_start_method": "spawn"} if spawned else {})


@pytest.mark.parametrize(("queues", "by"), [("gpu", 7), ("cpu,gpu,llm", 7), ("dead_letter", 0), (None, 0)])
def test_work_stands_back_and_housekeeping_does_not(queues: str | None, by: int) -> None:
    assert niceness(queues, QueueSettings(WORKER_NICE=7)) == by


def test_every_stage_has_its_queue_and_time() -> None:
    settings = QueueSettings(CPU_TIME_LIMIT=10, GPU_TIME_LIMIT=20, LLM_TIME_LIMIT=30)
    assert [time_limit(stage, settings) for stage in STAGES] == [10, 20, 20, 30, 10]
    assert settings.message_limit > 30


def test_messages_carry_ids_only() -> None:
    run_id = uuid4()
    messages = [stage_message(run_id, Stage.DIARIZE, "r-1"), dead_letter_message(run_id, "diarize", "r-1")]
    assert [(m.task, m.queue, m.request_id) for m in messages] == [
        ("stenogram.stage", "gpu", "r-1"),
        ("stenogram.dead_letter", "dead_letter", "r-1"),
    ]
    assert all(message.args == [str(run_id), "diarize"] for message in messages)


def test_no_stage_can_keep_the_reaper_waiting(settings: Settings) -> None:
    schedule = make_celery(settings).conf.beat_schedule
    assert {entry["options"]["queue"] for entry in schedule.values()} == {HOUSEKEEPING}
    assert all(entry["options"]["expires"] >= 1 for entry in schedule.values())

    table = processes(settings, {"FLOWER_PASSWORD": "flowery"})
    consumers = {process.name: _queues(process.command) for process in table if "-Q" in process.command}

    assert set().union(*consumers.values()) == {*QUEUES.values(), DEAD_LETTER}
    assert [name for name, queues in consumers.items() if HOUSEKEEPING in queues] == ["beat"]
    assert consumers["beat"] == {HOUSEKEEPING}


def _queues(command: tuple[str, ...]) -> set[str]:
    return set(command[command.index("-Q") + 1].split(","))
