"""People quote their transcripts in other chats."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.bot.scene import Scene, playing
from tests.integration.bot.test_history import enters, keeps
from tests.servers import Servers
from tests.telegram_stub import Person
from tests.telegram_stub.model import InlineQuestion


def asks(scene: Scene, person: Person, query: str, offset: str = "") -> InlineQuestion:
    """With its results."""
    question = person.asks_inline(query, offset)
    scene.until(lambda: question.results is not None)
    return question


def results(question: InlineQuestion) -> list[dict[str, Any]]:
    assert question.results is not None
    return question.results


def test_a_moment_is_found_and_quoted(scene: Scene) -> None:
    anna, boris = enters(scene, scene.person()), scene.person("Борис")
    keeps(scene, anna, ("Планёрка <1>", ["Доброе утро.", "Бюджет утвердили & <b>точка</b>."]))
    found = results(asks(scene, anna, "бюджет"))
    assert [(one["title"], one["description"]) for one in found] == [
        ("Планёрка <1> · 0:10", "Бюджет утвердили & <b>точка</b>.")
    ]
    group = scene.telegram.group("Отдел", members=[anna, boris])
    posted = anna.picks(found[0], chat=group)
    assert posted.text == "Бюджет утвердили & <b>точка</b>.\nПланёрка <1> · 0:10"
    assert group.last is posted


def test_nothing_typed_offers_the_latest(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, ("Старая", ["Первая фраза.", "Вторая."]), ("Новая", ["Начало."]))
    found = results(asks(scene, anna, ""))
    assert [(one["title"], one["description"]) for one in found] == [
        ("Новая · 0:00", "Начало."),
        ("Старая · 0:00", "Первая фраза."),
    ]


def test_results_come_by_pages(scene: Scene) -> None:
    anna = enters(scene, scene.person())
    keeps(scene, anna, *[(f"Звонок {number}", ["Про смету"] * 5) for number in range(12)])
    first = asks(scene, anna, "смета")
    assert len(results(first)) == 30
    assert first.next_offset == "10"
    second = asks(scene, anna, "смета", first.next_offset)
    assert (len(results(second)), second.next_offset) == (6, "")
    assert not {one["id"] for one in results(first)} & {one["id"] for one in results(second)}


def test_only_ones_own_is_found_and_nothing_leads_to_the_bot(scene: Scene) -> None:
    anna, boris = enters(scene, scene.person()), enters(scene, scene.person("Борис"))
    keeps(scene, boris, ("Тайное", ["Пароль от сейфа"]))
    assert len(results(asks(scene, boris, "пароль"))) == 1
    question = asks(scene, anna, "пароль")
    assert (results(question), question.cached) == ([], False)
    assert question.button == {"text": "Ничего не нашлось. Открыть бота", "start_parameter": "inline"}


def test_a_title_alone_is_quoted_as_such(scene: Scene) -> None:
    anna = enters(scene, scene.person("Anna", "en"))
    keeps(scene, anna, ("Interview with Boris", ["Yes."]))
    (found,) = results(asks(scene, anna, "interview"))
    assert found["title"] == "Interview with Boris"
    assert "202" in found["description"]
    assert anna.picks(found).text == "Interview with Boris"


@pytest.fixture(scope="module")
def closed(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(
        servers, tmp_path_factory.mktemp("closed"), {"BOT_ACCESS": "invite", "BOT_UPDATES_PER_MINUTE": "3"}
    ) as made:
        yield made


def test_whoever_is_not_let_in_is_led_to_the_bot(closed: Scene) -> None:
    stranger = closed.person("Чужой")
    question = asks(closed, stranger, "договор")
    assert results(question) == []
    assert question.button == {"text": "Открыть бота", "start_parameter": "inline"}
    said = stranger.opens("/start inline")
    answer = closed.until(lambda: next((m for m in stranger.messages if m.id > said.id), None))
    assert "приглаш" in answer.text.lower()


def test_typing_is_not_counted_as_writing(closed: Scene) -> None:
    stranger = closed.person("Чужой")
    for end in range(1, 6):
        assert results(asks(closed, stranger, "склад"[:end])) == []
    said = stranger.sends_text("привет")
    answer = closed.until(lambda: next((m for m in stranger.messages if m.id > said.id), None))
    assert "приглаш" in answer.text.lower()
