"""The API as a process: ``python -m apps.bot_api --host 127.0.0.1 --port 8080``. Settings come from the environment."""

import argparse
import gc
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

EXIT_USAGE = 2


def create_app() -> "FastAPI":
    """The application. What is there when it has started is set aside from later collections of garbage: looking
    through it would keep everybody waiting for a third of a second, time and again."""
    from apps.bot_api import main

    app = main.create_app()
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def frozen(app: "FastAPI") -> AsyncIterator[None]:
        async with lifespan(app):
            gc.freeze()
            gc.enable()
            yield

    app.router.lifespan_context = frozen
    return app


def run() -> int:
    """Serve until SIGINT or SIGTERM; the exit code. Wrong settings are a readable line each on stderr.

    Told to stop, it ends live streams at once, so that they reconnect, and gives requests API_SHUTDOWN_SECONDS to end.
    """
    parser = argparse.ArgumentParser(prog="python -m apps.bot_api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    gc.disable()  # what imports make stays: looking for garbage among it takes a tenth of the start
    import uvicorn

    from stenogram.settings import SettingsError, load_settings

    try:
        patience = math.ceil(load_settings().server.shutdown_seconds)
        uvicorn.run(
            create_app,
            factory=True,
            host=options.host,
            port=options.port,
            access_log=False,
            timeout_graceful_shutdown=patience,
        )
    except SettingsError as error:
        for line in error.lines:
            print(f"settings: {line}", file=sys.stderr)
        return EXIT_USAGE
    return 0


if __name__ == "__main__":
    sys.exit(run())
