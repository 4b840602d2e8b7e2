"""How commands find the service, and what ``diarize`` does without one."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stenogram import local
from stenogram.client import ApiError
from stenogram.errors import InvalidMedia
from stenogram.local import RunningService
from stenogram.settings import load_settings
from stenogram.solo import diarize_file
from stenogram.speech import rttm
from tests.fakes.engines import FakeEngines, speech_wav
from tests.fakes.script import Script
from tests.fakes.service import TOKEN, fake_service

HERE = RunningService.here("http://127.0.0.1:1", "postgresql://…")


def test_a_running_service_is_found_while_it_runs(tmp_path: Path) -> None:
    assert RunningService.find(tmp_path) is None
    HERE.write(tmp_path)
    assert stat.S_IMODE((tmp_path / "service.json").stat().st_mode) == 0o600  # it holds the database's address
    assert RunningService.find(tmp_path) == HERE
    HERE.remove(tmp_path)
    assert RunningService.find(tmp_path) is None


def test_what_a_killed_service_left_does_not_count(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    RunningService(ended.pid, HERE.started, HERE.url, HERE.database_url).write(tmp_path)
    assert RunningService.find(tmp_path) is None


def test_a_number_that_another_process_has_now_does_not_count(tmp_path: Path) -> None:
    RunningService(os.getpid(), HERE.started - 3600, HERE.url, HERE.database_url).write(tmp_path)
    assert RunningService.find(tmp_path) is None


def test_one_service_does_not_remove_the_file_of_another(tmp_path: Path) -> None:
    other = RunningService.here("http://127.0.0.1:2", HERE.database_url)
    other.write(tmp_path)
    HERE.remove(tmp_path)
    assert RunningService.find(tmp_path) == other


def test_an_address_comes_before_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STENOGRAM_TOKEN", TOKEN)
    HERE.write(tmp_path)
    with fake_service() as service:
        monkeypatch.setenv("STENOGRAM_URL", service.url)
        with local.client(load_settings(), "ru") as client:
            assert (client.url, client.language) == (service.url, "ru")


def test_a_service_that_does_not_come_up_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STENOGRAM_URL", raising=False)
    said: list[str] = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(ApiError) as raised, local.client(load_settings(), say=said.append):
            pytest.fail("there is nothing to talk to")
    assert raised.value.code == "service.unreachable"
    assert "set PORT to a free port" in str(raised.value)
    assert said == ["starting the service …"]


def test_who_speaks_when_without_a_service(tmp_path: Path) -> None:
    path = tmp_path / "a call.wav"
    path.write_bytes(speech_wav(phrases=3))
    seen: list[tuple[str, float]] = []
    text = diarize_file(
        path, FakeEngines(script=Script(tmp_path)), load_settings().limits, 2, lambda *step: seen.append(step)
    )
    assert [(turn.speaker, turn.start, turn.end) for turn in rttm.parse(text)] == [
        ("S1", 0.0, 2.0),
        ("S2", 3.0, 5.0),
        ("S1", 6.0, 8.0),
    ]
    assert " a_call " in text
    assert {stage for stage, _ in seen} == {"preprocess", "diarize"}
    assert not [line for line in text.splitlines() if not line.startswith("SPEAKER ")]


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text(json.dumps("no sound"))
    with pytest.raises(InvalidMedia, match=r"media\.unsupported"):
        diarize_file(path, FakeEngines(script=Script(tmp_path)), load_settings().limits, None, lambda *_: None)
