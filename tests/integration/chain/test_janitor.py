"""The janitor's round on a real database and a real store: what nobody needs goes, and nothing that lives."""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import cleaning
from apps.worker.context import Context
from stenogram.errors import StorageError
from stenogram.pipeline.stage import RunOptions, Stage
from stenogram.services import uploads
from stenogram.services.janitor import private_folder
from stenogram.services.uploads import Announced
from stenogram.storage.admin_rows import Sweeps
from stenogram.storage.models import Blob, JanitorSweep, Outbox, Run, StageRun, User
from stenogram.storage.repositories import Users
from tests.bed import CALM, Bed, make_bed
from tests.processes import eventually
from tests.servers import Servers

DAYS = 2 * 24 * 3600


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests' workers leave folders in the common one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def clean(bed: Bed) -> dict[str, int]:
    return bed.context.portal.call(cleaning.clean, bed.context)


def swept(bed: Bed) -> dict[str, JanitorSweep]:
    async def read(session: AsyncSession) -> dict[str, JanitorSweep]:
        return {row.name: row for row in await Sweeps(session).all()}

    return bed.inside(read)


def announce(bed: Bed, length: int = 8) -> tuple[UUID, UUID]:
    """An upload that has only been announced: its owner and its number."""

    async def create(session: AsyncSession) -> tuple[UUID, UUID]:
        user = await Users(session).add(User(name="tester", role="user", language="en"))
        file = Announced(length, "talk.wav", "audio/wav", RunOptions())
        made = await uploads.create(session, bed.context.vault, user.id, file, limits=bed.settings.limits)
        return user.id, made.id

    return bed.inside(create)


async def append(bed: Bed, session: AsyncSession, owner: UUID, upload: UUID, offset: int, piece: bytes) -> None:
    await uploads.append(session, bed.context.vault, owner, upload, offset, piece, settings=bed.settings)


def grow_old(bed: Bed, key_prefix: str = "") -> None:
    """Files were written two days ago, as far as rows and the store tell it."""
    past = timedelta(seconds=DAYS)

    async def shift(session: AsyncSession) -> None:
        old = Blob.key.startswith(key_prefix)
        await session.execute(update(Blob).where(old).values(created_at=Blob.created_at - past))

    bed.inside(shift)
    for path in (bed.settings.server.data_dir / "blobs").rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - DAYS, time.time() - DAYS))


def forget_last_sweep(bed: Bed) -> None:
    async def shift(session: AsyncSession) -> None:
        await session.execute(update(JanitorSweep).values(succeeded_at=JanitorSweep.succeeded_at - timedelta(hours=2)))

    bed.inside(shift)


def test_a_round_of_a_service_that_is_well_removes_nothing(bed: Bed) -> None:
    finished, waiting = bed.start(), bed.start()
    bed.work(finished)
    announce(bed)
    before, states = bed.objects(), bed.states(waiting)

    assert clean(bed) == dict.fromkeys(cleaning.SWEEPS, 0)

    assert bed.objects() == before
    assert (bed.view(finished).state, bed.states(waiting)) == ("done", states)
    assert {(row.last_count, row.total, row.error_code) for row in swept(bed).values()} == {(0, 0, None)}


def test_objects_that_no_row_needs_go_when_they_are_old(bed: Bed) -> None:
    run_id = bed.start()
    bed.work(run_id)
    needed = bed.objects()
    folder = bed.settings.server.data_dir / "blobs"
    lost = folder / "ab" / f"ab{uuid4().hex[2:]}"  # of a worker that was killed between the write and the commit
    half = folder / "tmp" / uuid4().hex  # killed while it wrote
    for path in (lost, half):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"sealed")

    assert clean(bed)["blobs"] == 0  # fresh: whoever made them may be about to commit
    grow_old(bed)
    forget_last_sweep(bed)
    assert clean(bed)["blobs"] == 2

    assert bed.objects() == needed
    assert bed.export(run_id)
    assert (swept(bed)["blobs"].last_count, swept(bed)["blobs"].total) == (2, 2)


def test_the_store_is_listed_once_in_an_hour(bed: Bed) -> None:
    assert "blobs" in clean(bed)
    assert "blobs" not in clean(bed)
    forget_last_sweep(bed)
    assert "blobs" in clean(bed)


def test_an_object_whose_transaction_has_not_ended_stays(bed: Bed) -> None:
    """However slow the round is: it is the age of the object that protects it."""

    async def write_while_the_janitor_works(session: AsyncSession) -> dict[str, int]:
        await bed.context.vault.put(session, "recordings/new/source", b"sound")
        return await cleaning.clean(bed.context)

    assert bed.inside(write_while_the_janitor_works)["blobs"] == 0
    assert bed.read("recordings/new/source") == b"sound"


def test_folders_of_dead_workers_go_and_those_in_use_stay(bed: Bed) -> None:
    program = "import os, sys; from pathlib import Path; from stenogram.services.janitor import private_folder"
    program += "; used = private_folder(Path(sys.argv[1])); used.__enter__(); os._exit(9)"
    subprocess.run([sys.executable, "-c", program, str(bed.context.scratch)], check=False)
    with private_folder(bed.context.scratch) as mine:
        assert clean(bed)["folders"] == 1
        assert list(bed.context.scratch.iterdir()) == [mine]


def test_an_upload_that_expired_is_destroyed_with_its_pieces(bed: Bed) -> None:
    owner, old = announce(bed)
    bed.inside(lambda session: append(bed, session, owner, old, 0, b"RIFF"))
    grow_old(bed, "uploads/")
    _, fresh = announce(bed)

    assert clean(bed)["uploads"] == 1

    assert [key for key in bed.keys("uploads/") if str(old) in key] == []
    assert len(bed.objects()) == len(bed.keys("uploads/")) == 1
    assert str(fresh) in next(iter(bed.keys("uploads/")))


def test_an_upload_that_grows_right_now_is_left_for_later(bed: Bed) -> None:
    owner, upload = announce(bed)
    grow_old(bed, "uploads/")

    async def grow_while_the_janitor_works(session: AsyncSession) -> dict[str, int]:
        await append(bed, session, owner, upload, 0, b"RIFF")
        return await asyncio.wait_for(cleaning.clean(bed.context), 60)

    assert bed.inside(grow_while_the_janitor_works)["uploads"] == 0
    assert len(bed.keys("uploads/")) == 2
    assert clean(bed)["uploads"] == 1
    assert bed.keys("uploads/") == {}
    assert bed.objects() == set()


def test_what_was_uploaded_is_safe_when_its_upload_expires(bed: Bed) -> None:
    owner, upload = announce(bed, 4)
    bed.inside(lambda session: append(bed, session, owner, upload, 0, b"RIFF"))
    grow_old(bed)
    forget_last_sweep(bed)
    assert clean(bed)["uploads"] == 1
    assert [key.rpartition("/")[2] for key in bed.keys("")] == ["source"]
    assert len(bed.objects()) == 1


Break = Callable[[AsyncSession, UUID], Coroutine[Any, Any, None]]


def _stage(state: str, stage: str) -> Break:
    async def change(session: AsyncSession, run_id: UUID) -> None:
        held = (StageRun.run_id == run_id, StageRun.stage == stage)
        await session.execute(update(StageRun).where(*held).values(state=state))
        await session.execute(delete(Outbox))

    return change


def _run(**values: object) -> Break:
    async def change(session: AsyncSession, run_id: UUID) -> None:
        await session.execute(update(Run).where(Run.id == run_id).values(values))

    return change


def _cancel_and(change: Break) -> Break:
    async def both(session: AsyncSession, run_id: UUID) -> None:
        await _run(cancel_requested=True)(session, run_id)
        await change(session, run_id)

    return both


@pytest.mark.parametrize(
    ("until", "breaks", "ends"),
    [
        (Stage.TRANSCRIBE, _stage("waiting", "transcribe"), "done"),  # nobody is asked to go on
        (Stage.EXPORT, _stage("done", "export"), "done"),  # nobody has ended it
        (Stage.EXPORT, _stage("dead", "export"), "done_with_warnings"),
        (Stage.TRANSCRIBE, _stage("dead", "transcribe"), "dead"),
        (Stage.TRANSCRIBE, _run(state="done"), "done"),  # ended too early
        (Stage.TRANSCRIBE, _cancel_and(_stage("waiting", "transcribe")), "cancelled"),
        (Stage.TRANSCRIBE, _run(state="cancelled"), "cancelled"),
    ],
)
def test_a_run_that_is_stuck_goes_on_or_ends(bed: Bed, until: Stage, breaks: Break, ends: str) -> None:
    run_id, other = bed.start(), bed.start()
    bed.work(run_id, until=until)
    bed.inside(lambda session: breaks(session, run_id))

    assert clean(bed)["runs"] == 1

    assert bed.work(run_id).state == ends
    assert clean(bed)["runs"] == 0
    assert bed.view(other).state == "queued"
    final = [event for event in bed.events(run_id) if event.final]
    assert len(final) <= 1  # what was done here, without a worker, is not told
    assert swept(bed)["runs"].total == 1


def test_one_that_fails_keeps_nobody_and_is_told(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_context: Context) -> int:
        raise StorageError("storage.unavailable", "the store is away")

    async def broken(_context: Context) -> int:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(cleaning, "SWEEPS", {"first": away, "second": broken, **cleaning.SWEEPS})

    assert clean(bed).keys() == {"folders", "uploads", "recordings", "bygones", "runs", "blobs"}

    rows = swept(bed)
    assert (rows["first"].error_code, rows["second"].error_code, rows["runs"].error_code) == (
        "storage.unavailable",
        "internal",
        None,
    )
    assert rows["first"].succeeded_at is None


def test_a_slow_store_keeps_nobody_waiting(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, answers = threading.Event(), threading.Event()

    async def slow(_context: Context) -> int:
        begun.set()
        await asyncio.to_thread(answers.wait, 60)
        return 7

    monkeypatch.setattr(cleaning, "SWEEPS", {"slow": slow})
    assert cleaning.begin_round(bed.context)
    assert begun.wait(60)
    assert not cleaning.begin_round(bed.context)  # the clock has struck again
    bed.claim_and_vanish(bed.start(), Stage.PREPROCESS)
    bed.later()
    assert bed.reap() == 1

    answers.set()
    eventually(lambda: swept(bed))
    assert swept(bed)["slow"].total == 7
    eventually(lambda: cleaning.begin_round(bed.context))


def test_a_round_that_breaks_off_is_followed_by_another(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[Context] = []

    async def away(context: Context) -> dict[str, int]:
        rounds.append(context)
        raise StorageError("database.unavailable")

    monkeypatch.setattr(cleaning, "clean", away)
    for _ in range(3):
        eventually(lambda: cleaning.begin_round(bed.context))
    eventually(lambda: rounds == [bed.context] * 3)


def test_a_process_that_ends_waits_for_its_round(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    async def endless(context: Context) -> int:
        async with context.database.begin() as session:
            try:
                await Sweeps(session).all()
                begun.set()
                await asyncio.sleep(3600)
            finally:
                ended.set()
        return 0

    monkeypatch.setattr(cleaning, "SWEEPS", {"endless": endless})
    with make_bed(servers, tmp_path, CALM) as bed:
        assert cleaning.begin_round(bed.context)
        assert begun.wait(60)
        assert not ended.is_set()
    assert ended.is_set()
