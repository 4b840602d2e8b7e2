"""``stenogram status`` and ``stenogram dead …``: what administrators ask of the running service, over its REST API."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stenogram.client import ApiError, Client, Json
from stenogram.commands import EXIT_FAILED, EXIT_USAGE, fail, failing, signed_in
from stenogram.console import clock
from stenogram.phrases import phrase, preferred

dead = typer.Typer(no_args_is_help=True, help="Stages that were given up: list them, try them again, let them go.")

_WIDEST = 1000  # characters

_Ids = Annotated[list[int] | None, typer.Argument(help="Letters by id.", show_default=False)]
_All = Annotated[bool, typer.Option("--all", help="All open letters.")]
_Stage = Annotated[str | None, typer.Option(help="Only of this stage.")]
_Code = Annotated[str | None, typer.Option(help="Only with this error code.")]
_AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


@dead.command("list")
def list_letters(
    stage: _Stage = None,
    code: _Code = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    as_json: _AsJson = False,
) -> None:
    """Stages that were given up and that nobody has dealt with, newest first."""
    with failing(), signed_in() as client:
        letters = client.dead_letters(limit, **_chosen(stage, code))
    if as_json:
        print(json.dumps(letters, ensure_ascii=False))
    elif not letters:
        print(_say("no_letters"))
    else:
        table = _table("id", "run", "stage", "attempts", "error", "since")
        for letter in letters:
            names = ("id", "run_id", "stage", "attempts", "error_code")
            table.add_row(*(str(letter[name]) for name in names), _local(letter["created_at"]))
        _print(table)


@dead.command("show")
def show_letter(letter_id: Annotated[int, typer.Argument(metavar="ID")], as_json: _AsJson = False) -> None:
    """One of them with its run."""
    with failing(), signed_in() as client:
        letter = client.dead_letter(letter_id)
    if as_json:
        print(json.dumps(letter, ensure_ascii=False))
        return
    _facts(letter, "id", "stage", "attempts", error="error_code", detail="error_detail")
    print(f"{_say('since')}: {_local(letter['created_at'])}")
    print(f"{_say('run')}: {letter['run_id']}, {_say(letter['run']['state'])}")
    if letter["resolution"]:
        print(f"{_say(letter['resolution'])}: {_local(letter['resolved_at'])}")
    table = _table("stage", "state", "attempts", "error")
    for stage in letter["run"]["stages"]:
        error = stage["error"]["message"] if stage["error"] else ""
        table.add_row(stage["stage"], stage["state"], str(stage["attempts"]), error)
    _print(table)


def _facts(letter: Json, *names: str, **named: str) -> None:
    for key, name in {**{name: name for name in names}, **named}.items():
        print(f"{_say(key)}: {letter[name]}")


@dead.command("replay")
def replay(ids: _Ids = None, everything: _All = False, stage: _Stage = None, code: _Code = None) -> None:
    """Try the stage again with fresh attempts; its run goes on from there."""
    _settle("replay", "replayed", ids or [], everything, _chosen(stage, code))


@dead.command("discard")
def discard(ids: _Ids = None, everything: _All = False, stage: _Stage = None, code: _Code = None) -> None:
    """Take it off the list; its run stays as it is."""
    _settle("discard", "discarded", ids or [], everything, _chosen(stage, code))


def _settle(act: str, told: str, ids: Sequence[int], everything: bool, chosen: dict[str, str]) -> None:
    if bool(ids) == bool(everything or chosen):
        fail(_say("which_letters"), EXIT_USAGE)
    with failing(), signed_in() as client:
        done, refused = _each(client, act, ids) if ids else _chosen_ones(client, act, chosen)
    for letter_id in done:
        print(f"{letter_id}: {_say(told)}")
    if refused:
        fail("; ".join(refused), EXIT_FAILED)


def _each(client: Client, act: str, ids: Sequence[int]) -> tuple[list[int], list[str]]:
    done, refused = [], []
    for letter_id in ids:
        try:
            client.settle_dead_letter(letter_id, act)
        except ApiError as error:
            if error.status not in (404, 409):
                raise
            refused.append(f"{letter_id}: {error} [{error.code}]")
        else:
            done.append(letter_id)
    return done, refused


def _chosen_ones(client: Client, act: str, chosen: dict[str, str]) -> tuple[list[int], list[str]]:
    answer = client.settle_dead_letters(act, **chosen)
    refused = [f"{item['id']}: {item['error']['message']} [{item['error']['code']}]" for item in answer["refused"]]
    return answer["done"], refused


def _chosen(stage: str | None, code: str | None) -> dict[str, str]:
    return {name: value for name, value in (("stage", stage), ("code", code)) if value is not None}


def status(as_json: _AsJson = False) -> None:
    """The state of the running service: queues, workers, what they hold, what was given up, disk, janitor."""
    with failing(), signed_in() as client:
        found = client.overview()
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    _print(_queues(found))
    if found["workers"]:
        _print(_workers(found))
    else:
        print(_say("no_redis" if found["workers"] is None else "no_workers"))
    if found["janitor"]:
        _print(_janitor(found))
    print(_summary(found))


def _summary(found: Json) -> str:
    disk = found["disk"]
    return phrase(
        "summary",
        preferred(),
        letters=", ".join(f"{stage} {count}" for stage, count in found["dead_letters"].items()) or "0",
        unsent=found["outbox"]["unsent"],
        free=_size(disk["free_bytes"]),
        whole=_size(disk["total_bytes"]),
        stored=_size(disk["stored_bytes"]),
        **{name: _say(kind) for name, kind in found["servers"].items()},
    )


def _queues(found: Json) -> Table:
    table = _table("queue", "messages", "due", "delayed", "running", "oldest")
    for queue in found["queues"]:
        messages = "?" if queue["messages"] is None else str(queue["messages"])
        oldest = "" if queue["oldest_seconds"] is None else clock(queue["oldest_seconds"])
        table.add_row(queue["name"], messages, *(str(queue[name]) for name in ("due", "delayed", "running")), oldest)
    return table


def _workers(found: Json) -> Table:
    """Every worker with what it holds: a line for each stage."""
    table = _table("worker", "queues", "since", "stage", "run", "until")
    for worker in found["workers"]:
        held = [lease for lease in found["leases"] if lease["worker"] == worker["name"]]
        known = (worker["name"], ", ".join(worker["queues"]), _local(worker["since"]))
        for lease in held or [None]:
            holds = (lease["stage"], lease["run_id"], _local(lease["until"])) if lease else ("", "", "")
            table.add_row(*known, *holds)
    return table


def _janitor(found: Json) -> Table:
    table = _table("janitor", "last", "removed", "total", "error")
    for sweep in found["janitor"]:
        counts = (str(sweep["last_count"]), str(sweep["total"]))
        table.add_row(sweep["name"], _local(sweep["last_at"]), *counts, sweep["error_code"] or "")
    return table


def _say(key: str) -> str:
    return phrase(key, preferred())


def _table(*headings: str) -> Table:
    return Table(*(_say(heading) for heading in headings))


def _print(table: Table) -> None:
    """Never narrower than its words: ids are there to be copied."""
    needed = Console(width=_WIDEST).measure(table).maximum
    Console(width=max(Console().width, needed)).print(table)


def _local(moment: str) -> str:
    """By the clock of whoever looks."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _size(count: float) -> str:
    for unit in ("B", "KB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"
