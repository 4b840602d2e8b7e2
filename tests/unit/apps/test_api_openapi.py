"""The OpenAPI document, and the choice of the language, without any server."""

import json
import subprocess
import sys

import pytest
from fastapi import FastAPI

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


def test_the_document_is_whole_and_always_the_same() -> None:
    app = FastAPI(generate_unique_id_function=openapi.route_name)
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
