"""What the media engines do with broken programs and strange first bytes."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from stenogram.engines.media import FfmpegMediaTool
from stenogram.engines.vad import VadOptions, speech_regions
from stenogram.errors import EngineError, InvalidMedia
from stenogram.media.containers import missing_share, sniff
from stenogram.media.sandbox import Failure, Limits, stream
from stenogram.pipeline.ports import DecodeRequest, MediaFacts
from tests import media_files
from tests.processes import children, is_gone

LIMITS = Limits(cpu_seconds=5, stall_seconds=5)


def shell(script: str, limits: Limits = LIMITS) -> bytes:
    return b"".join(stream(["/bin/sh", "-c", script], limits))


# --- sandbox ---


def test_output_and_diagnostics_come_back() -> None:
    said: list[str] = []
    output = b"".join(stream(["/bin/sh", "-c", "echo out; echo err >&2"], LIMITS, said.append))

    assert (output, said) == (b"out\n", ["err\n"])


@pytest.mark.parametrize(
    ("script", "returncode"),
    [
        ("exit 3", 3),
        ("kill -SEGV $$", -signal.SIGSEGV),
        ("while :; do :; done", -signal.SIGKILL),  # past its processor time
        ("echo x > /dev/shm/stenogram-test-written", None),
    ],
    ids=["status", "signal", "endless", "writes"],
)
def test_bad_ends_are_failures(script: str, returncode: int | None) -> None:
    with pytest.raises(Failure) as caught:
        shell(script, Limits(cpu_seconds=1, stall_seconds=20))
    if returncode is not None:
        assert caught.value.returncode in {returncode, -signal.SIGXCPU if returncode == -signal.SIGKILL else returncode}
    Path("/dev/shm/stenogram-test-written").unlink(missing_ok=True)


def test_memory_and_environment_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    program = "import os; print('SECRET_KEY' in os.environ); bytearray(1 << 30)"
    with pytest.raises(Failure) as caught:
        b"".join(stream([sys.executable, "-c", program], Limits(cpu_seconds=5, memory_mb=512)))

    assert "MemoryError" in caught.value.diagnostics
    assert shell("echo ${SECRET_KEY-unset}") == b"unset\n"


def test_a_program_that_says_nothing_is_given_up() -> None:
    with pytest.raises(Failure) as caught:
        shell("sleep 30", Limits(cpu_seconds=5, stall_seconds=0.2))

    assert caught.value.returncode is None
    assert children("sleep") == []


def test_closing_kills_the_whole_group() -> None:
    with closing(stream(["/bin/sh", "-c", "sleep 30 & echo $!; wait"], LIMITS)) as chunks:
        grandchild = int(next(chunks))

    assert is_gone(grandchild)


def test_endless_diagnostics_are_not_kept() -> None:
    with pytest.raises(Failure) as caught:
        shell("head -c 5000000 /dev/zero | tr '\\0' x >&2; exit 1")

    assert len(caught.value.diagnostics) <= 65_536


def test_limits_are_validated() -> None:
    with pytest.raises(ValueError):
        Limits(cpu_seconds=0)


def test_ffmpeg_ends_when_its_reader_was_killed(tmp_path: Path) -> None:
    source = media_files.silence(tmp_path / "hours.flac", 2 * 3600)
    script = (
        "import os, sys; from pathlib import Path; from stenogram.engines.media import FfmpegMediaTool as T;"
        "from stenogram.pipeline.ports import DecodeRequest as D; import psutil; t = T(); p = Path(sys.argv[1]);"
        "t.measure(D(p, t.probe(p), 9e4), lambda s: s > 60 and ("
        "print(psutil.Process().children()[0].pid, flush=True), os.kill(os.getpid(), 9)))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(source)], stdout=subprocess.PIPE, check=False)
    orphan = int(done.stdout)

    assert done.returncode == -signal.SIGKILL
    assert is_gone(orphan)


# --- programs that fail ---


def program(folder: Path, script: str) -> str:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o700)
    return str(path)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 127", "engine.not_configured"),
        ("kill -KILL $$", "engine.failed"),
        ("sleep 30", "engine.failed"),
        ("echo 'moov atom not found' >&2; exit 1", "media.truncated"),
        ("exit 1", "media.decode_failed"),
    ],
)
def test_each_end_of_ffmpeg_has_its_code(tmp_path: Path, script: str, code: str) -> None:
    source = media_files.speech(tmp_path / "speech.wav", "Hello.")
    tool = FfmpegMediaTool(program(tmp_path, script), program(tmp_path, script), stall_seconds=0.5)
    facts = MediaFacts("wav", "pcm_s16le", 1.0, 22_050, 1)
    for call in (lambda: tool.probe(source), lambda: tool.measure(DecodeRequest(source, facts, 60))):
        with pytest.raises((EngineError, InvalidMedia)) as caught:
            call()
        assert caught.value.code == code


def test_streams_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    source = media_files.speech(tmp_path / "speech.wav", "Hello.")
    for report in (
        '{"streams": []}',
        '{"streams": [{"codec_type": "audio", "sample_rate": "16000", "channels": 999}]}',
    ):
        tool = FfmpegMediaTool(ffprobe=program(tmp_path, f"echo '{report}'"))
        with pytest.raises(InvalidMedia) as caught:
            tool.probe(source)
        assert caught.value.code == "media.decode_failed"


# --- first bytes ---


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"OggS" + bytes(20), "ogg"),
        (b"\x00\x00\x00\x20ftypM4A ", "mov"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x05" + bytes(5) + b"fLaC" + bytes(20), "flac"),
        (b"ID3\x04\x00\x10\x00\x00\x00\x05" + bytes(15) + b"OggS" + bytes(20), "ogg"),
        (bytes(100) + (b"\xff\xfb\x90\x00" + bytes(413)) * 2, "mp3"),
        ((b"\xff\xfd\x84\x00" + bytes(380)) * 3, "mp3"),
        ((b"\xff\xff\x84\x00" + bytes(252)) * 3, "mp3"),
        ((b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 3, "aac"),
        (b"#!AMR-WB\n" + bytes(9), "amr"),
        (b"FORM\x00\x00\x00\x00AIFC", "aiff"),
    ],
)
def test_knows_containers_by_their_first_bytes(tmp_path: Path, head: bytes, demuxer: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(head)

    assert sniff(path).demuxer == demuxer


@pytest.mark.parametrize(
    "head",
    [
        b"#EXTM3U\n",
        b"\xef\xbb\xbf\n #extm3u",
        "\ufeff#EXTM3U".encode("utf-16-le"),
        b"ffconcat version 1.0",
        b'<?xml version="1.0"?>\n<MPD xmlns="x">',
        b"[playlist]\nFile1=x",
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1",
        b"ID3\x04\x00\x00\x00\x00\x00\x00#EXTM3U\n",
    ],
)
def test_playlists_never_reach_ffmpeg(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "file.mp3"
    path.write_bytes(head)

    with pytest.raises(InvalidMedia) as caught:
        sniff(path)
    assert caught.value.code == "media.playlist"


@pytest.mark.parametrize("head", [b"PK\x03\x04" + bytes(60), b"\x89PNG\r\n", b"\xff\xfb\x90\x00", b"x", b"ID3\x04"])
def test_all_else_is_unsupported(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "file.mp3"
    path.write_bytes(head)

    with pytest.raises(InvalidMedia) as caught:
        sniff(path)
    assert caught.value.code == "media.unsupported"


def test_bytes_that_a_wav_promises(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF" + (92).to_bytes(4, "little") + b"WAVE" + bytes(38))
    assert missing_share(path) == pytest.approx(0.5)
    path.write_bytes(b"RIFF\xff\xff\xff\xffWAVE" + bytes(38))
    assert missing_share(path) == 0


# --- speech regions ---


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([], []),
        ([0.1] * 50, []),
        ([0.9] * 50, [(0.0, 1.6)]),
        ([0.0] * 25 + [0.9] * 25 + [0.0] * 50, [(0.7, 1.7)]),
        ([0.9] * 20 + [0.0] * 5 + [0.9] * 20, [(0.0, 1.44)]),  # a pause shorter than min_silence
        ([0.9] * 20 + [0.3] * 40 + [0.9] * 20, [(0.0, 2.56)]),  # between the two thresholds: still speech
        ([0.0] * 20 + [0.9] * 2 + [0.0] * 20, []),  # shorter than min_speech
    ],
)
def test_speech_regions(probabilities: list[float], expected: list[tuple[float, float]]) -> None:
    regions = speech_regions(np.array(probabilities, np.float32), len(probabilities) * 0.032, VadOptions())

    assert [(region.start, region.end) for region in regions] == [pytest.approx(pair) for pair in expected]


@pytest.mark.parametrize("wrong", [{"threshold": 1.0}, {"padding": -0.1}])
def test_vad_options_are_validated(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        VadOptions(**wrong)
