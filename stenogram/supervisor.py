"""``stenogram up``: every process of the service on one machine, under one supervisor.

Embedded servers and migrations come first, then the children; a child that dies is restarted, and all are stopped in
order. ``Supervisor`` knows nothing of what it runs: the table of processes is data.
"""

import asyncio
import base64
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import anyio.to_thread
import httpx
from pydantic import SecretStr

from stenogram.children import dying_with_parent, end_group
from stenogram.embedded import EmbeddedServices
from stenogram.errors import StorageError
from stenogram.settings import Settings
from stenogram.storage.database import upgrade
from stenogram.storage.keyfile import kept_secret

READY_SECONDS = 120.0
HEALTHY_SECONDS = 10.0  # a child that lived this long did start
MOST_FAILED_STARTS = 5
BACKOFF_SECONDS, BACKOFF_MOST = 0.5, 15.0
LOOK_SECONDS = 2.0  # between looks whether the embedded servers live
LONGEST_LINE = 1 << 20  # bytes
CANNOT_START = 127  # as shells say it
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
        for keeper in keepers:
            keeper.add_done_callback(lambda _: self._stopping.set())  # it ends early only when it cannot go on
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
            try:
                code = await self._live(process)
            except OSError as error:
                self._say("up", f"{process.name} cannot be started: {error}")
                code = CANNOT_START
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - started > HEALTHY_SECONDS else failures + 1
            if failures >= MOST_FAILED_STARTS:
                self.failed = f"{process.name} ended {failures} times in a row right after its start"
                return
            pause = min(BACKOFF_MOST, BACKOFF_SECONDS * 2**failures)
            self._say("up", f"{process.name} ended with {_meaning(code)}; restarting in {pause:g} s")
            await _first(self._stopping.wait(), asyncio.sleep(pause))

    async def _live(self, process: Process) -> int:
        """Start the child, pass on what it prints until it ends. Its exit code."""
        async with _pipe() as (lines, write_end):
            child = await asyncio.create_subprocess_exec(
                *dying_with_parent(process.command),
                env={**os.environ, **process.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops in order
            )
            os.close(write_end)
            self._children[process.name] = child
            if self._stopping.is_set():
                child.terminate()
            reading = asyncio.create_task(self._pass_on(process.name, lines))
            code = await child.wait()
            end_group(child.pid, signal.SIGKILL)  # its own children, orphans now: they would work on and keep the pipe
            await reading
            return code

    async def _pass_on(self, name: str, lines: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await lines.readline()
            except ValueError:  # the reader has thrown it away
                line = b"(a line that is too long to show)\n"
            if not line:
                return
            self._say(name, line.decode(errors="replace").rstrip())

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
            self._say("up", f"{process.name} did not stop within {process.grace_seconds:g} s and is killed")
            end_group(child.pid, signal.SIGKILL)

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self._children.values():
            if child.returncode is None:
                end_group(child.pid, number)


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[asyncio.StreamReader, int]]:
    """A reader, and the descriptor to write to, which is the caller's to close.

    Not ``asyncio.subprocess.PIPE``: with it ``wait`` does not end before everybody who inherited the pipe has.
    """
    read_end, write_end = os.pipe()
    reader = asyncio.StreamReader(LONGEST_LINE)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb", 0)
    )
    try:
        yield reader, write_end
    finally:
        transport.close()


async def _first(*waits: Awaitable[object]) -> None:
    _, late = await asyncio.wait([asyncio.ensure_future(wait) for wait in waits], return_when=asyncio.FIRST_COMPLETED)
    for task in late:
        task.cancel()


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
    try:
        return asyncio.run(_run(settings, announce))
    except StorageError as error:
        raise StartError(str(error)) from error
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0  # told to stop before there was anything to stop in order


async def _run(settings: Settings, announce: Callable[[Up], Awaitable[None]]) -> int:
    _refuse_taken_port(settings.server.host, settings.server.port, "PORT")
    _refuse_taken_port("127.0.0.1", settings.server.flower_port, "FLOWER_PORT")
    say = _printer()
    _on_stop_signals(_cancel_this_task())
    async with AsyncExitStack() as stack:
        database_url, redis_url = await stack.enter_async_context(_servers(settings, say))
        say("up", "bringing the database up to date")
        await anyio.to_thread.run_sync(upgrade, database_url)
        own = [name for name, url in _given(settings).items() if url is None]
        urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "STENOGRAM_EMBEDDED": ",".join(own).lower()}
        environment = {**_secrets(settings), **urls}
        supervisor = Supervisor(processes(settings, environment), say)
        _on_stop_signals(supervisor.request_stop)

        async def ready() -> None:
            await _await_ready(settings)
            await announce(Up(settings.server.url, database_url, f"http://127.0.0.1:{settings.server.flower_port}"))

        say("up", "starting the API and the workers")
        code = await supervisor.run(ready)
    if supervisor.failed:
        raise StartError(supervisor.failed)
    say("up", "everything has stopped")
    return code


def _on_stop_signals(stop: Callable[[], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def _cancel_this_task() -> Callable[[], object]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("not inside a task")
    return task.cancel


@asynccontextmanager
async def _servers(settings: Settings, say: Callable[[str, str], None]) -> AsyncIterator[tuple[str, str]]:
    """The given servers' URLs, or embedded ones for as long as the block lasts; each on its own."""
    database, redis = settings.database.url, settings.redis.url
    if database and redis:
        yield database.get_secret_value(), redis.get_secret_value()
        return
    missing = [name for name, url in _given(settings).items() if url is None]
    embedded = EmbeddedServices(settings.server.data_dir, postgres=database is None, redis=redis is None)
    say("up", f"starting {' and '.join(missing)} under {settings.server.data_dir}")
    try:
        await anyio.to_thread.run_sync(embedded.start)
        async with _kept_alive(embedded, say):
            yield (
                database.get_secret_value() if database else embedded.database_url,
                redis.get_secret_value() if redis else embedded.redis_url,
            )
    finally:
        await anyio.to_thread.run_sync(embedded.stop)


@asynccontextmanager
async def _kept_alive(embedded: EmbeddedServices, say: Callable[[str, str], None]) -> AsyncIterator[None]:
    """A server that is killed comes back where it was; the children wait for it."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                for name in await anyio.to_thread.run_sync(embedded.heal):
                    say("up", f"{name} had ended and was started again")
            except StorageError as error:
                say("up", f"a server cannot be started again yet: {error}")

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait((keeping,))


def _given(settings: Settings) -> Mapping[str, SecretStr | None]:
    return {"PostgreSQL": settings.database.url, "Redis": settings.redis.url}


def processes(settings: Settings, environment: Mapping[str, str]) -> tuple[Process, ...]:
    """The table of children. The API stops first (nothing new comes in), then the workers hand back what they hold."""
    server, grace = settings.server, settings.queue.shutdown_seconds + 10
    soft = {**environment, "REMAP_SIGTERM": "SIGQUIT"}  # a stopping worker hands back what it holds; read by billiard
    celery = (sys.executable, "-m", "celery", "--quiet", "-A", "apps.worker.main")
    # the level is that of billiard's own lines; ours is LOG_LEVEL, set by the worker itself
    # heartbeats every 10 s: without any, Flower shows a worker that has nothing to do as offline
    worker_flags = ("--without-gossip", "--without-mingle", "--heartbeat-interval", "10", "-E", "-l", "warning")

    def worker(name: str, queues: str, concurrency: int) -> Process:
        command = (*celery, "worker", "-Q", queues, "-n", f"{name}@%h", "-c", str(concurrency), *worker_flags)
        return Process(f"worker-{name}", command, soft, stop_order=2, grace_seconds=grace)

    api = (sys.executable, "-m", "apps.bot_api", "--host", server.host, "--port", str(server.port))
    schedule = str(server.data_dir / "celerybeat-schedule")
    # it warns of workers that are about to start
    flower = (f"--port={server.flower_port}", "--address=127.0.0.1", "--logging=error")
    guarded = {**environment, "FLOWER_BASIC_AUTH": f"admin:{environment[FLOWER_PASSWORD]}"}  # not for `ps` to show
    return (
        Process("api", api, environment, 0, server.shutdown_seconds + 5),
        worker("cpu", "cpu", settings.queue.cpu_concurrency),
        worker("gpu", "gpu", 1),
        worker("llm", "llm", 1),
        # Keeps the clock, and does itself what it strikes: no stage can keep the reaper waiting.
        Process("beat", (*worker("beat", "dead_letter", 1).command, "-B", "--schedule", schedule), soft, 1, grace),
        Process("flower", (*celery, "flower", *flower), guarded, 1),
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
    values[FLOWER_PASSWORD] = os.environ.get(FLOWER_PASSWORD, "")
    return {name: values.get(name) or kept_secret(keys / name.lower(), make) for name, make in kept.items()}


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
        try:
            print(f"{prefix} {line}", flush=True)
        except BrokenPipeError:  # whoever watched has gone; the service has not
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    return say
