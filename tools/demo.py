"""`make demo`: recordings through the whole service like any client's, then what came out and how right it is.

Without a file it sends the two example meetings, whose words and turns are known, and scores the results.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stenogram import local
from stenogram.client import ApiError, Client, Json
from stenogram.console import Board, board, clock, follow, show_transcript
from stenogram.errors import StenogramError
from stenogram.pipeline.stage import FORMATS
from stenogram.settings import SettingsError, load_settings
from stenogram.speech import rttm
from stenogram.speech.transcript import Turn
from tools.scoring import DiarizationError, diarization_error, word_error_rate, word_start_error

EXAMPLES = (Path("examples/meeting-ru.ogg"), Path("examples/meeting-en.ogg"))
OUT = Path("out/demo")


@dataclass(frozen=True, slots=True)
class Result:
    """One recording and all that was said of it."""

    path: Path
    run: Json
    transcript: Json


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when every recording was transcribed."""
    console = Console()
    files = [Path(argument) for argument in arguments] or list(EXAMPLES)
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        console.print(f"no such file: {', '.join(missing)}")
        return 2
    try:
        settings = load_settings()
        console.print("[dim]starting the service …")
        with local.client(settings) as client, board() as shown:
            results = [_process(client, path, shown) for path in files]
    except (ApiError, SettingsError, StenogramError) as error:
        console.print(Text(str(error), style="red"))
        return 1
    except KeyboardInterrupt:
        console.print("interrupted")
        return 130
    for result in results:
        _show(console, result)
    return 0


def _process(client: Client, path: Path, shown: Board) -> Result:
    line = shown.line(path.name)
    options: Json = {"formats": list(FORMATS)}
    if path in EXAMPLES:
        options["model"] = "demo"  # synthetic voices are what it knows; one's own file gets the best model there is
    recording = client.upload(path, options, lambda fraction: line.stage("upload", fraction))
    run = follow(client, recording["latest_run"]["id"], line)
    line.end(run["state"])
    if run["error"]:
        raise ApiError(run["error"]["code"], f"{path}: {run['error']['message']}")
    OUT.mkdir(parents=True, exist_ok=True)
    for name in FORMATS:
        (OUT / f"{path.stem}.{name}").write_bytes(client.export(run["id"], name))
    return Result(path, run, client.transcript(run["id"]))


def _show(console: Console, result: Result) -> None:
    console.rule(f"[bold]{result.path.name}")
    show_transcript(console, result.transcript)
    minutes = result.transcript["minutes"]
    if minutes:
        console.print("[bold]Summary")
        for statement in minutes["summary"]:
            console.print(f"  [dim]{clock(statement['at'][0])}[/dim] {statement['text']}")
    console.print(_facts(result))
    console.print(f"All formats: {OUT}/{result.path.stem}.*", highlight=False)


def _facts(result: Result) -> Table:
    transcript = result.transcript
    table = Table(show_header=False)
    table.add_row("recording", f"{clock(transcript['duration'])}, {len(transcript['speakers'])} speakers")
    table.add_row("language", f"{transcript['language']} ({transcript['language_probability']:.0%})")
    for part in transcript["provenance"]:
        table.add_row(part["stage"], f"{part['engine']} {part['model']}")
    for name, value in _scores(result).items():
        table.add_row(name, value)
    seconds = {stage["stage"]: _seconds(stage) for stage in result.run["stages"] if stage["started_at"]}
    table.add_row("seconds per stage", ", ".join(f"{stage} {value:.1f}" for stage, value in seconds.items()))
    total = _between(result.run["created_at"], result.run["finished_at"])
    table.add_row("all together", f"{total:.1f} s, {transcript['duration'] / total:.1f}x realtime")
    return table


@dataclass(frozen=True, slots=True)
class Scores:
    """How right a transcript is; None for what has no reference."""

    word_error_rate: float | None
    word_start_error: float | None  # seconds, median
    diarization: DiarizationError | None


def measure(path: Path, transcript: Json) -> Scores:
    """Against the ``.txt``, ``.words.json`` and ``.rttm`` beside the recording at ``path``."""
    text, timed, turns = (path.with_suffix(suffix) for suffix in (".txt", ".words.json", ".rttm"))
    language = transcript["language"]
    spoken = [word for segment in transcript["segments"] for word in segment["words"]]
    wer = start_error = diarization = None
    if text.is_file():
        reference = " ".join(line.split(": ", 1)[-1] for line in text.read_text(encoding="utf-8").splitlines())
        wer = word_error_rate(reference, "".join(word["text"] for word in spoken), language)
    if timed.is_file():
        truth = [(word, start) for word, start, _ in json.loads(timed.read_text(encoding="utf-8"))]
        start_error = word_start_error(truth, [(word["text"], word["start"]) for word in spoken], language)
    if turns.is_file():
        found = [Turn(turn["speaker"], turn["start"], turn["end"]) for turn in transcript["turns"]]
        diarization = diarization_error(rttm.parse(turns.read_text(encoding="utf-8")), found, transcript["duration"])
    return Scores(wer, start_error, diarization)


def _scores(result: Result) -> dict[str, str]:
    scores, shown = measure(result.path, result.transcript), {}
    if scores.word_error_rate is not None:
        shown["WER"] = f"{scores.word_error_rate:.1%} (lower case, ё→е, numbers in words, no punctuation)"
    if scores.word_start_error is not None:
        shown["median word-start error"] = f"{scores.word_start_error:.3f} s"
    if (error := scores.diarization) is not None:
        shown["DER"] = (
            f"{error.rate:.1%} = missed {error.missed:.1%} + false alarm {error.false_alarm:.1%} + confusion "
            f"{error.confusion:.1%} (collar 0, overlap counted); {error.found} of {error.true} speakers found"
        )
    return shown


def _seconds(stage: Mapping[str, Any]) -> float:
    return _between(stage["started_at"], stage["finished_at"])


def _between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
