"""The command line. Results go to stdout or files, everything else to stderr.

Exit codes: 0 all done, 1 a recording failed, 2 wrong usage or settings, 3 the service cannot be reached,
130 interrupted.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from stenogram import local
from stenogram.client import ApiError, Client, Json
from stenogram.console import Board, board, follow, show_transcript
from stenogram.errors import StenogramError
from stenogram.pipeline.stage import FORMATS, MAX_SPEAKERS, PRESETS
from stenogram.settings import Settings, SettingsError, load_settings

EXIT_FAILED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_INTERRUPTED = 1, 2, 3, 130
AT_ONCE = 4  # uploads and followed runs; the queue orders the work itself

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
models_app = typer.Typer(no_args_is_help=True, help="Model weights on this machine.")
app.add_typer(models_app, name="models")


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        for line in error.lines:
            print(f"settings: {line}", file=sys.stderr)
        raise typer.Exit(EXIT_USAGE) from error


def _fail(message: str, code: int) -> NoReturn:
    print(f"stenogram: {message}", file=sys.stderr)
    raise typer.Exit(code)


@app.command()
def up() -> None:
    """Run the whole service on this machine until Ctrl-C: database, queue, API, web page, workers, Flower."""
    from stenogram import supervisor

    settings = _settings()
    try:
        code = supervisor.run(settings, lambda up: _announce(settings, up.url, up.database_url, up.flower_url))
    except supervisor.StartError as error:
        _fail(str(error), EXIT_FAILED)
    finally:
        local.RunningService.remove(settings.server.data_dir)
    raise typer.Exit(code)


async def _announce(settings: Settings, url: str, database_url: str, flower_url: str) -> None:
    service = local.RunningService(os.getpid(), url, database_url)
    service.write(settings.server.data_dir)
    print(f"\n  Stenogram is ready. Sign in here (once, within the hour):\n\n  {await service.sign_in_link()}\n")
    print(f"  Workers: {flower_url} (admin, password in {settings.server.data_dir}/keys/flower_password)\n", flush=True)


@app.command()
def link() -> None:
    """Print a fresh one-time sign-in link to the service that runs on this data folder."""
    settings = _settings()
    running = local.RunningService.find(settings.server.data_dir)
    if running is None:
        _fail(f"no service runs on {settings.server.data_dir}; start one with “stenogram up”", EXIT_UNREACHABLE)
    print(asyncio.run(running.sign_in_link()))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one file."""

    path: Path
    recording_id: str | None = None
    run: Json | None = None
    transcript: Json | None = None
    files: tuple[Path, ...] = ()
    code: str | None = None
    error: str | None = None

    def as_json(self) -> Json:
        return {
            "file": str(self.path),
            "recording_id": self.recording_id,
            "run_id": self.run and self.run["id"],
            "state": self.run and self.run["state"],
            "outputs": [str(path) for path in self.files],
            "error": self.error and {"code": self.code, "message": self.error},
            "transcript": self.transcript,
        }


@app.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Recordings: audio or video.", exists=True, dir_okay=False)],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results. Default: beside nothing, print the text.")
    ] = None,
    formats: Annotated[str, typer.Option(help=f"Comma-separated: {', '.join(FORMATS)}.")] = "txt",
    language: Annotated[str | None, typer.Option(help="ISO 639-1 code. Default: detected.")] = None,
    preset: Annotated[str | None, typer.Option(help=" or ".join(PRESETS))] = None,
    model: Annotated[str | None, typer.Option(help="A Whisper model by name.")] = None,
    engine: Annotated[str | None, typer.Option(help="openai-whisper or faster-whisper.")] = None,
    speakers: Annotated[int | None, typer.Option(min=1, max=MAX_SPEAKERS, help="Number of speakers, if known.")] = None,
    diarize: Annotated[bool, typer.Option(help="Tell the speakers apart.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array on stdout, no progress.")] = False,
) -> None:
    """Transcribe recordings with the service at STENOGRAM_URL, the one that runs here, or one brought up meanwhile."""
    wanted = tuple(name.strip() for name in formats.split(",") if name.strip())
    unknown = sorted(set(wanted) - set(FORMATS))
    if unknown:
        _fail(f"unknown format {', '.join(unknown)}; choose from {', '.join(FORMATS)}", EXIT_USAGE)
    chosen = {
        "language": language,
        "preset": preset,
        "model": model,
        "engine": engine,
        "speakers": speakers,
        "diarize": diarize,
    }
    options = {name: value for name, value in chosen.items() if value is not None}
    outcomes = _with_service(lambda client: _transcribe_all(client, files, options, out, wanted, as_json))
    if as_json:
        print(json.dumps([outcome.as_json() for outcome in outcomes], ensure_ascii=False))
    else:
        _report(outcomes, out)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(EXIT_FAILED)


def _with_service(work: Callable[[Client], Sequence[_Outcome]]) -> Sequence[_Outcome]:
    try:
        with local.client(_settings()) as client:
            return work(client)
    except ApiError as error:
        _fail(str(error), EXIT_UNREACHABLE if error.code == "service.unreachable" else EXIT_FAILED)
    except KeyboardInterrupt:
        _fail("interrupted", EXIT_INTERRUPTED)


def _transcribe_all(
    client: Client, files: Sequence[Path], options: Json, out: Path | None, formats: Sequence[str], quiet: bool
) -> Sequence[_Outcome]:
    with board(quiet) as shown, ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda path: _transcribe_one(client, path, options, out, formats, shown), files))


def _transcribe_one(
    client: Client, path: Path, options: Json, out: Path | None, formats: Sequence[str], shown: Board
) -> _Outcome:
    line = shown.line(path.name)
    try:
        recording = client.upload(path, options, lambda fraction: line.stage("upload", fraction))
        run = follow(client, recording["latest_run"]["id"], line)
        line.end(run["state"].replace("_", " "))
        if run["error"] or run["state"] == "cancelled":
            error = run["error"] or {"code": "run.cancelled", "message": "cancelled"}
            return _Outcome(path, recording["id"], run, code=error["code"], error=error["message"])
        written = _write(client, run["id"], path, out, formats) if out else ()
        return _Outcome(path, recording["id"], run, client.transcript(run["id"]), written)
    except ApiError as error:
        if error.code == "service.unreachable":
            raise
        line.end("failed")
        return _Outcome(path, code=error.code, error=str(error))


def _write(client: Client, run_id: str, path: Path, out: Path, formats: Sequence[str]) -> tuple[Path, ...]:
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name in formats:
        target = out / f"{path.stem}.{name}"
        target.write_bytes(client.export(run_id, name))
        written.append(target)
    return tuple(written)


def _report(outcomes: Sequence[_Outcome], out: Path | None) -> None:
    console = Console()
    for outcome in outcomes:
        if outcome.error:
            print(f"stenogram: {outcome.path}: {outcome.error} [{outcome.code}]", file=sys.stderr)
        elif out:
            print(*outcome.files, sep="\n")
        elif outcome.transcript:
            if len(outcomes) > 1:
                console.rule(outcome.path.name)
            show_transcript(console, outcome.transcript)


@app.command()
def diarize(
    file: Annotated[Path, typer.Argument(help="A recording.", exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option(help="RTTM file. Default: stdout.")] = None,
    speakers: Annotated[int | None, typer.Option(min=1, max=MAX_SPEAKERS, help="Number of speakers, if known.")] = None,
) -> None:
    """Who speaks when, as RTTM. Needs no service: the engines run in this process."""
    from stenogram.solo import diarize_file

    settings = _settings()
    try:
        with board() as shown:
            line = shown.line(file.name)
            rttm = diarize_file(file, settings, speakers, line.stage)
            line.end("done")
    except StenogramError as error:
        _fail(f"{file}: {error.message()} [{error.code}]", EXIT_FAILED)
    except KeyboardInterrupt:
        _fail("interrupted", EXIT_INTERRUPTED)
    if out:
        out.write_text(rttm, encoding="utf-8")
    else:
        print(rttm, end="")


def _weights() -> Any:
    from stenogram.engines.weights import Weights

    return Weights(_settings().asr)


@models_app.command("list")
def models_list(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """The models we know, and which of them are on this machine."""
    known = _weights().list()
    if as_json:
        print(json.dumps(known, ensure_ascii=False))
        return
    table = Table("model", "engine", "languages", "MB", "here", "default for")
    for model in known:
        table.add_row(
            model["name"],
            model["engine"],
            model["languages"],
            str(model["size_mb"]),
            "yes" if model["present"] else "",
            ", ".join(model["default_for"]),
        )
    Console().print(table)


@models_app.command("pull")
def models_pull(
    name: str, engine: Annotated[str | None, typer.Option(help="openai-whisper or faster-whisper.")] = None
) -> None:
    """Download a model's weights into MODEL_CACHE_DIR."""
    try:
        print(_weights().pull(name, engine))
    except StenogramError as error:
        _fail(error.message(), EXIT_FAILED)


@models_app.command("check")
def models_check() -> None:
    """Load-check the weights that are on this machine."""
    broken = False
    for name, engine, problem in _weights().check():
        print(f"{name} ({engine}): {problem or 'ok'}")
        broken = broken or bool(problem)
    if broken:
        raise typer.Exit(EXIT_FAILED)


def main() -> None:
    """Entry point of the ``stenogram`` command."""
    app()


if __name__ == "__main__":
    main()
