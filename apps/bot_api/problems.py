"""Every error as an RFC 9457 problem document. The only place that knows HTTP statuses."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from loguru import logger
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from apps.bot_api.language import negotiated
from apps.bot_api.schemas.common import Problem
from stenogram.errors import StenogramError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:stenogram:error:"
RETRY_AFTER_SECONDS = 10

STATUS: Mapping[str, int] = {
    "media.empty": 422,
    "media.too_large": 413,
    "media.unsupported": 415,
    "media.playlist": 415,
    "media.truncated": 422,
    "media.no_audio": 422,
    "media.silent": 422,
    "media.no_speech": 422,
    "media.too_short": 422,
    "media.too_long": 422,
    "media.decode_failed": 422,
    "request.invalid": 422,
    "request.range": 416,
    "request.method": 405,
    "request.media_type": 415,
    "request.too_large": 413,
    "request.too_many": 429,
    "queue.full": 503,
    "queue.full_for_user": 429,
    "quota.exceeded": 429,
    "quota.files": 429,
    "access.closed": 403,
    "access.blocked": 403,
    "access.invite_spent": 403,
    "account.exists": 409,
    "account.last_admin": 409,
    "link.forbidden": 422,
    "link.unreachable": 502,
    "link.not_media": 415,
    "telegram.too_large": 413,
    "telegram.unavailable": 503,
    "telegram.file_gone": 404,
    "payment.unknown": 404,
    "payment.not_refunded": 502,
    "upload.offset": 409,
    "upload.version": 412,
    "options.language": 422,
    "options.preset": 422,
    "options.engine": 422,
    "options.format": 422,
    "options.speakers": 422,
    "auth.required": 401,
    "auth.link_spent": 401,
    "auth.init_data": 401,
    "auth.widget": 401,
    "auth.scope": 403,
    "auth.forbidden": 403,
    "keys.too_many": 409,
    "not_found": 404,
    "library.name_taken": 409,
    "run.conflict": 409,
    "edit.invalid": 422,
    "edit.too_early": 409,
    "edit.unknown_version": 409,
    "share.gone": 410,
    "share.locked": 403,
    "share.password": 403,
    "share.too_many": 409,
    "run.cancelled": 409,
    "transcript.not_ready": 409,
    "engine.failed": 502,
    "engine.out_of_memory": 503,
    "engine.unavailable": 503,
    "engine.not_configured": 503,
    "engine.refused": 502,
    "engine.invalid_output": 502,
    "engine.over_budget": 422,
    "weights.unavailable": 503,
    "export.failed": 500,
    "storage.full": 507,
    "storage.corrupt": 500,
    "storage.unavailable": 503,
    "database.unavailable": 503,
    "queue.unavailable": 503,
    "stage.timeout": 504,
    "internal": 500,
}
"""HTTP status by error code; a test holds it against the catalogue."""

_TITLES: Mapping[int, tuple[str, str]] = {
    401: ("Not signed in", "Вход не выполнен"),
    403: ("Forbidden", "Запрещено"),
    404: ("Not found", "Не найдено"),
    405: ("Method not allowed", "Метод не поддерживается"),
    409: ("Conflict", "Противоречие"),
    410: ("Gone", "Больше не доступно"),
    412: ("Precondition failed", "Условие не выполнено"),
    413: ("Too large", "Слишком большой размер"),
    415: ("Unsupported media type", "Неподдерживаемый тип данных"),
    416: ("Range not satisfiable", "Диапазон недоступен"),
    422: ("Cannot be processed", "Невозможно обработать"),
    429: ("Too many requests", "Слишком много запросов"),
    500: ("Internal error", "Внутренняя ошибка"),
    502: ("An engine failed", "Сбой движка"),
    503: ("Temporarily unavailable", "Временно недоступно"),
    504: ("Took too long", "Слишком долго"),
    507: ("No room left", "Нет места"),
}

_HTTP_CODES: Mapping[int, str] = {
    401: "auth.required",
    403: "auth.forbidden",
    404: "not_found",
    413: "request.too_large",
    429: "request.too_many",
    503: "storage.unavailable",
}

_FAULTS_RU: Mapping[str, str] = {
    "missing": "обязательное поле",
    "extra_forbidden": "такого поля нет",
    "json_invalid": "это не JSON",
    "int_parsing": "нужно целое число",
    "int_type": "нужно целое число",
    "float_parsing": "нужно число",
    "float_type": "нужно число",
    "bool_parsing": "нужно true или false",
    "bool_type": "нужно true или false",
    "string_type": "нужна строка",
    "string_too_short": "слишком коротко",
    "string_too_long": "слишком длинно",
    "too_long": "слишком много значений",
    "uuid_parsing": "нужен UUID",
    "enum": "недопустимое значение",
}


_NO_TEXT = ("22021", "22P05")
"""SQLSTATE of PostgreSQL for a text with a NUL in it, plain or in JSON, of which it keeps none."""


def problem(error: StenogramError, scope: Mapping[str, Any]) -> Response:
    """The answer that tells ``error`` to whoever asked; ``scope`` is the ASGI scope of the request."""
    status = STATUS.get(error.code, 500)
    russian = negotiated(scope) == "ru"
    request_id = scope.get("state", {}).get("request_id", "-")
    params = {**error.params, "request_id": request_id} if error.code == "internal" else error.params
    told = StenogramError(error.code, **{"detail": "", **params}) if error.code == "internal" else error
    english_title, russian_title = _TITLES[status]
    body = Problem(
        type=TYPE_PREFIX + error.code,
        title=russian_title if russian else english_title,
        status=status,
        detail=told.message("ru" if russian else "en"),
        code=error.code,
        params=params,
        request_id=request_id,
        instance=scope["path"],
    )
    return JSONResponse(body.model_dump(), status, _headers(error, status), media_type=MEDIA_TYPE)


def _headers(error: StenogramError, status: int) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        headers["Retry-After"] = str(error.params.get("retry_after", RETRY_AFTER_SECONDS))
    if status == 416 and "size" in error.params:
        headers["Content-Range"] = f"bytes */{error.params['size']}"
    return headers


def invalid(errors: Sequence[Any], language: str) -> StenogramError:
    """What pydantic found, as ``request.invalid``: the first fault in words, all fields by name."""
    first = errors[0]
    where, kind = _field(first["loc"]), str(first["type"])
    fault = _FAULTS_RU.get(kind, "недопустимое значение") if language == "ru" else str(first["msg"])
    return StenogramError("request.invalid", f"{where}: {fault}" if where else fault, field=where)


def _field(loc: Sequence[Any]) -> str:
    parts = [str(part) for part in loc if not (isinstance(part, int) and len(loc) == 2)]
    return ".".join(parts[1:] if parts and parts[0] in ("body", "query", "path", "header") else parts)


def translate(error: Exception, language: str, method: str) -> StenogramError | None:
    """Any exception we know as one of ours; None for a fault of ours that nobody foresaw."""
    if isinstance(error, StenogramError):
        return error
    if isinstance(error, RequestValidationError | ValidationError):
        return invalid(error.errors(), language)
    if isinstance(error, HTTPException):
        return _from_http(error, method)
    if isinstance(error, PoolTimeout) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return StenogramError("database.unavailable", type(error).__name__)
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _NO_TEXT:
        return StenogramError("request.invalid", "символ NUL недопустим" if language == "ru" else "NUL is not allowed")
    return None


def _from_http(error: HTTPException, method: str) -> StenogramError:
    if isinstance(error.__cause__, StenogramError):  # raised while the body was read, wrapped by the framework
        return error.__cause__
    if error.status_code == 405:
        return StenogramError("request.method", method=method)
    code = _HTTP_CODES.get(error.status_code)
    return StenogramError(code) if code else StenogramError("request.invalid", str(error.detail))


def answer(error: Exception, scope: Mapping[str, Any]) -> Response:
    """The problem document of any exception; what nobody foresaw is logged, and told by its number only."""
    known = translate(error, negotiated(scope), scope["method"])
    if known is None:
        logger.opt(exception=error).error("unhandled error")
        known = StenogramError("internal")
    elif STATUS.get(known.code, 500) >= 500:
        logger.warning("answered with {}", known)
    return problem(known, scope)


def install(app: FastAPI) -> None:
    """Every error leaves ``app`` as a problem document."""

    async def handle(request: Request, error: Exception) -> Response:
        response = answer(error, request.scope)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    for kind in (StenogramError, RequestValidationError, ValidationError, HTTPException, DBAPIError, PoolTimeout):
        app.add_exception_handler(kind, handle)
    app.add_exception_handler(ClientDisconnect, gone)
