"""The Celery tasks, each one line over what does the work. Only ids come in, nothing goes out."""

from collections.abc import Callable
from uuid import UUID

from celery import Celery, Task

from apps.worker import cleaning, housekeeping
from apps.worker.context import Context
from apps.worker.stage_runner import take_up
from stenogram import telemetry
from stenogram.pipeline.stage import Stage
from stenogram.queue import CLEAN_TASK, DEAD_LETTER_TASK, REAP_TASK, RELAY_TASK, STAGE_TASK


def register(celery: Celery, context: Callable[[], Context]) -> None:
    """Give ``celery`` its five tasks; ``context`` opens the process's own on first use."""

    @celery.task(name=STAGE_TASK, bind=True)
    def stage(task: "Task[..., None]", run_id: str, stage: str) -> None:
        with telemetry.bind(request_id=_request_id(task)):
            take_up(context(), UUID(run_id), Stage(stage))

    @celery.task(name=DEAD_LETTER_TASK, bind=True)
    def dead_letter(task: "Task[..., None]", run_id: str, stage: str) -> None:
        with telemetry.bind(request_id=_request_id(task)):
            here = context()
            here.portal.call(housekeeping.record_dead_letter, here, UUID(run_id), Stage(stage))

    @celery.task(name=REAP_TASK)
    def reap() -> None:
        context().portal.call(housekeeping.reap, context())

    @celery.task(name=RELAY_TASK)
    def relay() -> None:
        context().portal.call(housekeeping.relay_due, context())

    @celery.task(name=CLEAN_TASK)
    def clean() -> None:
        cleaning.begin_round(context())


def _request_id(task: "Task[..., None]") -> str | None:
    """Of the HTTP request that asked for the work; it came with the message as a header."""
    headers = task.request.headers or {}
    request_id: str | None = headers.get("request_id")
    return request_id
