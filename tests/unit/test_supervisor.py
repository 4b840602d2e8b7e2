"""The supervisor keeps children alive, reports, and stops them in order; the children here are small shells."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from stenogram import supervisor
from stenogram.settings import load_settings
from stenogram.supervisor import Process, StartError, Supervisor, processes
from tests.processes import PATIENCE, is_gone

POLITE = 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.02; done'
STUBBORN = 'trap "echo no" TERM; echo up; while :; do sleep 0.02; done'


@dataclass
class Ear:
    """What the supervisor said, and waiting for it."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        self._more.set()

    async def hears(self, wanted: Callable[[str, str], bool]) -> str:
        """The first line that is wanted, said before or soon."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for name, line in self.lines:
                    if wanted(name, line):
                        return line
                self._more.clear()
                await self._more.wait()

    async def of(self, name: str, text: str) -> None:
        await self.hears(lambda who, line: (who, line) == (name, text))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "BACKOFF_SECONDS", 0.01)


def shell(name: str, script: str, stop_order: int = 0, grace_seconds: float = PATIENCE) -> Process:
    return Process(name, ("/bin/sh", "-c", script), {"NAME": name}, stop_order, grace_seconds)


async def nothing() -> None:
    """Ready at once."""


@asynccontextmanager
async def running(*table: Process) -> AsyncIterator[tuple[Supervisor, Ear, "asyncio.Task[int]"]]:
    """A supervisor at work; asked to stop at the end of the block, if it was not before."""
    ear = Ear()
    made = Supervisor(table, ear)
    task = asyncio.create_task(made.run(nothing))
    try:
        yield made, ear, task
    finally:
        if not task.done():
            made.request_stop()
        await asyncio.wait_for(task, PATIENCE)


async def test_lines_come_with_the_name_of_who_printed_them() -> None:
    talker = shell("talker", f'echo "I am $NAME"; printf "\\377\\n" >&2; {POLITE}')
    async with running(talker) as (_, ear, _task):
        await ear.of("talker", "up")
    assert ear.lines[:3] == [("talker", "I am talker"), ("talker", "\ufffd"), ("talker", "up")]
    assert ("talker", "bye") in ear.lines


async def test_a_line_without_end_stops_nobody() -> None:
    huge = f"head -c {2 * supervisor.LONGEST_LINE} /dev/zero | tr '\\0' x; echo; {POLITE}"
    async with running(shell("huge", huge)) as (_, ear, _task):
        await ear.of("huge", "up")
    assert ("huge", "(a line that is too long to show)") in ear.lines


async def test_a_child_that_dies_is_reported_and_started_again() -> None:
    async with running(shell("victim", f"echo pid $$; {POLITE}")) as (_, ear, _task):
        first = int((await ear.hears(lambda _, line: line.startswith("pid "))).split()[1])
        os.kill(first, signal.SIGKILL)
        report = await ear.hears(lambda name, line: name == "up" and line.startswith("victim ended"))
        again = await ear.hears(lambda _, line: line.startswith("pid ") and line != f"pid {first}")
    assert report == "victim ended with signal SIGKILL; restarting in 0.02 s"
    assert not psutil.pid_exists(int(again.split()[1]))


async def test_the_children_of_a_killed_child_do_not_live_on() -> None:
    parent = "sleep 1000 & echo orphan $!; echo pid $$; wait"
    async with running(shell("parent", parent)) as (_, ear, _task):
        orphan = int((await ear.hears(lambda _, line: line.startswith("orphan "))).split()[1])
        pid = int((await ear.hears(lambda _, line: line.startswith("pid "))).split()[1])
        os.kill(pid, signal.SIGKILL)
        await ear.hears(lambda name, line: name == "up" and "SIGKILL" in line)
        assert is_gone(orphan)


async def test_a_child_that_never_starts_ends_the_service_after_growing_pauses() -> None:
    async with running(shell("broken", "exit 3"), shell("good", POLITE)) as (made, ear, task):
        assert await asyncio.wait_for(asyncio.shield(task), PATIENCE) == 1
    assert made.failed == f"broken ended {supervisor.MOST_FAILED_STARTS} times in a row right after its start"
    pauses = [line.split("restarting in ")[1] for name, line in ear.lines if name == "up"]
    assert pauses == ["0.02 s", "0.04 s", "0.08 s", "0.16 s"]
    assert all("exit code 3" in line for name, line in ear.lines if name == "up")


async def test_a_command_that_does_not_exist_is_reported() -> None:
    async with running(Process("ghost", ("/nonexistent/ghost",))) as (made, ear, task):
        assert await asyncio.wait_for(asyncio.shield(task), PATIENCE) == 1
    assert "ghost" in (made.failed or "")
    assert any("ghost cannot be started" in line for _, line in ear.lines)


async def test_who_has_a_lower_order_stops_first() -> None:
    table = (shell("last", POLITE, 2), shell("first", POLITE, 0), shell("middle", POLITE, 1))
    async with running(*table) as (made, ear, task):
        for process in table:
            await ear.of(process.name, "up")
        made.request_stop()
        assert await asyncio.wait_for(asyncio.shield(task), PATIENCE) == 0
    assert [name for name, line in ear.lines if line == "bye"] == ["first", "middle", "last"]


async def test_who_does_not_stop_is_killed_after_its_grace() -> None:
    async with running(shell("stubborn", STUBBORN, grace_seconds=0.2)) as (made, ear, task):
        await ear.of("stubborn", "up")
        made.request_stop()
        assert await asyncio.wait_for(asyncio.shield(task), PATIENCE) == 0
    assert ("up", "stubborn did not stop within 0.2 s and is killed") in ear.lines


async def test_asked_twice_it_kills_at_once() -> None:
    async with running(shell("stubborn", STUBBORN, grace_seconds=1000)) as (made, ear, task):
        await ear.of("stubborn", "up")
        made.request_stop()
        await ear.of("stubborn", "no")
        made.request_stop()
        assert await asyncio.wait_for(asyncio.shield(task), PATIENCE) == 0


async def test_a_service_that_does_not_become_ready_is_stopped() -> None:
    async def never() -> None:
        raise StartError("not ready")

    ear = Ear()
    made = Supervisor((shell("good", POLITE),), ear)
    assert await asyncio.wait_for(made.run(never), PATIENCE) == 1
    assert made.failed == "not ready"


def test_the_table_of_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    secrets = {"SECRET_KEY": "sesame" * 8, "MASTER_KEY": "keykey", "FLOWER_PASSWORD": "flowery"}
    table = {process.name: process for process in processes(load_settings(), secrets)}
    assert table.keys() == {"api", "worker-cpu", "worker-gpu", "worker-llm", "beat", "flower"}
    order = [name for name, process in sorted(table.items(), key=lambda item: item[1].stop_order)]
    assert order[0] == "api"
    assert {*order[-3:]} == {"worker-cpu", "worker-gpu", "worker-llm"}
    words = " ".join(word for process in table.values() for word in process.command)
    assert not [secret for secret in secrets.values() if secret in words]  # `ps` shows commands to everybody
    assert table["flower"].environment["FLOWER_BASIC_AUTH"] == "admin:flowery"
    assert table["worker-gpu"].environment["REMAP_SIGTERM"] == "SIGQUIT"


@pytest.mark.parametrize("name", ["PORT", "FLOWER_PORT"])
def test_a_port_in_use_stops_the_start(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: supervisor.Up) -> None:
        pytest.fail("it must not start")

    with socket.socket() as taken, socket.socket() as free:
        for each in (taken, free):
            each.bind(("127.0.0.1", 0))
        taken.listen()
        ports = {"PORT": free.getsockname()[1], "FLOWER_PORT": free.getsockname()[1], name: taken.getsockname()[1]}
        free.close()
        for variable, port in ports.items():
            monkeypatch.setenv(variable, str(port))
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        with pytest.raises(StartError, match=f"set {name} to a free port"):
            supervisor.run(load_settings(), never)
    assert not list(tmp_path.iterdir())
