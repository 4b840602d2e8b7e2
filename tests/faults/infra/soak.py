"""Random faults on random runs: people send recordings and change their minds while everything breaks."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

import httpx
import psutil

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import STAGES, RunOptions, Stage
from stenogram.settings import Settings
from tests.api_server import Server
from tests.bed import TERMINAL
from tests.fakes.engines import FakeRecognizer, speech_wav
from tests.faults.hooks import POINTS, FaultyEngines
from tests.faults.infra.breakable import Breakable
from tests.faults.scene import WORKERS, Scene
from tests.processes import PATIENCE, eventually

IN_FLIGHT = 12  # runs that are not over
FREEZE_SECONDS = 6.0  # longer than the lease of ``QUICK``
_SAMPLE_SECONDS = 2.0
_SPOKEN, _FAKED = '{"model": "demo", "language": "en", "formats": ["txt"]}', '{"formats": ["txt", "json"]}'
_DEEDS = ("fail", "crash", "kill", "segfault", "exhaust memory")
_OF_THE_CRASHES = ("unclaimed", "claimed", "written", "committed")  # where an engine cannot fail, but a process can die


class SoakEngines(FaultyEngines):
    """Fakes that meet faults; the demo checkpoint, which decodes for real, for the runs that ask for it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._settings = settings

    def recognizer(self, options: RunOptions, languages_hint: str | None = None) -> FakeRecognizer:
        if options.model is None:
            return super().recognizer(options, languages_hint)
        from stenogram.engines.registry import Engines

        return Engines(self._settings).recognizer(options, languages_hint)  # type: ignore[return-value]  # another one


@dataclass
class Memory:
    """Resident bytes by kind of process, over time."""

    samples: dict[str, list[int]] = field(default_factory=dict)

    def sample(self, processes: Mapping[str, int]) -> None:
        for kind, pid in processes.items():
            with suppress(psutil.NoSuchProcess):
                self.samples.setdefault(kind, []).append(psutil.Process(pid).memory_info().rss)

    def growth(self, kind: str) -> float:
        """The mean of the last quarter ÷ that of the second one."""
        taken = self.samples[kind]
        quarter = len(taken) // 4
        return (sum(taken[-quarter:]) / quarter) / (sum(taken[quarter : 2 * quarter]) / quarter)


class Soak:
    """Call ``run``, then look at what became of ``runs`` (fakes) and ``spoken`` (decoded for real)."""

    def __init__(self, scene: Scene, servers: Breakable, server: Server, seed: int, speech: bytes) -> None:
        self.runs: list[UUID] = []
        self.spoken: list[UUID] = []
        self.injected: Counter[str] = Counter()
        self.memory = Memory()
        self._scene, self._servers, self._server = scene, servers, server
        self._random = random.Random(seed)
        self._speech = speech
        self._keys = count()
        self._client = server.client()
        self._planned: list[tuple[UUID, Stage, str, str]] = []
        self._frozen: list[threading.Timer] = []
        self._sampled = 0.0
        self._staffed = len(scene.bed.processes)
        self._replacing: Future[None] | None = None
        self._faults: Sequence[tuple[int, Callable[[], None]]] = (
            (30, self._plan),
            (8, self._kill_child),
            (5, self._kill_worker),
            (4, self._end_worker),
            (5, self._freeze_worker),
            (3, self._kill_redis),
            (4, self._empty_redis),
            (3, self._restart_postgres),
            (20, self._deliver_again),
            (8, self._cancel),
        )

    def run(self, seconds: float, pause: float) -> None:
        """Break something every ``pause`` seconds on average; then heal everything."""
        end, due = time.monotonic() + seconds, time.monotonic() + pause
        while time.monotonic() < end:
            self._keep_in_flight()
            if time.monotonic() > due:
                weights, faults = zip(*self._faults, strict=True)
                self._random.choices(faults, weights)[0]()
                due = time.monotonic() + self._random.expovariate(1 / pause)
            self._look()
            time.sleep(0.1)
        self.heal()

    def heal(self) -> None:
        """Everything runs again, and what was planned and not met is forgotten."""
        self._client.close()
        if self._replacing is not None:
            self._replacing.result()
        for timer in self._frozen:
            timer.join()
        self._count_planned()
        self._scene.faults.forget()
        self._staff()

    @property
    def all(self) -> list[UUID]:
        return [*self.runs, *self.spoken]

    # --- people ---

    def _keep_in_flight(self) -> None:
        waiting = {str(run_id) for run_id in self.all[-4 * IN_FLIGHT :]}
        over = sum(item["state"] in TERMINAL for item in self._states(waiting))
        for _ in range(min(3, IN_FLIGHT - len(waiting) + over)):
            spoken = self._random.random() < 0.02
            (self.spoken if spoken else self.runs).append(self._send(spoken=spoken))

    def _states(self, run_ids: set[str]) -> Iterator[dict[str, str]]:
        listed = self._patiently(lambda: self._client.get("/recordings", params={"limit": 100}))
        runs = (item["latest_run"] for item in listed.json()["items"] if item["latest_run"])
        yield from (run for run in runs if run["id"] in run_ids)

    def _send(self, *, spoken: bool) -> UUID:
        """The same key until it is taken: a recording that was sent twice is there once."""
        body = self._speech if spoken else speech_wav(self._random.randint(1, 4), speech=2.0, pause=1.0)
        options = _SPOKEN if spoken else _FAKED
        key = f"soak-{self._server.url}-{next(self._keys)}"

        def post() -> httpx.Response:
            return self._client.post(
                "/recordings",
                files={"file": ("talk.wav", body, "audio/wav")},
                data={"options": options},
                headers={"Idempotency-Key": key},
            )

        return UUID(self._patiently(post).json()["latest_run"]["id"])

    @staticmethod
    def _patiently(request: Callable[[], httpx.Response]) -> httpx.Response:
        """Until it is answered well. Only what is away may be told: 503, 429, or a line that breaks."""
        end = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                answer = request()
                if answer.status_code < 400:
                    return answer
                assert answer.status_code in (429, 503), answer.text
            assert time.monotonic() < end, "the API did not recover"
            time.sleep(0.2)

    def _cancel(self) -> None:
        run_id = self._somebodys()
        answer = self._client.post(f"/runs/{run_id}/cancel")
        assert answer.status_code in (200, 409, 503), answer.text
        self.injected["cancelled"] += answer.status_code == 200

    def _somebodys(self) -> UUID:
        """A run of late, perhaps over, perhaps not."""
        return self._random.choice(self.runs[-IN_FLIGHT:])

    # --- processes ---

    def _plan(self) -> None:
        """Something happens to the run at a random point of a stage that it may not have reached yet."""
        run_id, stage = self.runs[-1], self._random.choice(STAGES)
        if self._random.random() < 0.5:
            point, deed = "working", self._random.choice(_DEEDS)
        else:
            point, deed = self._random.choice(_OF_THE_CRASHES), self._random.choice(("kill", "kill worker"))
        assert point in POINTS
        self._scene.faults.plan(run_id, stage, point, deed)
        self._planned.append((run_id, stage, point, deed))

    def _count_planned(self) -> None:
        for run_id, stage, point, deed in self._planned:
            if self._scene.faults.reached(run_id, stage, point):
                self.injected[f"{deed} at {point}"] += 1

    def _workers(self) -> list[psutil.Process]:
        """Those for the stages that were ready once, live and are not frozen; beat's is left alone."""
        alive = [worker.pid for worker in self._scene.bed.processes[1 : self._staffed] if worker.poll() is None]
        found = [psutil.Process(pid) for pid in alive]
        return [process for process in found if process.status() != psutil.STATUS_STOPPED]

    def _kill_child(self) -> None:
        for worker in self._workers()[:1]:
            for child in worker.children()[:1]:
                child.kill()
                self.injected["SIGKILL child"] += 1

    def _kill_worker(self) -> None:
        for worker in self._workers()[:1]:
            worker.kill()
            self.injected["SIGKILL worker"] += 1

    def _end_worker(self) -> None:
        for worker in self._workers()[:1]:
            worker.send_signal(signal.SIGTERM)
            self.injected["SIGTERM worker"] += 1

    def _freeze_worker(self) -> None:
        """Past its lease; the one that wakes up must not overwrite."""
        for worker in self._workers()[:1]:
            family = [worker, *worker.children(recursive=True)]
            frozen = self._servers.frozen(family)
            frozen.__enter__()
            timer = threading.Timer(FREEZE_SECONDS, frozen.__exit__, (None, None, None))
            timer.start()
            self._frozen.append(timer)
            self.injected["SIGSTOP worker"] += 1

    # --- servers ---

    def _kill_redis(self) -> None:
        self._servers.kill_redis()
        time.sleep(self._random.random())
        self._servers.start_redis()
        self.injected["SIGKILL Redis"] += 1

    def _empty_redis(self) -> None:
        self._scene.bed.empty_redis()
        self.injected["Redis emptied"] += 1

    def _restart_postgres(self) -> None:
        self._servers.stop_postgres()
        time.sleep(self._random.random())
        self._servers.start_postgres()
        self.injected["PostgreSQL stopped at once"] += 1

    def _deliver_again(self) -> None:
        """Any message of any stage, done, running or not begun."""
        with suppress(StenogramError):  # Redis was killed a moment ago
            self._scene.bed.resend(self._somebodys(), self._random.choice(STAGES))
            self.injected["delivered again"] += 1

    # --- watching ---

    def _look(self) -> None:
        """Replace workers that ended, and take down how large the lasting processes are."""
        if self._replacing is not None and self._replacing.done():
            self._replacing.result()
            self._replacing = None
        if self._replacing is None and sum(p.poll() is None for p in self._scene.bed.processes) <= WORKERS:
            self._replacing = self._scene.bed.beside(self._staff)  # which takes seconds
        if time.monotonic() - self._sampled > _SAMPLE_SECONDS:
            self._sampled = time.monotonic()
            beat = psutil.Process(self._scene.bed.processes[0].pid)
            children = {f"beat child {number}": child.pid for number, child in enumerate(beat.children())}
            self.memory.sample({"API": self._server.process.pid, "beat": beat.pid, **children})

    def _staff(self) -> None:
        self._scene.bed.staff(WORKERS)
        self._staffed = len(self._scene.bed.processes)


def over(scene: Scene, runs: Sequence[UUID]) -> Counter[str]:
    """How they ended, once all have."""

    def look() -> Counter[str]:
        states = Counter(scene.bed.view(run_id).state for run_id in runs)
        return states if set(states) <= set(TERMINAL) else Counter()

    return eventually(look)
