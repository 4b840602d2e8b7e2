"""Accounts on a real database: in a transaction that is rolled back, or on a database of their own."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.settings import Settings, load_settings
from stenogram.storage.database import Database
from stenogram.storage.models import LedgerEntry
from tests.servers import Servers

SECRET = "s" * 40
DAILY = 600
Configure = Callable[..., Settings]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Settings of these variables, and of a small allowance."""

    def build(**variables: str) -> Settings:
        for name, value in {"SECRET_KEY": SECRET, "QUOTA_PLANS": f"small:60,standard:{DAILY}", **variables}.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return build


@pytest.fixture
def settings(configure: Configure) -> Settings:
    return configure()


@pytest.fixture(scope="session")
async def shared_database(postgres_url: str) -> AsyncIterator[Database]:
    made = Database(postgres_url)
    yield made
    await made.dispose()


@pytest.fixture
async def session(shared_database: Database) -> AsyncIterator[AsyncSession]:
    async with shared_database.session() as made:
        yield made


@pytest.fixture
async def database(servers: Servers) -> AsyncIterator[Database]:
    """Empty, for what many commit side by side."""
    async with servers.empty(pool_size=12) as made:
        yield made


async def midnight(session: AsyncSession, days: int = 1) -> None:
    """So many days pass, as far as the ledger tells it."""
    past = {"day": LedgerEntry.day - days, "created_at": LedgerEntry.created_at - timedelta(days=days)}
    await session.execute(update(LedgerEntry).values(past).execution_options(synchronize_session=False))
