"""What administrators see of the service: its queues, workers, leases, disk and messages."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis.asyncio
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.services import overview, workers
from stenogram.services.overview import Overview, QueueState
from stenogram.services.workers import Heart, Worker
from stenogram.storage.models import Run
from tests.bed import CALM, Bed, make_bed
from tests.servers import Servers

NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, CALM) as made:
        yield made


def look(bed: Bed, redis_url: str | None = None) -> Overview:
    async def collect() -> Overview:
        client = redis.asyncio.Redis.from_url(redis_url or bed.environment["REDIS_URL"])
        async with client, bed.context.database.session() as session:
            return await overview.collect(session, client, bed.settings.server)

    return bed.context.portal.call(collect)


def queue(found: Overview, name: str) -> QueueState:
    return next(state for state in found.queues if state.name == name)


def test_an_empty_service(bed: Bed) -> None:
    found = look(bed)
    assert [state.name for state in found.queues] == ["cpu", "gpu", "llm", "dead_letter"]
    assert {(state.messages, state.due, state.running, state.oldest_seconds) for state in found.queues} == {
        (0, 0, 0, None)
    }
    assert (found.workers, found.leases, found.dead_letters, found.janitor) == ([], [], {}, [])
    assert (found.outbox.count, found.outbox.oldest_seconds, found.disk.files) == (0, None, 0)
    assert 0 < found.disk.free < found.disk.total


def test_what_waits_is_told_with_its_age(bed: Bed) -> None:
    waiting, failing, held = bed.start(), bed.start(), bed.start()
    assert look(bed).outbox.count == 3
    bed.relay()
    bed.script.tell("preprocess", errors=("engine.failed",))
    bed.run(failing, Stage.PREPROCESS)  # waits for its next attempt
    bed.claim_and_vanish(held, Stage.PREPROCESS)

    found = look(bed)

    cpu = queue(found, "cpu")
    assert (cpu.due, cpu.delayed, cpu.running) == (1, 1, 1)
    assert cpu.messages == 3  # the messages of stages that were taken here were left in the queue
    assert cpu.oldest_seconds is not None
    assert 0 <= cpu.oldest_seconds < 3600
    [lease] = found.leases
    assert (lease.run_id, lease.stage, lease.worker) == (held, "preprocess", "ghost:1")
    assert lease.lease_until is not None
    assert lease.lease_until > found.at
    assert (found.outbox.count, found.outbox.oldest_seconds) == (1, None)  # delayed as its stage is
    assert bed.view(waiting).state == "queued"
    assert found.disk.stored > 0


def hours_ago(bed: Bed) -> None:
    """Two of them pass, for the runs too."""
    bed.later(7200)
    past = timedelta(seconds=7200)

    async def shift(session: AsyncSession) -> None:
        await session.execute(update(Run).values(created_at=Run.created_at - past))

    bed.inside(shift)


def oldest(bed: Bed, name: str) -> float:
    seconds = queue(look(bed), name).oldest_seconds
    assert seconds is not None
    return seconds


def test_the_age_begins_with_the_run_or_when_the_stage_before_ends(bed: Bed) -> None:
    run_id = bed.start()
    hours_ago(bed)
    assert oldest(bed, "cpu") >= 7200
    bed.work(run_id, until=Stage.TRANSCRIBE)
    assert oldest(bed, "gpu") < 150
    hours_ago(bed)
    assert oldest(bed, "gpu") >= 7200


def test_the_age_begins_anew_when_an_administrator_replays(bed: Bed) -> None:
    bed.script.tell("transcribe", errors=("engine.failed",) * 3)
    run_id = bed.start()
    bed.work(run_id)
    bed.record_dead_letter(run_id, Stage.TRANSCRIBE)
    hours_ago(bed)
    [letter] = bed.dead_letters()
    bed.replay(letter.id)
    assert oldest(bed, "gpu") < 150


def test_a_redis_that_is_away_hides_only_what_it_knows(bed: Bed) -> None:
    bed.start()
    found = look(bed, NOWHERE)
    assert found.workers is None
    assert queue(found, "cpu").messages is None
    assert queue(found, "cpu").due == 1


def test_a_worker_is_alive_as_long_as_its_heart_beats(bed: Bed) -> None:
    here = Worker("cpu@here:7", ("cpu",), 2, time.time())
    heart = Heart(bed.environment["REDIS_URL"], here)
    heart.beat()
    assert look(bed).workers == [here]
    with bed.redis() as client:
        assert 0 < client.ttl("worker:cpu@here:7") <= workers.ALIVE_SECONDS
    bed.empty_redis()
    assert look(bed).workers == []
    heart.beat()
    assert look(bed).workers == [here]
    with bed.redis() as client:
        client.delete("worker:cpu@here:7")  # as when it expires
        assert look(bed).workers == []
        assert not client.exists("workers")
    heart.beat()
    heart.stop()
    assert look(bed).workers == []


def test_a_heart_without_redis_harms_nobody() -> None:
    heart = Heart(NOWHERE, Worker("cpu@here:7", ("cpu",), 1, time.time()))
    heart.beat()
    heart.stop()
    assert timedelta(seconds=workers.BEAT_SECONDS) * 3 < timedelta(seconds=workers.ALIVE_SECONDS)
