"""A database whose clock is set forward or back, or that was away: nobody loses a lease or waits for hours by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.settings import QueueSettings
from stenogram.storage.repositories import clock
from stenogram.storage.time_rows import Times


@dataclass(slots=True)
class Watch:
    """What one process last saw the database's clock show."""

    seen: datetime | None = None

    async def mend(self, session: AsyncSession, settings: QueueSettings) -> None:
        """Call it before leases are judged.

        After more than a lease since the last look, a lease that is over says nothing of its worker: the clock was set
        forward, or the database was away and nobody could renew. All get another one. Times that lie too far ahead,
        because the clock was set back, are brought back.
        """
        lease = timedelta(seconds=settings.lease_seconds)
        now, last = await clock(session), self.seen
        self.seen = now
        if last is not None and now - last > lease and (renewed := await Times(session).renew_expired(lease)):
            logger.warning("the database's clock went on by {}: {} leases are renewed", now - last, renewed)
        moved = await Times(session).bring_back(lease, timedelta(seconds=settings.backoff_max_seconds))
        if moved:
            logger.warning("the database's clock went back: {} times that lay too far ahead are brought back", moved)
