"""A conversation, step by step: each step waits for what the bot does."""

from collections.abc import Callable

from tests.integration.bot.scene import Scene
from tests.telegram_stub import Chat, Message, Person
from tests.telegram_stub.model import CallbackPress


def says(scene: Scene, person: Person, text: str, chat: Chat | None = None) -> Message:
    """The bot's next message after what the person writes."""
    sent = person.sends_text(text, chat=chat or person.chat)
    return heard(scene, sent)


def heard(scene: Scene, sent: Message) -> Message:
    return next_message(scene, sent, lambda _: True)


def next_message(scene: Scene, after: Message, wanted: Callable[[Message], bool]) -> Message:
    """The bot's first message in this chat, later than ``after``, that is ``wanted``."""
    chat = after.chat
    return scene.until(
        lambda: next((m for m in chat.messages if m.id > after.id and m.sender.is_bot and wanted(m)), None)
    )


def taps(scene: Scene, person: Person, message: Message, label: str) -> Message:
    """The message after a tap that changes it."""
    versions = len(message.versions)
    press = person.presses(message, label)
    scene.until(lambda: press.answer is not None and len(message.versions) > versions)
    return message


def tapped(scene: Scene, person: Person, message: Message, label: str) -> CallbackPress:
    """A tap with its answer."""
    return answered(scene, person.presses(message, label))


def answered(scene: Scene, press: CallbackPress) -> CallbackPress:
    scene.until(lambda: press.answer is not None)
    return press


def alert(press: CallbackPress) -> str:
    """What covers the screen after a tap."""
    assert press.answer is not None
    assert press.answer["show_alert"] or not press.answer["text"]
    return str(press.answer["text"])


def labels(message: Message) -> list[str]:
    return [label for row in message.buttons for label in row]


def said(message: Message) -> str:
    """Its text, spaces being spaces."""
    return message.text.replace("\xa0", " ")
