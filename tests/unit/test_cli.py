"""The command line against a stand-in service: what it prints where, and its exit codes."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stenogram.children import dying_with_parent
from stenogram.cli import app
from tests.fakes.engines import speech_wav
from tests.fakes.service import TOKEN, FakeService, fake_service


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "STENOGRAM_URL", "STENOGRAM_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MODEL_CACHE_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("MODELS_OFFLINE", "true")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    with fake_service() as made:
        monkeypatch.setenv("STENOGRAM_URL", made.url)
        monkeypatch.setenv("STENOGRAM_TOKEN", TOKEN)
        yield made


def stenogram(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def recording(name: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sound")
    return path


def test_the_transcript_goes_to_stdout_and_progress_to_stderr(service: FakeService) -> None:
    result = stenogram("transcribe", recording("meeting.ogg"), "--speakers", "2", "--no-diarize", "--language", "en")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == ["! Only a demo.", "[00:00] Anna: Good morning."]
    assert lines[2] == f"[01:01] {'Well, ' * 40}yes."  # not wrapped: scripts read lines
    assert result.stderr.splitlines() == ["meeting.ogg: upload", "meeting.ogg: transcribe", "meeting.ogg: done"]
    assert service.options == [{"language": "en", "speakers": 2, "diarize": False}]


def test_progress_speaks_russian_where_the_locale_does(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    result = stenogram("transcribe", recording("bad.mp3"))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[:3] == ["bad.mp3: отправка", "bad.mp3: распознавание", "bad.mp3: не удалось"]
    assert result.stderr.splitlines()[3].startswith("stenogram: bad.mp3: Это не аудио и не видео")
    assert result.stderr.endswith("[media.unsupported]\n")


def test_a_busy_service_is_waited_for(service: FakeService) -> None:
    service.busy = 2
    result = stenogram("transcribe", recording("meeting.ogg"))
    assert result.exit_code == 0
    said = ["upload", "the service is busy, waiting", "upload", "the service is busy, waiting", "upload", "transcribe"]
    assert result.stderr.splitlines()[:-1] == [f"meeting.ogg: {word}" for word in said]


def test_json_tells_machines_of_every_file(service: FakeService) -> None:
    result = stenogram("transcribe", recording("good.ogg"), recording("bad.ogg"), "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    good, bad = json.loads(result.stdout)
    assert (good["file"], good["state"], good["error"]) == ("good.ogg", "done", None)
    assert good["transcript"]["speakers"] == [{"label": "S1", "display": "Anna"}]
    assert (bad["state"], bad["error"]["code"], bad["transcript"]) == ("dead", "media.unsupported", None)


def test_files_of_one_name_do_not_overwrite_one_another(service: FakeService) -> None:
    files = [recording(name) for name in ("a/talk.ogg", "b/talk.ogg", "talk.mp3", "talk-2.ogg")]
    result = stenogram("transcribe", *files, "--out", "results", "--formats", "srt, json")
    assert result.exit_code == 0
    names = ["talk", "talk-3", "talk-4", "talk-2"]
    assert result.stdout.split() == [f"results/{name}.{suffix}" for name in names for suffix in ("srt", "json")]
    assert len({path.read_text() for path in Path("results").glob("*.srt")}) == 4
    assert service.options[0] == {"diarize": True, "formats": ["srt", "json"]}


def test_a_folder_that_cannot_be_written_fails_the_file_only(service: FakeService) -> None:
    Path("results").write_text("in the way")
    result = stenogram("transcribe", recording("meeting.ogg"), "--out", "results")
    assert result.exit_code == 1
    assert "stenogram: meeting.ogg: File exists: results [file.failed]" in result.stderr


def test_usage_errors_are_found_before_anything_starts() -> None:
    assert stenogram("transcribe", "missing.ogg").exit_code == 2
    result = stenogram("transcribe", recording("meeting.ogg"), "--formats", "docx,wav")
    assert result.exit_code == 2
    assert result.stderr.startswith("stenogram: unknown format wav; choose from ")
    assert stenogram("transcribe", recording("meeting.ogg"), "--speakers", "0").exit_code == 2


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("STENOGRAM_URL", f"http://127.0.0.1:{probe.getsockname()[1]}")
    monkeypatch.setenv("STENOGRAM_TOKEN", TOKEN)
    result = stenogram("transcribe", recording("meeting.ogg"))
    assert result.exit_code == 3
    assert result.stderr.startswith("stenogram: cannot reach http://127.0.0.1:")


@pytest.mark.parametrize(("token", "hint"), [("", "STENOGRAM_URL needs STENOGRAM_TOKEN"), ("old", "has expired")])
def test_a_token_that_is_missing_or_old(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, token: str, hint: str
) -> None:
    monkeypatch.setenv("STENOGRAM_TOKEN", token)
    result = stenogram("transcribe", recording("meeting.ogg"))
    assert result.exit_code == 1
    assert hint in result.stderr
    assert "stenogram token" in result.stderr
    assert not service.runs


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_cancels_the_runs(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGINT)
    with fake_service(endless=True) as service:
        monkeypatch.setenv("STENOGRAM_URL", service.url)
        monkeypatch.setenv("STENOGRAM_TOKEN", TOKEN)

        def interrupt() -> None:
            service.followed.wait(60)
            os.kill(os.getpid(), number)

        thread = threading.Thread(target=interrupt)
        thread.start()
        result = stenogram("transcribe", recording("meeting.ogg"))
        thread.join()
        assert result.exit_code == 130
        assert result.stderr.endswith("stenogram: interrupted\n")
        assert service.cancelled == ["run1"]
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_ctrl_c_kills_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_service(endless=True, deaf=True) as service:
        process = subprocess.Popen(
            dying_with_parent([sys.executable, "-m", "stenogram.cli", "transcribe", str(recording("meeting.ogg"))]),
            env={**os.environ, "STENOGRAM_URL": service.url, "STENOGRAM_TOKEN": TOKEN},
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stderr is not None
            assert any(line == "meeting.ogg: transcribe\n" for line in iter(process.stderr.readline, ""))
            process.send_signal(signal.SIGINT)
            assert service.asked_to_cancel.wait(60)
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == -signal.SIGINT


def test_wrong_settings_are_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("ASR_PRESET", "best")
    result = stenogram("up")
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("settings: PORT: ")
    assert lines[1].startswith("settings: ASR_PRESET: ")


@pytest.mark.parametrize("command", ["link", "token"])
def test_commands_that_need_a_running_service_say_so(command: str) -> None:
    result = stenogram(command)
    assert result.exit_code == 3
    assert "start one with “stenogram up”" in result.stderr


def test_diarize_says_what_is_wrong_with_a_file() -> None:
    result = stenogram("diarize", recording("noise.mp3"))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "stenogram: noise.mp3: This is not an audio or video file" in result.stderr


def test_models_are_listed_for_people_and_machines() -> None:
    known = {model["name"]: model for model in json.loads(stenogram("models", "list", "--json").stdout)}
    assert known["demo"]["present"] is True
    assert {"large-v3", "turbo"} <= known.keys()
    assert "large-v3" in stenogram("models", "list").stdout


def test_a_model_that_cannot_be_had() -> None:
    result = stenogram("models", "pull", "gigantic")
    assert result.exit_code == 1
    assert result.stderr.startswith("stenogram: ")
    assert "gigantic" in result.stderr


def test_models_check_finds_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "tiny.pt").write_bytes(speech_wav(1))
    result = stenogram("models", "check")
    assert result.exit_code == 1
    lines = [line for line in result.stdout.splitlines() if line.startswith("tiny ")]
    assert len(lines) == 1
    assert not lines[0].endswith("ok")
