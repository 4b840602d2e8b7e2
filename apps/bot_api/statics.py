"""The built WebApp: its files, and its page for every address that only the WebApp knows."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # bindings of :style write style attributes
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self' https://web.telegram.org https://*.telegram.org",
    )
)
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Stenogram</title>
<p>The web page is not built yet. Run <code>make setup</code> and reload.</p>
<p lang="ru">Веб-страница ещё не собрана. Выполните <code>make setup</code> и обновите страницу.</p></html>
"""


class WebApp:
    """An ASGI application over ``frontend/dist``. Files under ``assets/`` are named by their hash: kept for ever."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the WebApp speaks http, not {scope['type']}")
        response = await self._answer(scope["path"].lstrip("/"), scope)
        await response(scope, receive, send)

    async def _answer(self, path: str, scope: Scope) -> Response:
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404)
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        file = await self._file(path, scope)
        if file is not None:
            return file
        if Path(path).suffix and "text/html" not in Headers(scope=scope).get("accept", ""):
            raise HTTPException(404)  # a missing script must not be answered with a page
        return await self._page(scope)

    async def _file(self, path: str, scope: Scope) -> Response | None:
        if not path or path == "index.html":
            return None
        try:
            response = await self._files.get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            return None
        response.headers["Content-Security-Policy"] = _CSP
        hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "public, max-age=3600"
        return response

    async def _page(self, scope: Scope) -> Response:
        if (self._folder / "index.html").is_file():
            response = await self._files.get_response("index.html", scope)
        else:
            response = HTMLResponse(_NOT_BUILT, 503)
        response.headers["Content-Security-Policy"] = _CSP
        response.headers["Cache-Control"] = "no-cache"
        return response
