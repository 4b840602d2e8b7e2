"""Who is let in, how often they may ask, and who is passed over."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import access
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from tests.integration.bot.scene import Scene, playing
from tests.integration.bot.talk import labels, next_message, said, says, tapped, taps
from tests.servers import Servers
from tests.telegram_stub import Message, Person

OLGA, LISTED = 900, 902
CLOSED = "Этот бот только для приглашённых. Попросите у администратора ссылку-приглашение."


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """By invitation."""
    settings = {"BOT_ACCESS": "invite", "BOT_ADMIN_IDS": str(OLGA), "BOT_ALLOWED_IDS": str(LISTED)}
    with playing(servers, tmp_path_factory.mktemp("invite"), settings) as made:
        yield made


@pytest.fixture
def olga(scene: Scene) -> Person:
    return scene.telegram.user(id=OLGA, name="Ольга", language="ru")


def known(scene: Scene, person: Person) -> User | None:
    async def find(session: AsyncSession) -> User | None:
        return await Users(session).by_telegram(person.id)

    return scene.bed.inside(find)


def invites(scene: Scene, admin: Person, label: str) -> str:
    """What a new link opens the bot with: ``/start inv-…``."""
    menu = taps(scene, admin, says(scene, admin, "/admin"), "Пригласить")
    tapped(scene, admin, menu, label)
    link = next_message(scene, menu, lambda m: "t.me" in m.text)
    address, _, payload = link.text.splitlines()[0].partition("?start=")
    assert address == f"https://t.me/{scene.telegram.bot.username}"
    assert payload.startswith("inv-")
    assert labels(link) == ["Переслать"]
    return f"/start {payload}"


# --- by invitation ---


def test_without_an_invitation_nobody_gets_in(scene: Scene) -> None:
    anna = scene.person()
    assert says(scene, anna, "/start").text == CLOSED
    assert says(scene, anna, "/start inv-" + "x" * 32).text.startswith("Это приглашение уже использовано")
    sent = anna.sends_voice(scene.voice(), duration=6)
    assert next_message(scene, sent, lambda _: True).text == CLOSED
    boris = scene.person("Boris", "en")
    assert says(scene, boris, "/help").text.startswith("This bot is for invited people only.")
    assert known(scene, anna) is None


def test_an_invitation_lets_one_in_and_is_spent(scene: Scene, olga: Person) -> None:
    opening = invites(scene, olga, "1\xa0человек")
    anna, boris = scene.person(), scene.person("Борис")
    assert says(scene, anna, opening).text.startswith("Здравствуйте, Анна!")
    assert says(scene, boris, opening).text.startswith("Это приглашение уже использовано")
    assert says(scene, boris, "/start").text == CLOSED
    assert says(scene, anna, opening).text.startswith("Здравствуйте, Анна!")  # who is in needs none
    assert "Hello there." in scene.result_of(anna.sends_voice(scene.voice(), duration=6)).text


def test_an_invitation_for_ten(scene: Scene, olga: Person) -> None:
    opening = invites(scene, olga, "10\xa0человек")
    for number in range(3):
        guest = scene.person(f"Гость {number}")
        assert says(scene, guest, opening).text.startswith("Здравствуйте")
    link = olga.messages[-1]
    assert "По этой ссылке могут войти 10 человек, до " in said(link)


def test_who_is_named_in_the_settings_needs_none(scene: Scene, olga: Person) -> None:
    listed = scene.telegram.user(id=LISTED, name="Лев", language="ru")
    assert says(scene, listed, "/start").text.startswith("Здравствуйте, Лев!")
    assert says(scene, olga, "/start").text.startswith("Здравствуйте, Ольга!")
    assert says(scene, listed, "/admin").text.startswith("Такой команды нет.")


def test_strangers_in_a_group_are_passed_over(scene: Scene, olga: Person) -> None:
    says(scene, olga, "/start")
    stranger = scene.person("Чужой")
    group = scene.telegram.group("Отдел", members=[stranger, olga])
    voice = stranger.sends_voice(scene.voice(), duration=6, chat=group)
    stranger.sends_text("/transcribe", chat=group, reply_to=voice)
    stranger.sends_text("/help@" + str(scene.telegram.bot.username), chat=group)
    asked = olga.sends_text("/transcribe", chat=group, reply_to=voice)
    assert "Hello there." in scene.result_of(asked).text
    assert [m for m in group.chat.messages if m.sender.is_bot] == [scene.answer_to(asked)]


# --- the local administrator takes the bot over ---


def test_a_sign_in_link_makes_the_local_administrator_that_of_the_bot(scene: Scene) -> None:
    async def link(session: AsyncSession) -> str:
        return await access.make_link(session, await access.ensure_local_admin(session))

    secret = scene.bed.inside(link)
    boss = scene.person("Начальник")
    assert says(scene, boss, "/start").text == CLOSED
    assert says(scene, boss, f"/start {secret}").text.startswith("Здравствуйте")
    assert says(scene, boss, "/admin").text.startswith("Управление")
    found = known(scene, boss)
    assert found is not None
    assert (found.name, found.role) == (access.LOCAL_ADMIN, "admin")
    thief = scene.person("Вор")
    assert says(scene, thief, f"/start {secret}").text.startswith("Эта ссылка для входа уже использована")


# --- other doors ---


@contextmanager
def other(servers: Servers, factory: pytest.TempPathFactory, **settings: str) -> Iterator[Scene]:
    with playing(servers, factory.mktemp("other"), settings) as made:
        yield made


def test_an_allow_list(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"BOT_ACCESS": "allow-list", "BOT_ALLOWED_IDS": str(LISTED), "BOT_ADMIN_IDS": str(OLGA)}
    with other(servers, tmp_path_factory, **settings) as scene:
        listed = scene.telegram.user(id=LISTED, name="Лев", language="ru")
        olga = scene.telegram.user(id=OLGA, name="Ольга", language="ru")
        anna = scene.person()
        assert says(scene, listed, "/start").text.startswith("Здравствуйте, Лев!")
        assert says(scene, anna, "/start").text == CLOSED
        menu = says(scene, olga, "/admin")
        assert "Пригласить" not in labels(menu)  # an invitation would let nobody in
        assert says(scene, anna, "/start inv-" + "x" * 32).text == CLOSED


def test_who_asks_too_often_is_warned_once_and_their_recordings_are_taken(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with other(servers, tmp_path_factory, BOT_UPDATES_PER_MINUTE="3") as scene:
        anna = scene.person()
        for _ in range(3):
            says(scene, anna, "/help")
        warned = says(scene, anna, "/help")
        assert warned.text == "Слишком много сообщений подряд. Подождите немного."
        for _ in range(5):
            anna.sends_text("/help")
        sent = anna.sends_voice(scene.voice(), duration=6)
        assert "Hello there." in scene.result_of(sent).text
        assert answers(anna, after=warned) == [scene.answer_to(sent)]
        boris = scene.person("Борис")
        assert says(scene, boris, "/help").text.startswith("Что прислать")  # it is nobody else's fault


def answers(person: Person, after: Message) -> list[Message]:
    return [m for m in person.messages if m.sender.is_bot and m.id > after.id]
