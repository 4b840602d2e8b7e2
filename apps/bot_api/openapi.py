"""The REST API as routes and as its OpenAPI document: ``python -m apps.bot_api.openapi`` prints it."""

import json
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from apps.bot_api import problems
from apps.bot_api.api import (
    account,
    admin,
    auth,
    editing,
    events,
    glossary,
    library,
    media,
    models,
    payments,
    people,
    probes,
    recordings,
    runs,
    sharing,
    transcripts,
    uploads,
)
from apps.bot_api.schemas.common import Problem
from apps.bot_api.schemas.runs import RunOptionsIn

PREFIX = "/api/v1"
VERSION = "1.0.0"

_DESCRIPTION = """Recordings in, speaker-attributed transcripts out.

Sign in with `POST /api/v1/auth/link`, or make a key with `POST /api/v1/me/keys`, and send the token or the key as
`Authorization: Bearer`. Every error is a problem document (RFC 9457) with a stable `code`; `Accept-Language: ru`
or `en` picks the language of texts. Times are seconds from the start of the recording.
"""
_PROBLEM = {
    "description": "A problem document with a stable code",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def mount(app: FastAPI) -> None:
    """Add every route of the API to ``app``, and the document that describes them."""
    app.router.routes.extend(_router().routes)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's documented way to change it


@cache
def _router() -> APIRouter:
    """Every route. What FastAPI finds out about them at the first request serves each application of the process."""
    root = APIRouter(generate_unique_id_function=route_name)
    for module in (
        auth,
        account,
        recordings,
        library,
        media,
        runs,
        events,
        transcripts,
        editing,
        glossary,
        uploads,
        sharing,
        models,
        admin,
        people,
        payments,
    ):
        root.include_router(module.router, prefix=PREFIX)
    root.include_router(uploads.tus, prefix=PREFIX)
    root.include_router(sharing.public, prefix=PREFIX)
    root.include_router(probes.router)
    return root


def route_name(route: APIRoute) -> str:
    """Operation ids are the names of the functions."""
    return route.name


def document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1; every operation may answer with a problem, and none with the framework's own validation error."""
    if app.openapi_schema is None:
        described = get_openapi(
            title="Stenogram", version=VERSION, description=_DESCRIPTION, routes=app.routes, license_info=None
        )
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for model in (Problem, RunOptionsIn):
            schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
                operation["responses"]["default"] = _PROBLEM
        app.openapi_schema = described
    return app.openapi_schema


def main() -> None:
    """Print the document; needs no settings, no database, no server."""
    app = FastAPI()
    mount(app)
    print(json.dumps(document(app), ensure_ascii=False, indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
