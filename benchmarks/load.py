"""Fifty people at once while every worker is busy: how long the API's reads take, and that nothing fails.

    python -m benchmarks.load [--users 50] [--seconds 120] [--limit-ms 150]

Brings the service up as ``stenogram up`` does, in a data folder of its own with the demo model, and lets locust's users
(on this machine only, five to an account) look at their recordings, open, play and export them, and send one of
ten files now and then, so that work always waits. Refusals by the bounded queue (429, 503 ``queue.*``) are deliberate
and are counted apart; any other answer above 399 is an error. Exits 1 for an error, or a 95th percentile of the reads
above the limit.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

READS, WRITES = "read", "write"
FILES = 10
_FOLDER, _RESULT = "LOAD_FOLDER", "result.json"

if __name__ == "__main__":  # started by a person, not loaded by locust
    from benchmarks.overhead import make_recording, service
    from stenogram import local
    from stenogram.client import Client
    from stenogram.services.access import make_link
    from stenogram.settings import load_settings
    from stenogram.storage.database import Database
    from stenogram.storage.models import User
    from stenogram.storage.repositories import Users
else:
    from locust import HttpUser, between, events, task

    class Person(HttpUser):
        """Clicks every two to six seconds; sends a file every three minutes or so."""

        wait_time = between(2, 6)

        def on_start(self) -> None:
            folder = Path(os.environ[_FOLDER])
            self._files = sorted((folder / "files").iterdir())
            token = random.choice(json.loads((folder / "tokens.json").read_text()))  # some people share an account
            self.client.headers.update({"Authorization": f"Bearer {token}"})
            self._done: list[dict[str, Any]] = []
            self.send()

        def read(self, path: str, name: str, **more: Any) -> Any:
            return self.client.get(f"/api/v1{path}", name=f"{READS} {name}", **more)

        @task(20)
        def look_at_the_list(self) -> None:
            answer = self.read("/recordings?limit=50", "list")
            items = answer.json()["items"] if answer.ok else []
            self._done = [item for item in items if item["latest_run"]["state"].startswith("done")]

        @task(12)
        def open_one(self) -> None:
            for item in self._one():
                self.read(f"/recordings/{item['id']}", "recording")
                self.read(f"/recordings/{item['id']}/transcript", "transcript")
                self.read(f"/recordings/{item['id']}/peaks", "peaks")

        @task(8)
        def play(self) -> None:
            for item in self._one():
                self.read(f"/recordings/{item['id']}/media", "media", headers={"Range": "bytes=0-65535"})

        @task(4)
        def export(self) -> None:
            for item in self._one():
                self.read(f"/runs/{item['latest_run']['id']}/exports?format=srt", "export")

        @task(1)
        def send(self) -> None:
            path = random.choice(self._files)
            with (
                path.open("rb") as file,
                self.client.post(
                    "/api/v1/recordings",
                    files={"file": (path.name, file, "audio/ogg")},
                    data={"options": json.dumps({"model": "demo"})},
                    name=f"{WRITES} upload",
                    catch_response=True,
                ) as answer,
            ):
                if answer.status_code in (429, 503) and answer.json()["code"].startswith("queue."):
                    refused[answer.json()["code"]] += 1
                    answer.success()

        def _one(self) -> list[dict[str, Any]]:
            return [random.choice(self._done)] if self._done else []

    refused: Counter[str] = Counter()

    @events.quitting.add_listener  # type: ignore[untyped-decorator]  # locust has no types
    def _write(environment: Any, **_: Any) -> None:
        """What locust measured, for the process that started it."""
        found = [
            {
                "name": entry.name,
                "count": entry.num_requests,
                "failures": entry.num_failures,
                "median": entry.get_response_time_percentile(0.5),
                "p95": entry.get_response_time_percentile(0.95),
                "times": {str(time): count for time, count in entry.response_times.items()},
            }
            for entry in environment.stats.entries.values()
        ]
        errors = [str(error.to_dict()) for error in environment.stats.errors.values()]
        result = {"entries": found, "errors": errors, "refused": dict(refused)}
        (Path(os.environ[_FOLDER]) / _RESULT).write_text(json.dumps(result))


def prepare(folder: Path, source: Path) -> None:
    """Ten files of 5 to 50 seconds, and ten accounts, each with one of them done."""
    (folder / "files").mkdir()
    for number in range(1, FILES + 1):
        made = make_recording(source, folder, 5.0 * number)
        made.rename(folder / "files" / f"{number:02}{made.suffix}")
    running = local.RunningService.find(load_settings().server.data_dir)
    assert running is not None
    tokens, begun = [], []
    for secret, path in zip(
        asyncio.run(_secrets(running.database_url)), sorted((folder / "files").iterdir()), strict=True
    ):
        client = Client(running.url)
        tokens.append(client.sign_in(secret))
        begun.append((client, client.upload(path, {"model": "demo"})["latest_run"]["id"]))
    for client, run_id in begun:
        with client:
            assert list(client.follow(run_id))[-1][1]["state"] == "done"
    (folder / "tokens.json").write_text(json.dumps(tokens))


async def _secrets(database_url: str) -> list[str]:
    """A sign-in link for each of ten new users."""
    database = Database(database_url)
    try:
        async with database.begin() as session:
            made = [await Users(session).add(User(name=f"person {number}", role="user")) for number in range(FILES)]
            return [await make_link(session, user) for user in made]
    finally:
        await database.dispose()


def percentile(entries: Sequence[dict[str, Any]], part: float) -> float:
    """Over all requests of ``entries``, in milliseconds."""
    times: Counter[float] = Counter()
    for entry in entries:
        times.update({float(time): count for time, count in entry["times"].items()})
    left = part * times.total()
    for time in sorted(times):
        left -= times[time]
        if left <= 0:
            return time
    return 0.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, default=Path("examples/meeting-ru.ogg"))
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--limit-ms", type=float, default=150.0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, service(Path(name)) as client:
        prepare(Path(name), given.file)
        command = [sys.executable, "-m", "locust", "-f", __file__, "--headless", "--only-summary", "--host", client.url]
        times = ["-u", str(given.users), "-r", "10", "-t", f"{given.seconds}s", "--exit-code-on-error", "0"]
        subprocess.run([*command, *times, "--loglevel", "ERROR"], env={**os.environ, _FOLDER: name}, check=True)
        waiting = {queue["name"]: queue["due"] for queue in client.overview()["queues"]}
        result = json.loads((Path(name) / _RESULT).read_text())
    return judge(result, waiting, given.limit_ms)


def judge(result: dict[str, Any], waiting: dict[str, int], limit: float) -> int:
    """Print what was measured; 1 beyond a limit."""
    reads = [entry for entry in result["entries"] if entry["name"].startswith(READS)]
    failed = sum(entry["failures"] for entry in result["entries"])
    print(f"stages waiting at the end: {waiting}; deliberate refusals: {result['refused']}")
    count, p95 = sum(entry["count"] for entry in reads), percentile(reads, 0.95)
    print(f"{count} reads, p95 {p95:.0f} ms, at most {limit:.0f} are wanted; {failed} errors")
    for error in result["errors"]:
        print(f"  {error}")
    return int(bool(failed) or p95 > limit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
