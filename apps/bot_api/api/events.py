"""What happens to a run, as it happens: server-sent events."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from sse_starlette import EventSourceResponse, ServerSentEvent

from apps.bot_api.deps import BLOCK_SECONDS, CurrentUser, Running, Runtime
from apps.bot_api.language import Language
from apps.bot_api.schemas.runs import EventOut, RunOut, run_out
from stenogram import events
from stenogram.services import access, runs

router = APIRouter(tags=["runs"])

HEARTBEAT_SECONDS = 15
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
    position = since or await events.position(runtime.redis, run_id)  # before the snapshot: nothing falls in between
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        first = run_out(await runs.snapshot(session, run_id), language)
    stream = _stream(runtime, first, position, replay=since is not None)
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return EventSourceResponse(stream, headers=headers, ping=HEARTBEAT_SECONDS, sep="\n")


async def _stream(runtime: Runtime, first: RunOut, position: str, *, replay: bool) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(first.model_dump_json(), event="snapshot", id=position)
    over = first.state in events.TERMINAL
    if over and not replay:
        return

    async def still_open() -> bool:
        async with runtime.database.session() as session:
            return (await runs.get(session, first.id)).state not in events.TERMINAL

    block_seconds = 0.01 if over else BLOCK_SECONDS  # of a run that is over only what was missed is sent
    followed = events.follow(runtime.redis, first.id, position, still_open=still_open, block_seconds=block_seconds)
    async for event_id, event in followed:
        data = EventOut.model_validate(event, from_attributes=True)
        yield ServerSentEvent(data.model_dump_json(), event=event.type, id=event_id)
