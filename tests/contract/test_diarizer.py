"""Every Diarizer keeps the promises of its port, which the stage checks: the fake, the embedded one, and the real
class of pyannote's pipeline from a folder with small random weights.

Below: the embedded one alone, and how pyannote refuses.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stenogram.engines.diarization.embedded import EmbeddedDiarizer
from stenogram.engines.diarization.pyannote import PyannoteDiarizer
from stenogram.engines.media import FfmpegMediaTool
from stenogram.errors import EngineError, RunCancelled
from stenogram.pipeline.diarize import DiarizeOptions, diarize
from stenogram.pipeline.ports import SAMPLE_RATE, DecodeRequest, Diarizer, PreparedAudio, Samples
from stenogram.speech.rttm import parse
from stenogram.speech.transcript import Diarization, HypothesisSegment, Region
from tests import pyannote_folder
from tests.fakes.engines import FakeDiarizer
from tests.fakes.script import Script
from tools.scoring import diarization_error

EXAMPLE = Path(__file__).parents[2] / "examples" / "meeting-en.ogg"
MAKERS: dict[str, Callable[[Path], Diarizer]] = {
    "fake": lambda _: FakeDiarizer(Script(None)),
    "embedded": lambda _: EmbeddedDiarizer(),
    "community-1": lambda folder: PyannoteDiarizer(str(pyannote_folder.build(folder / "c1", "VBxClustering"))),
    "3.1": lambda folder: PyannoteDiarizer(str(pyannote_folder.build(folder / "3.1", "AgglomerativeClustering"))),
}


@cache
def example() -> Samples:
    tool = FfmpegMediaTool()
    with closing(tool.decode(DecodeRequest(EXAMPLE, tool.probe(EXAMPLE), 600))) as blocks:
        return np.concatenate(list(blocks))


def prepared(samples: Samples, *regions: tuple[float, float]) -> PreparedAudio:
    def read(start: float, end: float) -> Samples:
        return samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]

    return PreparedAudio(samples.size / SAMPLE_RATE, tuple(Region(*region) for region in regions), read)


@pytest.fixture(scope="module", params=MAKERS)
def diarizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Diarizer:
    return MAKERS[request.param](tmp_path_factory.mktemp("diarizer"))


@pytest.fixture(scope="module")
def talk() -> PreparedAudio:
    """Ten seconds in which two people speak."""
    return prepared(example()[: 10 * SAMPLE_RATE], (0.7, 2.3), (2.7, 4.4), (5.0, 6.8), (7.4, 10.0))


def run(diarizer: Diarizer, audio: PreparedAudio, speakers: int | None = None) -> Diarization:
    """The stage raises where a promise of the port is broken: bounds, order, shortest turn, labels."""
    return diarize(audio, diarizer, DiarizeOptions(speakers))


@pytest.fixture(scope="module")
def heard(diarizer: Diarizer, talk: PreparedAudio) -> Diarization:
    return run(diarizer, talk)


def test_hears_people_and_names_itself(diarizer: Diarizer, heard: Diarization) -> None:
    assert heard.turns
    assert heard.exclusive_turns
    assert (heard.engine, heard.model) == (diarizer.engine, diarizer.model)


@pytest.mark.parametrize("speakers", [1, 2])
def test_finds_as_many_as_are_given(diarizer: Diarizer, talk: PreparedAudio, speakers: int) -> None:
    assert len(run(diarizer, talk, speakers).speakers) == speakers


def test_confidences_are_shares_or_none(heard: Diarization) -> None:
    confidences = [turn.confidence for turn in heard.turns]

    assert all(confidence is None or 0 <= confidence <= 1 for confidence in confidences)


def test_the_same_recording_gives_the_same(diarizer: Diarizer, talk: PreparedAudio, heard: Diarization) -> None:
    assert run(diarizer, talk) == heard


def test_what_progress_raises_ends_the_work(diarizer: Diarizer, talk: PreparedAudio) -> None:
    def cancel(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        if fraction > 0:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        diarize(talk, diarizer, DiarizeOptions(), cancel)


def test_silence_has_no_speakers() -> None:
    diarization = run(EmbeddedDiarizer(), prepared(np.zeros(3 * SAMPLE_RATE, np.float32)))

    assert diarization.turns == diarization.exclusive_turns == ()


@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.3])
def test_hardly_anything_is_no_failure(seconds: float) -> None:
    begin = round(1.0 * SAMPLE_RATE)
    diarization = run(EmbeddedDiarizer(), prepared(example()[begin : begin + round(seconds * SAMPLE_RATE)]))

    assert len(diarization.turns) <= 1


def test_tells_three_voices_apart_unasked() -> None:
    samples = example()[: 60 * SAMPLE_RATE]
    reference = [turn for turn in parse(EXAMPLE.with_suffix(".rttm").read_text()) if turn.end <= 60]
    diarization = run(EmbeddedDiarizer(), prepared(samples))
    error = diarization_error(reference, diarization.turns, reference[-1].end)

    assert error.found == 3
    assert error.rate < 0.1
    assert all(turn.confidence is not None and turn.confidence > 0.4 for turn in diarization.turns)


def test_a_pyannote_folder_without_a_pipeline_is_named(tmp_path: Path, talk: PreparedAudio) -> None:
    with pytest.raises(EngineError) as caught:
        run(PyannoteDiarizer(str(tmp_path)), talk)

    assert caught.value.code == "engine.not_configured"
    assert "config.yaml" in str(caught.value)


def test_pyannote_needs_a_token_for_the_hub(talk: PreparedAudio) -> None:
    with pytest.raises(EngineError) as caught:
        run(PyannoteDiarizer("pyannote/speaker-diarization-community-1"), talk)

    assert caught.value.code == "engine.not_configured"
    assert "HF_TOKEN" in str(caught.value)
