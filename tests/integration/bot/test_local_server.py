"""A Bot API server of one's own: large files come through its folder, and none of them stays there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.engines import speech_wav
from tests.integration.bot.scene import Scene, playing
from tests.servers import Servers
from tests.telegram_stub import Attachment, Message

MEGABYTE = 1024 * 1024
LIMIT_MB = 40


@pytest.fixture(scope="module")
def scene(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = {"MAX_UPLOAD_MB": str(LIMIT_MB)}
    with playing(servers, tmp_path_factory.mktemp("local"), settings, local=True) as made:
        yield made


def copy_of(sent: Message) -> Path:
    """Where the local server has put it."""
    path: Path = sent.file.path
    return path


def test_a_large_recording_is_taken_in_and_its_copy_deleted(scene: Scene) -> None:
    anna = scene.person()
    recording = speech_wav(4, speech=2.0, pause=244.0)
    assert len(recording) > 30 * MEGABYTE
    sent = anna.sends_document(recording, file_name="планёрка.wav")
    assert copy_of(sent).stat().st_size == len(recording)
    scene.until(lambda: not copy_of(sent).exists())
    assert "Hello there." in scene.result_of(sent).text
    assert not scene.telegram.called("download")


def test_the_copy_stays_as_long_as_the_recording_may_yet_be_taken_in(scene: Scene) -> None:
    blobs = scene.bed.settings.server.data_dir / "blobs"
    away = shutil.move(blobs, blobs.with_name("elsewhere"))
    blobs.write_text("no folder")
    try:
        sent = scene.person().sends_voice(scene.voice(), duration=6)
        scene.until(lambda: "is taken in later: storage.unavailable" in scene.log())
        assert copy_of(sent).exists()
    finally:
        blobs.unlink()
        shutil.move(away, blobs)
    assert "Hello there." in scene.result_of(sent).text
    assert not copy_of(sent).exists()


def test_the_copy_of_what_is_refused_goes_too(scene: Scene) -> None:
    larger = Attachment("document", bytes((LIMIT_MB + 1) * MEGABYTE), "long.wav", size=1000)  # than it said
    sent = scene.person().sends(larger)
    assert f"{LIMIT_MB} МБ" in scene.answer(sent, lambda m: "МБ" in m.text).text
    scene.until(lambda: not copy_of(sent).exists())


def test_what_was_sent_before_is_answered_without_the_file(scene: Scene) -> None:
    anna, data = scene.person(), scene.voice()
    scene.result_of(anna.sends_voice(data, duration=6))
    asked = len(scene.telegram.called("getFile"))
    scene.result_of(anna.sends_voice(data, duration=6))
    assert len(scene.telegram.called("getFile")) == asked
