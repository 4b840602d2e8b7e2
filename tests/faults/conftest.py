"""Services to break, and the table of what became of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.bed import CALM, Bed, make_bed
from tests.faults.invariants import Broken
from tests.faults.scene import BY_MESSAGE, Scene, make_scene
from tests.servers import Servers, postgres_url, redis_url, servers

__all__ = ["postgres_url", "redis_url", "servers"]

_TALLY = "faults"
_COUNTED = ("lost", "duplicated", "stuck")


@dataclass(slots=True)
class Tally:
    """What became of the cells of one fault."""

    fault: str
    cells: int
    lost: int = 0
    duplicated: int = 0
    stuck: int = 0
    failed: int = 0
    slowest: float | None = None

    def recovered(self, seconds: float) -> None:
        """How long after a fault the work went on."""
        self.slowest = max(seconds, self.slowest or 0)

    def add(self, other: "Tally") -> None:
        for name in ("cells", "failed", *_COUNTED):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.slowest is not None:
            self.recovered(other.slowest)


class Ledger:
    """Takes down the cells of a test for the table at the end."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    @contextmanager
    def row(self, fault: str, cells: int = 1) -> Iterator[Tally]:
        tally = Tally(fault, cells)
        try:
            yield tally
        except Broken as broken:
            tally.failed = cells
            for name in _COUNTED:
                setattr(tally, name, sum(item.kind == name for item in broken.violations))
            raise
        except BaseException:
            tally.failed = cells
            raise
        finally:
            self._item.user_properties.append((_TALLY, asdict(tally)))


@pytest.fixture(scope="session")
def shared_scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with make_scene(servers, tmp_path_factory.mktemp("scene"), BY_MESSAGE, lasting=True) as made:
        yield made


@pytest.fixture
def scene(shared_scene: Scene) -> Scene:
    """Real workers that all tests share; nothing is planned for them yet."""
    shared_scene.begin()
    return shared_scene


@pytest.fixture
def calm(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    """Nobody works but this process."""
    (tmp_path / "tmp").mkdir()
    with make_bed(servers, tmp_path, {**CALM, "TMPDIR": str(tmp_path / "tmp")}) as made:
        yield made


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Ledger:
    return Ledger(request.node)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows: dict[str, Tally] = {}
    reports = (report for group in terminalreporter.stats.values() for report in group)
    for report in reports:
        if getattr(report, "when", None) != "teardown":  # each phase reports what was written down until then
            continue
        for _, values in (item for item in report.user_properties if item[0] == _TALLY):
            rows.setdefault(values["fault"], Tally(values["fault"], 0)).add(Tally(**values))
    if rows:
        _print(terminalreporter, rows)


def _print(terminal: Any, rows: dict[str, Tally]) -> None:
    terminal.section("faults")
    width = max(map(len, rows))
    terminal.line(f"{'fault':{width}}  cells  lost  duplicated  stuck  failed  slowest recovery")
    for fault, tally in rows.items():
        slowest = "–" if tally.slowest is None else f"{tally.slowest:.1f} s"
        counts = f"{tally.cells:5}  {tally.lost:4}  {tally.duplicated:10}  {tally.stuck:5}  {tally.failed:6}"
        terminal.line(f"{fault:{width}}  {counts}  {slowest:>16}")
