"""What is shared of a whole recording: its sound to the sample, and nothing that its file tells besides."""

import json
import subprocess
from pathlib import Path

import pytest

from stenogram.media.strip import strip

TAGS = {"title": "Secret title", "comment": "of Anna", "location": "+55.7558+037.6173/", "make": "Phone"}
SECONDS = 1.5
_TONE = ("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"sine=440:duration={SECONDS}")


def recording(folder: Path, name: str, *codec: str) -> Path:
    path = folder / name
    tags = [
        part for key, value in TAGS.items() for where in ("", ":s") for part in (f"-metadata{where}", f"{key}={value}")
    ]
    subprocess.run([*_TONE, *codec, *tags, str(path)], check=True)
    return path


def pcm(path: Path) -> bytes:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a:0", "-f", "s16le", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def streams(path: Path) -> list[str]:
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [stream["codec_name"] for stream in told["streams"]]


@pytest.mark.parametrize(
    ("name", "codec", "content_type"),
    [
        ("a.ogg", ("-c:a", "libopus"), "audio/ogg"),
        ("b.ogg", ("-c:a", "libvorbis"), "audio/ogg"),
        ("a.m4a", ("-c:a", "aac", "-movflags", "use_metadata_tags"), "audio/mp4"),
        ("a.mp3", ("-c:a", "libmp3lame"), "audio/mpeg"),
        ("a.flac", ("-c:a", "flac"), "audio/flac"),
        ("a.wav", ("-c:a", "pcm_s16le"), "audio/wav"),
        ("a.webm", ("-c:a", "libopus"), "audio/webm"),
    ],
)
def test_the_sound_is_copied_without_tags(tmp_path: Path, name: str, codec: tuple[str, ...], content_type: str) -> None:
    source = recording(tmp_path, name, *codec)
    assert TAGS["title"].encode() in source.read_bytes(), "there was something to leave out"
    bare = strip(source, tmp_path, SECONDS)
    assert bare.content_type == content_type
    assert streams(bare.path) == streams(source)
    data = bare.path.read_bytes()
    assert [value for value in TAGS.values() if value.encode() in data] == []
    assert abs(len(pcm(bare.path)) - len(pcm(source))) <= 2 * 2 * 2400, "to an edge of a packet"


def test_what_no_browser_plays_becomes_aac_and_video_stays_away(tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", f"color=red:size=32x32:duration={SECONDS}", "-c:v", "mpeg4", "-c:a", "pcm_s16le")
    source = recording(tmp_path, "a.avi", *picture)
    assert len(streams(source)) == 2
    bare = strip(source, tmp_path, SECONDS)
    assert (bare.content_type, streams(bare.path)) == ("audio/mp4", ["aac"])
