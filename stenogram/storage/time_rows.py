"""Times that a clock which was set back has left in the future. No commit inside."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Outbox, StageRun

_SLACK = timedelta(seconds=1)  # between one transaction's ``now()`` and another's


class Times:
    """Leases and due dates, in the session of the caller."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def renew_expired(self, lease: timedelta) -> int:
        """Give every stage whose lease is over another one, as if its worker had renewed it. How many."""
        expired = (StageRun.state == "running", StageRun.lease_until < func.now())
        return await self._set(StageRun, expired, lease_until=func.now() + lease)

    async def bring_back(self, lease: timedelta, longest_wait: timedelta) -> int:
        """Bring what lies further ahead than any rule puts it back to where the rule would put it now. How many."""
        now, soon = func.now(), func.now() + _SLACK
        leased = (StageRun.state == "running", StageRun.lease_until > soon + lease)
        waiting = (StageRun.state == "queued", StageRun.not_before > soon + longest_wait)
        unsent = (Outbox.sent_at.is_(None), Outbox.created_at > soon)
        delay = Outbox.not_before - Outbox.created_at
        return (
            await self._set(StageRun, leased, lease_until=now + lease)
            + await self._set(StageRun, waiting, not_before=now + longest_wait)
            + await self._set(Outbox, unsent, not_before=now + delay, created_at=now)
            + await self._set(Outbox, (Outbox.sent_at > soon,), sent_at=now)
        )

    async def _set(self, table: type[Any], condition: tuple[Any, ...], **values: Any) -> int:
        statement = update(table).where(*condition).values(values).execution_options(synchronize_session=False)
        result = await self._session.execute(statement)
        return result.rowcount if isinstance(result, CursorResult) else 0
