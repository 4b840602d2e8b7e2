"""Every Recognizer keeps the same promises: the fake, and both engines decoding by the demo checkpoint."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from stenogram.engines.asr.base import Placement, WhisperRecognizer
from stenogram.engines.asr.faster_whisper import FasterWhisperRecognizer
from stenogram.engines.asr.loading import ModelPool
from stenogram.engines.asr.openai_whisper import OpenAIWhisperRecognizer
from stenogram.engines.weights import Weights
from stenogram.pipeline.ports import SAMPLE_RATE, RecognitionRequest, Recognizer, Samples
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import AsrSettings
from tests.fakes.recognizer import FakeRecognizer

EXAMPLES = Path(__file__).parents[2] / "examples"
ENGINES: dict[str, tuple[type[WhisperRecognizer], Placement]] = {
    "openai-whisper": (OpenAIWhisperRecognizer, Placement("cpu", "float32")),
    "faster-whisper": (FasterWhisperRecognizer, Placement("cpu", "int8")),
}
BATCHED = "faster-whisper in batches"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def pool() -> ModelPool:
    return ModelPool(600, schedule=lambda seconds, act: None)


@pytest.fixture(
    params=["fake", *(pytest.param(name, marks=pytest.mark.engine) for name in (*ENGINES, BATCHED))],
)
def recognizer(request: pytest.FixtureRequest, cache: Path, pool: ModelPool) -> Recognizer:
    if request.param == "fake":
        return FakeRecognizer("Давайте обсудим прогноз")
    weights = Weights(AsrSettings(model_cache_dir=cache, offline=True))
    name, batch = request.param.removesuffix(" in batches"), 2 if request.param == BATCHED else 1
    choice = weights.resolve(RunOptions(engine=name, model="demo"))
    made, placement = ENGINES[name]
    return made(choice, pool, placement, lambda name: None, batch)


@pytest.fixture(scope="module")
def speech() -> Samples:
    """Two sentences in Russian: "Доброе утро, коллеги. Давайте обсудим прогноз."."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", "0.5", "-t", "3.4", "-i", str(EXAMPLES / "meeting-ru.ogg")]
    raw = subprocess.run(
        [*command, "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"], capture_output=True, check=True
    )
    return np.frombuffer(raw.stdout, np.float32)


def test_words_come_in_order_inside_the_sound_with_probabilities(recognizer: Recognizer, speech: Samples) -> None:
    (answer,) = recognizer.recognize([RecognitionRequest(speech, "ru")])

    words = [word for segment in answer.segments for word in segment.words]
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(word.end <= len(speech) / SAMPLE_RATE + 0.01 for word in words)
    assert all(0 < word.probability <= 1 for word in words)


def test_the_words_are_those_that_were_said(recognizer: Recognizer, speech: Samples) -> None:
    (answer,) = recognizer.recognize([RecognitionRequest(speech, "ru", prompt="Виктор")])

    assert "прогноз" in " ".join(segment.text for segment in answer.segments)


def test_a_given_language_is_kept(recognizer: Recognizer, speech: Samples) -> None:
    (answer,) = recognizer.recognize([RecognitionRequest(speech, "ru")])

    assert (answer.language, answer.language_probability) == ("ru", 1.0)


def test_the_language_is_told_from_the_sound(recognizer: Recognizer, speech: Samples) -> None:
    language, probability = recognizer.detect_language(speech)

    assert language == "ru"
    assert 0.5 < probability <= 1


def test_without_a_language_it_is_detected(recognizer: Recognizer, speech: Samples) -> None:
    (answer,) = recognizer.recognize([RecognitionRequest(speech, None)])

    assert answer.language == "ru"


def test_several_windows_are_answered_each_in_its_place(recognizer: Recognizer, speech: Samples) -> None:
    windows = [speech, speech[: len(speech) // 2], speech]
    answers = recognizer.recognize([RecognitionRequest(samples, "ru") for samples in windows])

    assert len(answers) == 3
    for samples, answer in zip(windows, answers, strict=True):
        assert answer.segments
        assert all(segment.end <= len(samples) / SAMPLE_RATE + 0.01 for segment in answer.segments)
    assert [segment.text for segment in answers[0].segments] == [segment.text for segment in answers[2].segments]


def test_samples_are_left_as_they_were(recognizer: Recognizer, speech: Samples) -> None:
    before = speech.copy()

    recognizer.recognize([RecognitionRequest(speech, "ru")])

    assert np.array_equal(speech, before)


def test_capabilities_are_declared(recognizer: Recognizer) -> None:
    can = recognizer.capabilities

    assert {"ru", "en"} <= can.languages
    assert can.word_timestamps
    assert can.language_detection
    assert can.longest_window > 1
