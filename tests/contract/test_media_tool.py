"""Every MediaTool keeps the same promises: the fake and ffmpeg. Below: ffmpeg alone, on what people really send."""

import math
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from stenogram.engines.media import TARGET_LUFS, FfmpegMediaTool
from stenogram.errors import InvalidMedia, RunCancelled
from stenogram.pipeline.ports import SAMPLE_RATE, DecodeRequest, MediaTool, Samples
from tests import media_files
from tests.fakes.media import FakeMediaTool


@pytest.fixture(params=["fake", "ffmpeg"])
def tool(request: pytest.FixtureRequest) -> MediaTool:
    return FakeMediaTool() if request.param == "fake" else FfmpegMediaTool()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media_files.speech(tmp_path_factory.mktemp("speech") / "speech.wav")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, spoken: Path) -> Path:
    """Six seconds at 16 kHz mono, which even the fake can read."""
    return media_files.encode(
        spoken, tmp_path_factory.mktemp("plain") / "plain.wav", "-ar", "16000", "-t", "6", filters="volume=-20dB"
    )


def decoded(tool: MediaTool, request: DecodeRequest) -> Samples:
    with closing(tool.decode(request)) as blocks:
        return np.concatenate(list(blocks))


def test_facts_and_samples_agree(tool: MediaTool, plain: Path) -> None:
    facts = tool.probe(plain)
    samples = decoded(tool, DecodeRequest(plain, facts, 60))

    assert (facts.sample_rate, facts.channels, facts.has_video) == (SAMPLE_RATE, 1, False)
    assert samples.dtype == np.float32
    assert facts.duration == pytest.approx(6, abs=0.01)
    assert samples.size / SAMPLE_RATE == pytest.approx(6, abs=0.05)
    assert np.abs(samples).max() <= 1


def test_blocks_are_short(tool: MediaTool, plain: Path) -> None:
    with closing(tool.decode(DecodeRequest(plain, tool.probe(plain), 60))) as blocks:
        assert all(0 < block.size <= 5 * SAMPLE_RATE for block in blocks)


def test_measuring_tells_the_seconds_and_a_second_pass_is_louder(tool: MediaTool, plain: Path) -> None:
    facts = tool.probe(plain)
    heard: list[float] = []
    loudness = tool.measure(DecodeRequest(plain, facts, 60), heard.append)
    before = decoded(tool, DecodeRequest(plain, facts, 60))
    after = decoded(tool, DecodeRequest(plain, facts, 60, loudness))

    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(6, abs=0.05)
    assert -60 < loudness.integrated < -30
    gain_db = 20 * math.log10(float(np.abs(after).max() / np.abs(before).max()))
    assert gain_db == pytest.approx(TARGET_LUFS - loudness.integrated, abs=0.2)


def test_more_sound_than_allowed_is_too_long(tool: MediaTool, plain: Path) -> None:
    request = DecodeRequest(plain, tool.probe(plain), 2)
    for consume in (tool.measure, lambda r: decoded(tool, r)):
        with pytest.raises(InvalidMedia) as caught:
            consume(request)
        assert caught.value.code == "media.too_long"


def test_an_exception_of_the_listener_passes(tool: MediaTool, plain: Path) -> None:
    def cancelled(_: float) -> None:
        raise RunCancelled

    with pytest.raises(RunCancelled):
        tool.measure(DecodeRequest(plain, tool.probe(plain), 60), cancelled)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (media_files.empty, "media.empty"),
        (media_files.text, "media.unsupported"),
        (media_files.playlist, "media.playlist"),
    ],
)
def test_what_is_no_recording_has_its_code(
    tool: MediaTool, tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    with pytest.raises(InvalidMedia) as caught:
        tool.probe(make(tmp_path / "recording.mp3"))
    assert caught.value.code == code


# --- ffmpeg alone ---


@pytest.mark.parametrize("name", [*media_files.LOSSY, *media_files.LOSSLESS, *media_files.VIDEOS])
def test_reads_what_people_send(spoken: Path, tmp_path: Path, name: str) -> None:
    if name in media_files.VIDEOS:
        path = media_files.video(spoken, tmp_path / name, *media_files.VIDEOS[name])
    else:
        options = (media_files.LOSSY | media_files.LOSSLESS)[name]
        path = media_files.encode(spoken, tmp_path / name, *options)
    disguised = path.rename(tmp_path / "-no name.jpg")  # neither the name nor the type decides
    tool = FfmpegMediaTool()
    facts = tool.probe(disguised)
    samples = decoded(tool, DecodeRequest(disguised, facts, 60))

    assert samples.size / SAMPLE_RATE == pytest.approx(9.2, abs=0.15)
    assert facts.has_video == (name in media_files.VIDEOS)
    assert float(np.abs(samples).max()) > 0.3


def test_reads_amr(tmp_path: Path) -> None:
    path = media_files.amr(tmp_path / "voice.amr", 3)
    tool = FfmpegMediaTool()
    samples = decoded(tool, DecodeRequest(path, tool.probe(path), 60))

    assert samples.size / SAMPLE_RATE == pytest.approx(3, abs=0.1)
    assert float(np.abs(samples).max()) > 0.01


def test_cover_art_is_no_video(spoken: Path, tmp_path: Path) -> None:
    cover = media_files.image(tmp_path / "cover.jpg")
    path = tmp_path / "song.mp3"
    media_files.ffmpeg(
        "-i", spoken, "-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-id3v2_version", "3", path
    )

    assert not FfmpegMediaTool().probe(path).has_video


@pytest.mark.parametrize("gain", [-35, 0])
def test_normalised_to_one_lu_with_its_dynamics(spoken: Path, tmp_path: Path, gain: int) -> None:
    path = media_files.encode(spoken, tmp_path / "speech.wav", "-c:a", "pcm_f32le", filters=f"volume={gain}dB")
    tool = FfmpegMediaTool()
    facts = tool.probe(path)
    loudness = tool.measure(DecodeRequest(path, facts, 60))
    raw = decoded(tool, DecodeRequest(path, facts, 60))
    normalised = decoded(tool, DecodeRequest(path, facts, 60, loudness))
    out = tmp_path / "normalised.f32"
    normalised.tofile(out)
    again = media_files.encode_raw(out, tmp_path / "normalised.wav")
    level = tool.measure(DecodeRequest(again, tool.probe(again), 60))

    assert level.integrated == pytest.approx(TARGET_LUFS, abs=1)
    assert level.range == pytest.approx(loudness.range, abs=0.5)
    ratio = normalised[np.abs(raw) > 0.2 * np.abs(raw).max()] / raw[np.abs(raw) > 0.2 * np.abs(raw).max()]
    assert ratio.std() / ratio.mean() < 0.01  # one constant gain, no pumping


def test_a_loud_knock_in_quiet_speech_is_limited_not_obeyed(spoken: Path, tmp_path: Path) -> None:
    knock = "volume=-40dB,volume=60dB:enable='between(t,3,3.01)'"
    path = media_files.encode(spoken, tmp_path / "knock.wav", "-c:a", "pcm_f32le", filters=knock)
    tool = FfmpegMediaTool()
    facts = tool.probe(path)
    loudness = tool.measure(DecodeRequest(path, facts, 60))
    samples = decoded(tool, DecodeRequest(path, facts, 60, loudness))

    assert np.abs(samples).max() < 0.9
    assert float(np.sqrt(np.mean(samples[5 * SAMPLE_RATE : 8 * SAMPLE_RATE] ** 2))) > 0.02


def test_noise_reduction_quietens_the_pauses(spoken: Path, tmp_path: Path) -> None:
    noisy = tmp_path / "noisy.wav"
    media_files.ffmpeg(
        *("-i", spoken, "-f", "lavfi", "-i", "anoisesrc=a=0.02:c=white:seed=3:d=18"),
        *("-filter_complex", "[0]apad=pad_dur=4[a];[a][1]amix=duration=first:normalize=0", noisy),
    )
    tool = FfmpegMediaTool()
    facts = tool.probe(noisy)
    plain, clean = (decoded(tool, DecodeRequest(noisy, facts, 60, denoise=on)) for on in (False, True))
    tail = slice(-2 * SAMPLE_RATE, None)

    assert np.sqrt(np.mean(clean[tail] ** 2)) < 0.5 * np.sqrt(np.mean(plain[tail] ** 2))
    assert abs(clean.size - plain.size) < 0.1 * SAMPLE_RATE
