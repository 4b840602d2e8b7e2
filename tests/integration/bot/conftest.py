"""One bot for all conversations of a test process: every test brings its own people."""

from collections.abc import Iterator

import pytest

from tests.integration.bot.scene import Scene, playing
from tests.servers import Servers


@pytest.fixture(scope="session")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(servers, tmp_path_factory.mktemp("bot"), lasting=True) as made:
        yield made
