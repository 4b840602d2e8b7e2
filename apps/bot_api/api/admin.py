"""For administrators: exhausted stages, and the state of the whole service. Everybody else is told auth.forbidden."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Query, status
from sqlalchemy.ext.asyncio import AsyncSession

from apps.bot_api.deps import Administrator, Running, Runtime, require_admin
from apps.bot_api.language import Language
from apps.bot_api.schemas.admin import (
    ChosenIn,
    DealtWithOut,
    InspectedLetterOut,
    LetterPage,
    inspected_out,
    letter_out,
    refused_out,
)
from apps.bot_api.schemas.overview import OverviewOut, overview_out
from stenogram.errors import StenogramError
from stenogram.events import Event
from stenogram.pipeline.stage import Stage
from stenogram.services import audit, dead_letters, overview

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(require_admin)])


@router.get("/overview")
async def get_overview(runtime: Running) -> OverviewOut:
    """Queues, workers, leases, dead letters, disk, outbox, servers, janitor; also while Redis is away."""
    async with runtime.database.session() as session:
        return overview_out(await overview.collect(session, runtime.redis, runtime.settings.server))


@router.get("/dead-letters")
async def list_dead_letters(
    runtime: Running,
    stage: Stage | None = None,
    code: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=1, description="next_before of the page before")] = None,
) -> LetterPage:
    """Stages that were given up and that nobody has dealt with, newest first."""
    chosen = dead_letters.Chosen(stage, code)
    async with runtime.database.session() as session:
        letters = await dead_letters.list_open(session, limit + 1, before=before, chosen=chosen)
    page = [letter_out(letter) for letter in letters[:limit]]
    return LetterPage(items=page, next_before=page[-1].id if len(letters) > limit else None)


@router.post("/dead-letters/replay")
async def replay_dead_letters(
    chosen: ChosenIn, runtime: Running, admin: Administrator, language: Language, background: BackgroundTasks
) -> DealtWithOut:
    """Try all of them again, oldest first, at most 1000; those that cannot be are told and stay."""
    events: list[Event] = []

    async def one(session: AsyncSession, letter_id: int) -> None:
        events.extend((await dead_letters.replay(session, letter_id))[1])
        await audit.record(session, admin, "letter.replayed", letter=letter_id)

    answer = await _each(runtime, chosen, language, one)
    background.add_task(runtime.dispatcher.flush, events)
    return answer


@router.post("/dead-letters/discard")
async def discard_dead_letters(
    chosen: ChosenIn, runtime: Running, admin: Administrator, language: Language
) -> DealtWithOut:
    """Take all of them off the list, at most 1000."""

    async def one(session: AsyncSession, letter_id: int) -> None:
        await dead_letters.discard(session, letter_id)
        await audit.record(session, admin, "letter.discarded", letter=letter_id)

    return await _each(runtime, chosen, language, one)


@router.get("/dead-letters/{letter_id}")
async def get_dead_letter(letter_id: int, runtime: Running, language: Language) -> InspectedLetterOut:
    """One of them, dealt with or not, and its run as it is now."""
    async with runtime.database.session() as session:
        return inspected_out(await dead_letters.inspect(session, letter_id), language)


@router.post("/dead-letters/{letter_id}/replay")
async def replay_dead_letter(
    letter_id: int, runtime: Running, admin: Administrator, language: Language, background: BackgroundTasks
) -> InspectedLetterOut:
    """Try the stage again with fresh attempts; the run goes on from there."""
    async with runtime.database.begin() as session:
        _, events = await dead_letters.replay(session, letter_id)
        await audit.record(session, admin, "letter.replayed", letter=letter_id)
        inspected = await dead_letters.inspect(session, letter_id)
    background.add_task(runtime.dispatcher.flush, events)
    return inspected_out(inspected, language)


@router.post("/dead-letters/{letter_id}/discard", status_code=status.HTTP_204_NO_CONTENT)
async def discard_dead_letter(letter_id: int, runtime: Running, admin: Administrator) -> None:
    """Take it off the list; the run stays as it is."""
    async with runtime.database.begin() as session:
        await dead_letters.discard(session, letter_id)
        await audit.record(session, admin, "letter.discarded", letter=letter_id)


async def _each(
    runtime: Runtime, chosen: ChosenIn, language: str, act: Callable[[AsyncSession, int], Awaitable[object]]
) -> DealtWithOut:
    """Each in a transaction of its own: one that cannot be dealt with must not keep the others."""
    answer = DealtWithOut(done=[], refused=[])
    for letter_id in await _ids(runtime, chosen):
        try:
            async with runtime.database.begin() as session:
                await act(session, letter_id)
        except StenogramError as error:
            if error.retryable:
                raise  # not the letter's fault: the database is away
            answer.refused.append(refused_out(letter_id, error, language))
        else:
            answer.done.append(letter_id)
    return answer


async def _ids(runtime: Runtime, chosen: ChosenIn) -> Sequence[int]:
    async with runtime.database.session() as session:
        return await dead_letters.choose(session, chosen.chosen())
