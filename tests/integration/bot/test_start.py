"""The first minutes: the tour, deep links, what can be stopped; and what Telegram shows before anybody writes."""

import json
from uuid import UUID

from stenogram.pipeline.stage import Stage
from tests.integration.bot.scene import Scene
from tests.integration.bot.talk import says, taps
from tests.telegram_stub import Message, Person


def last_answer(scene: Scene, person: Person, number: int = 1) -> Message:
    """The bot's newest message when it has written ``number``."""
    return scene.until(lambda: next(iter([m for m in person.messages if m.sender.is_bot][number - 1 :]), None))


def test_the_tour_has_three_steps_and_goes_back(scene: Scene) -> None:
    anna = scene.person("Анна")
    anna.opens("/start")
    tour = last_answer(scene, anna)
    assert "Анна" in tour.text
    for words in ("/search", "/settings"):
        anna.presses(tour, "Дальше ›")
        scene.until(lambda words=words: words in tour.text)  # type: ignore[misc]
    assert "Дальше ›" not in tour.buttons[0]
    anna.presses(tour, "‹ Назад")
    scene.until(lambda: "/search" in tour.text)
    assert "Попробовать на примере" in tour.buttons[-1]


def test_a_deep_link_opens_a_recording_to_its_owner_only(scene: Scene) -> None:
    anna = scene.person()
    result = scene.result_of(anna.sends_audio(scene.voice(), file_name="standup.mp3", duration=6))
    recording = UUID(result.button("Открыть и править")["web_app"]["url"].rpartition("/")[2])
    anna.opens(f"/start rec-{recording.hex}")
    card = last_answer(scene, anna, 2)
    assert "standup" in card.text
    assert "Hello there." in card.text
    stranger = scene.person("Чужой")
    stranger.opens(f"/start rec-{recording.hex}")
    refusal = last_answer(scene, stranger)
    assert "Hello there." not in refusal.text
    assert "Не найдено" in refusal.text
    stranger.opens("/start rec-nonsense")
    assert "Не найдено" in last_answer(scene, stranger, 2).text


def test_cancel_stops_all_that_is_under_way(scene: Scene) -> None:
    anna = scene.person()
    first = scene.held(anna.sends_voice, scene.voice(6), stage=Stage.TRANSCRIBE, at=2)
    scene.answer(first, lambda m: "%" in m.text)
    second = anna.sends_voice(scene.voice(), duration=6)
    scene.answer(second)
    asked = anna.sends_text("/cancel")
    assert "2" in scene.answer(asked).text
    scene.bed.script.release(Stage.TRANSCRIBE)
    for sent in (first, second):
        scene.answer(sent, lambda m: ["Запустить снова"] in m.buttons)
    again = anna.sends_text("/cancel")
    assert "не в работе" in scene.answer(again).text


def test_what_telegram_shows_of_the_bot(scene: Scene) -> None:
    world = scene.telegram.world
    scene.until(lambda: len(scene.telegram.called("setChatMenuButton")) > 0)
    calls = scene.telegram.called("setMyCommands")
    languages = {call.params.get("language_code") for call in calls}
    assert {"ru", "en"} <= languages
    commands = [command for call in calls for command in json.loads(call.params["commands"])]
    assert {"Мои записи", "My recordings"} <= {command["description"] for command in commands}
    assert {call.params.get("language_code") for call in scene.telegram.called("setMyDescription")} >= {"ru", "en"}
    assert world.bot.username == "stenogram_test_bot"


def test_the_menu_button_speaks_the_language_of_each_person(scene: Scene) -> None:
    anna, john = scene.person(), scene.person("John", "en")

    def labelled(person: Person, label: str) -> None:
        scene.until(lambda: person.chat.menu_button is not None and person.chat.menu_button["text"] == label)

    anna.opens("/start")
    john.opens("/start")
    labelled(anna, "Открыть")
    labelled(john, "Open")
    taps(scene, anna, says(scene, anna, "/settings"), "🌐 Язык бота: русский")
    labelled(anna, "Open")


def test_english_people_are_spoken_to_in_english(scene: Scene) -> None:
    john = scene.person("John", "en-GB")
    john.opens("/start")
    assert "Hello, John!" in last_answer(scene, john).text
    fritz = scene.person("Fritz", "de")
    fritz.opens("/start")
    assert "Hello, Fritz!" in last_answer(scene, fritz).text
