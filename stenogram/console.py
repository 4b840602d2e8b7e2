"""How the command line shows a run: a live line per file on a terminal, plain lines elsewhere; all of it on stderr."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from stenogram.client import Client, Json

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")


class Line(Protocol):
    """One file's place on the screen."""

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None: ...

    def end(self, text: str) -> None: ...


def clock(seconds: float) -> str:
    """``75`` → ``01:15``, ``3675`` → ``1:01:15``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


class _LiveLine:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        left = f"{clock(eta)} left" if eta is not None else ""
        self._progress.update(self._task, completed=fraction * 100, stage=name, left=left)

    def end(self, text: str) -> None:
        self._progress.update(self._task, completed=100, stage=text, left="")


class _PlainLine:
    def __init__(self, name: str) -> None:
        self._name = name
        self._last = ""

    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        if name != self._last:
            self._last = name
            print(f"{self._name}: {name}", file=sys.stderr, flush=True)

    def end(self, text: str) -> None:
        print(f"{self._name}: {text}", file=sys.stderr, flush=True)


@contextmanager
def board(quiet: bool = False) -> Iterator["Board"]:
    """Lines for as many files as are asked for; ``quiet`` shows none."""
    console = Console(stderr=True, quiet=quiet)
    if quiet or not console.is_terminal:
        yield Board(None, quiet)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[stage]}"),
        TextColumn("[dim]{task.fields[left]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Board(progress, quiet)


class Board:
    """Gives out lines."""

    def __init__(self, progress: Progress | None, quiet: bool) -> None:
        self._progress = progress
        self._quiet = quiet

    def line(self, name: str) -> Line:
        if self._progress:
            return _LiveLine(self._progress, self._progress.add_task(name, total=100, stage="", left=""))
        return _Silent() if self._quiet else _PlainLine(name)


class _Silent:
    def stage(self, name: str, fraction: float, eta: float | None = None) -> None:
        """Says nothing."""

    def end(self, text: str) -> None:
        """Says nothing."""


def follow(client: Client, run_id: str, line: Line) -> Json:
    """Show a run until it ends; the run as it ended."""
    run: Json = {}
    for event, data in client.follow(run_id):
        if event == "snapshot":
            run = data
            current = next((stage for stage in data["stages"] if stage["state"] == "running"), None)
            if current:
                line.stage(current["stage"], current["fraction"])
        elif event in ("stage", "progress") and data.get("stage"):
            line.stage(data["stage"], data.get("fraction") or 0.0, data.get("eta_seconds"))
    return run


def show_transcript(console: Console, transcript: Mapping[str, Any]) -> None:
    """Who said what and when, a colour per speaker, warnings first."""
    for warning in transcript["warnings"]:
        console.print(Text(f"! {warning['message']}", style="yellow"))
    names = {speaker["label"]: speaker["display"] for speaker in transcript["speakers"]}
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
