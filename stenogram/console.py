"""How the command line shows a run: a live line per file on a terminal, plain lines elsewhere; all of it on stderr."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from stenogram.client import Json
from stenogram.phrases import phrase
from stenogram.pipeline.stage import STAGES, Stage

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")


class Line(Protocol):
    """One file's place on the screen. Stages and ends are keys of ``phrases``."""

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None: ...

    def end(self, state: str) -> None: ...


def clock(seconds: float) -> str:
    """``75`` → ``01:15``, ``3675`` → ``1:01:15``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


class _LiveLine:
    def __init__(self, progress: Progress, task: TaskID, language: str) -> None:
        self._progress = progress
        self._task = task
        self._language = language

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        left = "" if eta is None else phrase("left", self._language, clock=clock(eta))
        self._progress.update(self._task, completed=fraction * 100, stage=phrase(name, self._language), left=left)

    def end(self, state: str) -> None:
        self._progress.update(self._task, completed=100, stage=phrase(state, self._language), left="")
        self._progress.stop_task(self._task)


class _PlainLine:
    def __init__(self, name: str, language: str) -> None:
        self._name = name
        self._language = language
        self._last = ""

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        if name != self._last:
            self._last = name
            self.end(name)

    def end(self, state: str) -> None:
        print(f"{self._name}: {phrase(state, self._language)}", file=sys.stderr, flush=True)


class _Silent:
    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        """Says nothing."""

    def end(self, state: str) -> None:
        """Says nothing."""


class Board:
    """Gives out lines: live ones with ``progress``, else plain ones; none that say anything when ``quiet``."""

    def __init__(self, progress: Progress | None = None, quiet: bool = False, language: str = "en") -> None:
        self._progress = progress
        self._quiet = quiet
        self._language = language

    def line(self, name: str) -> Line:
        if self._progress:
            task = self._progress.add_task(name, total=100, stage="", left="")
            return _LiveLine(self._progress, task, self._language)
        return _Silent() if self._quiet else _PlainLine(name, self._language)

    def note(self, text: str) -> None:
        """One line for the person, even when quiet: something went wrong."""
        print(f"stenogram: {text}", file=sys.stderr, flush=True)


@contextmanager
def board(quiet: bool = False, language: str = "en") -> Iterator[Board]:
    """A board on stderr; its lines live as long as the block where people watch."""
    console = Console(stderr=True, quiet=quiet)
    if quiet or not console.is_terminal:
        yield Board(None, quiet, language)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", style="bold", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[stage]}"),
        TextColumn("[dim]{task.fields[left]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Board(progress, quiet, language)


class Follows(Protocol):
    """What tells of a run (``Client``)."""

    def follow(self, run_id: str) -> Iterator[tuple[str, Json]]: ...


def follow(client: Follows, run_id: str, line: Line) -> Json:
    """Show a run until it ends; the run as it ended.

    A worker may tell that it began before another has told that it is done with the stage before: only what is
    furthest along the chain is shown.
    """
    run: Json = {}
    furthest = 0
    for event, data in client.follow(run_id):
        if event == "snapshot":
            run = data
            current = next((stage for stage in data["stages"] if stage["state"] == "running"), None)
            if current:
                line.stage(current["stage"], current["fraction"])
        elif event in ("stage", "progress") and data.get("stage"):
            at = STAGES.index(Stage(data["stage"]))
            if at >= furthest:
                furthest = at
                line.stage(data["stage"], data.get("fraction") or 0.0, data.get("eta_seconds"))
    return run


def show_transcript(console: Console, transcript: Mapping[str, Any]) -> None:
    """Who said what and when, warnings first: in columns and colours on a terminal, else a line per segment."""
    names = {speaker["label"]: speaker["display"] for speaker in transcript["speakers"]}
    if not console.is_terminal:
        _show_lines(console, transcript, names)
        return
    for warning in transcript["warnings"]:
        console.print(Text(f"! {warning['message']}", style="yellow"))
    colours = {label: COLOURS[number % len(COLOURS)] for number, label in enumerate(names)}
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for segment in transcript["segments"]:
        label = segment["speaker"]
        table.add_row(
            clock(segment["start"]), Text(names.get(label, ""), style=colours.get(label, "")), Text(segment["text"])
        )
    console.print(table)


def _show_lines(console: Console, transcript: Mapping[str, Any], names: Mapping[str, str]) -> None:
    lines = [f"! {warning['message']}" for warning in transcript["warnings"]]
    for segment in transcript["segments"]:
        name = names.get(segment["speaker"])
        lines.append(f"[{clock(segment['start'])}] {f'{name}: ' if name else ''}{segment['text'].strip()}")
    console.print(*lines, sep="\n", soft_wrap=True, markup=False, highlight=False)
