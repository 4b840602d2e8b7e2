"""The bot is killed again and again while people send recordings: no update is lost, and nobody hears twice."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.conftest import Ledger
from tests.integration.bot.scene import Scene, has_result, playing
from tests.servers import Servers
from tests.telegram_stub import Message

KILLS, PEOPLE, VOICES = 20, 10, 5

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module", params=["webhook", "polling"])
def scene(
    request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    folder, pauses = tmp_path_factory.mktemp("bot"), (0.1, 0.2, 0.5)
    with playing(servers, folder, webhook=request.param == "webhook", webhook_pauses=pauses) as made:
        yield made


def results(scene: Scene, sent: Message) -> list[Message]:
    return [m for m in sent.chat.messages if m.reply_to is sent and m.sender.is_bot and has_result(m)]


def test_twenty_kills_of_the_api_during_the_load(scene: Scene, ledger: Ledger) -> None:
    chance = random.Random(20)
    people = [scene.person(f"Person {number}", "en") for number in range(PEOPLE)]
    sent: list[Message] = []
    with ledger.row("SIGKILL of bot-api under load", PEOPLE * VOICES) as row:
        for kill in range(KILLS):
            share = PEOPLE * VOICES // KILLS + (kill % 2)
            sent += [chance.choice(people).sends_voice(scene.voice(1), duration=2) for _ in range(share)]
            # some time after something of theirs has happened, be it on the way in or on the way out
            seen = len(scene.telegram.calls)
            scene.until(lambda seen=seen: len(scene.telegram.calls) > seen + chance.randrange(6))  # type: ignore[misc]
            scene.kill()
            sent.append(chance.choice(people).sends_voice(scene.voice(1), duration=2))  # nobody is there
            scene.start()
        for message in sent:
            scene.until(lambda message=message: results(scene, message), 120)  # type: ignore[misc]
        row.lost = sum(not results(scene, message) for message in sent)
        row.duplicated = sum(len(results(scene, message)) > 1 for message in sent)
    assert row.lost == row.duplicated == 0
