"""The OpenAPI document, and the choice of the language, without any server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from apps.bot_api import openapi
from apps.bot_api.language import best


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en,ru;q=0.5", "en"),
        ("de, ru;q=0.1", "ru"),
        (";;", "en"),
    ],
)
def test_language(header: str, language: str) -> None:
    assert best(header) == language


def test_what_handlers_are_given_needs_no_thread() -> None:
    app = FastAPI()
    openapi.mount(app)
    found = {call for route in routes_of(app.router) for call in calls_of(route.dependant)}
    assert len(found) > 10
    assert not [call for call in found if not runs_on_the_loop(call)]  # each in a thread would keep the request waiting


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(route, "original_router", None):
            yield from routes_of(inner)


def runs_on_the_loop(call: object) -> bool:
    return iscoroutinefunction(call) or isasyncgenfunction(call) or iscoroutinefunction(type(call).__call__)


def calls_of(dependant: Dependant) -> Iterator[object]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from calls_of(needed)


def test_the_document_is_whole_and_always_the_same() -> None:
    app = FastAPI()
    openapi.mount(app)
    described = openapi.document(app)
    operations = [operation for item in described["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all("default" in operation["responses"] for operation in operations)
    for name, schema in described["components"]["schemas"].items():
        if name.endswith("Out"):
            assert set(schema["required"]) == set(schema["properties"]), name
    printed = subprocess.check_output([sys.executable, "-m", "apps.bot_api.openapi"], text=True)
    assert json.loads(printed) == described  # of another process, whose sets have another order
