"""Who is let in, by which policy, with which role; and what people prefer."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import access, people, quotas, users
from stenogram.services.users import Person, Preferences
from stenogram.settings import Settings
from stenogram.storage.database import Database
from stenogram.storage.models import Invite, User
from stenogram.storage.repositories import Users
from tests.integration.accounts.conftest import Configure

ANNA = Person(501, "Анна Иванова", "anna", "ru")
BORIS = Person(502, "Boris", None, "de")


async def code_of(refused: Awaitable[object]) -> str:
    with pytest.raises(StenogramError) as caught:
        await refused
    return caught.value.code


async def admin(session: AsyncSession) -> User:
    return await Users(session).add(User(name="root", role="admin"))


async def test_everybody_gets_into_an_open_bot_and_is_kept_fresh(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    anna = await users.welcome(session, ANNA, settings)
    boris = await users.welcome(session, BORIS, settings)
    assert (anna.name, anna.telegram_name, anna.role, anna.language) == ("Анна Иванова", "anna", "user", "ru")
    assert (boris.name, boris.telegram_name, boris.language) == ("Boris", None, "en")

    again = await users.welcome(session, replace(ANNA, name=" Anna \n I.", username="anna2"), settings)
    assert (again.id, again.name, again.telegram_name) == (anna.id, "Anna I.", "anna2")


async def test_who_is_known_costs_one_query(database: Database, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    async with database.begin() as session:
        await users.welcome(session, ANNA, settings)
    statements: list[str] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    async with database.begin() as session:
        await users.welcome(session, ANNA, settings)
    assert [statement.split()[0] for statement in statements] == ["SELECT"]


async def test_a_nameless_person_is_called_by_something(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    assert (await users.welcome(session, Person(7, " \0 ", "seven"), settings)).name == "seven"
    assert (await users.welcome(session, Person(8, ""), settings)).name == "8"


async def test_the_allow_list_lets_in_whom_it_names(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="allow-list", BOT_ALLOWED_IDS="501", BOT_ADMIN_IDS="503")
    assert (await users.welcome(session, ANNA, settings)).role == "user"
    assert (await users.welcome(session, Person(503, "Root"), settings)).role == "admin"
    invite = await people.make_invite(session, await admin(session))
    assert await code_of(users.welcome(session, BORIS, settings, invite=invite)) == "access.closed"

    narrower = configure(BOT_ACCESS="allow-list", BOT_ALLOWED_IDS="", BOT_ADMIN_IDS="503")
    assert await code_of(users.welcome(session, ANNA, narrower)) == "access.closed"


async def test_an_invitation_lets_in_as_many_as_it_says(session: AsyncSession, settings: Settings) -> None:
    invite = await people.make_invite(session, await admin(session), uses=2)
    assert len(invite) <= 64
    assert set(invite) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert await code_of(users.welcome(session, ANNA, settings)) == "access.closed"

    first = await users.welcome(session, ANNA, settings, invite=invite)
    assert (await users.welcome(session, ANNA, settings, invite=invite)).id == first.id  # spends nothing
    await users.welcome(session, BORIS, settings, invite=invite)
    async with session.begin_nested() as savepoint:
        assert await code_of(users.welcome(session, Person(3, "C"), settings, invite=invite)) == "access.invite_spent"
        await savepoint.rollback()
    assert (await users.welcome(session, ANNA, settings)).id == first.id
    assert await code_of(users.welcome(session, Person(3, "C"), settings, invite="result-12")) == "access.closed"


async def test_an_invitation_expires(session: AsyncSession, settings: Settings) -> None:
    invite = await people.make_invite(session, await admin(session))
    await session.execute(update(Invite).values(expires_at=Invite.expires_at - people.INVITE_LIFETIME))
    assert await code_of(users.welcome(session, ANNA, settings, invite=invite)) == "access.invite_spent"


async def test_of_two_at_once_one_takes_the_last_use(database: Database, settings: Settings) -> None:
    async with database.begin() as session:
        invite = await people.make_invite(session, await admin(session))

    async def come(person: Person) -> str:
        try:
            async with database.begin() as session:
                return str((await users.welcome(session, person, settings, invite=invite)).telegram_id)
        except StenogramError as error:
            return error.code

    came = await asyncio.gather(come(ANNA), come(BORIS), come(ANNA), come(BORIS), come(ANNA))
    let_in = {who for who in came if who.isdigit()}
    assert len(let_in) == 1
    assert set(came) - let_in == {"access.invite_spent"}
    assert came.count(next(iter(let_in))) in (2, 3)  # each of the updates of whoever came in


async def test_many_updates_at_once_make_one_user(database: Database, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")

    async def come() -> User:
        async with database.begin() as session:
            return await users.welcome(session, ANNA, settings)

    assert len({user.id for user in await asyncio.gather(*(come() for _ in range(8)))}) == 1
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 1


async def test_the_blocked_are_refused_until_they_are_unblocked(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    anna = await users.welcome(session, ANNA, settings)
    assert (await people.block(session, anna)).blocked_at is not None
    assert await code_of(users.welcome(session, ANNA, settings)) == "access.blocked"
    link = await access.make_link(session, await admin(session))
    assert await code_of(users.welcome(session, ANNA, settings, invite=link)) == "access.blocked"
    await people.unblock(session, anna)
    assert (await users.welcome(session, ANNA, settings)).id == anna.id


async def test_the_setting_gives_the_role_and_takes_it(session: AsyncSession, configure: Configure) -> None:
    with_anna, without = configure(BOT_ADMIN_IDS="501"), configure(BOT_ADMIN_IDS="", BOT_ACCESS="open")
    anna = await users.welcome(session, ANNA, with_anna)
    assert anna.role == "admin"
    assert (await users.welcome(session, ANNA, without)).role == "user"
    boris = await people.set_role(session, await users.welcome(session, BORIS, without), "admin")
    assert (await users.welcome(session, BORIS, without)).role == boris.role == "admin"  # an administrator made him one


async def test_at_the_start_the_setting_holds_for_those_too_who_do_not_write(
    session: AsyncSession, configure: Configure
) -> None:
    anna = await users.welcome(session, ANNA, configure(BOT_ADMIN_IDS="501"))
    boris = await users.welcome(session, BORIS, configure(BOT_ADMIN_IDS="501", BOT_ACCESS="open"))
    await users.appoint(session, configure(BOT_ADMIN_IDS="502"))
    for user in (anna, boris):
        await session.refresh(user)
    assert [anna.role, boris.role] == ["user", "admin"]
    await users.appoint(session, configure(BOT_ADMIN_IDS=""))
    await session.refresh(boris)
    assert boris.role == "user"


async def test_one_whom_the_setting_names_cannot_be_locked_out(session: AsyncSession, configure: Configure) -> None:
    anna = await users.welcome(session, ANNA, configure(BOT_ACCESS="open"))
    await people.block(session, anna)
    let_in = await users.welcome(session, ANNA, configure(BOT_ADMIN_IDS="501"))
    assert (let_in.id, let_in.role, let_in.blocked_at) == (anna.id, "admin", None)


async def test_a_sign_in_link_attaches_the_telegram_account(session: AsyncSession, settings: Settings) -> None:
    local = await access.ensure_local_admin(session)
    link = await access.make_link(session, local)
    attached = await users.welcome(session, ANNA, settings, invite=link)
    assert (attached.id, attached.role, attached.telegram_id) == (local.id, "admin", 501)
    assert (await users.welcome(session, ANNA, settings)).id == local.id
    assert (await access.ensure_local_admin(session)).id == local.id  # ``stenogram link`` still finds it
    assert await code_of(users.welcome(session, BORIS, settings, invite=link)) == "auth.link_spent"

    moved = await users.welcome(session, BORIS, settings, invite=await access.make_link(session, local))
    assert (moved.id, moved.telegram_id) == (local.id, 502)
    assert await code_of(users.welcome(session, ANNA, settings)) == "access.closed"


async def test_a_user_that_owns_nothing_gives_way_to_the_links(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    before = await users.welcome(session, ANNA, settings)
    local = await access.ensure_local_admin(session)
    attached = await users.welcome(session, ANNA, settings, invite=await access.make_link(session, local))
    assert attached.id == local.id
    assert await Users(session).get(before.id) is None


async def test_a_user_that_owns_something_does_not_and_the_link_stays_good(
    database: Database, configure: Configure
) -> None:
    settings = configure(BOT_ACCESS="open")
    async with database.begin() as session:
        before = await users.welcome(session, ANNA, settings)
        await quotas.grant(session, before, 60, "welcome")
        link = await access.make_link(session, await access.ensure_local_admin(session))

    async def take_over(person: Person) -> User:
        async with database.begin() as session:
            return await users.welcome(session, person, settings, invite=link)

    assert await code_of(take_over(ANNA)) == "account.exists"
    assert (await take_over(BORIS)).role == "admin"


async def test_administrators_are_not_blocked_and_one_is_left(session: AsyncSession, settings: Settings) -> None:
    first = await admin(session)
    assert await code_of(people.set_role(session, first, "user")) == "account.last_admin"
    assert await code_of(people.block(session, first)) == "auth.forbidden"
    second = await admin(session)
    assert (await people.set_role(session, first, "user")).role == "user"
    assert await code_of(people.set_role(session, second, "user")) == "account.last_admin"
    assert await code_of(people.set_role(session, second, "god")) == "request.invalid"


async def test_of_two_administrators_who_leave_at_once_one_stays(database: Database) -> None:
    async with database.begin() as session:
        both = [await admin(session), await admin(session)]

    async def leave(user: User) -> str:
        try:
            async with database.begin() as session:
                return (await people.set_role(session, user, "user")).role
        except StenogramError as error:
            return error.code

    assert sorted(await asyncio.gather(*map(leave, both))) == ["account.last_admin", "user"]


async def test_people_are_found(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    _, others = await people.page(session, limit=1)  # whom another test has left in the database
    anna, boris = [await users.welcome(session, person, settings) for person in (ANNA, BORIS)]

    async def found(text: str) -> list[str]:
        return [user.name for user in await people.find(session, text)]

    assert await found("иван") == await found("@anna") == await found(str(anna.id)[:13]) == ["Анна Иванова"]
    assert await found("502") == ["Boris"]
    assert await found("50") == await found("%") == await found(" ") == []
    page, count = await people.page(session, limit=1)
    assert (len(page), count) == (1, others + 2)
    assert {user.id for user in [*page, *(await people.page(session, 1, 1))[0]]} == {anna.id, boris.id}


async def test_whom_we_may_write_to(session: AsyncSession, configure: Configure) -> None:
    settings = configure(BOT_ACCESS="open")
    anna, boris = [await users.welcome(session, person, settings) for person in (ANNA, BORIS)]
    await access.ensure_local_admin(session)
    assert {user.id for user in await users.all_reachable(session)} == {anna.id, boris.id}
    await users.reachable(session, anna, False)
    await people.block(session, boris)
    assert list(await users.all_reachable(session)) == []
    await users.reachable(session, anna, True)
    assert [user.id for user in await users.all_reachable(session)] == [anna.id]


async def test_preferences_are_kept_one_by_one(session: AsyncSession, settings: Settings) -> None:
    anna = await Users(session).add(User(name="anna"))
    assert users.preferences(anna, settings) == Preferences(preset=settings.asr.preset)
    wanted = {"speech": "de", "preset": "fast", "diarize": False, "speakers": 3, "denoise": True, "keep": "week"}
    wanted |= {"notify": False, "silent": True, "export": "md"}
    for name, value in wanted.items():
        anna = await users.set_preference(session, anna, name, value)
    assert users.preferences(anna, settings) == Preferences(**wanted)  # type: ignore[arg-type]
    options = users.run_options(users.preferences(anna, settings))
    assert (options.language, options.preset, options.diarize, options.speakers, options.denoise) == (
        "de",
        "fast",
        False,
        3,
        True,
    )
    assert options.formats == ("docx", "srt", "txt", "json", "md")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("speech", "tlh", "options.language"),
        ("speech", ["ru"], "request.invalid"),
        ("preset", "best", "options.preset"),
        ("speakers", 11, "options.speakers"),
        ("speakers", True, "options.speakers"),
        ("diarize", "yes", "request.invalid"),
        ("keep", "month", "request.invalid"),
        ("export", "exe", "options.format"),
        ("colour", "red", "request.invalid"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_passed_over_where_it_is_stored(
    session: AsyncSession, settings: Settings, name: str, value: object, code: str
) -> None:
    anna = await Users(session).add(User(name="anna", preferences={name: value, "silent": True}))
    assert await code_of(users.set_preference(session, anna, name, value)) == code
    assert users.preferences(anna, settings) == Preferences(preset=settings.asr.preset, silent=True)


async def test_language_timezone_and_plan(session: AsyncSession, settings: Settings) -> None:
    anna = await Users(session).add(User(name="anna"))
    assert (await users.set_language(session, anna, "en")).language == "en"
    assert await code_of(users.set_language(session, anna, "fr")) == "options.language"
    assert users.zone(anna, settings) == ZoneInfo("Europe/Moscow")
    assert users.zone(await users.set_timezone(session, anna, "Asia/Tokyo"), settings) == ZoneInfo("Asia/Tokyo")
    assert await code_of(users.set_timezone(session, anna, "Mars/Base")) == "request.invalid"
    assert users.zone(User(name="x", timezone="Mars/Base"), settings) == ZoneInfo("Europe/Moscow")
    assert (await people.set_plan(session, anna, "small", settings)).plan == "small"
    assert await code_of(people.set_plan(session, anna, "huge", settings)) == "request.invalid"
    assert (await people.set_unlimited(session, anna, True)).unlimited


NOW = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
KEPT: dict[users.Keep, datetime | None] = {
    "day": NOW + timedelta(days=1),
    "week": NOW + timedelta(days=7),
    "forever": None,
}


@pytest.mark.parametrize("keep", KEPT)
def test_how_long_a_recording_is_kept(keep: users.Keep) -> None:
    assert users.expiry(Preferences(keep=keep), NOW) == KEPT[keep]


async def test_a_user_that_is_gone_is_not_found(session: AsyncSession) -> None:
    assert await code_of(people.set_unlimited(session, User(id=UUID(int=1), name="x"), True)) == "not_found"
