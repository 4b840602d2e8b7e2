"""The invariants hold for a whole run, and fail for each single thing that is wrong."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Executable, delete, func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.queue import stage_message
from stenogram.services import chain
from stenogram.storage.blobs import LocalStore
from stenogram.storage.models import DeadLetter, Run, SegmentRow, StageRun
from stenogram.storage.repositories import Outboxes
from tests.bed import Bed
from tests.faults.invariants import Broken, check, scratch
from tests.faults.scene import deliver


def finished(bed: Bed) -> UUID:
    run_id = bed.start()
    bed.work(run_id)
    deliver(bed)
    return run_id


def write(bed: Bed, statement: Executable) -> None:
    bed.inside(lambda session: session.execute(statement))


def _unfinished(bed: Bed, run_id: UUID) -> None:
    write(bed, update(Run).where(Run.id == run_id).values(state="running"))


def _wrong_end(bed: Bed, run_id: UUID) -> None:
    write(bed, update(Run).where(Run.id == run_id).values(state="cancelled"))


def _forgotten_stage(bed: Bed, run_id: UUID) -> None:
    write(bed, update(StageRun).where(StageRun.run_id == run_id, StageRun.stage == "export").values(state="waiting"))


def _lease(bed: Bed, run_id: UUID) -> None:
    write(bed, update(StageRun).where(StageRun.run_id == run_id).values(lease_until=func.now()))


def _unsent(bed: Bed, run_id: UUID) -> None:
    bed.inside(lambda session: Outboxes(session).add(stage_message(run_id, "export")))


def _waiting_message(bed: Bed, run_id: UUID) -> None:
    bed.resend(run_id)


def _lost_phrase(bed: Bed, run_id: UUID) -> None:
    write(bed, delete(SegmentRow).where(SegmentRow.run_id == run_id, SegmentRow.position == 1))


def _phrase_said_twice(bed: Bed, run_id: UUID) -> None:
    last = bed.segments(run_id)[-1]
    again = SegmentRow(run_id=run_id, id="again", position=4, start=last.start, end=last.end, text=last.text, words=[])

    async def add(session: AsyncSession) -> None:
        session.add(again)

    bed.inside(add)


def _lost_export(bed: Bed, run_id: UUID) -> None:
    bed.inside(lambda session: bed.context.vault.delete(session, f"runs/{run_id}/exports/txt"))


def _path(bed: Bed, key: str) -> Path:
    name = bed.keys(key)[key]
    return bed.settings.server.data_dir / "blobs" / name[:2] / name


def _lost_object(bed: Bed, run_id: UUID) -> None:
    _path(bed, f"runs/{run_id}/transcribe.json").unlink()


def _damaged_artifact(bed: Bed, run_id: UUID) -> None:
    path = _path(bed, f"runs/{run_id}/summarize.json")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _stray_object(bed: Bed, _: UUID) -> None:
    LocalStore(bed.settings.server.data_dir / "blobs").put("ab" * 16, iter([b"x"]))


def _stray_file(bed: Bed, run_id: UUID) -> None:
    bed.inside(lambda session: bed.context.vault.put(session, f"runs/{run_id}/strange.json", b"{}"))


def _end_told_twice(bed: Bed, run_id: UUID) -> None:
    bed.context.publisher.publish(bed.events(run_id)[-1])


def _stage_told_twice(bed: Bed, run_id: UUID) -> None:
    bed.context.publisher.publish(chain.stage_event(run_id, "diarize", "done"))


def _untold(bed: Bed, _: UUID) -> None:
    bed.empty_redis()


def _folder_of_a_dead_worker(bed: Bed, _: UUID) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    (scratch(bed) / f"stage-{process.pid}-x").mkdir(parents=True)


BREAK: list[tuple[Callable[[Bed, UUID], None], str]] = [
    (_unfinished, "stuck"),
    (_wrong_end, "lost"),
    (_forgotten_stage, "lost"),
    (_lease, "stuck"),
    (_unsent, "stuck"),
    (_waiting_message, "stuck"),
    (_lost_phrase, "lost"),
    (_phrase_said_twice, "duplicated"),
    (_lost_export, "lost"),
    (_lost_object, "lost"),
    (_damaged_artifact, "lost"),
    (_stray_object, "untidy"),
    (_stray_file, "untidy"),
    (_end_told_twice, "duplicated"),
    (_stage_told_twice, "duplicated"),
    (_untold, "lost"),
    (_folder_of_a_dead_worker, "untidy"),
]


@pytest.mark.parametrize(("break_it", "kind"), BREAK, ids=[act.__name__.strip("_") for act, _ in BREAK])
def test_each_thing_that_is_wrong_is_found(calm: Bed, break_it: Callable[[Bed, UUID], None], kind: str) -> None:
    run_id = finished(calm)
    check(calm, [run_id], patience=0.1)

    break_it(calm, run_id)

    with pytest.raises(Broken) as broken:
        check(calm, [run_id], patience=0.1)
    assert kind in {item.kind for item in broken.value.violations}


def test_a_killed_process_may_leave_an_object_and_an_untold_end(calm: Bed) -> None:
    run_id = finished(calm)
    _stray_object(calm, run_id)
    _untold(calm, run_id)

    check(calm, [run_id], killed=True, patience=0.1)

    assert calm.objects() == set(calm.keys().values())


@pytest.mark.parametrize("stage", [Stage.TRANSCRIBE, Stage.DIARIZE])
def test_a_dead_stage_needs_a_letter_that_can_be_replayed(calm: Bed, stage: Stage) -> None:
    end = "dead" if stage == Stage.TRANSCRIBE else "done_with_warnings"
    calm.script.tell(stage, errors=("engine.failed",) * 3)
    run_id = finished(calm)
    with pytest.raises(Broken, match="no dead letter"):
        check(calm, [run_id], [end], patience=0.1)

    calm.record_dead_letter(run_id, stage)
    check(calm, [run_id], [end], patience=0.1)

    with pytest.raises(Broken, match="lost: run"):
        check(calm, [run_id], patience=0.1)  # it is not done
    write(
        calm, update(StageRun).where(StageRun.run_id == run_id, StageRun.stage == "preprocess").values(state="queued")
    )
    with pytest.raises(Broken, match="cannot be replayed"):
        check(calm, [run_id], [end], patience=0.1)


def test_two_letters_of_one_death_are_one_too_many(calm: Bed) -> None:
    calm.script.tell("diarize", errors=("engine.failed",) * 3)
    run_id = finished(calm)
    calm.record_dead_letter(run_id, Stage.DIARIZE)
    letter = {"run_id": run_id, "stage": "diarize", "attempts": 3, "error_code": "engine.failed", "error_detail": ""}
    write(calm, insert(DeadLetter).values(letter))

    with pytest.raises(Broken, match="duplicated"):
        check(calm, [run_id], ["done_with_warnings"], patience=0.1)


def test_a_replayed_run_may_end_twice(calm: Bed) -> None:
    calm.script.tell("transcribe", errors=("engine.failed",) * 3)
    run_id = finished(calm)
    calm.record_dead_letter(run_id, Stage.TRANSCRIBE)

    calm.replay(calm.dead_letters()[0].id)
    calm.work(run_id)
    deliver(calm)

    check(calm, [run_id], patience=0.1)
