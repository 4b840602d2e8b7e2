"""What the queue costs: processor time per run, and how a second worker shortens the work.

    python -m benchmarks.queue [--runs 1000] [--engine-seconds 0.2] [--limit-ms 60] [--scaling 1.8]

Real PostgreSQL and Redis, the beat worker, and workers that serve all queues, as ``stenogram up`` starts them; every
run goes through all five stages. First with engines that do nothing: processor time of all these processes from
the first message to the last finished run, per run, the median of five rounds. Then with engines that take
``--engine-seconds`` of waiting in transcribe: the same number of queued runs is drained by one worker and by two.
Exits 1 beyond a limit.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.services import runs
from stenogram.settings import Settings
from stenogram.storage.models import Run
from tests.bed import TERMINAL, Bed, make_bed
from tests.fakes.engines import FakeEngines, speech_wav
from tests.fakes.script import Script
from tests.servers import Servers

FLAT = 1.05
_ROUNDS = 5
_ENGINE_SECONDS = "BENCHMARK_ENGINE_SECONDS"


class NoOpEngines(FakeEngines):
    """Fakes that do not even look for a script."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings, Script(None))


class _Waits(Script):
    def act(self, stage: str, what: str, progress: Callable[[], None] = lambda: None) -> None:
        if stage == Stage.TRANSCRIBE:
            time.sleep(float(os.environ[_ENGINE_SECONDS]))


class WaitingEngines(FakeEngines):
    """Fakes whose recognition takes its time, but no processor's."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings, _Waits(None))


@contextmanager
def bed(engines: str, **settings: str) -> Iterator[Bed]:
    """Workers with these engines of this module."""
    with tempfile.TemporaryDirectory() as name:
        servers = Servers(Path(name) / "servers", "bench")
        (Path(name) / "bed").mkdir()
        servers.start()
        try:
            with make_bed(
                servers, Path(name) / "bed", {"STENOGRAM_ENGINES": f"benchmarks.queue:{engines}", **settings}
            ) as made:
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


def drain(place: Bed, look: Callable[[], None] = lambda: None) -> float:
    """Seconds from the first message until every run is over. Raises AssertionError when one did not end well."""
    begun = time.perf_counter()
    place.relay()
    while left(place):
        look()
        time.sleep(0.2)
    took = time.perf_counter() - begun
    states = place.inside(_states)
    assert set(states) == {"done"}, states
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


def overhead(count: int) -> tuple[float, float]:
    """Processor milliseconds per run with engines that do nothing, and by how much a worker grew meanwhile.

    In rounds: on a machine that is shared with others the same work costs more in one minute than in the next.
    """
    rounds, sizes = list[dict[str, float]](), list[int]()
    with bed("NoOpEngines") as place:
        place.staff(1)
        enqueue(place, 5)
        drain(place)  # libraries are loaded now
        for _ in range(_ROUNDS):
            enqueue(place, count // _ROUNDS)
            before = processor_seconds(place)
            drain(place, lambda: sizes.append(worker_bytes(place)))
            after = processor_seconds(place)
            rounds.append({kind: 1000 * (after[kind] - before[kind]) / (count // _ROUNDS) for kind in after})
            print("  " + ", ".join(f"{kind} {spent:.1f}" for kind, spent in sorted(rounds[-1].items())) + " ms per run")
    totals = sorted(sum(spent.values()) for spent in rounds)
    print(f"  least {totals[0]:.1f}, most {totals[-1]:.1f} ms per run")
    quarter = len(sizes) // 4
    return median(totals), sum(sizes[-quarter:]) / sum(sizes[quarter : 2 * quarter])


def worker_bytes(place: Bed) -> int:
    """Resident memory of the stages' worker and its child."""
    main = psutil.Process(place.processes[1].pid)
    return sum(process.memory_info().rss for process in (main, *main.children()))


def rate(count: int, workers: int, engine_seconds: float) -> float:
    """Runs a second that ``workers`` drain from a queue of ``count``."""
    with bed("WaitingEngines", **{_ENGINE_SECONDS: str(engine_seconds)}) as place:
        place.staff(workers)
        enqueue(place, 2 * workers)
        drain(place)
        enqueue(place, count)
        found = count / drain(place)
    print(f"  {workers} worker{'s' if workers > 1 else ''}: {count} queued runs, {found:.2f} a second")
    return found


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--engine-seconds", type=float, default=0.2)
    parser.add_argument("--limit-ms", type=float, default=60.0)
    parser.add_argument("--scaling", type=float, default=1.8)
    given = parser.parse_args(arguments)
    cost, growth = overhead(given.runs)
    print(
        f"{cost:.1f} ms of processor time per run (median of {_ROUNDS} rounds), at most {given.limit_ms:.0f} are wanted"
    )
    print(f"a worker's memory, last quarter ÷ second: {growth:.3f}, at most {FLAT} is wanted")
    one, two = (rate(given.runs, workers, given.engine_seconds) for workers in (1, 2))
    print(f"two workers drain {two / one:.2f} times as fast as one, at least {given.scaling} is wanted")
    return int(cost > given.limit_ms or growth > FLAT or two / one < given.scaling)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
