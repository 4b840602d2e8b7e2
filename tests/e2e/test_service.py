"""The whole service: real servers, real workers, real decoding by the demo checkpoint, driven from outside."""

import csv
import io
import json
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import httpx
import psutil
import pytest
import srt
import webvtt

from stenogram.client import Client, Json
from stenogram.speech import rttm
from tests import http
from tests.e2e.conftest import EXAMPLES, Result
from tests.processes import PATIENCE, eventually
from tests.service import Service, cut, finish
from tools.demo import measure

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("service")]

MAX_RSS = 200 * 1024 * 1024
LIBRARIES = ("libtorch", "ctranslate2", "onnxruntime", "_C.cpython", "sklearn")  # as files that a process has mapped
PLAIN = {"diarize": False, "summarize": False, "formats": ["txt"]}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_example_is_transcribed_and_its_voices_told_apart(results: Mapping[str, Result], language: str) -> None:
    result = results[language]
    assert result.run["state"] in ("done", "done_with_warnings")
    assert result.transcript["language"] == language
    assert [notice["code"].split(":")[0] for notice in result.transcript["warnings"]] == ["demo_model"]
    scores = measure(result.path, result.transcript)
    assert scores.word_error_rate is not None
    assert scores.word_error_rate <= 0.12
    assert scores.word_start_error is not None
    assert scores.word_start_error <= 0.15
    assert scores.diarization is not None
    assert scores.diarization.rate <= 0.10
    assert scores.diarization.found == scores.diarization.true == 3


def _html_text(data: bytes) -> str:
    assert data.startswith(b"<!doctype html>")
    return data.decode()


def _pdf_text(data: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def _rttm_text(data: bytes) -> str:
    return " ".join(sorted({turn.speaker for turn in rttm.parse(data.decode())}))


READERS: Mapping[str, Callable[[bytes], str]] = {
    "docx": lambda data: "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs),
    "srt": lambda data: " ".join(cue.content for cue in srt.parse(data.decode())),
    "vtt": lambda data: " ".join(cue.text for cue in webvtt.from_string(data.decode()).captions),
    "txt": bytes.decode,
    "md": bytes.decode,
    "json": lambda data: json.dumps(json.loads(data), ensure_ascii=False),
    "csv": lambda data: " ".join(cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row),
    "html": _html_text,
    "pdf": _pdf_text,
    "rttm": _rttm_text,
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_format_can_be_read_by_others(results: Mapping[str, Result], language: str) -> None:
    result = results[language]
    assert result.files.keys() == READERS.keys()
    for name, data in result.files.items():
        text = READERS[name](data)
        if name == "rttm":
            assert text == " ".join(speaker["label"] for speaker in result.transcript["speakers"])
        else:
            first = result.transcript["segments"][0]["text"].split()[0]
            assert first in text, name


def test_the_api_process_stays_small_and_knows_no_models(service: Service, results: object) -> None:
    api = service.child("apps.bot_api")
    assert api.memory_info().rss < MAX_RSS
    mapped = {entry.path for entry in api.memory_maps()}
    assert not [path for path in mapped if any(library in path for library in LIBRARIES)]


def test_flower_wants_its_password(service: Service) -> None:
    address, password = _flower(service)
    assert password not in " ".join(word for child in service.process.children() for word in child.cmdline())
    for path in ("", "/workers", "/tasks", "/broker", "/api/workers", "/api/tasks", "/api/queues/length"):
        assert _status(address + path) == 401, path
        assert _status(address + path, ("admin", "wrong")) == 401, path
        assert _status(address + path, ("admin", password)) == 200, path
    assert http.post(f"{address}/api/worker/shutdown/gpu@here").status_code == 401


def test_flower_shows_the_workers_and_the_tasks_of_a_run(service: Service, clip: Path) -> None:
    address, password = _flower(service)
    with service.client() as client:
        run_id = client.upload(clip, PLAIN)["latest_run"]["id"]
        *_, (_, run) = client.follow(run_id)
    assert run["state"] in ("done", "done_with_warnings")

    def ask(path: str) -> Json:
        answer = http.get(f"{address}{path}", auth=("admin", password))
        found: Json = answer.raise_for_status().json()
        return found

    def succeeded() -> set[str]:
        """Workers on which tasks of this run have ended well."""
        tasks = ask("/api/tasks?taskname=stenogram.stage&limit=1000").values()
        mine = (task for task in tasks if run_id in task["args"] and task["state"] == "SUCCESS")
        return {task["worker"].partition("@")[0] for task in mine}

    eventually(lambda: {"cpu", "gpu"} <= succeeded())
    names = {"beat", "cpu", "gpu", "llm"}
    eventually(lambda: names <= {name.partition("@")[0] for name in ask("/api/workers?refresh=1")})
    eventually(lambda: all(ask("/api/workers?status=1").values()))


def test_what_flower_shows_to_everybody_is_little(service: Service, results: Mapping[str, Result]) -> None:
    address, password = _flower(service)
    flower = service.child("flower")
    listening = {c.laddr.ip for c in flower.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    assert http.get(f"{address}/healthcheck").text == "OK"
    figures = http.get(f"{address}/metrics").text
    assert "flower_events_total" in figures
    secrets = {path.read_text() for path in (service.data / "keys").iterdir()}
    assert password in secrets
    for result in results.values():
        secrets |= {result.run["id"], result.run["recording_id"], result.path.stem}
    assert not [secret for secret in secrets if secret in figures]


def test_administrators_see_the_state_of_the_service(service: Service, results: Mapping[str, Result]) -> None:
    def ask() -> Json:
        code, printed, complaints = finish(service.command("status", "--json"))
        assert (code, complaints) == (0, "")
        found: Json = json.loads(printed)
        return found

    sweeps = {"blobs", "bygones", "folders", "recordings", "runs", "uploads"}
    eventually(lambda: {row["name"] for row in ask()["janitor"]} == sweeps)
    found = ask()
    assert not [row["error_code"] for row in found["janitor"] if row["error_code"]]
    assert {queue for worker in found["workers"] for queue in worker["queues"]} == {"cpu", "gpu", "llm", "dead_letter"}
    assert found["servers"] == {"postgresql": "embedded", "redis": "embedded"}
    assert found["disk"]["stored_bytes"] > sum(result.path.stat().st_size for result in results.values())
    code, printed, _ = finish(service.command("dead", "list"))
    assert (code, printed) == (0, "no dead letters\n")


def _flower(service: Service) -> tuple[str, str]:
    """Its address, once it listens, and its password."""
    address = f"http://127.0.0.1:{service.flower_port}"
    eventually(lambda: _status(address) is not None)
    return address, (service.data / "keys" / "flower_password").read_text()


def _status(url: str, auth: tuple[str, str] | None = None) -> int | None:
    try:
        return http.get(url, auth=auth).status_code
    except httpx.TransportError:
        return None


def test_a_killed_gpu_worker_is_replaced_and_its_run_completes(service: Service, tmp_path: Path) -> None:
    recording = cut(EXAMPLES / "meeting-ru.ogg", tmp_path / "killed.ogg", 60)
    with service.client() as client:
        run_id = client.upload(recording, PLAIN)["latest_run"]["id"]
        _until_transcribing(client, run_id)
        worker = service.child("gpu@%h")
        orphans = worker.children(recursive=True)
        worker.kill()
        *_, (_, run) = client.follow(run_id)
    assert "worker-gpu ended with signal SIGKILL; restarting" in service.log()
    assert run["state"] in ("done", "done_with_warnings")
    assert _stage(run, "transcribe")["attempts"] == 2
    assert service.child("gpu@%h").pid != worker.pid
    assert not [orphan for orphan in orphans if orphan.is_running()]


def _until_transcribing(client: Client, run_id: str) -> None:
    for event, data in client.follow(run_id):
        if event == "snapshot" and _stage(data, "transcribe")["state"] == "running":
            return
        if event in ("stage", "progress") and (data["stage"], data["state"]) == ("transcribe", "running"):
            return
    pytest.fail("the run ended before it could be disturbed")


def _stage(run: Json, name: str) -> Json:
    stages: list[Json] = run["stages"]
    return next(stage for stage in stages if stage["stage"] == name)


def test_a_stop_is_orderly_leaves_no_process_and_loses_nothing(own_service: Service, tmp_path: Path) -> None:
    recording = cut(EXAMPLES / "meeting-en.ogg", tmp_path / "interrupted.ogg", 60)
    own_service.start()
    with own_service.client() as client:
        run_id = client.upload(recording, PLAIN)["latest_run"]["id"]
        _until_transcribing(client, run_id)
    assert own_service.stop() == 0
    assert not own_service.leftovers()
    log = own_service.log()
    assert log.index("uvicorn.error: Finished server process") < log.index("│ worker: ") < log.index("everything has")

    own_service.start()
    with own_service.client() as client:
        *_, (_, run) = client.follow(run_id)
        assert run["state"] in ("done", "done_with_warnings")
        assert client.transcript(run_id)["segments"]


def test_the_command_line_uses_the_service_at_an_address(service: Service, clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    address = {"STENOGRAM_URL": service.url, "STENOGRAM_TOKEN": service.token()}
    arguments = ("transcribe", clip, "--json", "--out", out, "--formats", "srt,json", "--language", "en")
    code, printed, complaints = finish(service.command(*arguments, **address))
    assert (code, complaints) == (0, "")
    (outcome,) = json.loads(printed)
    assert outcome["error"] is None
    assert outcome["state"] in ("done", "done_with_warnings")
    assert outcome["transcript"]["language"] == "en"
    assert outcome["outputs"] == [str(out / "clip.srt"), str(out / "clip.json")]
    assert list(srt.parse((out / "clip.srt").read_text()))
    assert json.loads((out / "clip.json").read_text())


def test_the_command_line_says_what_is_wrong_with_a_file(service: Service, tmp_path: Path) -> None:
    (tmp_path / "notes.mp3").write_text("no sound at all, only words " * 20)
    code, printed, complaints = finish(service.command("transcribe", tmp_path / "notes.mp3", LANG="ru_RU.UTF-8"))
    assert (code, printed) == (1, "")
    assert "Это не аудио и не видео" in complaints
    assert "[media.unsupported]" in complaints


def test_ctrl_c_cancels_what_the_command_began(service: Service) -> None:
    token = service.token()
    address = {"STENOGRAM_URL": service.url, "STENOGRAM_TOKEN": token}
    command = service.command("transcribe", EXAMPLES / "meeting-en.ogg", **address)
    assert command.stderr is not None
    assert any(line == "meeting-en.ogg: transcribe\n" for line in iter(command.stderr.readline, ""))
    command.send_signal(signal.SIGINT)
    code, printed, complaints = finish(command)
    assert (code, printed) == (130, "")
    assert "interrupted" in complaints
    headers = {"Authorization": f"Bearer {token}"}

    def latest() -> Json:
        page: Json = http.get(f"{service.url}/api/v1/recordings?limit=1", headers=headers).raise_for_status().json()
        newest: Json = page["items"][0]
        return newest

    assert latest()["file_name"] == "meeting-en.ogg"
    eventually(lambda: latest()["latest_run"]["state"] == "cancelled")


def test_the_command_line_brings_a_service_up_for_the_time_it_takes(own_service: Service, clip: Path) -> None:
    command = own_service.command("transcribe", clip, "--no-diarize", "--language", "en")
    code, printed, complaints = finish(command, 2 * PATIENCE)
    assert code == 0, complaints
    assert "demo model" in printed
    assert "clip.ogg: done" in complaints
    assert not own_service.leftovers()


def test_diarize_needs_no_service(own_service: Service, clip: Path, tmp_path: Path) -> None:
    code, printed, complaints = finish(own_service.command("diarize", clip, "--out", tmp_path / "clip.rttm"))
    assert (code, printed) == (0, ""), complaints
    turns = rttm.parse((tmp_path / "clip.rttm").read_text())
    assert len({turn.speaker for turn in turns}) >= 2
    assert max(turn.end for turn in turns) <= 20.5
    assert not (own_service.data / "postgres").exists()


def test_a_second_service_on_the_same_port_says_so(service: Service) -> None:
    code, printed, complaints = finish(service.command("up"))
    assert code == 1
    assert printed == ""
    assert complaints.count("\n") == 1
    assert f"127.0.0.1:{service.port}" in complaints
    assert psutil.pid_exists(service.process.pid)
    assert service.link().startswith(service.url)
