"""One bot for a whole module of conversations: every test brings its own people."""

from collections.abc import Iterator

import pytest

from tests.integration.bot.scene import Scene, playing
from tests.servers import Servers


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(servers, tmp_path_factory.mktemp("bot")) as made:
        yield made
