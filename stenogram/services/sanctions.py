"""People who are shut out: nothing more is taken from them, and what is under way for them stops."""

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.events import Event
from stenogram.services import people, posts, runs
from stenogram.storage.models import User
from stenogram.storage.user_rows import Accounts


async def block(session: AsyncSession, user: User) -> tuple[User, list[Event]]:
    """Refuse this person from now on, and cancel their runs and what they have posted to the bot.

    The events to publish after the commit. Raises StenogramError("auth.forbidden") for an administrator.
    """
    if user.role == "admin":
        raise StenogramError("auth.forbidden", "an administrator is to be dismissed before")
    stopped = await posts.stop_all(session, user)
    events = await cancel_all(session, user)  # runs are locked before the user, as everywhere
    return await people.block(session, user), [*stopped, *events]


async def cancel_all(session: AsyncSession, user: User) -> list[Event]:
    """Every run of the user that is not over. The events to publish after the commit."""
    events: list[Event] = []
    for run_id in await Accounts(session).runs_under_way(user.id):
        try:
            events.extend((await runs.cancel(session, run_id))[1])
        except StenogramError as error:
            if error.code not in ("run.conflict", "not_found"):  # it ended meanwhile
                raise
    return events
