"""Around every request: its number, its log line, its limits, and headers for browsers. Plain ASGI: bodies stream."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from loguru import logger
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apps.bot_api.problems import answer
from stenogram import telemetry
from stenogram.errors import StenogramError

REQUEST_ID = "X-Request-ID"
MAX_BODY_BYTES = 256 * 1024
"""For everything but uploads, which are bound by MAX_UPLOAD_MB."""

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_UPLOADS = re.compile(r"/api/v1/(recordings|uploads(/.*)?)/?")
_CHANGES = re.compile(r"/api/v1/runs/[^/]+/changes")
MAX_CHANGES_BYTES = 16 * 1024 * 1024
"""One word replaced all over a recording of a day, or what was typed offline."""

_SECRETS = re.compile(r"^/s/.+")
"""Pages whose address is a secret: whoever has it reads what was shared."""

_QUIET = ("/healthz", "/readyz", "/metrics")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Numbers the request, logs it without its query (tickets live there), answers for what nobody handled."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get(REQUEST_ID))
        scope.setdefault("state", {})["request_id"] = request_id
        with telemetry.bind(request_id=request_id):
            await self._logged(scope, receive, send)

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = time.perf_counter(), 0

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = scope["state"]["request_id"]
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._answered(scope, receive, numbered, lambda: status)
        finally:
            level = "DEBUG" if scope["path"] in _QUIET else "INFO"
            took = time.perf_counter() - started
            logger.log(level, "{} {} {} {:.0f} ms", scope["method"], _told(scope["path"]), status or "-", took * 1000)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, status: Callable[[], int]) -> None:
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            logger.info("the client went away")
        except Exception as error:
            if status():  # the answer is under way: all we can do is break it off
                logger.opt(exception=error).error("the answer broke off")
                raise
            await answer(error, scope)(scope, receive, send)


def _told(path: str) -> str:
    return _SECRETS.sub("/s/…", path)


def _request_id(given: str | None) -> str:
    return given if given and _SANE_ID.fullmatch(given) else telemetry.new_request_id()


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Refuses bodies that no handler could want, by what they declare or else as they come."""

    app: ASGIApp
    limit: int = MAX_BODY_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _UPLOADS.fullmatch(scope["path"]):
            return await self.app(scope, receive, send)
        limit = MAX_CHANGES_BYTES if _CHANGES.fullmatch(scope["path"]) else self.limit
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            return await answer(StenogramError("request.too_large"), scope)(scope, receive, send)
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise StenogramError("request.too_large")
            return message

        return await self.app(scope, bounded, send)
