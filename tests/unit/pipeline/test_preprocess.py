"""The preprocess stage, with fakes for its bounds and its bookkeeping and with ffmpeg for what people send."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stenogram.engines.media import FfmpegMediaTool
from stenogram.engines.vad import SileroVad
from stenogram.errors import InvalidMedia, RunCancelled, StorageError
from stenogram.pipeline.ports import SAMPLE_RATE, MediaTool, VoiceActivityDetector
from stenogram.pipeline.preprocess import MAX_PEAKS, Prepared, PreprocessOptions, prepared_audio, preprocess
from stenogram.pipeline.stage import Progress, no_progress
from stenogram.speech.transcript import HypothesisSegment, Region
from tests import media_files
from tests.fakes.media import FakeMediaTool
from tests.fakes.vad import FakeVad
from tests.processes import children


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media_files.speech(tmp_path_factory.mktemp("speech") / "speech.wav")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, spoken: Path) -> Path:
    return media_files.encode(spoken, tmp_path_factory.mktemp("plain") / "plain.wav", "-ar", "16000", "-t", "6")


def prepare(
    source: Path,
    media: MediaTool | None = None,
    vad: VoiceActivityDetector | None = None,
    options: PreprocessOptions | None = None,
    progress: Progress = no_progress,
) -> tuple[Prepared, bytes]:
    pcm = bytearray()
    prepared = preprocess(
        source,
        media or FfmpegMediaTool(),
        vad or SileroVad(),
        pcm.extend,
        options or PreprocessOptions(),
        progress,
    )
    return prepared, bytes(pcm)


def fake(source: Path, media: FakeMediaTool, options: PreprocessOptions | None = None) -> Prepared:
    return prepare(source, media, FakeVad(), options)[0]


def refusal(source: Path, options: PreprocessOptions | None = None, media: MediaTool | None = None) -> InvalidMedia:
    with pytest.raises(InvalidMedia) as caught:
        prepare(source, media, options=options)
    return caught.value


# --- bookkeeping ---


def test_pcm_peaks_and_regions_belong_together(plain: Path) -> None:
    prepared, pcm = prepare(plain, FakeMediaTool(block_seconds=0.333), FakeVad())
    sound = np.abs(np.frombuffer(pcm, "<i2") / 32767)

    assert prepared.duration == pytest.approx(6, abs=0.01)
    assert len(pcm) == 2 * round(prepared.duration * SAMPLE_RATE)
    assert prepared.interval_seconds == pytest.approx(0.02)
    assert len(prepared.peaks) == 300
    for index in (0, 100, 299):
        assert prepared.peaks[index] == pytest.approx(sound[index * 320 : (index + 1) * 320].max(), abs=0.002)
    assert 0 <= prepared.regions[0].start < prepared.regions[-1].end <= prepared.duration
    assert prepared.warnings == ()


def test_peaks_of_a_long_recording_are_bounded(tmp_path: Path, spoken: Path) -> None:
    path = media_files.long_speech(spoken, tmp_path / "long.wav", 200, "-ar", "16000")
    prepared = fake(path, FakeMediaTool())

    assert MAX_PEAKS / 2 < len(prepared.peaks) <= MAX_PEAKS
    assert len(prepared.peaks) * prepared.interval_seconds == pytest.approx(200, abs=0.05)


def test_progress_rises_from_nothing_to_all(plain: Path) -> None:
    fractions: list[float] = []

    def progress(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        fractions.append(fraction)

    prepare(plain, FakeMediaTool(), FakeVad(), progress=progress)

    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert len(fractions) >= 12


def test_noise_reduction_is_asked_for(plain: Path) -> None:
    media = FakeMediaTool()
    fake(plain, media, PreprocessOptions(denoise=True))

    assert [request.denoise for request in media.requests] == [True]


@pytest.mark.parametrize(
    ("media", "warnings"),
    [
        (FakeMediaTool(promised=60), ("truncated",)),
        (FakeMediaTool(promised=60, exact=False), ()),
        (FakeMediaTool(clipped=0.1), ("clipped",)),
    ],
)
def test_warns(plain: Path, media: FakeMediaTool, warnings: tuple[str, ...]) -> None:
    assert fake(plain, media).warnings == warnings


def test_decoded_size_is_bounded(plain: Path) -> None:
    options = PreprocessOptions(max_decoded_bytes=4 * 16_000 * 8 * 5)  # five seconds of eight channels

    assert refusal(plain, options, FakeMediaTool(channels=8)).code == "media.too_long"
    assert fake(plain, FakeMediaTool(), options).duration == pytest.approx(6, abs=0.01)


@pytest.mark.parametrize(
    ("media", "code"),
    [
        (FakeMediaTool(promised=7 * 3600), "media.too_long"),
        (FakeMediaTool(promised=30), "media.truncated"),
    ],
)
def test_a_header_that_promises_too_much(tmp_path: Path, spoken: Path, media: FakeMediaTool, code: str) -> None:
    path = media_files.encode(spoken, tmp_path / "tiny.wav", "-ar", "16000", "-t", "0.1")

    assert refusal(path, media=media).code == code


@pytest.mark.parametrize(
    "bounds", [{"min_seconds": -1}, {"max_seconds": 0.1}, {"max_decoded_bytes": 0}], ids=lambda b: next(iter(b))
)
def test_contradictory_bounds_are_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        replace(PreprocessOptions(), **bounds)


# --- the recording for later stages ---


def test_reads_any_part(plain: Path) -> None:
    prepared, pcm = prepare(plain, FakeMediaTool(), FakeVad())
    audio = prepared_audio(prepared, lambda offset, length: pcm[offset : offset + length])
    whole = audio.read(0, audio.duration)

    assert whole.dtype == np.float32
    assert whole.size == len(pcm) // 2
    assert np.array_equal(audio.read(1.5, 2.25), whole[24_000:36_000])
    assert audio.read(5.5, 99).size == whole.size - 88_000
    assert audio.read(-1, 0.5).size == 8_000
    assert audio.read(99, 100).size == 0


def test_missing_pcm_is_corruption(plain: Path) -> None:
    prepared, pcm = prepare(plain, FakeMediaTool(), FakeVad())
    audio = prepared_audio(prepared, lambda offset, length: pcm[offset : offset + length - 2])

    with pytest.raises(StorageError) as caught:
        audio.read(0, 1)
    assert caught.value.code == "storage.corrupt"


def test_prepared_is_validated(plain: Path) -> None:
    prepared = fake(plain, FakeMediaTool())
    for wrong in ({"duration": 0.0}, {"peaks": (1.5,)}, {"regions": (Region(0, 2), Region(1, 3))}):
        with pytest.raises(ValueError):
            replace(prepared, **wrong)


# --- what people send, for real ---


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (media_files.empty, "media.empty"),
        (media_files.text, "media.unsupported"),
        (media_files.playlist, "media.playlist"),
        (lambda path: media_files.playlist(path, prefix=b"\xef\xbb\xbf \r\n"), "media.playlist"),
        (media_files.concat_script, "media.playlist"),
        (lambda path: media_files.silent_video(path.with_suffix(".mp4")), "media.no_audio"),
        (media_files.silence, "media.silent"),
        (media_files.noise, "media.no_speech"),
        (lambda path: media_files.noise(path, level_db=-75), "media.silent"),
        (lambda path: media_files.image(path.with_suffix(".png")), "media.unsupported"),
    ],
)
def test_bad_input_has_its_code(tmp_path: Path, make: Callable[[Path], Path], code: str) -> None:
    error = refusal(make(tmp_path / "recording.mp3"))

    assert error.code == code
    assert "?" not in error.message("ru") + error.message("en")


def test_too_short_and_truncated(tmp_path: Path, spoken: Path) -> None:
    assert refusal(media_files.clip(spoken, tmp_path / "short.mp3")).code == "media.too_short"
    phone = media_files.video(spoken, tmp_path / "phone.mp4", "-c:v", "mpeg4", "-c:a", "aac")
    assert refusal(media_files.cut_off(phone, tmp_path / "cut.mp4")).code == "media.truncated"


@pytest.mark.parametrize("name", ["speech.mp3", "speech.wav", "speech.flac", "speech.webm"])
def test_a_file_that_breaks_off_gives_what_is_there(tmp_path: Path, spoken: Path, name: str) -> None:
    whole = media_files.encode(spoken, tmp_path / name)
    prepared, _ = prepare(media_files.cut_off(whole, tmp_path / f"cut-{name}"))

    assert prepared.warnings == ("truncated",)
    assert 3.5 < prepared.duration < 5.5
    assert prepared.regions


def test_what_a_browser_recorded_until_its_tab_died_is_read(tmp_path: Path, spoken: Path) -> None:
    """Its header tells no length, and the last cluster may be cut."""
    live = tmp_path / "live.webm"
    media_files.ffmpeg("-i", spoken, "-c:a", "libopus", "-live", "1", "-cluster_time_limit", "1000", live)
    assert FfmpegMediaTool().probe(live).duration is None
    prepared, _ = prepare(media_files.cut_off(live, tmp_path / "cut-live.webm"))

    assert 3.5 < prepared.duration < 5.5
    assert prepared.regions


@pytest.mark.parametrize("claimed", [0, 0xFFFFFFFF, 1 << 30])
def test_a_header_that_lies_about_its_length_does_not_matter(tmp_path: Path, spoken: Path, claimed: int) -> None:
    prepared, _ = prepare(media_files.lying_wav(spoken, tmp_path / "lie.wav", claimed))

    assert prepared.duration == pytest.approx(9.17, abs=0.05)
    assert prepared.warnings == ()


def test_hours_of_silence_in_a_small_file_cost_nothing(tmp_path: Path) -> None:
    bomb = media_files.silence(tmp_path / "bomb.flac", 2 * 3600)
    headless = media_files.silence(tmp_path / "bomb.aac", 60, "-c:a", "aac", "-b:a", "8k")

    assert refusal(bomb, PreprocessOptions(max_seconds=3600)).code == "media.too_long"
    assert refusal(headless, PreprocessOptions(max_seconds=20)).code == "media.too_long"


@pytest.mark.parametrize(
    ("filters", "warnings"),
    [
        ("volume=-35dB", ("quiet",)),
        ("volume=20dB", ("clipped",)),
        ("pan=stereo|c0=c0|c1=0*c0", ()),
        ("aresample=8000", ()),
        ("aresample=96000,pan=5.1|FC=c0", ()),
    ],
)
def test_odd_recordings_give_the_same_speech(
    tmp_path: Path, spoken: Path, filters: str, warnings: tuple[str, ...]
) -> None:
    path = media_files.encode(spoken, tmp_path / "odd.wav", filters=filters)
    prepared, _ = prepare(path)

    assert prepared.warnings == warnings
    assert sum(region.duration for region in prepared.regions) == pytest.approx(8.6, abs=0.6)
    assert max(prepared.peaks) > 0.15


@pytest.mark.parametrize("at", [0.1, 0.6], ids=["measuring", "decoding"])
def test_a_cancelled_stage_leaves_no_ffmpeg(tmp_path: Path, spoken: Path, at: float) -> None:
    path = media_files.long_speech(spoken, tmp_path / "long.wav", 120)
    running: list[int] = []

    def cancel(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        if fraction > at:
            running.append(len(children("ffmpeg")))
            raise RunCancelled

    with pytest.raises(RunCancelled):
        prepare(path, vad=FakeVad(), progress=cancel)

    assert running == [1]
    assert children("ffmpeg") == []


def test_a_decoder_that_is_let_go_ends(spoken: Path) -> None:
    media = FakeMediaTool()

    def full(_: bytes) -> None:
        raise StorageError("storage.full")

    with pytest.raises(StorageError):
        preprocess(spoken_16k(spoken), media, FakeVad(), full, PreprocessOptions(), no_progress)
    assert media.closed == 1


def spoken_16k(spoken: Path) -> Path:
    return media_files.encode(spoken, spoken.with_name("16k.wav"), "-ar", "16000")
