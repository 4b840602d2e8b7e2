"""What was done by whom, to whom and when: for administrators. Never what recordings say, nor what they are called."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.access_models import AuditEntry
from stenogram.storage.access_rows import ANY, Audit, Told, Wanted
from stenogram.storage.models import User

__all__ = ["Told", "Wanted"]

Via = Literal["page", "key", "bot"]
Action = Literal[
    "session.opened",
    "session.ended",
    "session.others_ended",
    "key.made",
    "key.revoked",
    "user.blocked",
    "user.unblocked",
    "user.appointed",
    "user.dismissed",
    "user.unlimited",
    "user.limited",
    "user.plan",
    "user.granted",
    "user.refunded",
    "letter.replayed",
    "letter.discarded",
    "archive.taken",
    "account.deleted",
]

KEEP = timedelta(days=365)


async def record(
    session: AsyncSession,
    actor: User,
    action: Action,
    subject: User | None = None,
    *,
    via: Via = "page",
    **details: str | int | float | None,
) -> None:
    """Note it in the transaction that does it. ``details`` are numbers and names of settings, nothing that is private.

    ``subject`` is whom it was done to, where that is not the actor.
    """
    other = subject.id if subject is not None and subject.id != actor.id else None
    await Audit(session).add(
        AuditEntry(action=action, actor_id=actor.id, subject_id=other, via=via, details=dict(details))
    )


async def page(session: AsyncSession, limit: int, before: int | None = None, wanted: Wanted = ANY) -> Sequence[Told]:
    """Newest first, after the one with the id ``before``."""
    return await Audit(session).page(limit, before, wanted)


async def forget(session: AsyncSession) -> int:
    """Entries older than ``KEEP``; how many."""
    return await Audit(session).forget(KEEP)
