"""What the queue costs: processor time per run, and how a second worker shortens the work.

    python -m benchmarks.queue [--runs 1000] [--engine-seconds 0.2] [--limit-ms 60] [--scaling 1.8]

Real PostgreSQL and Redis, the beat worker, and workers that serve all queues, as ``stenogram up`` starts them; every
run goes through all five stages. First with engines that do nothing: processor time of all these processes from
the first message to the last finished run, per run. Then with engines that take ``--engine-seconds`` of waiting in
transcribe: the same number of queued runs is drained by one worker and by two. Exits 1 beyond a limit.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import runs
from stenogram.settings import Settings
from stenogram.storage.models import Run
from tests.bed import TERMINAL, Bed, make_bed
from tests.fakes.engines import FakeEngines, speech_wav
from tests.fakes.script import Script
from tests.servers import Servers

BESIDES = {"MAX_WAITING_RUNS": "1000000", "MAX_WAITING_RUNS_PER_USER": "1000000"}


class NoOpEngines(FakeEngines):
    """Fakes that do not even look for a script."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings, Script(None))


@contextmanager
def bed(engines: str, **settings: str) -> Iterator[Bed]:
    with tempfile.TemporaryDirectory() as name:
        servers = Servers(Path(name) / "servers", "bench")
        (Path(name) / "bed").mkdir()
        servers.start()
        try:
            with make_bed(servers, Path(name) / "bed", {"STENOGRAM_ENGINES": engines, **BESIDES, **settings}) as made:
                yield made
        finally:
            servers.stop()


def enqueue(place: Bed, count: int) -> None:
    """``count`` runs of one short recording, committed but not yet sent to the broker."""
    recording = place.take_in(speech_wav(1, speech=1.0, pause=0.2))
    options = runs.options_from({"formats": ["txt"]})

    async def begin(session: AsyncSession) -> None:
        for _ in range(count):
            await runs.start(session, recording, options)

    place.inside(begin)


def drain(place: Bed, count: int) -> float:
    """Seconds from the first message until every run is over. Raises AssertionError when one did not end well."""
    begun = time.perf_counter()
    place.relay()
    while left(place):
        time.sleep(0.2)
    took = time.perf_counter() - begun
    states = place.inside(_states)
    assert states == {"done": count}, states
    return took


def left(place: Bed) -> int:
    async def ask(session: AsyncSession) -> int:
        return await session.scalar(select(func.count()).where(Run.state.not_in(TERMINAL))) or 0

    return place.inside(ask)


async def _states(session: AsyncSession) -> dict[str, int]:
    rows = await session.execute(select(Run.state, func.count()).group_by(Run.state))
    return {state: count for state, count in rows}  # noqa: C416 - a row is more than a tuple to mypy


def processor_seconds(place: Bed) -> dict[str, float]:
    """Of the servers and of the workers' main processes and children; what has ended counts with its parent."""
    mains = {worker.pid: "beat" if number == 0 else "worker" for number, worker in enumerate(place.processes)}
    spent = dict.fromkeys((*mains.values(), "worker child", "beat child", "postgres", "redis-server"), 0.0)
    for process in psutil.process_iter(["pid", "ppid", "name", "cwd", "cpu_times"]):
        info = process.info
        if info["pid"] in mains:
            kind = mains[info["pid"]]
        elif info["ppid"] in mains:
            kind = f"{mains[info['ppid']]} child"
        elif info["name"] in spent and (info["cwd"] or "").startswith(str(place.folder.parent)):
            kind = info["name"]
        else:
            continue
        spent[kind] += sum(info["cpu_times"][:4])
    return spent


def overhead(count: int) -> float:
    """Processor milliseconds per run with engines that do nothing."""
    with bed("benchmarks.queue:NoOpEngines") as place:
        place.staff(1)
        enqueue(place, 5)
        drain(place, 5)  # libraries are loaded now
        enqueue(place, count)
        before = processor_seconds(place)
        began = time.perf_counter()
        place.relay()
        while left(place):
            time.sleep(0.2)
        took = time.perf_counter() - began
        after = processor_seconds(place)
    spent = {kind: 1000 * (after[kind] - before.get(kind, 0.0)) / count for kind in after}
    for kind, milliseconds in sorted(spent.items()):
        print(f"  {kind:<14}{milliseconds:8.1f} ms per run")
    print(f"  {count} runs in {took:.1f} s, {count / took:.1f} runs/s")
    return sum(spent.values())


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=1000)
    given = parser.parse_args(arguments)
    cost = overhead(given.runs)
    print(f"{cost:.1f} ms of processor time per run")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
