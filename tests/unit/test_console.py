"""What people see of a run."""

import io
from collections.abc import Iterator, Sequence

import pytest
from rich.console import Console

from stenogram.client import Json
from stenogram.console import Board, board, clock, follow, show_transcript
from stenogram.phrases import PHRASES, phrase, preferred
from stenogram.pipeline.stage import STAGES
from tests.fakes.service import TRANSCRIPT


class Heard:
    """A line that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, float, float | None]] = []

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        self.stages.append((name, fraction, eta))

    def end(self, state: str) -> None:
        raise AssertionError("whoever follows says how it ended")


class Followed:
    """A run with these events."""

    def __init__(self, events: Sequence[tuple[str, Json]]) -> None:
        self._events = events

    def follow(self, run_id: str) -> Iterator[tuple[str, Json]]:
        yield from self._events


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "00:00"), (75.9, "01:15"), (3599, "59:59"), (3675, "1:01:15"), (36_000, "10:00:00")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_follow_shows_stages_and_gives_the_run_as_it_ended() -> None:
    begun: Json = {"state": "running", "stages": [{"stage": "preprocess", "state": "running", "fraction": 0.4}]}
    ended: Json = {"state": "done", "stages": [{"stage": "preprocess", "state": "done", "fraction": 1.0}]}
    line = Heard()
    run = follow(
        Followed(
            [
                ("snapshot", begun),
                ("stage", {"stage": "transcribe", "state": "running", "fraction": None, "eta_seconds": None}),
                ("stage", {"stage": "preprocess", "state": "done", "fraction": 1.0}),  # told late
                ("progress", {"stage": "transcribe", "fraction": 0.5, "eta_seconds": 60.0}),
                ("partial", {"stage": "transcribe", "segments": []}),
                ("run", {"stage": None, "state": "done"}),
                ("snapshot", ended),
            ]
        ),
        "r1",
        line,
    )
    assert run is ended
    assert line.stages == [("preprocess", 0.4, None), ("transcribe", 0.0, None), ("transcribe", 0.5, 60.0)]


def test_plain_lines_name_each_stage_once(capsys: pytest.CaptureFixture[str]) -> None:
    line = Board(language="ru").line("a.ogg")
    for fraction in (0.1, 0.5, 0.9):
        line.stage("transcribe", fraction, 3.0)
    line.end("done_with_warnings")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "a.ogg: распознавание\na.ogg: готово, с предупреждениями\n"


def test_a_quiet_board_says_nothing_but_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with board(quiet=True) as shown:
        line = shown.line("a.ogg")
        line.stage("upload", 0.5)
        line.end("done")
        shown.note("it is burning")
    assert capsys.readouterr().err == "stenogram: it is burning\n"


def test_live_lines_show_the_stage_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes stderr for a terminal
    monkeypatch.setenv("COLUMNS", "160")
    with board() as shown:
        first, second = shown.line("[a].ogg"), shown.line("b.ogg")
        first.stage("transcribe", 0.5, 75.0)
        second.end("cancelled")
    captured = capsys.readouterr()
    assert captured.out == ""
    for part in ("[a].ogg", "transcribe", "50%", "01:15 left", "b.ogg", "cancelled"):
        assert part in captured.err


def test_a_terminal_gets_columns() -> None:
    output = io.StringIO()
    show_transcript(Console(file=output, force_terminal=True, width=60, color_system=None), TRANSCRIPT)
    lines = output.getvalue().splitlines()
    assert lines[0].rstrip() == "! Only a demo."
    assert lines[1].split() == ["00:00", "Anna", "Good", "morning."]
    assert len(lines) > 4  # the long segment is wrapped within its column
    assert all(len(line) <= 60 for line in lines)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ru"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": ""}, "ru"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert preferred(environment) == language


def test_every_stage_and_end_has_words() -> None:
    assert {stage.value for stage in STAGES} | {"done", "done_with_warnings", "cancelled", "dead"} <= PHRASES.keys()
    assert phrase("something-new", "ru") == "something-new"
    for known in PHRASES.values():
        assert _slots(known.en) == _slots(known.ru)


def _slots(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}
