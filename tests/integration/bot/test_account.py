"""People see what they have used and what is kept of them, take it along, and go."""

import io
import json
import zipfile
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.stage import Stage
from stenogram.services import people, quotas, recordings
from stenogram.services.janitor import scratch_root
from stenogram.storage.models import Recording, User
from stenogram.storage.repositories import Users
from tests import http
from tests.integration.bot.scene import Scene
from tests.integration.bot.talk import labels, next_message, said, says, taps
from tests.processes import PATIENCE
from tests.telegram_stub import Person

MB = 1024 * 1024


def owner(scene: Scene, person: Person) -> User | None:
    return scene.bed.inside(lambda session: Users(session).by_telegram(person.id))


def known(scene: Scene, person: Person) -> User:
    says(scene, person, "/help")
    found = owner(scene, person)
    assert found is not None
    return found


def keeps_file(scene: Scene, person: Person, name: str, data: bytes) -> None:
    """A recording of these bytes that was never worked on."""
    user, bed = known(scene, person), scene.bed

    async def create(session: AsyncSession) -> None:
        limits = bed.settings.limits
        await recordings.create(session, bed.context.vault, user.id, name, "audio/wav", data, limits=limits)

    bed.inside(create)


# --- /usage ---


def test_usage_tells_what_is_left_and_draws_the_week(scene: Scene) -> None:
    anna = scene.person()
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))
    user = owner(scene, anna)
    assert user is not None
    scene.bed.inside(lambda session: quotas.grant(session, user, 7200, f"test {anna.id}"))
    lines = said(says(scene, anna, "/usage")).splitlines()
    assert lines[0] == "Сегодня"
    assert lines[1].startswith("Использовано ")
    assert lines[1].endswith(" из 4 ч, осталось 4 ч.")
    assert lines[2].startswith("Новый запас появится ")
    assert lines[2].endswith("0:00.")
    assert lines[3:5] == ["Про запас: 2 ч. Тратится, когда кончится дневное.", "Тариф: standard."]
    assert lines[6] == "За неделю"
    assert [line.count("█") for line in lines[7:]] == [0, 0, 0, 0, 0, 0, 10]
    assert lines[-1].endswith(" с")


def test_usage_of_whoever_has_no_limits(scene: Scene) -> None:
    anna = scene.person()
    user = known(scene, anna)
    scene.bed.inside(lambda session: people.set_unlimited(session, user, True))
    assert said(says(scene, anna, "/usage")).startswith("Без ограничений\nСегодня использовано 0 с.")


# --- /privacy ---


def test_privacy_tells_what_this_installation_does(scene: Scene) -> None:
    anna = scene.person()
    told = said(says(scene, anna, "/privacy"))
    assert "На сервере владельца этого бота." in told
    assert "тексты никуда не уходят" in told
    assert "Записи, тексты и файлы хранятся, пока вы их не удалите." in told
    menu = taps(scene, anna, says(scene, anna, "/settings"), "Хранить: пока не удалю")
    taps(scene, anna, menu, "24 часа")
    assert "Новые записи удаляются через 24 часа" in said(says(scene, anna, "/privacy"))


# --- /export_me ---


def test_everything_comes_as_one_archive_and_the_chat_goes_on_meanwhile(scene: Scene) -> None:
    anna = scene.person()
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))
    asked = anna.sends_text("/export_me")
    again = anna.sends_text("/export_me")
    assert said(scene.until(lambda: next((m for m in anna.messages if m.reply_to is again), None))).startswith(
        "Архив уже собирается"
    )
    sent = next_message(scene, asked, lambda m: m.document is not None)
    assert sent.reply_to is asked
    assert sent.text.startswith("Всё, что о вас хранится")
    archive = zipfile.ZipFile(io.BytesIO(sent.file.path.read_bytes()))
    account = json.loads(archive.read("account.json"))
    assert account["profile"]["telegram_id"] == anna.id
    assert len(account["recordings"]) == 1
    assert {name.rpartition("/")[2] for name in archive.namelist()} == {
        "account.json",
        "media.ogg",
        "transcript.json",
        "transcript.docx",
    }
    scene.until(lambda: not any("Собираю" in m.text for m in anna.messages))


def test_an_archive_that_is_too_large_comes_by_a_link(scene: Scene) -> None:
    anna = scene.person()
    keeps_file(scene, anna, "long.wav", b"RIFF" + bytes(51 * MB))
    asked = anna.sends_text("/export_me")
    told = next_message(scene, asked, lambda m: "Архив занимает" in m.text)
    assert said(told).startswith("Архив занимает 51 МБ, а Telegram принимает от ботов файлы до 50 МБ.")
    assert labels(told) == ["Скачать архив"]
    address = urlsplit(told.button("Скачать архив")["url"])
    path = f"http://127.0.0.1:{scene.port}{address.path}"
    with http.stream("GET", f"{path}?{address.query}") as answer:
        assert answer.status_code == 200
        assert int(answer.headers["content-length"]) > 51 * MB
        data = answer.read()
    assert "account.json" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    ticket = address.query.removeprefix("ticket=")
    assert http.get(path).status_code == 401
    assert http.get(f"http://127.0.0.1:{scene.port}/api/v1/me?ticket={ticket}").status_code == 401
    assert http.get(path, headers={"Authorization": f"Bearer {ticket}"}).status_code == 401
    assert not list(scratch_root().glob(f"stage-{scene.server.process.pid}-*"))
    assert not [m for m in anna.messages if m.document]


def test_an_archive_of_whoever_has_just_come(scene: Scene) -> None:
    anna = scene.person()
    sent = next_message(scene, anna.sends_text("/export_me"), lambda m: m.document is not None)
    assert zipfile.ZipFile(io.BytesIO(sent.file.path.read_bytes())).namelist() == ["account.json"]


def test_an_archive_that_a_restart_broke_off_is_told_of(scene: Scene) -> None:
    anna = scene.person()
    known(scene, anna)
    scene.telegram.answers_slowly("sendDocument", seconds=600)  # so that it is under way for long enough
    asked = anna.sends_text("/export_me")
    next_message(scene, asked, lambda m: m.document is not None)
    scene.server.process.terminate()  # as an operator does
    try:
        scene.server.process.wait(PATIENCE)
    finally:
        scene.kill()  # the tests to come have a bot, whatever became of this one
        scene.start()
    told = next_message(scene, asked, lambda m: "перезапустился" in m.text)
    assert said(told) == "Сервис перезапустился, и архив не собрался. Попробуйте ещё раз: /export_me."


# --- /delete_me ---


def test_after_two_confirmations_the_person_is_unknown_again(scene: Scene) -> None:
    anna = scene.person()
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))
    user = owner(scene, anna)
    assert user is not None
    scene.bed.inside(lambda session: quotas.grant(session, user, 3600, f"test {anna.id}"))
    question = says(scene, anna, "/delete_me")
    assert labels(question) == ["Удалить все мои данные", "Оставить"]
    taps(scene, anna, question, "Удалить все мои данные")
    assert "• 1 запись, " in said(question)
    assert "• запас времени: 1 ч" in said(question)
    assert [label.replace("\xa0", " ") for label in labels(question)] == [
        "Да, удалить навсегда: 1 запись",
        "Оставить",
    ]
    taps(scene, anna, question, labels(question)[0])
    assert said(question) == "Всё удалено. Если захотите вернуться, нажмите /start."
    assert question.buttons == []
    assert owner(scene, anna) is None
    recorded = scene.bed.inside(lambda session: session.scalar(select(Recording).where(Recording.owner_id == user.id)))
    assert recorded is None
    assert "Здравствуйте" in says(scene, anna, "/start").text
    assert "Записей пока нет" in says(scene, anna, "/history").text


def test_whoever_thinks_better_of_it_stays(scene: Scene) -> None:
    anna = scene.person()
    question = taps(scene, anna, says(scene, anna, "/delete_me"), "Удалить все мои данные")
    assert said(taps(scene, anna, question, "Оставить")) == "Ничего не удалено."
    assert owner(scene, anna) is not None


def test_work_under_way_goes_too(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=2)
    status = scene.until(lambda: next((m for m in anna.messages if m.reply_to is sent and "%" in m.text), None))
    question = says(scene, anna, "/delete_me")
    question = next_message(scene, sent, lambda m: "Удалить все" in m.text)
    taps(scene, anna, question, "Удалить все мои данные")
    anna.presses(question, labels(question)[0])
    scene.until(lambda: "Всё удалено" in question.text and status not in anna.messages)
    scene.bed.script.release(Stage.TRANSCRIBE)
    assert scene.until(lambda: owner(scene, anna) is None)
    boris = scene.person("Борис")
    scene.result_of(boris.sends_voice(scene.voice(), duration=6))  # the workers go on
    assert anna.messages[-1] is question


def test_in_english(scene: Scene) -> None:
    john = scene.person("John", "en")
    assert said(says(scene, john, "/usage")).startswith("Today\nUsed 0 s of 4 h, 4 h left.")
    assert "Recordings, texts and files are kept until you delete them." in said(says(scene, john, "/privacy"))
    question = taps(scene, john, says(scene, john, "/delete_me"), "Delete all my data")
    assert "• 0 recordings, 0 s, with all texts and files" in said(question)
