"""``stenogram status`` and ``stenogram dead`` against a stand-in service: what they print, their exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stenogram.cli import app
from tests.fakes.service import OVERVIEW, TOKEN, FakeService, fake_service, letter


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "STENOGRAM_URL", "STENOGRAM_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    with fake_service() as made:
        monkeypatch.setenv("STENOGRAM_URL", made.url)
        monkeypatch.setenv("STENOGRAM_TOKEN", TOKEN)
        made.letters = [letter(3), letter(2, "storage.full"), letter(1)]
        yield made


def stenogram(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│┃").replace("┃", "│").split("│")]


def test_letters_are_listed_for_people_and_machines(service: FakeService) -> None:
    lines = stenogram("dead", "list").stdout.splitlines()
    assert cells(lines[1])[:5] == ["id", "run", "stage", "attempts", "error"]
    assert cells(lines[3])[:5] == ["3", "run3", "summarize", "4", "engine.unavailable"]
    assert len(lines) == 7
    assert [item["id"] for item in json.loads(stenogram("dead", "list", "--json", "--limit", "2").stdout)] == [3, 2]
    assert [
        item["id"] for item in json.loads(stenogram("dead", "list", "--json", "--code", "storage.full").stdout)
    ] == [2]
    service.letters = []
    assert stenogram("dead", "list").stdout == "no dead letters\n"


def test_a_long_list_comes_page_by_page(service: FakeService) -> None:
    service.letters = [letter(number) for number in range(450, 0, -1)]
    listed = json.loads(stenogram("dead", "list", "--json", "--limit", "420").stdout)
    assert [item["id"] for item in listed] == list(range(450, 30, -1))


def test_a_letter_is_shown_with_its_run(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = stenogram("dead", "show", "3").stdout
    assert "detail: APIConnectionError\n" in shown
    assert "run: run3, done with warnings\n" in shown
    assert "The engine “openai” cannot be reached." in shown
    assert json.loads(stenogram("dead", "show", "3", "--json").stdout)["id"] == 3
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert "обработка: run3, готово, с предупреждениями\n" in stenogram("dead", "show", "3").stdout
    missing = stenogram("dead", "show", "9")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert missing.stderr.endswith("[not_found]\n")


def test_letters_are_replayed_and_discarded_by_id(service: FakeService) -> None:
    result = stenogram("dead", "replay", "3", "9", "1")
    assert (result.exit_code, result.stdout) == (1, "3: replayed\n1: replayed\n")
    assert result.stderr == "stenogram: 9: Not found. It may have been deleted. [not_found]\n"
    result = stenogram("dead", "discard", "2")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "2: discarded\n", "")
    assert service.settled == [("replay", 3), ("replay", 1), ("discard", 2)]


def test_after_an_outage_all_or_those_of_a_kind(service: FakeService) -> None:
    assert stenogram("dead", "replay", "--code", "engine.unavailable").stdout == "3: replayed\n1: replayed\n"
    assert stenogram("dead", "discard", "--all").stdout == "2: discarded\n"
    assert stenogram("dead", "replay", "--all").stdout == ""


@pytest.mark.parametrize("arguments", [(), ("3", "--all"), ("3", "--stage", "summarize")])
def test_nothing_is_replayed_by_mistake(service: FakeService, arguments: tuple[str, ...]) -> None:
    result = stenogram("dead", "replay", *arguments)
    assert result.exit_code == 2
    assert "--all, --stage or --code" in result.stderr
    assert service.settled == []


def test_the_state_of_the_service_for_people_and_machines(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = stenogram("status").stdout.splitlines()
    rows = [cells(line) for line in lines]
    assert ["gpu", "2", "3", "1", "1", "01:15"] in rows
    assert ["llm", "?", "0", "0", "0", ""] in rows
    assert ["gpu@here:7", "gpu", "2026-11-21 09:00:00", "transcribe", "run9", "2026-11-21 09:05:00"] in rows
    assert ["uploads", "2026-11-21 09:00:00", "1", "8", ""] in rows
    assert lines[-2:] == [
        "dead letters: summarize 2   unsent messages: 4   PostgreSQL: embedded   Redis: external",
        "disk: 5.0 GB of 20.0 GB free, 3 MB stored",
    ]
    assert json.loads(stenogram("status", "--json").stdout) == OVERVIEW
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert "диск: свободно 5.0 GB из 20.0 GB" in stenogram("status").stdout


@pytest.mark.parametrize(("workers", "said"), [([], "no worker gives a sign of life"), (None, "Redis does not answer")])
def test_workers_that_are_silent_or_unknown(service: FakeService, workers: object, said: str) -> None:
    service.overview = {**OVERVIEW, "workers": workers, "janitor": []}
    assert said in stenogram("status").stdout


def test_others_than_administrators_are_told_so(service: FakeService) -> None:
    service.admin = False
    result = stenogram("status")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("[auth.forbidden]\n")


@pytest.mark.parametrize("arguments", [("status",), ("dead", "list"), ("dead", "replay", "--all")])
def test_no_service_is_brought_up_to_ask_it(arguments: tuple[str, ...]) -> None:
    result = stenogram(*arguments)
    assert result.exit_code == 3
    assert "start one with “stenogram up”" in result.stderr
