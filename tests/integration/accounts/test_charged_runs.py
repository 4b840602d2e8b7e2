"""What a run costs its owner, as it goes through the chain."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import RunOptions, Stage
from stenogram.services import chain, quotas, recordings, runs, users
from stenogram.services.quotas import Allowance
from stenogram.storage.models import LedgerEntry, Recording
from tests.bed import CALM, Bed, make_bed
from tests.integration.accounts.conftest import midnight
from tests.servers import Servers

DAILY = 60


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, {**CALM, "QUOTA_PLANS": f"standard:{DAILY}"}) as made:
        yield made


def charged(bed: Bed, declared: float = 0.0, phrases: int = 4) -> UUID:
    """A recording whose owner was charged for it."""
    recording_id = bed.record(phrases)

    async def charge(session: AsyncSession) -> None:
        recording = await recordings.get(session, recording_id)
        owner = await users.get(session, recording.owner_id)
        await quotas.charge(session, owner, recording_id, declared, bed.settings)

    bed.inside(charge)
    return recording_id


def allowance(bed: Bed, recording_id: UUID) -> Allowance:
    async def read(session: AsyncSession) -> Allowance:
        recording = await recordings.get(session, recording_id)
        return await quotas.allowance(session, await users.get(session, recording.owner_id), bed.settings)

    return bed.inside(read)


def duration(bed: Bed, recording_id: UUID) -> float:
    found = bed.inside(lambda session: recordings.get(session, recording_id)).duration
    assert found
    return found


@pytest.mark.parametrize("declared", [0.0, 1.0, 30.0])
def test_a_finished_run_costs_the_true_duration_and_a_rerun_nothing(bed: Bed, declared: float) -> None:
    recording_id = charged(bed, declared)
    run_id = bed.start(recording_id)
    bed.run(run_id, Stage.PREPROCESS)
    true = round(duration(bed, recording_id), 3)
    assert true not in (0, declared)
    assert allowance(bed, recording_id).used == true  # known as soon as it is prepared
    assert bed.work(run_id).state == "done"
    assert bed.work(bed.rerun(run_id, Stage.PREPROCESS)).state == "done"
    assert allowance(bed, recording_id).used == true


def test_a_recording_that_turns_out_too_long_ends_with_a_reason_and_costs_nothing(bed: Bed) -> None:
    recording_id, other = charged(bed, declared=1.0), bed.start(charged(bed))

    async def use_up(session: AsyncSession) -> None:
        recording = await recordings.get(session, recording_id)
        owner = await users.get(session, recording.owner_id)
        await quotas.charge(session, owner, UUID(int=9), DAILY - 1.0, bed.settings)

    bed.inside(use_up)
    view = bed.work(bed.start(recording_id))

    assert (view.state, view.stages[0].state, view.stages[0].attempts) == ("dead", "dead", 1)
    assert view.error is not None
    assert view.error.code == "quota.exceeded"
    assert (view.error.params["needed"], view.error.params["left"]) == ("0:12", "0:01")
    assert allowance(bed, recording_id).used == DAILY - 1.0
    bed.later()
    bed.reap()
    assert not bed.dead_letters()
    assert bed.messages("dead_letter") == []
    assert bed.work(other).state == "done"


@pytest.mark.parametrize("stage", [Stage.PREPROCESS, Stage.TRANSCRIBE])
def test_what_ends_without_a_transcript_costs_nothing(bed: Bed, stage: Stage) -> None:
    bed.script.tell(stage, errors=("media.decode_failed",))
    recording_id = charged(bed, 3.0)
    assert bed.work(bed.start(recording_id)).state == "dead"
    assert allowance(bed, recording_id).used == 0


@pytest.mark.parametrize("until", [Stage.PREPROCESS, Stage.TRANSCRIBE])
def test_what_is_cancelled_before_its_transcript_costs_nothing(bed: Bed, until: Stage) -> None:
    recording_id = charged(bed, 3.0)
    run_id = bed.start(recording_id)
    bed.work(run_id, until=until)
    bed.cancel(run_id)
    assert allowance(bed, recording_id).used == 0


def test_what_has_a_transcript_is_paid_for_whatever_comes_after(bed: Bed) -> None:
    bed.script.tell("diarize", errors=("engine.failed",) * 3)
    recording_id = charged(bed)
    run_id = bed.start(recording_id)
    bed.work(run_id, until=Stage.SUMMARIZE)
    bed.cancel(run_id)
    bed.script.tell("preprocess", errors=("media.decode_failed",))
    assert bed.work(bed.rerun(run_id, Stage.PREPROCESS)).state == "dead"
    assert allowance(bed, recording_id).used == round(duration(bed, recording_id), 3)


def test_a_run_that_ended_without_one_is_charged_when_it_is_tried_again(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("media.no_speech",))
    recording_id = charged(bed, 3.0)
    first = bed.start(recording_id)
    assert bed.work(first).state == "dead"

    async def again(session: AsyncSession) -> UUID:
        recording = await recordings.get(session, recording_id)
        owner = await users.get(session, recording.owner_id)
        await quotas.charge_again(session, owner, recording, bed.settings)
        return (await runs.start(session, recording_id, runs.options_from({}))).id

    assert bed.work(bed.inside(again)).state == "done"
    true = round(duration(bed, recording_id), 3)
    assert allowance(bed, recording_id).used == true
    bed.work(bed.inside(again))  # it has its transcript
    assert allowance(bed, recording_id).used == true


def test_a_recording_that_waited_over_midnight_is_given_back_to_its_own_day(bed: Bed) -> None:
    recording_id = charged(bed, 30.0)
    bed.inside(midnight)
    assert allowance(bed, recording_id).used == 0
    bed.script.tell("transcribe", errors=("media.no_speech",))
    assert bed.work(bed.start(recording_id)).state == "dead"
    assert (allowance(bed, recording_id).used, allowance(bed, recording_id).left) == (0, DAILY)


def test_the_ledger_costs_a_run_few_statements(bed: Bed) -> None:
    """One where nobody was charged; where the duration was not known, a lock, a look and an entry."""
    counted: list[str] = []
    engine = bed.context.database.engine.sync_engine

    def statements(run_id: UUID) -> int:
        counted.clear()
        bed.run(run_id, Stage.PREPROCESS)
        return sum("ledger" in statement for statement in counted)

    event.listen(engine, "before_cursor_execute", lambda *arguments: counted.append(arguments[2]))
    assert statements(bed.start()) == 1
    assert statements(bed.start(charged(bed))) == 3


def test_nobody_waits_in_a_circle(bed: Bed) -> None:
    """Runs of one owner claimed, cancelled and run again while more is taken in: all lock the user last."""
    sent = [charged(bed) for _ in range(4)]
    owner = bed.inside(lambda session: recordings.get(session, sent[0])).owner_id

    async def give(session: AsyncSession) -> None:
        await session.execute(update(Recording).values(owner_id=owner))
        await session.execute(update(LedgerEntry).values(user_id=owner))

    bed.inside(give)
    begun = [bed.start(recording_id) for recording_id in sent]

    async def cancel(session: AsyncSession, run_id: UUID) -> None:
        await runs.cancel(session, run_id)

    async def again(session: AsyncSession, run_id: UUID) -> None:
        recording = await recordings.get(session, (await runs.get(session, run_id)).recording_id)
        await quotas.charge_again(session, await users.get(session, owner), recording, bed.settings)
        await runs.rerun(session, run_id, Stage.PREPROCESS, RunOptions())

    async def take_in(session: AsyncSession, _run_id: UUID) -> None:
        await quotas.charge(session, await users.get(session, owner), uuid4(), 1.0, bed.settings)

    async def claim(session: AsyncSession, _run_id: UUID) -> None:
        await chain.claim_best(session, "cpu", "worker", bed.settings.queue)

    async def apart(work: Callable[[AsyncSession, UUID], Awaitable[None]], run_id: UUID) -> None:
        async with bed.context.database.begin() as session:
            await work(session, run_id)

    async def all_at_once() -> None:
        await asyncio.gather(*(apart(work, run_id) for run_id in begun for work in (cancel, again, take_in, claim)))

    bed.context.portal.call(all_at_once)
    assert allowance(bed, sent[0]).used == len(begun)
