"""Cuts are where the player's clock says, to 50 ms, whatever the recording came in; nothing else goes along."""

import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from stenogram.errors import InvalidMedia, InvalidOptions
from stenogram.media.clip import CLIP_FORMATS, clip_format, cut

MEETING = Path(__file__).parents[3] / "examples" / "meeting-en.ogg"
RATE = 8_000  # what is compared; enough to tell milliseconds
EXACT_SECONDS = 0.05
ENOUGH_SECONDS = "45"  # of the meeting: more than is cut

SOURCES: dict[str, tuple[str, ...]] = {
    "meeting.mp3": ("-c:a", "libmp3lame", "-q:a", "5"),
    "bare.mp3": ("-c:a", "libmp3lame", "-q:a", "7", "-write_xing", "0", "-id3v2_version", "0"),
    "meeting.m4a": ("-c:a", "aac", "-metadata", "title=secret", "-metadata", "location=+55.75+037.61/"),
    "meeting.aac": ("-c:a", "aac", "-f", "adts"),
    "meeting.webm": ("-c:a", "libopus"),
    "meeting.wav": ("-c:a", "pcm_s16le"),
    "meeting.flac": ("-c:a", "flac"),
}


def sound(path: Path) -> npt.NDArray[np.float32]:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.float32)


def offset(whole: npt.NDArray[np.float32], part: npt.NDArray[np.float32], start: float) -> float:
    """Seconds by which ``part`` lies beside ``start`` in ``whole``: the correlation's peak within half a second."""
    room, first = RATE // 2, round(start * RATE)
    piece = part[: 4 * RATE]
    window = whole[max(0, first - room) : first + room + piece.size]
    at = int(np.argmax(np.correlate(window, piece, "valid")))
    return (at - min(first, room)) / RATE


@dataclass(frozen=True)
class Source:
    path: Path

    @cached_property
    def samples(self) -> npt.NDArray[np.float32]:
        return sound(self.path)


def _made_once(name: str) -> object:
    """As a parameter whose tests all run in one process of pytest-xdist."""
    return pytest.param(name, marks=pytest.mark.xdist_group(f"clip-{name}"))


@pytest.fixture(scope="module", params=["meeting.ogg", *map(_made_once, SOURCES)])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Source:
    if request.param == "meeting.ogg":
        return Source(MEETING)
    made = tmp_path_factory.mktemp("sources") / str(request.param)
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(MEETING), "-t", ENOUGH_SECONDS]
    subprocess.run([*command, *SOURCES[request.param], str(made)], check=True)
    return Source(made)


@pytest.mark.parametrize("name", CLIP_FORMATS)
@pytest.mark.parametrize(("start", "end"), [(0.0, 5.0), (31.37, 38.21)])
def test_a_cut_is_exact(source: Source, tmp_path: Path, name: str, start: float, end: float) -> None:
    target = tmp_path / f"cut.{name}"
    cut(source.path, target, start, end, clip_format(name))
    part = sound(target)
    assert part.size / RATE == pytest.approx(end - start, abs=EXACT_SECONDS)
    assert abs(offset(source.samples, part, start)) < EXACT_SECONDS
    assert b"secret" not in target.read_bytes()
    assert b"+55.75" not in target.read_bytes()


def test_a_cut_beyond_the_end_of_the_sound_is_silent(tmp_path: Path) -> None:
    length = sound(MEETING).size / RATE
    cut(MEETING, tmp_path / "cut.wav", length - 1, length + 1, clip_format("wav"))
    part = sound(tmp_path / "cut.wav")
    assert part.size / RATE == pytest.approx(2, abs=EXACT_SECONDS)
    assert not part[-RATE // 2 :].any()


def test_what_begins_late_is_cut_by_the_clock_of_the_player(tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    picture = ("-f", "lavfi", "-i", "color=s=64x64:d=12:r=5")
    command = ["ffmpeg", "-nostdin", "-v", "error", *picture, "-itsoffset", "3", "-i", str(MEETING)]
    subprocess.run([*command, "-t", "12", "-c:v", "mpeg4", "-c:a", "flac", str(late)], check=True)
    cut(late, tmp_path / "cut.wav", 2.0, 9.0, clip_format("wav"))
    part = sound(tmp_path / "cut.wav")
    assert part.size / RATE == pytest.approx(7, abs=EXACT_SECONDS)
    assert not part[: round(0.9 * RATE)].any()
    assert abs(offset(sound(MEETING), part[RATE:], 0.0)) < EXACT_SECONDS


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    playlist = tmp_path / "list.ogg"
    playlist.write_text("#EXTM3U\nfile:///etc/passwd\n")
    with pytest.raises(InvalidMedia) as caught:
        cut(playlist, tmp_path / "cut.wav", 0, 1, clip_format("wav"))
    assert caught.value.code == "media.playlist"
    with pytest.raises(InvalidOptions):
        clip_format("mp3")
