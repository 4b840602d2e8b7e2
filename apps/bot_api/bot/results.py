"""What a finished answer says: the text itself, a file under a caption, an album's summary, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.bot_api.bot import render
from apps.bot_api.bot.render import Item, Result, Shown
from apps.bot_api.bot.texts import Texts
from apps.bot_api.deps import Runtime
from stenogram.errors import StenogramError
from stenogram.services import exports, runs, transcripts, users
from stenogram.storage.models import User
from stenogram.storage.telegram_models import TelegramAnswer, TelegramPost
from stenogram.storage.telegram_rows import Posts


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """With a ``file``, what is ``shown`` is its caption."""

    shown: Shown
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Results:
    runtime: Runtime

    def page(self, recording_id: UUID) -> str | None:
        """The address of a recording's page, where Telegram can open it: it takes https only."""
        url = self.runtime.settings.server.url
        return f"{url}/recordings/{recording_id}" if url.startswith("https://") else None

    def upload_url(self, *, private: bool) -> str | None:
        """Where larger files go; in private chats only, as Telegram opens web apps nowhere else."""
        url = self.runtime.settings.server.url
        return url if private and url.startswith("https://") else None

    async def make(self, texts: Texts, answer: TelegramAnswer, owner: User, items: Sequence[Item]) -> Made:
        """For the items as they ended. Raises StenogramError while the database or the store is away."""
        found = {item.post_id: await self._of_post(item, owner, private=answer.private) for item in items}
        sells = answer.private and bool(self.runtime.settings.telegram.stars_packages)
        if len(items) > 1:
            return Made(render.album(texts, items, [found[item.post_id] for item in items], sells=sells))
        result = found[items[0].post_id] if items else None
        if result is None:
            return Made(render.status(texts, items, upload_url=self.upload_url(private=answer.private), sells=sells))
        return await self.of_run(texts, owner, result)

    async def of_run(self, texts: Texts, owner: User, result: Result) -> Made:
        """The text when it fits into a message, else the file that the owner prefers."""
        if render.fits(texts, result):
            return Made(render.result(texts, result))
        wanted = users.preferences(owner, self.runtime.settings).export
        return Made(render.captioned(texts, result), await self.file(result.run_id, wanted, texts.language))

    async def file(self, run_id: UUID, name: str, language: str | None = None) -> File:
        """An export. Raises StenogramError as ``exports.export`` does."""
        async with self.runtime.database.session() as session:
            data, _, file_name = await exports.export(session, self.runtime.vault, run_id, name, language=language)
        return File(file_name, data)

    async def _of_post(self, item: Item, owner: User, *, private: bool) -> Result | None:
        if item.state != "done":
            return None
        async with self.runtime.database.session() as session:
            post = await Posts(session).get(item.post_id)
        if post is None or post.run_id is None:
            return None
        return await self.of(post.run_id, owner, private=private, post=post)

    async def of(self, run_id: UUID, reader: User, *, private: bool, post: TelegramPost | None = None) -> Result | None:
        """The result of a run as this reader is shown it; None while, or because, it has no transcript."""
        try:
            async with self.runtime.database.session() as session:
                readable = await transcripts.read(session, run_id)
                state = (await runs.get(session, run_id)).state
        except StenogramError as error:
            if error.code not in ("not_found", "transcript.not_ready"):
                raise
            return None
        recording = readable.recording
        origin = post.origin if post else recording.origin
        return Result(
            recording_id=recording.id,
            run_id=run_id,
            transcript=readable.transcript,
            minutes=readable.minutes,
            repeated=post.repeated if post else False,
            private=private,
            webapp_url=self.page(recording.id),
            origin=origin if origin.get("forwarded") else {},
            partly=state == "done_with_warnings",
            kind=origin.get("media", "audio"),
            zone=users.zone(reader, self.runtime.settings).key,
        )

    async def message_of(self, run_id: UUID, chat_id: int) -> int | None:
        """The message of the chat in which this run's result stands alone."""
        async with self.runtime.database.at_once() as session:
            return await Posts(session).message_of(run_id, chat_id)
