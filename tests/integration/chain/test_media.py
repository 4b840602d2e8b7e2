"""Bad recordings through the chain with the real media tool, and what is left of any recording on the disk."""

import re
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from apps.bot_api.schemas.runs import run_out
from stenogram.engines.media import FfmpegMediaTool
from stenogram.errors import InvalidMedia
from stenogram.pipeline.ports import MediaTool
from stenogram.pipeline.stage import STAGES, Stage
from stenogram.services.runs import RunView
from tests import media_files
from tests.bed import CALM, Bed, make_bed
from tests.fakes.engines import FakeEngines, speech_wav
from tests.servers import Servers

HOURS = 0.5
_CLOCK_STEP_SECONDS = 1.0  # more than the clock of any file system steps on by
ENDS = re.compile(r"[.!?]$")


class RealMediaTool(FakeEngines):
    """Everything faked but the media tool."""

    def media_tool(self) -> MediaTool:
        return FfmpegMediaTool()


@pytest.fixture(scope="module")
def real(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    settings = {**CALM, "MAX_RECORDING_HOURS": str(HOURS)}
    with make_bed(servers, tmp_path_factory.mktemp("media"), settings) as bed:
        yield replace(bed, context=replace(bed.context, engines=RealMediaTool()))


def tones(folder: Path) -> Path:
    """Ten seconds that the faked recogniser hears as speech."""
    path = folder / "tones.wav"
    path.write_bytes(speech_wav(4))
    return path


def through(bed: Bed, path: Path, name: str | None = None, content_type: str = "audio/mpeg") -> RunView:
    recording = bed.take_in(path.read_bytes(), name or path.name, content_type)
    return bed.work(bed.start(recording))


BAD: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "text renamed": ("media.unsupported", lambda folder: media_files.text(folder / "talk.mp3")),
    "truncated mp4": (
        "media.truncated",
        lambda folder: media_files.cut_off(
            media_files.video(tones(folder), folder / "whole.mp4", *media_files.VIDEOS["meeting.mp4"]),
            folder / "meeting.mp4",
        ),
    ),
    "video without sound": ("media.no_audio", lambda folder: media_files.silent_video(folder / "screen.mp4")),
    "silence": ("media.silent", lambda folder: media_files.silence(folder / "quiet.mp3")),
    "clip of 0.2 s": (
        "media.too_short",
        lambda folder: media_files.clip(tones(folder), folder / "click.wav"),
    ),
    "hours of silence in kilobytes": (
        "media.too_long",
        lambda folder: media_files.silence(folder / "bomb.flac", HOURS * 3600 + 60, "-c:a", "flac"),
    ),
    "hours of silence whose length nothing tells": (
        "media.too_long",
        lambda folder: media_files.silence(folder / "bomb.aac", HOURS * 3600 + 60, "-c:a", "aac", "-b:a", "8k"),
    ),
    "playlist behind a mark": (
        "media.playlist",
        lambda folder: media_files.playlist(folder / "list.mp3", prefix=b"ID3\x03\x00\x00\x00\x00\x00\x00"),
    ),
}


@pytest.mark.parametrize(("code", "make"), BAD.values(), ids=BAD)
def test_a_bad_recording_ends_in_its_own_code(
    real: Bed, tmp_path: Path, code: str, make: Callable[[Path], Path]
) -> None:
    view = through(real, make(tmp_path))

    assert view.error
    assert (view.state, view.error.code) == ("dead", code)
    assert [(stage.state, stage.attempts) for stage in view.stages] == [("dead", 1), *[("waiting", 0)] * 4]
    said = {language: run_out(view, language).error for language in ("ru", "en")}
    texts = {language: problem.message for language, problem in said.items() if problem}
    assert set(texts) == {"ru", "en"}
    assert re.search("[а-яё]", texts["ru"])
    assert not re.search("[а-яё]", texts["en"])
    assert all(ENDS.search(text) and "?" not in text and "{" not in text for text in texts.values())
    assert not real.scratch()


def test_an_empty_file_and_a_plain_playlist_are_not_even_taken_in(real: Bed, tmp_path: Path) -> None:
    for path, code in (
        (media_files.empty(tmp_path / "nothing.mp3"), "media.empty"),
        (media_files.playlist(tmp_path / "list.mp3"), "media.playlist"),
    ):
        files = real.keys()
        with pytest.raises(InvalidMedia) as caught:
            real.take_in(path.read_bytes(), path.name)
        assert caught.value.code == code
        assert real.keys() == files
        assert real.objects() == set(files.values())


@pytest.mark.parametrize(("name", "content_type"), [("talk.mp3", "audio/mpeg"), ("notes.txt", "text/plain")])
def test_a_wrong_name_or_type_does_no_harm(real: Bed, tmp_path: Path, name: str, content_type: str) -> None:
    view = through(real, tones(tmp_path), name, content_type)

    assert view.state == "done"
    assert real.phrases(view.id) == 4


def test_nothing_of_a_recording_lies_readable_on_the_disk(bed: Bed, servers: Servers) -> None:
    before = time.time() - _CLOCK_STEP_SECONDS
    source = speech_wav(4)
    recording = bed.take_in(source)
    run_id = bed.start(recording)
    for stage in STAGES:
        bed.run(run_id, stage)
    assert bed.view(run_id).state == "done"
    samples = [source[at : at + 64] for at in range(44, 64_000, 6400)]
    needles = [source[:44], *samples, *(_as_float(piece) for piece in samples)]

    files = [path for folder in (bed.folder, servers.folder) for path in _written_since(before, folder)]

    assert len(bed.objects()) > 8
    assert {path.name for path in files} >= bed.objects()
    assert [path for path in files if any(needle in _content(path) for needle in needles)] == []
    assert bed.scratch() == []
    assert _stored(bed, recording, run_id) == (source, True)


def _written_since(moment: float, folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # the servers, which others use too, have taken it away
            if path.is_file() and path.stat().st_mtime >= moment:
                yield path


def _content(path: Path) -> bytes:
    """None of a file that the servers, which others use too, have taken away meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _as_float(piece: bytes) -> bytes:
    values = struct.unpack(f"<{len(piece) // 2}h", piece)
    return struct.pack(f"<{len(values)}f", *(value / 32768 for value in values))


def _stored(bed: Bed, recording: object, run_id: object) -> tuple[bytes, bool]:
    """What the vault gives back: it is there, only not readable without the key."""
    source = bed.read(f"recordings/{recording}/source")
    return source, len(bed.read(f"runs/{run_id}/audio.pcm")) == len(source) - 44


def test_the_folder_of_a_stage_is_removed_when_the_stage_fails(bed: Bed) -> None:
    bed.script.tell("preprocess", errors=("crash",))
    run_id = bed.start()

    assert bed.run(run_id, Stage.PREPROCESS)

    assert bed.row(run_id, Stage.PREPROCESS).error_code == "internal"
    assert not bed.scratch()
