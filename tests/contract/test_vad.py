"""Every VoiceActivityDetector keeps the same promises: the fake and Silero. Below: Silero alone."""

from collections.abc import Callable
from contextlib import closing
from itertools import pairwise

import numpy as np
import pytest

from stenogram.engines.media import FfmpegMediaTool
from stenogram.engines.vad import FRAME_SECONDS, SileroVad, VadOptions
from stenogram.pipeline.ports import SAMPLE_RATE, DecodeRequest, Samples, VoiceActivityDetector
from tests import media_files
from tests.fakes.vad import FakeVad

Make = Callable[[], VoiceActivityDetector]


@pytest.fixture(params=[FakeVad, SileroVad])
def make(request: pytest.FixtureRequest) -> Make:
    chosen: Make = request.param
    return chosen


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Two seconds of silence, about nine of speech, three of silence."""
    folder = tmp_path_factory.mktemp("vad")
    path = media_files.encode(
        media_files.speech(folder / "a.wav"), folder / "b.wav", filters="adelay=2000:all=1,apad=pad_dur=3"
    )
    tool = FfmpegMediaTool()
    with closing(tool.decode(DecodeRequest(path, tool.probe(path), 60))) as blocks:
        return np.concatenate(list(blocks))


def fed(vad: VoiceActivityDetector, sound: Samples, block: int) -> VoiceActivityDetector:
    for start in range(0, sound.size, block):
        vad.feed(sound[start : start + block])
    return vad


def test_finds_speech_where_it_is(make: Make, sound: Samples) -> None:
    regions = fed(make(), sound, SAMPLE_RATE).regions()

    assert regions[0].start == pytest.approx(2, abs=0.2)
    assert regions[-1].end == pytest.approx(sound.size / SAMPLE_RATE - 3, abs=0.5)
    assert all(a.end <= b.start for a, b in pairwise(regions))


@pytest.mark.parametrize("block", [333, 512, 40_000])
def test_blocks_of_any_size_give_the_same(make: Make, sound: Samples, block: int) -> None:
    whole = fed(make(), sound, sound.size).regions()
    parts = fed(make(), sound, block).regions()

    assert [t for r in parts for t in (r.start, r.end)] == pytest.approx([t for r in whole for t in (r.start, r.end)])


def test_asking_early_changes_nothing(make: Make, sound: Samples) -> None:
    half = 5 * SAMPLE_RATE + 100
    vad = fed(make(), sound[:half], 7_000)
    early = vad.regions()
    fed(vad, sound[half:], 7_000)

    assert early[-1].end <= half / SAMPLE_RATE
    assert vad.regions() == fed(make(), sound, sound.size).regions()


def test_nothing_and_silence_have_no_regions(make: Make) -> None:
    assert make().regions() == ()
    assert fed(make(), np.zeros(3 * SAMPLE_RATE, np.float32), SAMPLE_RATE).regions() == ()


def test_silero_gives_one_probability_per_frame(sound: Samples) -> None:
    vad = SileroVad()
    fed(vad, sound, 10_000)
    probabilities = vad.probabilities()

    assert probabilities.shape == (-(-sound.size // 512),)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert probabilities[: int(1.5 / FRAME_SECONDS)].max() < 0.2
    assert np.median(probabilities[int(2.5 / FRAME_SECONDS) : int(10 / FRAME_SECONDS)]) > 0.9


def test_a_lower_threshold_hears_no_less(sound: Samples) -> None:
    def speech(threshold: float) -> float:
        vad = SileroVad(VadOptions(threshold=threshold))
        fed(vad, sound, SAMPLE_RATE)
        return sum(region.duration for region in vad.regions())

    assert speech(0.1) >= speech(0.5) > 5
