"""The containers together, where a Docker engine answers: from `compose up` to a transcript."""

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_celery import RedisTestBroker

from stenogram.client import Client
from stenogram.console import board, follow
from stenogram.queue import make_celery, publish, stage_message
from stenogram.settings import load_settings

ROOT = Path(__file__).parents[2]
URL = "http://127.0.0.1:18080"
ENVIRONMENT = {
    "COMPOSE_PROJECT_NAME": "stenogram-smoke",
    "PORT": URL.rpartition(":")[2],
    "PUBLIC_URL": URL,
    "FLOWER_PORT": "15555",
    "POSTGRES_PASSWORD": "smoke",
    "REDIS_PASSWORD": "smoke",
    "FLOWER_PASSWORD": "smoke",
    "SECRET_KEY": "s" * 40,
    "MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
}


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Of the session, so that it comes before pytest-celery asks for the engine."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("no Docker engine answers on this machine")


def compose(*arguments: str) -> str:
    command = ["docker", "compose", "-f", str(ROOT / "infra" / "compose.yml"), *arguments]
    return subprocess.run(command, env={**os.environ, **ENVIRONMENT}, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def service() -> Iterator[Client]:
    """A signed-in client of the containers, which are built first and destroyed afterwards."""
    try:
        compose("up", "--build", "--detach", "--wait")
        with Client(URL) as client:
            client.sign_in(compose("exec", "-T", "bot-api", "python", "-m", "stenogram.cli", "link").strip())
            yield client
    finally:
        compose("down", "--volumes", "--timeout", "20")


def test_a_recording_goes_through_the_containers(service: Client) -> None:
    with board(quiet=True) as shown:
        options = {"formats": ["txt"], "model": "demo"}
        recording = service.upload(ROOT / "examples" / "meeting-ru.ogg", options, lambda fraction: None)
        run = follow(service, recording["latest_run"]["id"], shown.line("meeting-ru.ogg"))

    assert run["state"] in ("done", "done_with_warnings")
    assert "коллеги" in service.export(run["id"], "txt").decode()


def test_only_ids_cross_the_broker(celery_redis_broker: RedisTestBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", celery_redis_broker.container.celeryconfig["host_url"])
    settings = load_settings()
    run_id = uuid4()
    publish(make_celery(settings), stage_message(run_id, "transcribe"), settings.queue)

    messages = [
        message
        for name in celery_redis_broker.client.keys("gpu*")
        for message in celery_redis_broker.client.lrange(name, 0, -1)
    ]
    assert len(messages) == 1
    assert len(messages[0]) < 4096
