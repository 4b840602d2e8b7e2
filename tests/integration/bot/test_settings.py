"""People change what they prefer, in one menu."""

from tests.integration.bot.scene import Scene
from tests.telegram_stub import Message, Person


def menu_of(scene: Scene, person: Person) -> Message:
    """The settings, just opened."""
    sent = person.sends_text("/settings")
    return scene.until(lambda: next((m for m in person.messages if m.id > sent.id and m.sender.is_bot), None))


def labels(message: Message) -> list[str]:
    return [label for row in message.buttons for label in row]


def press(scene: Scene, person: Person, menu: Message, label: str) -> Message:
    """The menu after it."""
    versions = len(menu.versions)
    pressed = person.presses(menu, label)
    scene.until(lambda: pressed.answer is not None and len(menu.versions) > versions)
    return menu


def test_every_button_shows_its_value_and_changes_in_place(scene: Scene) -> None:
    anna = scene.person()
    anna.opens("/start")
    menu = menu_of(scene, anna)
    assert menu.text.startswith("Настройки")
    assert labels(menu) == [
        "🌐 Язык бота: русский",
        "Язык речи: авто",
        "Качество: точнее",
        "Голоса: различать",
        "Говорящих: авто",
        "Шум: не трогать",
        "Хранить: пока не удалю",
        "Оповещать: да",
        "Тихий режим: нет",
        "Файл: DOCX",
        "Часовой пояс: Москва, UTC+3",
        "Готово",
    ]
    for before, after in {
        "Качество: точнее": "Качество: быстрее",
        "Шум: не трогать": "Шум: убирать",
        "Оповещать: да": "Оповещать: нет",
        "Тихий режим: нет": "Тихий режим: да",
    }.items():
        assert after in labels(press(scene, anna, menu, before))
    assert anna.messages[-1] is menu
