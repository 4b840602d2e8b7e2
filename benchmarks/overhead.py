"""What the service costs on top of its engines: the time of a run ÷ the sum of the time inside its engines.

    python -m benchmarks.overhead [--file examples/meeting-ru.ogg] [--seconds 180] [--runs 2] [--limit 1.10]

Brings the service up as ``stenogram up`` does, in a data folder of its own, and sends a recording over HTTP like any
client. The time of a run is the client's: from the first byte of the upload to the event that says that it is over. An
engine's time is what the worker measured around the call of the pure stage, in the same run. The first run of fresh
workers also imports libraries and finds models; every run is printed, and the last one is judged.
Exits 1 above the limit.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stenogram import local
from stenogram.client import ApiError, Client, Json
from stenogram.settings import load_settings


@dataclass(frozen=True, slots=True)
class Timing:
    """One run, in seconds. ``stages``: name, waiting for a worker, in the stage, of that inside the engine."""

    whole: float
    stages: tuple[tuple[str, float, float, float], ...]

    @property
    def engines(self) -> float:
        return sum(engine for _, _, _, engine in self.stages)

    @property
    def ratio(self) -> float:
        return self.whole / self.engines


def make_recording(source: Path, folder: Path, seconds: float) -> Path:
    """``source`` over and over for ``seconds``, without encoding it anew."""
    path = folder / f"recording{source.suffix}"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", "-1", "-i", str(source)]
    subprocess.run([*command, "-t", str(seconds), "-c", "copy", str(path)], check=True)
    return path


@contextmanager
def service(folder: Path) -> Iterator[Client]:
    """A service of its own, whatever else runs here; its models are everybody's."""
    models = load_settings().asr.model_cache_dir.resolve()
    os.environ.update(
        DATA_DIR=str(folder / "data"), MODEL_CACHE_DIR=str(models), PORT=_free_port(), FLOWER_PORT=_free_port()
    )
    for name in ("STENOGRAM_URL", "DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with local.client(load_settings()) as client:
        yield client


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def measure(client: Client, path: Path, options: Json) -> Timing:
    """Raises ApiError when the run does not end well."""
    begun = time.perf_counter()
    run_id = client.upload(path, options)["latest_run"]["id"]
    run: Json = {}
    for event, data in client.follow(run_id):
        if event == "snapshot":
            run = data
    whole = time.perf_counter() - begun
    if run["state"] != "done":
        raise ApiError("internal", f"the run ended as {run['state']}: {run['error'] or run['warnings']}")
    return Timing(whole, tuple(_stages(run)))


def _stages(run: Json) -> Iterator[tuple[str, float, float, float]]:
    ready = _time(run["created_at"])
    for stage in run["stages"]:
        started, finished = _time(stage["started_at"]), _time(stage["finished_at"])
        yield stage["stage"], started - ready, finished - started, stage["engine_seconds"]
        ready = finished


def _time(text: Any) -> float:
    return datetime.fromisoformat(text).timestamp()


def show(number: int, timing: Timing) -> None:
    print(f"run {number}: {timing.whole:.2f} s, engines {timing.engines:.2f} s, ratio {timing.ratio:.3f}")
    print(f"  {'stage':<12}{'waiting':>9}{'stage':>9}{'engine':>9}{'overhead':>10}")
    for name, waiting, stage, engine in timing.stages:
        print(f"  {name:<12}{waiting:9.3f}{stage:9.3f}{engine:9.3f}{waiting + stage - engine:10.3f}")
    inside = sum(waiting + stage for _, waiting, stage, _ in timing.stages)
    print(f"  upload, answer and last event {timing.whole - inside:8.3f}", flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, default=Path("examples/meeting-ru.ogg"))
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--model", default="demo")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=1.10)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        recording = make_recording(given.file, Path(name), given.seconds)
        with service(Path(name)) as client:
            timings = []
            for number in range(1, given.runs + 1):
                timings.append(measure(client, recording, {"model": given.model}))
                show(number, timings[-1])
    judged = timings[-1].ratio
    print(f"service overhead {judged:.3f}, at most {given.limit:.2f} is wanted")
    return int(judged > given.limit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
