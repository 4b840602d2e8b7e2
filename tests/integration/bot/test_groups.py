"""The bot among several people."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Run
from stenogram.storage.telegram_models import TelegramPost
from stenogram.storage.telegram_rows import Chats
from tests.integration.bot.scene import Scene
from tests.integration.bot.talk import alert, labels, next_message, said, says, tapped, taps
from tests.telegram_stub import Group, Message, Person

HOW = "Ответьте на запись командой /transcribe или упомяните меня."


def group_of(scene: Scene, admin: Person, *members: Person, bot: str | None = "member", title: str = "Отдел") -> Group:
    return scene.telegram.group(title, admins=[admin], members=members, bot=bot)


def menu_in(scene: Scene, person: Person, group: Group) -> Message:
    return says(scene, person, "/settings", group.chat)


def options_in(scene: Scene, group: Group) -> dict[str, Any]:
    """Of the newest run that was asked for there."""

    async def read(session: AsyncSession) -> dict[str, Any]:
        query = select(Run.options).join(TelegramPost, TelegramPost.run_id == Run.id)
        found: dict[str, Any] | None = await session.scalar(
            query.where(TelegramPost.chat_id == group.id).order_by(Run.created_at.desc()).limit(1)
        )
        assert found is not None
        return found

    return scene.bed.inside(read)


@pytest.mark.parametrize(("language", "words"), [("ru", HOW), ("en", "Reply to a recording with /transcribe")])
def test_it_introduces_itself_once(scene: Scene, language: str, words: str) -> None:
    anna = scene.person(language=language)
    group = group_of(scene, anna, bot=None)
    group.adds_bot(anna.account)
    hello = scene.until(lambda: next((m for m in group.messages if m.sender.is_bot), None))
    assert words in hello.text
    group.makes_bot("administrator", anna.account)
    says(scene, anna, "/help", group.chat)
    assert [m for m in group.messages if words in m.text and m is not hello] == []


def test_administrators_change_the_settings_of_their_group(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    group = group_of(scene, anna)
    group.takes(boris.account, "administrator")
    menu = menu_in(scene, anna, group)
    assert labels(menu) == [
        "Расшифровка: когда попросят",
        "🌐 Язык бота: русский",
        "Язык речи: как у отправителя",
        "Голоса: как у отправителя",
        "Готово",
    ]
    assert "Голоса: различать" in labels(taps(scene, boris, menu, "Голоса: как у отправителя"))  # any of them
    assert "Голоса: не различать" in labels(taps(scene, anna, menu, "Голоса: различать"))
    assert "✓ Как у отправителя" in labels(taps(scene, anna, menu, "Язык речи: как у отправителя"))
    taps(scene, anna, menu, "Другие языки…")
    assert "Язык речи: азербайджанский" in labels(taps(scene, anna, menu, "Азербайджанский"))
    assert taps(scene, boris, menu, "🌐 Язык бота: русский").text.startswith("Settings of this group")
    taps(scene, boris, menu, "Done")
    assert (said(menu), menu.buttons) == ("The settings of this group are saved. To come back to them: /settings.", [])
    stored = scene.bed.inside(lambda session: Chats(session).get(group.id))
    assert stored is not None
    assert (stored.language, stored.title) == ("en", "Отдел")
    assert stored.settings == {"every": False, "speech": "az", "diarize": False}


def test_others_may_not_and_whoever_was_dismissed_neither(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    group = group_of(scene, anna, boris)
    refused = says(scene, boris, "/settings", group.chat)
    assert said(refused) == "Настройки группы меняют её администраторы."
    menu = menu_in(scene, anna, group)
    before = labels(menu)
    assert alert(tapped(scene, boris, menu, before[0])) == "Настройки группы меняют её администраторы."
    group.takes(anna.account, "member")
    assert alert(tapped(scene, anna, menu, before[0])) == "Настройки группы меняют её администраторы."
    assert labels(menu) == before


def test_every_voice_message_is_answered_when_administrators_want_it(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    group = group_of(scene, anna, boris, bot="administrator")
    menu = taps(scene, anna, menu_in(scene, anna, group), "Расшифровка: когда попросят")
    assert "⚠️" not in menu.text  # as an administrator it sees them
    sent = boris.sends_voice(scene.voice(), duration=6, chat=group)
    assert "Hello there." in scene.result_of(sent).text
    taps(scene, anna, menu, "Расшифровка: каждое голосовое")
    quiet = boris.sends_voice(scene.voice(), duration=6, chat=group)
    says(scene, anna, "/help", group.chat)  # handled after it
    assert scene.answer_to(quiet) is None
    asked = anna.sends_text("/transcribe", chat=group, reply_to=quiet)
    assert "Hello there." in scene.result_of(asked).text


def test_a_voice_message_in_reply_to_the_bot_is_for_it_and_words_are_not(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    group = group_of(scene, anna, boris)
    ours = says(scene, anna, "/help", group.chat)
    sent = boris.sends_voice(scene.voice(), duration=6, chat=group, reply_to=ours)
    assert "Hello there." in scene.result_of(sent).text
    thanks = boris.sends_text("Спасибо!", chat=group, reply_to=scene.result_of(sent))
    other = anna.sends_voice(scene.voice(), duration=6, chat=group, reply_to=thanks)
    says(scene, anna, "/help", group.chat)  # after both
    assert scene.answer_to(thanks) is None
    assert scene.answer_to(other) is None


def test_it_says_when_it_cannot_see_every_message(scene: Scene) -> None:
    anna = scene.person()
    group = group_of(scene, anna)
    menu = taps(scene, anna, menu_in(scene, anna, group), "Расшифровка: когда попросят")
    assert "сделайте меня администратором группы" in menu.text
    group.makes_bot("administrator", anna.account)
    assert "сделайте меня" not in taps(scene, anna, menu, "Голоса: как у отправителя").text


def test_recordings_are_made_as_the_group_wants_and_told_in_its_language(scene: Scene) -> None:
    anna, boris = scene.person(), scene.person("Борис")
    group = group_of(scene, anna, boris)
    menu = menu_in(scene, anna, group)
    taps(scene, anna, menu, "Язык речи: как у отправителя")
    taps(scene, anna, menu, "Английский")
    taps(scene, anna, menu, "Голоса: как у отправителя")
    taps(scene, anna, menu, "Голоса: различать")
    taps(scene, anna, menu, "🌐 Язык бота: русский")
    mine = says(scene, boris, "/settings")  # what the requester prefers, where the group says nothing
    taps(scene, boris, mine, "Качество: точнее")
    voice = anna.sends_voice(scene.voice(), duration=6, chat=group)
    asked = boris.sends_text("/transcribe", chat=group, reply_to=voice)
    result = scene.result_of(asked)
    assert "English" in result.text
    assert {"Open and edit", "More…"} & set(labels(result))
    made = options_in(scene, group)
    assert (made["language"], made["diarize"], made["preset"]) == ("en", False, "fast")
    assert says(scene, boris, "/help", group.chat).text.startswith("Reply to")
    assert says(scene, boris, "/help").text.startswith("Что прислать")


def test_whoever_writes_in_the_name_of_the_group_is_told(scene: Scene) -> None:
    anna = scene.person()
    nobody = scene.telegram.user(id=1_087_968_824, name="Group", username="GroupAnonymousBot")
    nobody.account.is_bot = True
    group = group_of(scene, anna, nobody)
    voice = anna.sends_voice(scene.voice(), duration=6, chat=group)
    asked = nobody.sends_text("/transcribe", chat=group, reply_to=voice)
    assert "вы пишете от имени группы" in scene.answer(asked).text
    nobody.sends_text("/help", chat=group)
    asked = anna.sends_text("/help", chat=group)
    ours = scene.telegram.bot
    scene.until(lambda: [m for m in group.messages if m.id > asked.id and m.sender is ours])
    assert [m.text for m in group.messages[-3:-1]] == ["/help", "/help"]  # one answer, after both


def test_what_is_personal_is_answered_in_private(scene: Scene) -> None:
    anna = scene.person()
    group = group_of(scene, anna)
    pointed = says(scene, anna, "/history@stenogram_test_bot", group.chat)
    assert said(pointed) == "Это личное, поэтому отвечу в нашем с вами чате."
    assert pointed.button("Открыть чат")["url"] == "https://t.me/stenogram_test_bot"
    anna.sends_text("/history", chat=group)  # perhaps for another bot
    assert says(scene, anna, "/help", group.chat).text.startswith("Ответьте на голосовое")


def test_settings_move_along_when_a_group_becomes_a_supergroup(scene: Scene) -> None:
    anna = scene.person()
    group = scene.telegram.group("Дом", admins=[anna], supergroup=False)
    taps(scene, anna, menu_in(scene, anna, group), "🌐 Язык бота: русский")
    larger = group.becomes_supergroup(anna.account)
    assert says(scene, anna, "/settings", larger.chat).text.startswith("Settings of this group")


def test_a_menu_of_the_group_does_not_take_what_is_written_there(scene: Scene) -> None:
    anna = scene.person()
    group = group_of(scene, anna)
    menu = menu_in(scene, anna, group)
    voice = anna.sends_voice(scene.voice(), duration=6, chat=group)
    asked = anna.sends_text("@stenogram_test_bot", chat=group, reply_to=voice)
    assert "Hello there." in scene.result_of(asked).text
    assert "Голоса: различать" in labels(taps(scene, anna, menu, "Голоса: как у отправителя"))


def test_in_english(scene: Scene) -> None:
    john = scene.person("John", "en")
    group = group_of(scene, john, title="Team", bot=None)
    group.adds_bot(john.account)
    hello = next_message(scene, group.messages[0], lambda m: "mention me" in m.text)
    menu = next_message(scene, john.sends_text("/settings", chat=group), lambda m: bool(m.buttons))
    assert menu.id > hello.id
    assert "Transcribe: every voice message" in labels(taps(scene, john, menu, "Transcribe: when asked"))
    assert "make me an administrator" in menu.text
