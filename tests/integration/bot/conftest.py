"""One bot for all conversations of a test process: every test brings its own people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bot.scene import Scene, playing
from tests.servers import Servers

HERE = Path(__file__).parent
OWN_BOTS = frozenset(
    f"test_{name}.py"
    for name in ("access", "admin", "admin_page", "delivery", "inline", "local_server", "page", "shop")
)
"""Modules that bring up bots with settings of their own: one process takes all of such a module."""


@pytest.fixture(scope="session")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(servers, tmp_path_factory.mktemp("bot"), lasting=True) as made:
        yield made


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks, also where this folder is named on the command line
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.path.name in OWN_BOTS:
            item.add_marker(pytest.mark.xdist_group(f"bot-{item.path.stem}"))
