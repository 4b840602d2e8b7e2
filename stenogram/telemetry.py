"""Logs: one sink for loguru and the standard library, with the request and the run on every line, and without secrets.

Whoever logs never puts transcript text into a message; secrets are taken out here, as a net under everybody.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import TYPE_CHECKING, Protocol, TextIO
from uuid import uuid4

from loguru import logger

if TYPE_CHECKING:
    from loguru import Message, Record


class LogSettings(Protocol):
    """What ``configure`` needs of the server's settings."""

    @property
    def log_level(self) -> str: ...

    @property
    def log_json(self) -> bool: ...


_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_run_id: ContextVar[str | None] = ContextVar("run_id", default=None)

HIDDEN = "***"
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+"), HIDDEN),  # a JWT, wherever it stands
    (re.compile(r"\b(?:bot)?\d{6,12}:[\w-]{30,}"), HIDDEN),  # a Telegram bot's token, also in api.telegram.org/bot…
    (re.compile(r"\b(?:sk|hf|AIza)[-_]?[\w-]{20,}"), HIDDEN),  # OpenAI, Hugging Face, Google
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@"), rf"\1:{HIDDEN}@"),  # a password in a URL
    (re.compile(r"(/login)#[\w-]+"), rf"\1#{HIDDEN}"),  # a sign-in link
    (
        re.compile(
            r"(?i)(\b(?:[\w-]*(?:ticket|token|secret|password|api_key|secret_key|master_key))[\"']?\s*[=:]\s*[\"']?)"
            r"[^\s\"'&,;#]+"
        ),
        rf"\1{HIDDEN}",
    ),
)
_QUIET = (
    "aiogram.event",
    *("botocore", "boto3", "urllib3", "s3transfer", "asyncio", "httpx", "httpcore", "multipart", "alembic"),
    # a line for every message; stages log themselves
    *("celery.app.trace", "celery.worker.strategy", "celery.worker.request", "celery.beat"),
    "uvicorn.access",  # the API logs its requests itself
    "faster_whisper",  # a line for every window
)
_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "celery", "celery.task", "sqlalchemy.engine", "flower")


def redact(text: str) -> str:
    """The text with every token, password and ticket taken out."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def current_request_id() -> str | None:
    """The request on whose behalf this code runs, if any."""
    return _request_id.get()


def current_run_id() -> str | None:
    """The run on which this code works, if any."""
    return _run_id.get()


def new_request_id() -> str:
    return uuid4().hex


@contextmanager
def bind(*, request_id: str | None = None, run_id: str | None = None) -> Iterator[None]:
    """Put the request, the run or both on every line logged inside; what is None stays as it was outside."""
    given = ((_request_id, request_id), (_run_id, run_id))
    tokens = [(variable, variable.set(value)) for variable, value in given if value is not None]
    try:
        yield
    finally:
        for variable, token in reversed(tokens):
            variable.reset(token)


def configure(server: LogSettings, stream: TextIO | None = None) -> None:
    """Send all logs to ``stream`` (standard error), as text or, with LOG_JSON, as one JSON object per line."""
    output = stream or sys.stderr
    render = _as_json if server.log_json else _as_text

    def sink(message: "Message") -> None:
        output.write(render(message.record) + "\n")
        output.flush()

    logger.configure(patcher=_add_context)
    logger.remove()
    # no values of variables in tracebacks: they may be transcripts
    logger.add(sink, level=server.log_level, format="{message}", backtrace=False, diagnose=False)
    _intercept(server.log_level)


def _add_context(record: "Record") -> None:
    # when the message is made, in the caller's own context
    record["extra"].setdefault("request_id", _request_id.get())
    record["extra"].setdefault("run_id", _run_id.get())


def _context(record: "Record") -> Mapping[str, str]:
    return {name: str(record["extra"][name]) for name in ("request_id", "run_id") if record["extra"].get(name)}


def _as_text(record: "Record") -> str:
    context = "".join(f" {name}={value}" for name, value in _context(record).items())
    head = f"{record['time']:HH:mm:ss.SSS} {record['level'].name:<7} {record['name']}: "
    line = f"{head}{redact(record['message'])}{context}"
    trace = _traceback(record)
    return f"{line}\n{trace}" if trace else line


def _as_json(record: "Record") -> str:
    fields = {
        "time": record["time"].astimezone(UTC).isoformat(timespec="milliseconds"),
        "level": record["level"].name,
        "logger": record["name"],
        "message": redact(record["message"]),
        **_context(record),
    }
    trace = _traceback(record)
    return json.dumps({**fields, "exception": trace} if trace else fields, ensure_ascii=False)


def _traceback(record: "Record") -> str:
    failure = record["exception"]
    if failure is None or failure.type is None:
        return ""
    lines = traceback.format_exception(failure.type, failure.value, failure.traceback)
    return redact("".join(lines).rstrip())


class _ToLoguru(logging.Handler):
    """Hands records of the standard library on, under the name of their own logger."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level: str | int = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno
        name, message = record.name, record.getMessage()

        def own_name(made: "Record") -> None:
            made["name"] = name

        named = logger.patch(own_name)
        named.opt(exception=record.exc_info).log(level, "{}", message)


def _intercept(level: str) -> None:
    logging.captureWarnings(True)
    # TRACE is loguru's own, below everything of the standard library
    logging.basicConfig(handlers=[_ToLoguru()], level=logging.DEBUG if level == "TRACE" else level, force=True)
    for name in _OWN_HANDLERS:
        owned = logging.getLogger(name)
        owned.handlers.clear()
        owned.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping().get(level, 0)))
