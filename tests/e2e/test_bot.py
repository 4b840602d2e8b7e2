"""The bot with the demo model: real decoding, from a newcomer's press to the text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bot.scene import Scene, playing
from tests.servers import Servers, servers

__all__ = ["servers"]

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("service")]


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Scene]:
    demo = {
        "STENOGRAM_ENGINES": "stenogram.engines.registry:Engines",
        "MODEL_CACHE_DIR": str(models),
        "MODELS_OFFLINE": "true",
        "WHISPER_MODEL": "demo",
        "QUOTA_PLANS": "small:60",
        "QUOTA_PLAN": "small",
    }
    with playing(servers, tmp_path_factory.mktemp("bot"), demo) as made:
        yield made


def test_a_newcomer_tries_the_sample_and_it_costs_nothing(scene: Scene) -> None:
    anna = scene.person()
    anna.opens("/start")
    tour = scene.until(lambda: next(iter(m for m in anna.messages if m.sender.is_bot), None))
    anna.presses(tour, "Попробовать на примере")
    result = scene.until(lambda: next((m for m in anna.messages if "Говорящий 3" in m.text), None), 240)
    for words in ("коллеги", "русский", "3 говорящих", "Резюме", "демонстрационная модель"):
        assert words in result.text.replace("\xa0", " ")
    anna.sends_text("/usage")
    scene.until(lambda: "осталось 1 мин" in anna.messages[-1].text.replace("\xa0", " "))
