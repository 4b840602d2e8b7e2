"""One person's account: all of it in an archive, and nothing of it after they have left."""

import asyncio
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, String, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import RunOptions, Stage
from stenogram.services import access, account, payments, people, quotas, recordings, uploads, users
from stenogram.services.uploads import Announced
from stenogram.services.users import Person
from stenogram.storage.models import Base, Departure, Recording, User
from stenogram.storage.telegram_models import TelegramAnswer, TelegramNotice, TelegramPost
from stenogram.storage.vault import Vault
from tests.bed import CALM, Bed, make_bed
from tests.fakes.engines import speech_wav
from tests.processes import eventually
from tests.servers import Servers

ANNA = Person(7301, "Анна Петрова", "anna_p", "ru")
DAILY = 600


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    settings = {**CALM, "SECRET_KEY": "s" * 40, "BOT_ACCESS": "open", "QUOTA_PLANS": f"standard:{DAILY}"}
    with make_bed(servers, tmp_path, settings) as made:
        yield made


def come(bed: Bed, person: Person = ANNA) -> User:
    return bed.inside(lambda session: users.welcome(session, person, bed.settings))


def send(bed: Bed, user: User, data: bytes | None = None, name: str = "talk.wav") -> UUID:
    async def create(session: AsyncSession) -> UUID:
        chunks = speech_wav(2) if data is None else data
        vault, limits = bed.context.vault, bed.settings.limits
        made = await recordings.create(session, vault, user.id, name, "audio/wav", chunks, limits=limits)
        await quotas.charge(session, user, made.id, 0.0, bed.settings)
        return made.id

    return bed.inside(create)


def forget(bed: Bed, user: User) -> None:
    bed.inside(lambda session: account.forget(session, bed.context.vault, user, bed.settings))


def furnish(bed: Bed, user: User) -> UUID:
    """One thing of everything that a person can have here; the recording."""
    recording_id = send(bed, user)
    run_id = bed.start(recording_id)
    bed.work(run_id)

    async def add(session: AsyncSession) -> None:
        await recordings.rename(session, recording_id, "talk: a/b")
        await users.set_preference(session, user, "speech", "ru")
        await users.set_timezone(session, user, "Asia/Tokyo")
        await payments.receive(session, user, "charge-1", 50, 3600)
        await access.make_link(session, user)
        await people.make_invite(session, user)
        file = Announced(8, "half.wav", "audio/wav", RunOptions())
        upload = await uploads.create(session, bed.context.vault, user.id, file, limits=bed.settings.limits)
        await uploads.append(session, bed.context.vault, user.id, upload.id, 0, b"RIFF", settings=bed.settings)
        answer = TelegramAnswer(owner_id=user.id, chat_id=ANNA.telegram_id, key="1", reply_to=1, private=True)
        session.add(answer)
        await session.flush()
        file_of = {"kind": "voice", "file_name": "v.ogg", "content_type": "audio/ogg", "message_id": 1}
        session.add(
            TelegramPost(
                answer_id=answer.id,
                owner_id=user.id,
                chat_id=ANNA.telegram_id,
                recording_id=recording_id,
                run_id=run_id,
                **file_of,
            )
        )
        session.add(TelegramNotice(key="n", chat_id=ANNA.telegram_id, text_key="hello", language="ru"))

    bed.inside(add)
    return recording_id


def traces(bed: Bed, *marks: object) -> dict[str, int]:
    """Rows of any table in which any of the marks stands, in whatever column."""

    async def count(session: AsyncSession) -> dict[str, int]:
        found = {}
        for table in Base.metadata.sorted_tables:
            textual = [c for c in table.c if not isinstance(c.type, LargeBinary)]
            stands = [cast(column, String).contains(str(mark), autoescape=True) for column in textual for mark in marks]
            found[table.name] = await session.scalar(select(func.count()).select_from(table).where(or_(*stands))) or 0
        return {name: number for name, number in found.items() if number}

    return bed.inside(count)


def test_who_leaves_leaves_nothing(bed: Bed) -> None:
    anna, boris = come(bed), come(bed, Person(7302, "Boris"))
    of_boris = send(bed, boris)
    recording_id = furnish(bed, anna)
    marks = (anna.id, recording_id, ANNA.telegram_id, "Петрова", "anna_p", "charge-1", "Hello there")
    before = traces(bed, *marks)
    assert before.keys() >= {"users", "recordings", "runs", "segments", "blobs", "ledger", "payments", "invites"}
    assert before.keys() >= {"sign_in_links", "shares", "telegram_answers", "telegram_posts", "telegram_notices"}

    forget(bed, anna)

    assert traces(bed, *marks).keys() <= {"outbox"}  # ids of stages sent to workers, for an hour
    assert list(bed.keys()) == [f"recordings/{of_boris}/source"]
    assert len(bed.objects()) == 1
    with pytest.raises(StenogramError, match="not_found"):
        forget(bed, anna)


def test_coming_again_brings_no_second_allowance(bed: Bed) -> None:
    anna = come(bed)
    recording_id = send(bed, anna)
    bed.inside(lambda session: quotas.settle(session, recording_id, 400, bed.settings))
    forget(bed, anna)

    [departure] = bed.inside(_departures)
    assert (departure.seconds, len(departure.person)) == (400, 32)
    again = come(bed)
    assert again.id != anna.id
    assert used(bed, again) == 400
    forget(bed, again)
    assert used(bed, come(bed)) == 400  # however often
    assert used(bed, come(bed, Person(7303, "Vera"))) == 0
    assert bed.inside(_departures) == []


def test_the_next_day_it_counts_no_more(bed: Bed) -> None:
    anna = come(bed)
    send_seconds(bed, anna, 400)
    forget(bed, anna)

    async def sleep(session: AsyncSession) -> None:
        await session.execute(update(Departure).values(day=Departure.day - 1))

    bed.inside(sleep)
    assert used(bed, come(bed)) == 0


@pytest.mark.parametrize("known", [False, True])
def test_an_attached_telegram_account_brings_its_spending_along(bed: Bed, known: bool) -> None:
    anna = come(bed)
    send_seconds(bed, anna, 400)
    forget(bed, anna)

    if known:
        come(bed)

    async def take_over(session: AsyncSession) -> User:
        vera = User(name="vera", role="user")
        session.add(vera)
        await session.flush()
        return await users.welcome(session, ANNA, bed.settings, invite=await access.make_link(session, vera))

    assert used(bed, bed.inside(take_over)) == 400


def send_seconds(bed: Bed, user: User, seconds: float) -> None:
    recording_id = send(bed, user)
    bed.inside(lambda session: quotas.settle(session, recording_id, seconds, bed.settings))


def used(bed: Bed, user: User) -> float:
    return bed.inside(lambda session: quotas.allowance(session, user, bed.settings)).used


async def _departures(session: AsyncSession) -> list[Departure]:
    return list((await session.scalars(select(Departure))).all())


async def _recordings(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(Recording)) or 0


def appoint(bed: Bed, user: User) -> None:
    bed.inside(lambda session: people.set_role(session, user, "admin"))


def test_the_last_administrator_stays(bed: Bed) -> None:
    local = bed.inside(access.ensure_local_admin)
    send(bed, local)
    with pytest.raises(StenogramError, match=r"account\.last_admin"):
        forget(bed, local)
    assert bed.inside(_recordings) == 1

    appoint(bed, come(bed))
    forget(bed, local)
    assert bed.inside(_recordings) == 0


def test_of_two_administrators_who_leave_at_once_one_stays(bed: Bed) -> None:
    both = [come(bed), come(bed, Person(7302, "Boris"))]
    for admin in both:
        appoint(bed, admin)
        send(bed, admin)

    async def leave(user: User) -> str:
        try:
            async with bed.context.database.begin() as session:
                await account.forget(session, bed.context.vault, user, bed.settings)
        except StenogramError as error:
            return error.code
        return "gone"

    async def both_leave() -> list[str]:
        return sorted(await asyncio.gather(*map(leave, both)))

    assert bed.context.portal.call(both_leave) == ["account.last_admin", "gone"]
    assert bed.inside(_recordings) == 1


def test_what_comes_while_they_leave_goes_too(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = come(bed)
    send(bed, anna)
    late: list[UUID] = []

    async def delete(session: AsyncSession, vault: Vault, recording_id: UUID) -> None:
        await real(session, vault, recording_id)
        if not late:
            async with bed.context.database.begin() as other:
                limits = bed.settings.limits
                made = await recordings.create(other, vault, anna.id, "x.wav", "audio/wav", b"RIFF", limits=limits)
                late.append(made.id)

    real = recordings.delete
    monkeypatch.setattr(recordings, "delete", delete)
    forget(bed, anna)

    assert late
    assert bed.inside(_recordings) == 0
    assert bed.objects() == set()


def test_a_worker_on_their_recording_stops_and_leaves_nothing(bed: Bed) -> None:
    anna = come(bed)
    run_id = bed.start(send(bed, anna))
    bed.work(run_id, until=Stage.TRANSCRIBE)
    bed.script.tell("transcribe", hold_at=1)
    working = bed.beside(lambda: bed.run(run_id, Stage.TRANSCRIBE))
    eventually(lambda: bed.script.calls("transcribe"))

    forget(bed, anna)
    bed.script.release("transcribe")
    working.result(60)

    assert bed.keys() == {}
    assert traces(bed, anna.id, run_id).keys() <= {"outbox"}


@contextmanager
def exported(bed: Bed, user: User, root: Path) -> Iterator[zipfile.ZipFile]:
    archive = account.export(bed.context.database, bed.context.vault, user, root)
    with bed.context.portal.wrap_async_context_manager(archive) as path, zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        yield file


def test_everything_is_in_the_archive(bed: Bed, tmp_path: Path) -> None:
    anna, boris = come(bed), come(bed, Person(7302, "Boris"))
    recording_id = furnish(bed, anna)
    send(bed, anna, b"RIFF no sound", name="plain")
    send(bed, boris)
    root = tmp_path / "private"

    with exported(bed, anna, root) as file:
        first, second = "recordings/0001 talk_ a_b", "recordings/0002 plain"
        names = {f"{first}/media.wav", f"{first}/transcript.json", f"{first}/transcript.docx", f"{second}/media"}
        assert set(file.namelist()) == names | {"account.json"}
        assert file.read(f"{first}/media.wav") == speech_wav(2)
        assert file.read(f"{second}/media") == b"RIFF no sound"
        assert "Hello there." in file.read(f"{first}/transcript.json").decode()
        assert file.read(f"{first}/transcript.docx").startswith(b"PK")
        described = json.loads(file.read("account.json"))

    assert list(root.iterdir()) == []
    assert (described["profile"]["name"], described["profile"]["telegram_id"]) == ("Анна Петрова", 7301)
    assert described["profile"]["preferences"] == {"speech": "ru"}
    assert [(item["stars"], item["refunded_at"]) for item in described["payments"]] == [(50, None)]
    assert {item["kind"] for item in described["ledger"]} == {"charge", "settle", "purchase"}
    assert [item["folder"] for item in described["recordings"]] == [first, second]
    assert [item["missing"] for item in described["recordings"]] == [[], []]
    assert described["recordings"][0]["id"] == str(recording_id)


def test_a_file_that_cannot_be_read_does_not_keep_the_others_back(bed: Bed, tmp_path: Path) -> None:
    anna = come(bed)
    broken, whole = send(bed, anna), send(bed, anna)
    name = bed.keys()[f"recordings/{broken}/source"]
    next((bed.settings.server.data_dir / "blobs").rglob(name)).write_bytes(b"rot")

    with exported(bed, anna, tmp_path) as file:
        described = json.loads(file.read("account.json"))["recordings"]
        assert [item["missing"] for item in described] == [["media.wav: storage.corrupt"], []]
        assert file.read(f"{described[1]['folder']}/media.wav") == speech_wav(2)
        assert described[1]["id"] == str(whole)


def test_a_long_recording_goes_through_in_flat_memory(bed: Bed, tmp_path: Path) -> None:
    anna = come(bed)
    send(bed, anna, b"RIFF" + bytes(48 << 20))
    tracemalloc.start()
    try:
        archive = account.export(bed.context.database, bed.context.vault, anna, tmp_path)
        with bed.context.portal.wrap_async_context_manager(archive) as path:
            assert path.stat().st_size > 48 << 20
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()
