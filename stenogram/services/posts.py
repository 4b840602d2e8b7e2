"""Recordings that people post to the bot: stopped, whether they have a run yet or not."""

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.events import Event
from stenogram.services import runs
from stenogram.storage.models import User
from stenogram.storage.telegram_models import TelegramPost
from stenogram.storage.telegram_rows import Answers, Posts

_OVER = ("done", "failed", "cancelled")


async def stop(session: AsyncSession, post: TelegramPost) -> list[Event]:
    """Cancel a post: its run, or the way to one. What is over stays. The events to publish after the commit."""
    locked = await Posts(session).lock(post.id)
    if locked is None or locked.state in _OVER:
        return []
    if locked.run_id is None:
        await Posts(session).set(post.id, state="cancelled")
        return []
    if locked.repeated:  # the run answers another message as well
        return []
    try:
        return (await runs.cancel(session, locked.run_id))[1]
    except StenogramError as error:
        if error.code not in ("run.conflict", "not_found"):  # it ended meanwhile
            raise
        return []


async def stop_all(session: AsyncSession, user: User) -> list[Event]:
    """Every post of the user whose answer is not delivered. The events to publish after the commit."""
    open_answers = await Answers(session).open_of_owner(user.id)
    posts = await Posts(session).of([answer.id for answer in open_answers])
    return [event for post in posts for event in await stop(session, post)]
