"""The migrations make exactly the tables of the models, and can be taken back."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from stenogram.errors import StorageError
from stenogram.storage.database import Database, downgrade, normalise, upgrade
from stenogram.storage.models import Base, User
from tests.servers import Servers


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


async def look(url: str) -> tuple[list[object], list[str]]:
    database = Database(url)
    async with database.engine.connect() as connection:
        found = await connection.run_sync(differences)
        tables = await connection.run_sync(lambda here: inspect(here).get_table_names())
    await database.dispose()
    return found, tables


async def test_head_is_the_models(servers: Servers) -> None:
    found, tables = await look(servers.fresh_database())
    assert found == []
    assert {"users", "blobs", "runs", "alembic_version"} <= set(tables)


def test_up_down_up(servers: Servers) -> None:
    url = servers.fresh_database(migrated=False)
    upgrade(url)
    upgrade(url)
    downgrade(url)
    assert asyncio.run(look(url))[1] == ["alembic_version"]
    upgrade(url)
    assert asyncio.run(look(url))[0] == []


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_form_of_url(scheme: str) -> None:
    url = normalise(f"{scheme}://u:p%40w@db:5433/stenogram?sslmode=require&channel_binding=require")
    assert url.drivername == "postgresql+asyncpg"
    assert (url.password, url.port, dict(url.query)) == ("p@w", 5433, {"ssl": "require"})


def test_other_databases_are_refused() -> None:
    with pytest.raises(ValueError, match="PostgreSQL"):
        normalise("sqlite:///x.db")


async def test_a_server_that_is_away_is_its_own_error() -> None:
    database = Database("postgresql://u:p@127.0.0.1:1/none")
    with pytest.raises(StorageError) as caught:
        await database.check()
    assert caught.value.code == "database.unavailable"
    await database.dispose()


async def test_commit_at_the_edge_and_rollback_on_error(postgres_url: str) -> None:
    database = Database(postgres_url)

    async def insert_and_fail() -> None:
        async with database.begin() as session:
            session.add(User(name="gone"))
            await session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await insert_and_fail()
    async with database.begin() as session:
        user = User(name="kept")
        session.add(user)
    async with database.session() as session:
        assert await session.get(User, user.id) is not None
    await database.dispose()
