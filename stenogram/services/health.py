"""Do the things that the service stands on answer? Each is asked at once with the others, for a short while."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import anyio
import redis
import redis.asyncio
from loguru import logger

from stenogram.errors import StenogramError, StorageError
from stenogram.storage.database import Database
from stenogram.storage.vault import Vault

TIMEOUT_SECONDS = 2.0

Check = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Dependency:
    """``code`` is the error that its absence causes."""

    name: str
    code: str
    check: Check


def dependencies(database: Database, client: "redis.asyncio.Redis", vault: Vault) -> Sequence[Dependency]:
    """Database, Redis and blobs."""

    async def ping() -> None:
        try:
            await client.ping()
        except redis.RedisError as error:
            raise StorageError("queue.unavailable", type(error).__name__) from error

    return (
        Dependency("database", "database.unavailable", database.check),
        Dependency("redis", "queue.unavailable", ping),
        Dependency("blobs", "storage.unavailable", vault.check),
    )


async def failing(checked: Sequence[Dependency], timeout: float = TIMEOUT_SECONDS) -> Mapping[str, str]:  # noqa: ASYNC109 - one deadline for each of several checks
    """Error code by name of every dependency that says no, or nothing within ``timeout`` seconds."""
    found: dict[str, str] = {}

    async def ask(dependency: Dependency) -> None:
        try:
            with anyio.fail_after(timeout):
                await dependency.check()
        except TimeoutError:
            logger.warning("{} did not answer within {} s", dependency.name, timeout)
            found[dependency.name] = dependency.code
        except StenogramError as error:
            logger.warning("{} is down: {}", dependency.name, error)
            found[dependency.name] = error.code

    async with anyio.create_task_group() as group:
        for dependency in checked:
            group.start_soon(ask, dependency)
    return {item.name: found[item.name] for item in checked if item.name in found}
