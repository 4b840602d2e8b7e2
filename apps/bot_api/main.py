"""The composition root of the API: ``uvicorn apps.bot_api.main:create_app --factory``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI
from loguru import logger
from prometheus_fastapi_instrumentator import Instrumentator

from apps.bot_api import openapi, problems
from apps.bot_api.deps import Runtime, open_runtime
from apps.bot_api.middleware import BodyLimit, RequestContext
from apps.bot_api.statics import WebApp
from stenogram import telemetry
from stenogram.errors import StenogramError
from stenogram.services import uploads
from stenogram.settings import Settings, load_settings

_EXPIRY_SECONDS = 3600.0


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API and the WebApp. Reads the environment without ``settings``; raises SettingsError when that is wrong."""
    if settings is None:
        settings = load_settings()
        telemetry.configure(settings.server)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_runtime(settings) as runtime, anyio.create_task_group() as group:
            app.state.runtime = runtime
            group.start_soon(_expire_uploads, runtime)
            yield
            group.cancel_scope.cancel()

    app = FastAPI(
        title="Stenogram",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.route_name,
    )
    openapi.mount(app)
    problems.install(app)
    Instrumentator(excluded_handlers=["/metrics", "/healthz", "/readyz"]).instrument(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestContext)
    app.router.default = WebApp(settings.server.frontend_dir)
    return app


async def _expire_uploads(runtime: Runtime) -> None:
    """Destroy what was never finished, every hour; a database that is away is asked again next time."""
    while True:
        try:
            async with runtime.database.begin() as session:
                expired = await uploads.expire(session, runtime.vault, runtime.settings.limits)
            if expired:
                logger.info("{} unfinished uploads have expired", expired)
        except StenogramError as error:
            logger.warning("unfinished uploads stay for now: {}", error)
        await anyio.sleep(_EXPIRY_SECONDS)
