"""What happens to a run, as it happens: server-sent events."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import anyio
from fastapi import APIRouter, Header
from loguru import logger
from sse_starlette import EventSourceResponse, ServerSentEvent

from apps.bot_api.deps import BLOCK_SECONDS, CurrentUser, Running, Runtime
from apps.bot_api.language import Language
from apps.bot_api.schemas.runs import EventOut, RunOut, run_out
from stenogram import events
from stenogram.errors import StorageError
from stenogram.services import access, runs

router = APIRouter(tags=["runs"])

HEARTBEAT_SECONDS = 15
_AWAY_SECONDS = 2.0  # between looks at the rows while Redis is away
_EVENT_ID = re.compile(r"\d{1,20}(-\d{1,20})?")
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": EventOut,
        "description": "`snapshot` (a RunOut), then `run`, `stage`, `progress`, `partial` and `error` (an EventOut)",
    }
}


@router.get("/runs/{run_id}/events", response_class=EventSourceResponse, responses=_RESPONSES)
async def follow_run(
    run_id: UUID,
    runtime: Running,
    user: CurrentUser,
    language: Language,
    last_event_id: Annotated[str | None, Header(max_length=50, description="Go on after this event")] = None,
) -> EventSourceResponse:
    """First the run as it is, then every change of it; ends when the run does. Send Last-Event-ID to go on."""
    since = last_event_id if last_event_id and _EVENT_ID.fullmatch(last_event_id) else None
    position = since or await _position(runtime, run_id)  # before the snapshot: nothing falls in between
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
    stream = _Stream(runtime, run_id, language, position, replay=since is not None)
    first = await stream.snapshot()
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return EventSourceResponse(stream.follow(first), headers=headers, ping=HEARTBEAT_SECONDS, sep="\n")


async def _position(runtime: Runtime, run_id: UUID) -> str | None:
    """None while Redis is away."""
    try:
        return await events.position(runtime.redis, run_id)
    except StorageError as error:
        logger.debug("run {} is followed by its rows: {}", run_id, error)
        return None


@dataclass(slots=True)
class _Stream:
    """One follower. ``position`` is the last event that it knows of; None: it follows the rows for now."""

    runtime: Runtime
    run_id: UUID
    language: str
    position: str | None
    replay: bool
    place: int | None = None  # in the queue, as last told
    moved: bool = False

    async def snapshot(self) -> RunOut:
        async with self.runtime.database.session() as session:
            return run_out(await runs.snapshot(session, self.run_id), self.language)

    async def follow(self, run: RunOut) -> AsyncIterator[ServerSentEvent]:
        """The snapshot, then the events; another snapshot when its place in the queue moves, or Redis is away."""
        while True:
            yield ServerSentEvent(run.model_dump_json(), event="snapshot", id=self.position)
            self.place, self.moved = run.queue_place, False
            over = run.state in events.TERMINAL
            if over and not self.replay:
                return
            if self.position is not None:
                try:
                    async for event in self._events(self.position, over=over):
                        yield event
                    if not self.moved:
                        return
                    run = await self.snapshot()
                    continue
                except StorageError as error:
                    logger.warning("run {} is followed by its rows: {}", self.run_id, error)
            self.replay = False
            await anyio.sleep(_AWAY_SECONDS)
            self.position = self.position or await _position(self.runtime, self.run_id)
            run = await self.snapshot()

    async def _events(self, position: str, *, over: bool) -> AsyncIterator[ServerSentEvent]:
        block_seconds = 0.01 if over else BLOCK_SECONDS  # of a run that is over only what was missed is sent
        followed = events.follow(
            self.runtime.redis, self.run_id, position, still_open=self._still_open, block_seconds=block_seconds
        )
        async for event_id, event in followed:
            self.position = event_id
            data = EventOut.model_validate(event, from_attributes=True)
            yield ServerSentEvent(data.model_dump_json(), event=event.type, id=event_id)

    async def _still_open(self) -> bool:
        """Asked when nothing happens. No for a run that is over, and for one whose place is to be told anew."""
        run = await self.snapshot()
        self.moved = run.queue_place != self.place
        return run.state not in events.TERMINAL and not self.moved
