"""One service for each test, in this process or as real workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed import CALM, QUICK, Bed, make_bed
from tests.servers import Servers


@pytest.fixture
def bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    with make_bed(servers, tmp_path, CALM) as made:
        yield made


@pytest.fixture
def beating_bed(servers: Servers, tmp_path: Path) -> Iterator[Bed]:
    """Calm, but for its heart."""
    with make_bed(servers, tmp_path, {**CALM, "HEARTBEAT_SECONDS": "0.5"}) as made:
        yield made


@pytest.fixture(scope="module")
def shared_crew(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    with make_bed(servers, tmp_path_factory.mktemp("crew"), QUICK) as made:
        yield made


@pytest.fixture
def crew(shared_crew: Bed) -> Bed:
    """Real workers that the module shares, told nothing yet."""
    shared_crew.script.forget()
    shared_crew.staff()
    return shared_crew
