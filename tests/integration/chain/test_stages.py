"""The chain stage by stage, in this process, against a real PostgreSQL and a real Redis."""

import json
from pathlib import Path

import pytest

from apps.worker import lease
from stenogram.events import Event
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.services import exports
from stenogram.services.chain import backoff
from stenogram.settings import QueueSettings
from tests.bed import Bed

SNAPSHOT = Path(__file__).parents[2] / "data" / "events" / "run.jsonl"


def test_a_run_goes_through_all_stages(bed: Bed) -> None:
    run_id = bed.start()

    view = bed.work(run_id)

    assert view.state == "done"
    assert [stage.state for stage in view.stages] == ["done"] * 5
    assert [stage.attempts for stage in view.stages] == [1] * 5
    assert view.fraction == 1.0
    assert (view.language, view.language_probability) == ("en", 0.9)
    assert all(stage.engine_seconds is not None for stage in view.stages)
    assert b"Hello there." in bed.export(run_id)


def test_every_result_is_durable_when_its_stage_ends(bed: Bed) -> None:
    run_id = bed.start()
    for stage in STAGES:
        assert bed.work(run_id, until=stage).stages[STAGES.index(stage)].state == "queued"
        assert bool(bed.segments(run_id)) == (stage not in STAGES[:2])
        bed.run(run_id, stage)
        assert f"runs/{run_id}/{stage}.json" in bed.keys(f"runs/{run_id}/")


def test_the_events_of_a_run(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_TELL_SECONDS", 0.0)  # every report is told, however quickly it follows the last
    bed.script.tell("diarize", errors=("engine.failed",))
    run_id = bed.start(bed.record(phrases=2))
    bed.work(run_id)

    told = [_timeless(event) for event in bed.events(run_id)]

    assert told == [json.loads(line) for line in SNAPSHOT.read_text(encoding="utf-8").splitlines()]


def _timeless(event: Event) -> dict[str, object]:
    """What is the same in every run; what is not said is left out."""
    kept = json.loads(event.to_json())
    return {
        name: value
        for name, value in kept.items()
        if name not in ("run_id", "at", "eta_seconds") and value not in (None, [])
    }


@pytest.mark.parametrize("stage", STAGES[:4])
def test_a_retryable_failure_is_tried_again_after_a_growing_while(bed: Bed, stage: Stage) -> None:
    bed.script.tell(stage, errors=("engine.failed", "engine.failed"))
    run_id = bed.start()
    bed.work(run_id, until=stage)

    for attempt, wait in ((1, 40), (2, 80)):
        assert bed.run(run_id, stage)
        row = bed.row(run_id, stage)
        assert (row.state, row.attempts, row.error_code) == ("queued", attempt, "engine.failed")
        assert row.not_before is not None
        assert row.started_at is not None
        assert wait / 2 <= (row.not_before - row.started_at).total_seconds() <= wait + 10
        bed.relay()
        assert not bed.run(run_id, stage)  # not due yet
        bed.later(wait + 10)
        bed.relay()
        assert bed.waits_for_a_worker(run_id, stage)

    view = bed.work(run_id)
    assert view.state == "done"
    assert [item.attempts for item in view.stages if item.stage == stage] == [3]
    assert bed.row(run_id, stage).error_code is None
    assert not bed.dead_letters()


def test_the_wait_grows_within_bounds_and_never_equals() -> None:
    settings = QueueSettings(RETRY_BACKOFF_SECONDS=5, RETRY_BACKOFF_MAX_SECONDS=600)
    for attempt, whole in ((1, 5), (2, 10), (3, 20), (9, 600), (60, 600)):
        waits = {backoff(settings, attempt).total_seconds() for _ in range(50)}
        assert min(waits) >= whole / 2
        assert max(waits) <= whole
        assert len(waits) > 40


def test_what_cannot_succeed_is_not_tried_again(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("weights.unavailable",))
    run_id = bed.start()

    view = bed.work(run_id)

    assert (view.state, view.error.code if view.error else None) == ("dead", "weights.unavailable")
    assert [(stage.state, stage.attempts) for stage in view.stages[:3]] == [("done", 1), ("dead", 1), ("waiting", 0)]
    assert [message["headers"]["task"] for message in bed.messages("dead_letter")] == ["stenogram.dead_letter"]
    assert bed.events(run_id)[-1].final


def test_a_required_stage_that_is_exhausted_ends_the_run(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("engine.failed",) * 3)
    run_id = bed.start()

    view = bed.work(run_id)

    assert (view.state, view.stages[1].attempts, view.finished_at is not None) == ("dead", 3, True)
    assert view.error
    assert view.error.code == "engine.failed"
    assert [event.error_code for event in bed.events(run_id) if event.type == "error"] == ["engine.failed"]


@pytest.mark.parametrize(
    ("stage", "warning"), [("diarize", "no_diarization"), ("summarize", "no_summary"), ("export", "no_export")]
)
def test_an_optional_stage_that_is_exhausted_leaves_a_readable_transcript(
    bed: Bed, monkeypatch: pytest.MonkeyPatch, stage: str, warning: str
) -> None:
    if stage == "export":
        monkeypatch.setattr(exports, "prepare", _break)
    bed.script.tell(stage, errors=("crash",) * 3)
    run_id = bed.start()

    view = bed.work(run_id)

    assert (view.state, view.warnings, view.error) == ("done_with_warnings", (warning,), None)
    assert {item.stage: (item.state, item.attempts) for item in view.stages}[Stage(stage)] == ("dead", 3)
    assert bed.phrases(run_id) == 4
    assert b"Hello there." in bed.export(run_id)


def _break(*_: object) -> None:
    raise RuntimeError("the exporter broke")


def test_stages_left_out_are_skipped(bed: Bed) -> None:
    run_id = bed.start(diarize=False, summarize=False, formats=[])

    view = bed.work(run_id)

    assert view.state == "done"
    assert [stage.state for stage in view.stages] == ["done", "done", "skipped", "skipped", "skipped"]
    assert bed.phrases(run_id) == 4


def test_nothing_unforeseen_quotes_the_recording(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("crash",))
    run_id = bed.start()
    bed.work(run_id, until=Stage.TRANSCRIBE)
    bed.run(run_id, Stage.TRANSCRIBE)

    row = bed.row(run_id, Stage.TRANSCRIBE)

    assert row.error_code == "internal"
    assert row.error_detail
    assert row.error_detail.startswith("RuntimeError at script.py")
    assert "the engine broke" not in row.error_detail


@pytest.mark.parametrize(
    ("what", "code"),
    [("timeout", "stage.timeout"), ("memory", "engine.out_of_memory"), ("disk", "storage.full")],
)
def test_what_the_system_does_has_its_code_and_is_tried_again(bed: Bed, what: str, code: str) -> None:
    bed.script.tell("diarize", errors=(what,))
    run_id = bed.start()
    bed.work(run_id, until=Stage.DIARIZE)

    bed.run(run_id, Stage.DIARIZE)

    row = bed.row(run_id, Stage.DIARIZE)
    assert (row.error_code, row.state) == (code, "queued")
