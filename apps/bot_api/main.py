"""The composition root of the API: ``uvicorn apps.bot_api.main:create_app --factory``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Histogram
from prometheus_fastapi_instrumentator import Instrumentator

from apps.bot_api import openapi, problems
from apps.bot_api.api.telegram import Webhook
from apps.bot_api.deps import Runtime, open_runtime
from apps.bot_api.middleware import BodyLimit, RequestContext
from apps.bot_api.statics import WebApp
from stenogram import telemetry
from stenogram.services import janitor
from stenogram.settings import Settings, load_settings


@asynccontextmanager
async def _bot(runtime: Runtime) -> AsyncIterator[object]:
    """The Telegram bot beside the API, where there is a token. It needs aiogram, the API does not."""
    if runtime.settings.telegram.token is None:
        yield None
        return
    from apps.bot_api.bot.application import running

    async with running(runtime) as bot:
        yield bot


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API and the WebApp. Reads the environment without ``settings``; raises SettingsError when that is wrong."""
    if settings is None:
        settings = load_settings()
        telemetry.configure(settings.server)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(janitor.sweep, janitor.scratch_root())  # of one that was killed here
        async with open_runtime(settings) as runtime, _bot(runtime) as bot:
            app.state.runtime, app.state.bot = runtime, bot
            yield

    app = FastAPI(
        title="Stenogram",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    openapi.mount(app)
    problems.install(app)
    app.state.requests = CollectorRegistry()  # its own: the figures of two applications in a process do not mix
    Instrumentator(excluded_handlers=["/metrics", "/healthz", "/readyz"], registry=app.state.requests).instrument(app)
    kept = Histogram("stenogram_update_seconds", "Until an update of Telegram was kept", registry=app.state.requests)
    app.add_middleware(Webhook, seconds=kept)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestContext)
    app.router.default = WebApp(settings.server.frontend_dir)
    return app
