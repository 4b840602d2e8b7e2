"""Signing in, health, and what people are told when a dependency is away or something breaks."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from apps.bot_api.problems import STATUS
from stenogram.errors import CATALOG
from stenogram.services import access, runs
from stenogram.settings import Settings, load_settings
from tests.api_server import Server
from tests.integration.api.conftest import Api, running
from tests.integration.api.test_api_recordings import send

NOWHERE_DATABASE, NOWHERE_REDIS = "postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9/0"


async def test_a_link_lets_one_in_once(api: Api) -> None:
    async with api.runtime.database.begin() as session:
        admin = await access.ensure_local_admin(session)
        assert (await access.ensure_local_admin(session)).id == admin.id
        secret = await access.make_link(session, admin)
    async with api.client(language="ru") as client:
        attempts = await asyncio.gather(*(client.post("/api/v1/auth/link", json={"secret": secret}) for _ in range(4)))
        assert sorted(answer.status_code for answer in attempts) == [200, 401, 401, 401]
        refused = next(answer.json() for answer in attempts if answer.status_code == 401)
        assert (refused["code"], refused["title"]) == ("auth.link_spent", "Вход не выполнен")
        token = next(answer.json() for answer in attempts if answer.status_code == 200)["access_token"]
        me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert (me.json()["name"], me.json()["role"]) == ("local", "admin")


async def test_without_a_valid_token_nothing_is_told(api: Api) -> None:
    async with api.client() as client:
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eHg6eHg="}):
            answer = await client.get("/api/v1/recordings", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")
            assert answer.headers["www-authenticate"] == "Bearer"


def test_every_code_has_a_status() -> None:
    assert set(STATUS) == set(CATALOG)


async def test_framework_errors_are_problems_too(anna: httpx.AsyncClient) -> None:
    for method, path, status, code in (
        ("GET", "/api/v1/nonsense", 404, "not_found"),
        ("PUT", "/api/v1/recordings", 405, "request.method"),
        ("POST", "/elsewhere", 405, "request.method"),
    ):
        answer = await anna.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    large = await anna.post("/api/v1/auth/link", content=b"x" * 300_000)
    assert (large.status_code, large.json()["code"]) == (413, "request.too_large")
    assert (await anna.post("/api/v1/auth/link", content=b"{")).json()["code"] == "request.invalid"


async def test_the_request_has_a_number(anna: httpx.AsyncClient) -> None:
    given = await anna.get("/healthz", headers={"X-Request-ID": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    made = await anna.get("/healthz", headers={"X-Request-ID": "a b\x07"})
    assert made.headers["x-request-id"] != "a b\x07"
    problem = await anna.get("/api/v1/nonsense")
    assert problem.json()["request_id"] == problem.headers["x-request-id"]


async def test_an_unforeseen_error_leaks_nothing(anna: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(runs, "latest", broken)
    answer = await anna.get("/api/v1/recordings")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "swordfish" not in answer.text
    assert answer.json()["request_id"] in answer.json()["detail"]


async def test_ready_and_figures(api: Api, anna: httpx.AsyncClient) -> None:
    await send(anna)
    assert (await anna.get("/healthz")).json() == {"status": "ok"}
    assert (await anna.get("/readyz")).json()["database"] == "ok"
    figures = (await anna.get("/metrics")).text
    assert 'stenogram_stages{stage="transcribe",state="waiting"} 1.0' in figures
    assert 'stenogram_queue_depth{queue="cpu"} 1.0' in figures
    assert 'handler="/api/v1/recordings"' in figures


def without(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name, value in {**environment, **changes}.items():
        monkeypatch.setenv(name, value)
    return load_settings()


async def test_a_database_that_is_down_is_named(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    settings = without(environment, monkeypatch, DATABASE_URL=NOWHERE_DATABASE)
    async with running(settings) as api, api.client(language="ru") as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["params"]["failing"]) == (503, "database")
        signing_in = await client.post("/api/v1/auth/link", json={"secret": "x"})
        assert (signing_in.status_code, signing_in.json()["code"]) == (503, "database.unavailable")
        assert "База данных недоступна" in signing_in.json()["detail"]
        assert signing_in.headers["retry-after"]
        assert "stenogram_chain_up 0.0" in (await client.get("/metrics")).text


async def test_without_redis_recordings_are_still_taken(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = without(environment, monkeypatch, REDIS_URL=NOWHERE_REDIS)
    async with running(settings) as api, api.client(await api.token()) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["params"]["failing"]) == (503, "redis")
        made = await send(client)
        assert made.status_code == 201
        run = f"/api/v1/runs/{made.json()['latest_run']['id']}"
        assert (await client.post(f"{run}/cancel")).json()["state"] == "cancelled"
        followed = await client.get(f"{run}/events")  # by its rows
        assert (followed.status_code, followed.text.count("event: snapshot")) == (200, 1)
        assert '"state":"cancelled"' in followed.text


async def test_the_web_page(api: Api, tmp_path: Path) -> None:
    async with api.client() as client:
        missing = await client.get("/")
        assert missing.status_code == 503
        assert "make setup" in missing.text
        dist = tmp_path / "dist"
        (dist / "assets").mkdir(parents=True)
        (dist / "index.html").write_text("<p>app</p>")
        (dist / "assets" / "a.js").write_text("1")
        (tmp_path / "secret.txt").write_text("swordfish")
        for path in ("/", "/login", "/recordings/7"):
            page = await client.get(path)
            assert page.text == "<p>app</p>"
            assert "frame-ancestors" in page.headers["content-security-policy"]
            assert page.headers["referrer-policy"] == "no-referrer"
        assert "immutable" in (await client.get("/assets/a.js")).headers["cache-control"]
        assert (await client.get("/assets/b.js")).status_code == 404
        assert "swordfish" not in (await client.get("/..%2fsecret.txt")).text


def test_the_process_is_light(server: Server) -> None:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    resident_kb = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    print(f"ready in {server.ready_seconds:.2f} s, {resident_kb / 1024:.0f} MB")
    assert resident_kb < 200 * 1024


def test_nothing_heavy_is_imported() -> None:
    program = "import sys, apps.bot_api.main; print(*sys.modules)"
    modules = set(subprocess.check_output([sys.executable, "-c", program], text=True).split())
    heavy = {"torch", "whisper", "faster_whisper", "ctranslate2", "pyannote", "onnxruntime", "openai", "transformers"}
    assert not modules & (heavy | {"sklearn", "scipy", "weasyprint", "docx", "stenogram.engines", "apps.worker"})
