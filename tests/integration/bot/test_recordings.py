"""People send recordings, and get text."""

import io
import json
import zipfile

import pytest

from stenogram.pipeline.stage import Stage
from tests.fakes.engines import speech_wav
from tests.integration.bot.scene import Scene
from tests.processes import PATIENCE
from tests.telegram_stub import Attachment, Message, from_hidden_user


def said(message: Message) -> str:
    """What it says, spaces being spaces."""
    return message.text.replace("\xa0", " ")


def test_a_voice_message_is_answered_in_one_message(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(scene.voice(), duration=6)
    answer = scene.result_of(sent)
    assert "Hello there." in answer.text
    assert [m for m in anna.messages if m.reply_to is sent] == [answer]
    assert len(answer.versions) >= 2  # its status first


@pytest.mark.parametrize("kind", ["audio", "video", "video_note", "document"])
def test_every_kind_of_recording(scene: Scene, kind: str) -> None:
    boris = scene.person("Boris", "en")
    name = {"audio": "call.mp3", "video": "call.mp4", "document": "call.wav"}.get(kind)
    sent = boris.sends(Attachment(kind, scene.voice(), name, duration=6))
    answer = scene.result_of(sent)
    assert "Hello there." in answer.text
    assert ("call" in answer.text) is (kind != "video_note")


def test_a_caption_that_looks_like_a_command_loses_no_recording(scene: Scene) -> None:
    anna = scene.person()
    answer = scene.result_of(anna.sends(Attachment("voice", scene.voice(), duration=6, caption="/help")))
    assert "Hello there." in answer.text


def test_progress_is_shown_with_a_draft_of_the_text(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=3)
    answer = scene.answer(sent, lambda m: "Hello there." in m.text)
    assert "%" in answer.text
    assert [row for row in answer.buttons if "Отменить" in row]
    scene.bed.script.release(Stage.TRANSCRIBE)
    assert scene.result_of(sent) is answer


def test_cancel_while_it_is_recognised(scene: Scene) -> None:
    anna = scene.person()
    sent = scene.held(anna.sends_voice, scene.voice(8), stage=Stage.TRANSCRIBE, at=2)
    answer = scene.answer(sent, lambda m: "%" in m.text)
    press = anna.presses(answer, "Отменить")
    scene.bed.script.release(Stage.TRANSCRIBE)
    scene.until(lambda: ["Запустить снова"] in answer.buttons)
    assert press.answer is not None
    anna.presses(answer, "Запустить снова")
    assert scene.result_of(sent) is answer


def test_an_album_is_one_batch_with_one_summary(scene: Scene) -> None:
    anna = scene.person()
    names = [f"part{number}.mp3" for number in range(1, 6)]
    sent = anna.sends_album([Attachment("audio", scene.voice(), name, duration=6) for name in names])
    answer = scene.until(lambda: next((m for m in anna.messages if m.reply_to in sent and "5" in flat(m)), None))
    assert all(name.removesuffix(".mp3") in answer.text for name in names)
    assert sum(m.sender.is_bot for m in anna.messages) == 1
    anna.presses(answer, "3")
    card = scene.until(lambda: next((m for m in anna.messages if "DOCX" in flat(m)), None))
    assert "part3" in card.text
    assert "Hello there." in card.text


def flat(message: Message) -> list[str]:
    return [button for row in message.buttons for button in row]


def test_a_forwarded_one_keeps_its_author_and_date(scene: Scene) -> None:
    anna = scene.person()
    origin = from_hidden_user("Иван Петров", date=1_700_000_000)
    answer = scene.result_of(anna.sends(Attachment("voice", scene.voice(), duration=6), origin=origin))
    assert "Иван Петров" in answer.text
    assert "15 ноября" in said(answer)  # 01:13 in Moscow


def test_the_same_file_again_is_answered_from_the_first_result(scene: Scene) -> None:
    anna, data = scene.person(), scene.voice()
    first = scene.result_of(anna.sends_voice(data, duration=6))
    calls = len(scene.bed.script.calls(Stage.TRANSCRIBE))
    again = scene.result_of(anna.sends_voice(data, duration=6))
    as_file = scene.result_of(anna.sends_document(data, file_name="other.wav"))  # other ids, the same bytes
    assert again is not first
    assert "уже расшифрована" in again.text
    assert "уже расшифрована" in as_file.text
    assert len(scene.bed.script.calls(Stage.TRANSCRIBE)) == calls


def test_somebody_else_gets_a_result_of_their_own(scene: Scene) -> None:
    data = scene.voice()
    scene.result_of(scene.person().sends_voice(data, duration=6))
    calls = len(scene.bed.script.calls(Stage.TRANSCRIBE))
    other = scene.result_of(scene.person("Борис").sends_voice(data, duration=6))
    assert "уже расшифрована" not in other.text
    assert len(scene.bed.script.calls(Stage.TRANSCRIBE)) > calls


def test_a_long_text_comes_as_a_file_under_a_preview(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(speech_wav(400, speech=0.5, pause=0.5), duration=400)  # a hundred windows
    answer = scene.result_of(sent, within=4 * PATIENCE)
    assert answer.document is not None
    assert answer.document.name is not None
    assert answer.document.name.endswith(".docx")
    assert zipfile.is_zipfile(io.BytesIO(answer.document.data))
    assert len(answer.text) <= 1024


# --- refusals ---


def test_what_telegram_does_not_hand_out_goes_through_the_page(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends(Attachment("document", b"RIFF", "meeting.wav", size=25 * 1024 * 1024))
    answer = scene.answer(sent)
    scene.until(lambda: "20 МБ" in said(answer))
    assert answer.button("Отправить через страницу")["web_app"]["url"] == "https://stenogram.example"
    assert not scene.telegram.called("getFile") or all(
        "meeting" not in str(c) for c in scene.telegram.called("getFile")
    )


def test_what_is_no_recording(scene: Scene) -> None:
    anna = scene.person()
    for sent in (
        anna.sends_text("привет"),
        anna.sends_text("/frobnicate"),
        anna.sends(Attachment("document", b"%PDF-1.4", "contract.pdf")),
    ):
        answer = scene.answer(sent)
        assert "/help" in answer.text or "mp3" in answer.text
    broken = anna.sends_voice(b"this is no sound at all, whatever it says", duration=3)
    answer = scene.answer(broken, lambda m: "mp3" in m.text)
    assert "не аудио" in answer.text


def test_silence(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(speech_wav(1, speech=0, pause=5), duration=5)
    answer = scene.answer(sent, lambda m: "речи" in m.text)
    assert "говорят" in answer.text


def test_more_than_the_quota_says_when_it_resets(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(scene.voice(), duration=5 * 3600)
    answer = scene.answer(sent, lambda m: "осталось" in m.text)
    assert "00:00" in answer.text
    scene.result_of(anna.sends_voice(scene.voice(), duration=6))  # a short one is taken all the same


def test_a_failed_run_is_told_and_can_be_tried_again(scene: Scene) -> None:
    anna = scene.person()
    scene.bed.script.tell(Stage.TRANSCRIBE, errors=("engine.failed",) * 3)
    sent = anna.sends_voice(scene.voice(), duration=6)
    answer = scene.answer(sent, lambda m: ["Повторить"] in m.buttons)
    assert "сбой" in answer.text
    anna.presses(answer, "Повторить")
    assert scene.result_of(sent) is answer


def test_links_to_our_own_network_are_refused(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_text(f"http://127.0.0.1:{scene.bed.environment['REDIS_URL'].split(':')[-1].split('/')[0]}/a.mp3")
    other = anna.sends_text("http://localhost/a.mp3")
    for one in (sent, other):
        scene.answer(one, lambda m: "нельзя открывать" in m.text)


# --- buttons ---


@pytest.fixture(scope="module")
def finished(scene: Scene) -> tuple[Message, Message]:
    """A voice message and its result."""
    anna = scene.person()
    sent = anna.sends_audio(scene.voice(3), file_name="standup.mp3", duration=9)
    return sent, scene.result_of(sent)


def reply_with(scene: Scene, result: Message, label: str) -> Message:
    person = scene.telegram.user(id=result.chat.id, name="Анна", language="ru")
    before = list(result.chat.messages)
    person.presses(result, label)
    return scene.until(lambda: next((m for m in result.chat.messages if m not in before and m.sender.is_bot), None))


@pytest.mark.parametrize("label", ["DOCX", "SRT", "TXT", "JSON"])
def test_files_of_the_first_page(scene: Scene, finished: tuple[Message, Message], label: str) -> None:
    file = reply_with(scene, finished[1], label).document
    assert file is not None
    assert file.name == f"standup.{label.lower()}"
    if label == "JSON":
        assert json.loads(file.data)["segments"]
    elif label != "DOCX":
        assert b"Hello there." in file.data


def test_files_of_the_second_page(scene: Scene, finished: tuple[Message, Message]) -> None:
    result = finished[1]
    person = scene.telegram.user(id=result.chat.id, name="Анна", language="ru")
    person.presses(result, "Ещё…")
    scene.until(lambda: "PDF" in flat(result))
    pdf, vtt = (reply_with(scene, result, label).document for label in ("PDF", "VTT"))
    assert pdf is not None
    assert pdf.data.startswith(b"%PDF")
    assert vtt is not None
    assert vtt.data.startswith(b"WEBVTT")
    assert "Hello there." in reply_with(scene, result, "Только текст").text
    person.presses(result, "‹ Назад")
    scene.until(lambda: "DOCX" in flat(result))


def test_summary_and_the_page(scene: Scene, finished: tuple[Message, Message]) -> None:
    result = finished[1]
    assert "резюме" in reply_with(scene, result, "Резюме").text
    assert result.button("Открыть и править")["web_app"]["url"].startswith("https://stenogram.example/recordings/")


def test_a_speaker_gets_a_name(scene: Scene) -> None:
    anna = scene.person()
    result = scene.result_of(anna.sends_voice(scene.voice(4), duration=12))
    anna.presses(result, "Ещё…")
    scene.until(lambda: "Говорящие" in flat(result))
    speakers = reply_with(scene, result, "Говорящие")
    question = reply_with(scene, speakers, flat(speakers)[0])
    anna.sends_text("Мария <Кузнецова>", reply_to=question)
    scene.until(lambda: "Мария <Кузнецова>" in speakers.text)
    scene.until(lambda: "Мария <Кузнецова>" in result.text)


def test_run_again_with_other_options(scene: Scene) -> None:
    anna = scene.person()
    result = scene.result_of(anna.sends_voice(scene.voice(), duration=6))
    anna.presses(result, "Ещё…")
    scene.until(lambda: "Заново" in flat(result))
    anna.presses(result, "Заново")
    scene.until(lambda: "Быстрее" in flat(result))
    anna.presses(result, "Быстрее")
    scene.until(lambda: "✓ Быстрее" in flat(result))
    before = list(anna.messages)
    anna.presses(result, "Запустить")
    again = scene.until(lambda: next((m for m in anna.messages if m not in before and "DOCX" in flat(m)), None))
    assert "Hello there." in again.text


def test_delete_asks_first_and_takes_the_text_out_of_the_chat(scene: Scene) -> None:
    anna = scene.person()
    sent = anna.sends_voice(scene.voice(), duration=6)
    result = scene.result_of(sent)
    anna.presses(result, "Ещё…")
    scene.until(lambda: "Удалить" in flat(result))
    anna.presses(result, "Удалить")
    scene.until(lambda: "Оставить" in flat(result))
    anna.presses(result, "Оставить")
    scene.until(lambda: "DOCX" in flat(result))
    anna.presses_stale(result, "")
    data = result.button("DOCX")["callback_data"]
    anna.presses(result, "Ещё…")
    scene.until(lambda: "Удалить" in flat(result))
    anna.presses(result, "Удалить")
    scene.until(lambda: "Да, удалить" in flat(result))
    anna.presses(result, "Да, удалить")
    scene.until(lambda: "Hello there." not in result.text)
    press = anna.presses_stale(result, data)
    scene.until(lambda: press.answer is not None)


def test_nobody_reads_what_belongs_to_others(scene: Scene, finished: tuple[Message, Message]) -> None:
    stranger = scene.person("Чужой")
    hello = stranger.opens("/start")
    scene.until(lambda: [m for m in stranger.messages if m.sender.is_bot])
    own = stranger.messages[-1]
    press = stranger.presses_stale(own, finished[1].button("TXT")["callback_data"])
    scene.until(lambda: press.answer is not None)
    assert not [m for m in stranger.messages if m.document]
    assert hello.chat is own.chat


def test_silent_mode_sends_the_result_and_nothing_else(scene: Scene) -> None:
    anna = scene.person()
    anna.opens("/start")
    scene.until(lambda: anna.messages[-1].sender.is_bot)
    scene.prefers(anna, silent=True)
    before = len(anna.messages)
    sent = scene.held(anna.sends_voice, scene.voice(6), stage=Stage.TRANSCRIBE, at=3)
    scene.until(lambda: anna.chat.draft is not None and "Hello there." in anna.chat.draft.text)
    assert len(anna.messages) == before + 1  # what she sent: a draft is no message
    scene.bed.script.release(Stage.TRANSCRIBE)
    result = scene.result_of(sent)
    assert anna.messages[before:] == [sent, result]
    assert "Готово" in result.versions[0].content.text  # what a notification shows
