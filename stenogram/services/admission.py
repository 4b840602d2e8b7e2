"""Back-pressure: how many runs may wait for a worker, in all and of one user.

A queue without a bound takes in more than it can do, and tells people only hours later.
"""

import math
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.settings import QueueSettings
from stenogram.storage.schedule_rows import Queue

_PROMISED = 2
"""Whoever was let in with an upload finds a place when it has come, were it beyond the bound; this far beyond."""

_PACE = timedelta(minutes=10)  # over which is looked how fast the queue moves
_WAIT_LEAST, _WAIT_MOST, _WAIT_UNKNOWN = 10, 600, 60  # seconds


async def admit(session: AsyncSession, owner_id: UUID, settings: QueueSettings, *, promised: bool = False) -> None:
    """Let one more run of this owner wait, or refuse. Ask before a file is taken in, and again (``promised``) after it.

    Of several at once no more get in than there is room. Raises StenogramError: ``queue.full`` (the service is busy),
    ``queue.full_for_user`` (this user's runs are to be waited for), with ``waiting`` and ``retry_after`` in seconds.
    """
    queue = Queue(session)
    if not promised:
        await queue.lock()
    room = _PROMISED if promised else 1
    waiting, own = await queue.waiting(owner_id)
    if own >= room * settings.max_waiting_per_user:
        raise await _refusal(queue, "queue.full_for_user", own)
    if waiting >= room * settings.max_waiting:
        raise await _refusal(queue, "queue.full", waiting)


async def _refusal(queue: Queue, code: str, waiting: int) -> StenogramError:
    begun = await queue.begun_within(_PACE)
    seconds = math.ceil(_PACE.total_seconds() / begun) if begun else _WAIT_UNKNOWN
    return StenogramError(code, waiting=waiting, retry_after=min(_WAIT_MOST, max(_WAIT_LEAST, seconds)))
