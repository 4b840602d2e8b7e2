"""Work that takes minutes: done beside the updates of its chat, which must not wait for it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Errand = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Errands:
    """One at a time for each user. An errand handles its own failures, and says what becomes of it when cancelled."""

    _tasks: dict[UUID, "asyncio.Task[None]"] = field(default_factory=dict, init=False)

    def busy(self, user_id: UUID) -> bool:
        """Whether one of this user's is not finished."""
        return user_id in self._tasks

    def begin(self, user_id: UUID, errand: Errand) -> bool:
        """False: another of this user's is not finished."""
        if user_id in self._tasks:
            return False
        task = self._tasks[user_id] = asyncio.create_task(errand())
        task.add_done_callback(lambda _: self._tasks.pop(user_id, None))
        return True

    async def cancel(self, user_id: UUID) -> None:
        """The user's, if there is one; returns when it has ended."""
        await self._end(task for owner, task in list(self._tasks.items()) if owner == user_id)

    async def stop(self) -> None:
        """All of them."""
        await self._end(list(self._tasks.values()))

    async def _end(self, tasks: Iterable["asyncio.Task[None]"]) -> None:
        ending = list(tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
