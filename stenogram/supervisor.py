"""``stenogram up``: every process of the service on one machine, under one supervisor.

Embedded servers and migrations come first, then the children; a child that dies is restarted, and all are stopped in
order. ``Supervisor`` knows nothing of what it runs: the table of processes is data.
"""

import asyncio
import base64
import ctypes
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio.to_thread
import httpx

from stenogram.embedded import EmbeddedServices
from stenogram.settings import Settings
from stenogram.storage.database import upgrade

READY_SECONDS = 60.0
HEALTHY_SECONDS = 10.0  # a child that lived this long did start
MOST_FAILED_STARTS = 5
BACKOFF_SECONDS, BACKOFF_MOST = 0.5, 15.0
PR_SET_PDEATHSIG = 1
FLOWER_PASSWORD = "FLOWER_PASSWORD"  # the variable; where it is not set, one is made up
COLOURS = (36, 35, 32, 33, 34, 96, 95)


class StartError(Exception):
    """The service cannot start; the message is one line for the person."""


@dataclass(frozen=True, slots=True)
class Process:
    """One child. Children with a lower ``stop_order`` are stopped, together, before those with a higher one."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_order: int = 0
    grace_seconds: float = 10.0


class Supervisor:
    """Keeps children alive until told to stop. ``say`` gets (name, line) for every line anybody prints."""

    def __init__(self, processes: Sequence[Process], say: Callable[[str, str], None]) -> None:
        self._processes = processes
        self._say = say
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self.failed: str | None = None  # the child that would not start

    def request_stop(self) -> None:
        """Stop all in order; asked a second time, kill them."""
        if self._stopping.is_set():
            self._signal_all(signal.SIGKILL)
        self._stopping.set()

    async def run(self, ready: Callable[[], Coroutine[None, None, None]]) -> int:
        """Run until asked to stop (0) or a child cannot be started (1). ``ready`` is awaited beside the children."""
        keepers = [asyncio.create_task(self._keep(process)) for process in self._processes]
        announcing = asyncio.create_task(ready())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((announcing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if announcing.done() and announcing.exception():
            self.failed = self.failed or str(announcing.exception())
            self._stopping.set()
        await stopping
        announcing.cancel()
        await self._stop()
        await asyncio.gather(*keepers)
        return 1 if self.failed else 0

    async def _keep(self, process: Process) -> None:
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._live(process)
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - started > HEALTHY_SECONDS else failures + 1
            if failures >= MOST_FAILED_STARTS:
                self.failed = f"{process.name} ended {failures} times in a row right after its start"
                self._stopping.set()
                return
            pause = min(BACKOFF_MOST, BACKOFF_SECONDS * 2**failures)
            self._say("up", f"{process.name} ended with {_meaning(code)}; restarting in {pause:.0f} s")
            await _first(self._stopping.wait(), asyncio.sleep(pause))

    async def _live(self, process: Process) -> int:
        child = await asyncio.create_subprocess_exec(
            *process.command,
            env={**os.environ, **process.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops in order
            preexec_fn=_die_with_parent,
        )
        self._children[process.name] = child
        if self._stopping.is_set():
            child.terminate()
        async for line in _lines(child):
            self._say(process.name, line)
        return await child.wait()

    async def _stop(self) -> None:
        for order in sorted({process.stop_order for process in self._processes}):
            group = [process for process in self._processes if process.stop_order == order]
            await asyncio.gather(*(self._end(process) for process in group))

    async def _end(self, process: Process) -> None:
        child = self._children.get(process.name)
        if child is None or child.returncode is not None:
            return
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), process.grace_seconds)
        except TimeoutError:
            self._say("up", f"{process.name} did not stop within {process.grace_seconds:.0f} s and is killed")
            _kill_group(child, signal.SIGKILL)

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self._children.values():
            if child.returncode is None:
                _kill_group(child, number)


async def _lines(child: asyncio.subprocess.Process) -> AsyncIterator[str]:
    if child.stdout is None:
        raise TypeError("the child's output is not a pipe")
    while line := await child.stdout.readline():
        yield line.decode(errors="replace").rstrip()


async def _first(*waits: Awaitable[object]) -> None:
    _, late = await asyncio.wait([asyncio.ensure_future(wait) for wait in waits], return_when=asyncio.FIRST_COMPLETED)
    for task in late:
        task.cancel()


def _kill_group(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return  # it ended by itself just now


def _die_with_parent() -> None:
    """In the child, before exec: SIGTERM when the supervisor dies, however it dies (prctl(2), Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _meaning(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


# --- the service ---


@dataclass(frozen=True, slots=True)
class Up:
    """What the caller hears when /readyz answers."""

    url: str
    database_url: str
    flower_url: str


def run(settings: Settings, announce: Callable[[Up], Awaitable[None]]) -> int:
    """Run the service until SIGINT or SIGTERM. Exit code. Raises StartError."""
    return asyncio.run(_run(settings, announce))


async def _run(settings: Settings, announce: Callable[[Up], Awaitable[None]]) -> int:
    _refuse_taken_port(settings.server.host, settings.server.port, "PORT")
    _refuse_taken_port("127.0.0.1", settings.server.flower_port, "FLOWER_PORT")
    async with AsyncExitStack() as stack:
        database_url, redis_url = await stack.enter_async_context(_servers(settings))
        await anyio.to_thread.run_sync(upgrade, database_url)
        environment = {**_secrets(settings), "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        supervisor = Supervisor(processes(settings, environment), _printer())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, supervisor.request_stop)

        async def ready() -> None:
            await _await_ready(settings)
            await announce(Up(settings.server.url, database_url, f"http://127.0.0.1:{settings.server.flower_port}"))

        code = await supervisor.run(ready)
    if supervisor.failed:
        raise StartError(supervisor.failed)
    return code


@asynccontextmanager
async def _servers(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """The given servers' URLs, or embedded ones for as long as the block lasts; each on its own."""
    database, redis = settings.database.url, settings.redis.url
    if database and redis:
        yield database.get_secret_value(), redis.get_secret_value()
        return
    embedded = EmbeddedServices(settings.server.data_dir, postgres=database is None, redis=redis is None)
    await anyio.to_thread.run_sync(embedded.start)
    try:
        yield (
            database.get_secret_value() if database else embedded.database_url,
            redis.get_secret_value() if redis else embedded.redis_url,
        )
    finally:
        await anyio.to_thread.run_sync(embedded.stop)


def processes(settings: Settings, environment: Mapping[str, str]) -> tuple[Process, ...]:
    """The table of children. The API stops first (nothing new comes in), then the workers hand back what they hold."""
    server, grace = settings.server, settings.queue.shutdown_seconds + 10
    soft = {**environment, "REMAP_SIGTERM": "SIGQUIT"}  # a stopping worker hands back what it holds; read by billiard
    celery = (sys.executable, "-m", "celery", "-A", "apps.worker.main")
    worker_flags = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-E", "-l", server.log_level.lower())

    def worker(name: str, queues: str, concurrency: int) -> Process:
        command = (*celery, "worker", "-Q", queues, "-n", f"{name}@%h", "-c", str(concurrency), *worker_flags)
        return Process(f"worker-{name}", command, soft, stop_order=2, grace_seconds=grace)

    api = (sys.executable, "-m", "uvicorn", "apps.bot_api.main:create_app", "--factory", "--no-access-log")
    schedule = str(server.data_dir / "celerybeat-schedule")
    flower = (
        f"--port={server.flower_port}",
        "--address=127.0.0.1",
        f"--basic-auth=admin:{environment[FLOWER_PASSWORD]}",
    )
    return (
        Process("api", (*api, "--host", server.host, "--port", str(server.port)), environment, 0, 15.0),
        worker("cpu", "cpu", settings.queue.cpu_concurrency),
        worker("gpu", "gpu", 1),
        worker("llm", "llm,dead_letter", 1),
        Process("beat", (*celery, "beat", "--schedule", schedule, "-l", "warning"), environment, 1),
        Process("flower", (*celery, "flower", *flower), environment, 1),
    )


def _secrets(settings: Settings) -> dict[str, str]:
    """Given secrets, else made-up ones that are kept in ``DATA_DIR/keys`` (mode 0600) from the first start on."""
    keys = settings.server.data_dir / "keys"
    given = {"SECRET_KEY": settings.server.secret_key, "MASTER_KEY": settings.blobs.master_key}
    kept = {
        "SECRET_KEY": lambda: secrets.token_hex(32),
        "MASTER_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
        FLOWER_PASSWORD: lambda: secrets.token_urlsafe(18),
    }
    values = {name: value.get_secret_value() for name, value in given.items() if value}
    return {name: values.get(name) or _kept_secret(keys / name.lower(), make) for name, make in kept.items()}


def _kept_secret(path: Path, make: Callable[[], str]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    return path.read_text()


def _refuse_taken_port(host: str, port: int, name: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(f"{host}:{port} cannot be used ({error.strerror}); set {name} to a free port") from error


async def _await_ready(settings: Settings) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.server.host, settings.server.host)
    deadline = time.monotonic() + READY_SECONDS
    async with httpx.AsyncClient(timeout=2.0) as client:
        while time.monotonic() < deadline:
            try:
                if (await client.get(f"http://{host}:{settings.server.port}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass  # not listening yet
            await asyncio.sleep(0.1)
    raise StartError(f"the API was not ready within {READY_SECONDS:.0f} s")


def _printer() -> Callable[[str, str], None]:
    """Lines with the child's name before them, in its colour where people watch."""
    colours: dict[str, int] = {}
    terminal = sys.stdout.isatty()

    def say(name: str, line: str) -> None:
        prefix = f"{name:<10}│"
        if terminal:
            prefix = f"\033[{colours.setdefault(name, COLOURS[len(colours) % len(COLOURS)])}m{prefix}\033[0m"
        print(f"{prefix} {line}", flush=True)

    return say
