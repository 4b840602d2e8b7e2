"""Servers to break, the workers that use them, and the API beside them as a process."""

from collections.abc import Iterator

import pytest

from tests.api_server import Server, serving
from tests.faults.infra.breakable import Breakable
from tests.faults.scene import BY_MESSAGE, Scene, make_scene

MAX_UPLOAD_MB = 9


@pytest.fixture(scope="session")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breakable]:
    made = Breakable(tmp_path_factory.mktemp("breakable"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def shared_infra(breakable: Breakable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {**BY_MESSAGE, "SECRET_KEY": "s" * 40, "MAX_UPLOAD_MB": str(MAX_UPLOAD_MB)}
    with make_scene(breakable, tmp_path_factory.mktemp("infra"), settings) as made:
        yield made


@pytest.fixture
def infra(shared_infra: Scene) -> Scene:
    """Workers on the breakable servers; nothing is planned for them yet."""
    shared_infra.begin()
    return shared_infra


@pytest.fixture(scope="session")
def api_server(shared_infra: Scene) -> Iterator[Server]:
    with serving(shared_infra.bed.environment, shared_infra.bed.folder) as made:
        yield made
