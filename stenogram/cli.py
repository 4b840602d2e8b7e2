"""The command line. Results go to stdout or files, everything else to stderr.

Exit codes: 0 all done, 1 a recording failed, 2 wrong usage or settings, 3 the service cannot be reached,
130 interrupted.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from stenogram import administer, local
from stenogram.batch import Batch, Outcome
from stenogram.client import Client
from stenogram.commands import EXIT_FAILED, EXIT_USAGE, fail, failing, read_settings, running_service
from stenogram.console import board, show_transcript
from stenogram.phrases import phrase, preferred
from stenogram.pipeline.stage import FORMATS, MAX_SPEAKERS, PRESETS

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, help=__doc__
)
models_app = typer.Typer(no_args_is_help=True, help="Model weights on this machine.")
app.add_typer(models_app, name="models")
app.add_typer(administer.dead, name="dead")
app.command()(administer.status)


@app.command()
def up() -> None:
    """Run the whole service on this machine until Ctrl-C: database, queue, API, web page, workers, Flower."""
    from stenogram import supervisor

    settings = read_settings()
    running: list[local.RunningService] = []

    async def announce(started: supervisor.Up) -> None:
        service = local.RunningService.here(started.url, started.database_url)
        service.write(settings.server.data_dir)
        running.append(service)
        await _announce(service, settings.server.data_dir, started.flower_url)

    try:
        code = supervisor.run(settings, announce)
    except supervisor.StartError as error:
        fail(str(error), EXIT_FAILED)
    finally:
        for service in running:
            service.remove(settings.server.data_dir)
    raise typer.Exit(code)


async def _announce(service: local.RunningService, data_dir: Path, flower_url: str) -> None:
    print(f"\n  Stenogram is ready. Sign in here (once, within a day):\n\n  {await service.sign_in_link()}\n")
    print(f"  Workers: {flower_url} (admin, password in {data_dir}/keys/flower_password)\n", flush=True)


@app.command()
def link() -> None:
    """Print a fresh one-time sign-in link to the service that runs on this data folder."""
    with failing():
        print(asyncio.run(running_service().sign_in_link()))


@app.command()
def token() -> None:
    """Print a token for STENOGRAM_TOKEN, with which other machines use the service that runs on this data folder."""
    with failing():
        service = running_service()
        with Client(service.url) as client:
            print(client.sign_in(asyncio.run(service.sign_in_link())))


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
    wanted = _formats(formats)
    chosen = {
        "language": language,
        "preset": preset,
        "model": model,
        "engine": engine,
        "speakers": speakers,
        "diarize": diarize,
    }
    options = {name: value for name, value in chosen.items() if value is not None}
    with failing():
        service = local.client(read_settings(), preferred(), _quiet if as_json else _say)
        with service as client, board(as_json, preferred()) as shown:
            outcomes = Batch(client, shown, options, out, wanted).process(files)
        if as_json:
            print(json.dumps([outcome.as_json() for outcome in outcomes], ensure_ascii=False))
        else:
            _report(outcomes, out)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(EXIT_FAILED)


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = sorted(set(wanted) - set(FORMATS))
    if unknown:
        fail(phrase("format", preferred(), unknown=", ".join(unknown), known=", ".join(FORMATS)), EXIT_USAGE)
    return wanted


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _quiet(_text: str) -> None:
    """For machines: stderr is for what goes wrong."""


def _report(outcomes: Sequence[Outcome], out: Path | None) -> None:
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
    from stenogram.engines.registry import Engines
    from stenogram.solo import diarize_file

    settings = read_settings()
    with failing(f"{file}: "), board(language=preferred()) as shown:
        line = shown.line(file.name)
        rttm = diarize_file(file, Engines(settings), settings.limits, speakers, line.stage)
        line.end("done")
    if out:
        out.write_text(rttm, encoding="utf-8")
    else:
        print(rttm, end="")


def _weights() -> Any:
    from stenogram.engines.weights import Weights

    return Weights(read_settings().asr)


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
    with failing():
        print(_weights().pull(name, engine))


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
