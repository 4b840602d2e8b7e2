"""Who may read what is shown in a chat.

A result that stands in a group may be read by everybody in it: its text is there already. Only the owner changes it
(``services.access``).
"""

from uuid import UUID

from aiogram.types import Chat

from apps.bot_api.bot.desk import Desk
from stenogram.errors import StenogramError
from stenogram.storage.models import Run, User
from stenogram.storage.repositories import Recordings, Runs
from stenogram.storage.telegram_rows import Posts


async def readable_run(desk: Desk, user: User, run_id: UUID, chat: Chat) -> Run:
    """Raises StenogramError("not_found") for a run that is neither this user's nor answered in this group."""
    async with desk.runtime.database.at_once() as session:
        run = await Runs(session).get(run_id)
        if run is None:
            raise StenogramError("not_found", f"run {run_id}")
        recording = await Recordings(session).get(run.recording_id)
        if recording is not None and recording.owner_id == user.id:
            return run
        if chat.type == "private" or not await Posts(session).posted_in(chat.id, run.recording_id):
            raise StenogramError("not_found", f"run {run_id}")
    return run


async def readable_recording(desk: Desk, user: User, recording_id: UUID, chat: Chat) -> UUID:
    """The newest run of the recording that has a transcript. Raises ``not_found``, ``transcript.not_ready``."""
    async with desk.runtime.database.at_once() as session:
        run = await Runs(session).latest_with_transcript(recording_id)
        if run is None and await Recordings(session).get(recording_id) is not None:
            raise StenogramError("transcript.not_ready", f"recording {recording_id}")
    if run is None:
        raise StenogramError("not_found", f"recording {recording_id}")
    return (await readable_run(desk, user, run.id, chat)).id
