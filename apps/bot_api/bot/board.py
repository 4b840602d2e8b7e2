"""How every recording under way stands: read for all of them at once, told to whoever cares for one."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Literal
from uuid import UUID

import redis.asyncio
from loguru import logger

from apps.bot_api.bot.render import Item
from apps.bot_api.bot.render.models import ENDED, State
from stenogram import events
from stenogram.errors import StenogramError
from stenogram.pipeline.stage import Stage
from stenogram.services import runs
from stenogram.services.runs import Problem, RunView
from stenogram.storage.database import Database
from stenogram.storage.telegram_models import TelegramPost
from stenogram.storage.telegram_rows import Posts

LOOK_SECONDS = 0.5
_AT_ONCE = 10  # answers
_DRAFT_EVENTS = 40
_DRAFT_LENGTH = 1200  # characters kept of what was recognised; fewer are shown
_NAMELESS = ("voice", "video_note", "sample")

_ENDS: Mapping[str, State] = {"dead": "failed", "cancelled": "cancelled"}

Phase = Literal["busy", "fetching"]


@dataclass(slots=True)
class Watched:
    """An answer that somebody cares for. ``posts`` and ``items`` are as of the last look, in the same order."""

    news: asyncio.Event = field(default_factory=asyncio.Event)
    posts: Sequence[TelegramPost] = ()
    items: tuple[Item, ...] = ()


class Board:
    def __init__(self, database: Database, client: "redis.asyncio.Redis") -> None:
        self._database, self._redis = database, client
        self._watched: dict[UUID, Watched] = {}
        self._phases: dict[UUID, tuple[Phase, int | None]] = {}
        self._look = asyncio.Event()

    async def watch(self, answer_id: UUID) -> Watched:
        """With a first look taken. End it with ``leave``."""
        watched = self._watched[answer_id] = Watched()
        await self._read([answer_id])
        self._look.set()
        return watched

    def watch_new(self, answer_id: UUID, post: TelegramPost) -> Watched:
        """As ``watch``, of an answer that has just been made with this post."""
        watched = self._watched[answer_id] = Watched()
        self._tell(answer_id, [post], {}, {})
        self._look.set()
        return watched

    def leave(self, answer_id: UUID) -> None:
        left = self._watched.pop(answer_id, None)
        for post in left.posts if left else ():
            self._phases.pop(post.id, None)

    def say(self, post_id: UUID, phase: Phase | None, ahead: int | None = None) -> None:
        """What only this process knows of a post."""
        if phase is None:
            self._phases.pop(post_id, None)
        else:
            self._phases[post_id] = (phase, ahead)
        self._look.set()

    async def run(self) -> None:
        """Look around again and again, at most a tenth of the time."""
        while True:
            await self._look.wait()
            begun = time.monotonic()
            if not self._watched:
                self._look.clear()
                continue
            try:
                watched = list(self._watched)
                for start in range(0, len(watched), _AT_ONCE):  # a crowd read at once would keep everybody waiting
                    await self._read(watched[start : start + _AT_ONCE])
            except StenogramError as error:
                logger.warning("the recordings under way cannot be looked at: {}", error)
            await asyncio.sleep(max(LOOK_SECONDS, 9 * (time.monotonic() - begun)))

    async def _read(self, answer_ids: Sequence[UUID]) -> None:
        async with self._database.at_once() as session:
            posts = await Posts(session).of(answer_ids)
            found = {post.run_id for post in posts if post.run_id is not None}
            views = {view.id: view for view in await runs.some(session, list(found))} if found else {}
        told = await self._told([view for view in views.values() if _transcribing(view)])
        by_answer: dict[UUID, list[TelegramPost]] = {}
        for post in posts:
            by_answer.setdefault(post.answer_id, []).append(post)
        for answer_id in answer_ids:
            self._tell(answer_id, by_answer.get(answer_id, []), views, told)

    def _tell(
        self,
        answer_id: UUID,
        posts: Sequence[TelegramPost],
        views: Mapping[UUID, RunView],
        told: Mapping[UUID, Sequence[events.Event]],
    ) -> None:
        watched = self._watched.get(answer_id)
        if watched is None:
            return
        items = tuple(
            self._item(post, views.get(post.run_id) if post.run_id else None, told.get(post.run_id or post.id, ()))
            for post in posts
        )
        watched.posts = posts
        if items != watched.items:
            watched.items = items
            watched.news.set()

    def _item(self, post: TelegramPost, view: RunView | None, told: Iterable[events.Event]) -> Item:
        name = "" if post.kind in _NAMELESS else PurePath(post.file_name).stem
        item = Item(post.id, post.kind, name, post.duration, recording_id=post.recording_id)
        if post.state in ENDED:
            error = Problem(post.error_code, post.error_params) if post.error_code else None
            return replace(item, state=post.state, error=error)
        if view is not None:
            return _under_way(item, view, told)
        phase, ahead = self._phases.get(post.id, (None, None))
        return replace(item, state=phase or "received", ahead=ahead)

    async def _told(self, views: Sequence[RunView]) -> dict[UUID, list[events.Event]]:
        """What workers said lately; nothing where Redis is away: the rows tell the rest."""
        try:
            return {view.id: await events.recent(self._redis, view.id, _DRAFT_EVENTS) for view in views}
        except StenogramError as error:
            logger.debug("no drafts: {}", error)
            return {}


def _transcribing(view: RunView) -> bool:
    return any(stage.stage is Stage.TRANSCRIBE and stage.state == "running" for stage in view.stages)


def _under_way(item: Item, view: RunView, told: Iterable[events.Event]) -> Item:
    if view.state in events.TERMINAL:
        return replace(item, state=_ENDS.get(view.state, "done"), error=view.error, fraction=1.0)
    if view.state == "queued":
        return replace(item, state="queued", place=view.queue_place)
    stage = next((s.stage for s in view.stages if s.state in ("running", "queued")), None)
    etas = [event.eta_seconds for event in told if event.eta_seconds is not None]
    words = " ".join(str(segment["text"]).strip() for event in told for segment in event.segments)
    return replace(
        item,
        state="running",
        stage=stage.value if stage else None,
        fraction=view.fraction,
        eta=etas[-1] if etas else None,
        draft=words[-_DRAFT_LENGTH:],
    )
