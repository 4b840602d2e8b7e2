"""What the janitor destroys because its time is over, and nothing before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker import cleaning
from stenogram.pipeline.stage import Stage
from stenogram.services.janitor import KEEP_NOTICES, KEEP_UPDATES
from stenogram.storage.models import Departure, Recording
from stenogram.storage.repositories import Recordings
from stenogram.storage.telegram_models import TelegramNotice, TelegramUpdate
from tests.bed import CALM, Bed, make_bed
from tests.servers import Servers

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, CALM) as made:
        yield made


def clean(bed: Bed) -> dict[str, int]:
    return bed.context.portal.call(cleaning.clean, bed.context)


def expire(bed: Bed, recording_id: UUID, ago: timedelta) -> None:
    async def change(session: AsyncSession) -> None:
        when = func.now() - ago
        await session.execute(update(Recording).where(Recording.id == recording_id).values(expires_at=when))

    bed.inside(change)


def is_there(bed: Bed, recording_id: UUID) -> bool:
    return bed.inside(lambda session: Recordings(session).get(recording_id)) is not None


def test_recordings_whose_time_is_over_are_destroyed_with_their_files(bed: Bed) -> None:
    over, at_work, still, forever = (bed.record() for _ in range(4))
    bed.work(bed.start(over))
    bed.work(bed.start(at_work), until=Stage.TRANSCRIBE)
    kept = bed.start(still)
    bed.work(kept)
    expire(bed, over, MINUTE)
    expire(bed, at_work, MINUTE)
    expire(bed, still, -MINUTE)

    assert clean(bed)["recordings"] == 2

    assert [is_there(bed, one) for one in (over, at_work, still, forever)] == [False, False, True, True]
    prefixes = (f"recordings/{still}/", f"recordings/{forever}/", f"runs/{kept}/")
    left = bed.keys()
    assert all(key.startswith(prefixes) for key in left)
    assert len(bed.objects()) == len(left)
    assert clean(bed)["recordings"] == 0


def test_what_the_bot_need_not_remember_is_forgotten(bed: Bed) -> None:
    now = func.now()

    async def remember(session: AsyncSession) -> None:
        for number, done_at in enumerate((now - KEEP_UPDATES - MINUTE, now - KEEP_UPDATES + MINUTE, None)):
            session.add(TelegramUpdate(update_id=number, lane=1, payload={}, done_at=done_at))
        for key, sent_at in (("old", now - KEEP_NOTICES - MINUTE), ("new", now), ("unsent", None)):
            notice = {"chat_id": 1, "text_key": "hello", "language": "en", "sent_at": sent_at}
            session.add(TelegramNotice(key=key, **notice))
        for person, expires_at in ((b"gone", now - MINUTE), (b"fresh", now + MINUTE)):
            session.add(Departure(person=person, day=func.current_date(), seconds=1, expires_at=expires_at))

    async def remembered(session: AsyncSession) -> list[object]:
        columns = (TelegramUpdate.update_id, TelegramNotice.key, Departure.person)
        return [set((await session.scalars(select(column))).all()) for column in columns]

    bed.inside(remember)
    assert clean(bed)["bygones"] == 3
    assert bed.inside(remembered) == [{1, 2}, {"new", "unsent"}, {b"fresh"}]
