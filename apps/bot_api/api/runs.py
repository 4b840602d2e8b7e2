"""Runs: start, look, cancel, run again from a stage."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request, status

from apps.bot_api.deps import CurrentUser, Running, request_id
from apps.bot_api.language import Language
from apps.bot_api.schemas.runs import RerunIn, RunIn, RunOut, run_out
from stenogram.services import access, admission, quotas, recordings, runs, users

router = APIRouter(tags=["runs"])


@router.post("/recordings/{recording_id}/runs", status_code=status.HTTP_201_CREATED)
async def start_run(
    recording_id: UUID,
    wanted: RunIn,
    request: Request,
    runtime: Running,
    user: CurrentUser,
    language: Language,
    background: BackgroundTasks,
) -> RunOut:
    """Send the recording through the whole chain once more, perhaps with other options."""
    options = wanted.options.over(users.default_options(user, runtime.settings))
    async with runtime.database.begin() as session:
        recording = await access.owned_recording(session, user, recording_id)
        await admission.admit(session, user.id, runtime.settings.queue)
        await quotas.charge_again(session, user, recording, runtime.settings)
        run = await runs.start(session, recording_id, options, request_id=request_id(request))
        view = await runs.snapshot(session, run.id)
    background.add_task(runtime.dispatcher.flush)
    return run_out(view, language)


@router.get("/recordings/{recording_id}/runs")
async def list_runs(recording_id: UUID, runtime: Running, user: CurrentUser, language: Language) -> list[RunOut]:
    """All runs of the recording, newest first."""
    async with runtime.database.session() as session:
        await access.owned_recording(session, user, recording_id)
        return [run_out(view, language) for view in await runs.of_recording(session, recording_id)]


@router.get("/runs/{run_id}")
async def get_run(run_id: UUID, runtime: Running, user: CurrentUser, language: Language) -> RunOut:
    """The run with its stages, as it is now."""
    async with runtime.database.session() as session:
        await access.owned_run(session, user, run_id)
        return run_out(await runs.snapshot(session, run_id), language)


@router.post("/runs/{run_id}/cancel")
async def cancel_run(
    run_id: UUID, runtime: Running, user: CurrentUser, language: Language, background: BackgroundTasks
) -> RunOut:
    """Stop it: at once while it waits, else as soon as its stage next reports. What is finished stays."""
    async with runtime.database.begin() as session:
        await access.owned_run(session, user, run_id)
        _, events = await runs.cancel(session, run_id)
        view = await runs.snapshot(session, run_id)
    background.add_task(runtime.dispatcher.flush, events)
    return run_out(view, language)


@router.post("/runs/{run_id}/rerun", status_code=status.HTTP_201_CREATED)
async def rerun(
    run_id: UUID,
    wanted: RerunIn,
    request: Request,
    runtime: Running,
    user: CurrentUser,
    language: Language,
    background: BackgroundTasks,
) -> RunOut:
    """A new run that begins at a stage and takes what came before from this one."""
    async with runtime.database.begin() as session:
        parent = await access.owned_run(session, user, run_id)
        recording = await recordings.get(session, parent.recording_id)
        options = wanted.options.options() if wanted.options else runs.stored_options(parent.options)
        await admission.admit(session, user.id, runtime.settings.queue)
        await quotas.charge_again(session, user, recording, runtime.settings)
        run = await runs.rerun(session, run_id, wanted.from_stage, options, request_id=request_id(request))
        view = await runs.snapshot(session, run.id)
    background.add_task(runtime.dispatcher.flush)
    return run_out(view, language)
