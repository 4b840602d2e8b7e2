import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stenogram.engines.asr.base import Placement, WhisperRecognizer, most_probable, within, word
from stenogram.engines.asr.loading import ModelPool
from stenogram.engines.weights import Choice
from stenogram.errors import EngineError
from stenogram.pipeline.ports import SAMPLE_RATE, RecognitionRequest, Samples
from stenogram.speech.transcript import HypothesisSegment

KEY = ("engine", "model")


class Time:
    """A clock to set, and the timers that were asked for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def pass_(self, seconds: float) -> None:
        self.now += seconds
        for _, act in self.timers:
            act()

    def pool(self, idle: float = 10.0) -> ModelPool:
        return ModelPool(idle, clock=lambda: self.now, schedule=lambda after, act: self.timers.append((after, act)))


def test_a_model_is_loaded_once_and_kept_warm() -> None:
    loads: list[object] = []
    pool = Time().pool()
    for _ in range(2):
        with pool.use(KEY, lambda: loads.append(1)):
            pass

    assert len(loads) == 1


def test_two_recordings_at_once_load_it_once() -> None:
    loads: list[object] = []
    pool = Time().pool()
    together = threading.Barrier(2)

    def record() -> None:
        together.wait()
        with pool.use(KEY, lambda: loads.append(1)):
            pass

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(loads) == 1


def test_an_idle_model_is_given_back() -> None:
    time = Time()
    pool = time.pool(idle=10)
    with pool.use(KEY, object):
        pass
    time.pass_(9)
    assert pool.loaded == {KEY}

    time.pass_(1)

    assert not pool.loaded


def test_a_model_in_use_stays() -> None:
    time = Time()
    pool = time.pool(idle=10)
    with pool.use(KEY, object):
        time.pass_(100)
        pool.drop_idle()
        pool.drop(KEY)
        assert pool.loaded == {KEY}


def test_a_failed_loading_is_tried_again() -> None:
    pool = Time().pool()
    with pytest.raises(OSError, match="disk"), pool.use(KEY, _broken_disk):
        pass

    with pool.use(KEY, lambda: "model") as model:
        assert model == "model"


def _broken_disk() -> object:
    raise OSError("disk")


class Scripted(WhisperRecognizer):
    """Fails as it is told to, by model name, with more than ``holds`` windows at once."""

    engine = "scripted"
    failures: Mapping[str, Exception]
    holds = 0

    def _languages(self, model: Any, samples: Samples) -> Mapping[str, float]:
        return {"ru": 0.5, "en": 0.3, "xx": 0.2}

    def _segments(
        self, model: Any, windows: Sequence[Samples], language: str, prompt: str
    ) -> list[tuple[HypothesisSegment, ...]]:
        if model in self.failures and len(windows) > self.holds:
            raise self.failures[model]
        self.prompt = prompt
        return [
            (HypothesisSegment(0.0, 2.0, (word(" да", 0.0, 0.5, 1.0), word(" эхо", 1.5, 2.0, 0.3))),) for _ in windows
        ]

    def _is_memory(self, error: Exception) -> bool:
        return "out of memory" in str(error)


def scripted(failures: Mapping[str, Exception], model: str = "large-v3", batch: int = 1) -> Scripted:
    made = Scripted(
        Choice("scripted", model, Path(model)),
        Time().pool(),
        Placement("cpu", "int8"),
        lambda name: Choice("scripted", name, Path(name)) if name != "base" else None,
        batch,
        lambda engine, path, device, compute_type: path.name,
    )
    made.failures = failures
    return made


SECOND = RecognitionRequest(np.zeros(SAMPLE_RATE, np.float32), "ru", "Пермь")
MEMORY = RuntimeError("CUDA out of memory")


def test_words_after_the_end_of_the_sound_go() -> None:
    (answer,) = scripted({}).recognize([SECOND])
    (segment,) = answer.segments

    assert segment.text == " да"
    assert segment.end == 0.5


def test_a_lighter_model_takes_over_where_memory_is_short_and_says_so() -> None:
    recognizer = scripted({"large-v3": MEMORY, "turbo": MemoryError()})

    for answer in recognizer.recognize([SECOND, SECOND]):
        assert answer.notes == ("lighter_model:small",)


def test_fewer_windows_at_once_come_before_a_lighter_model() -> None:
    recognizer = scripted({"large-v3": MEMORY}, batch=8)
    recognizer.holds = 2

    answers = recognizer.recognize([SECOND] * 5)

    assert [answer.notes for answer in answers] == [("smaller_batch:2",)] * 5


def test_neighbours_of_one_prompt_are_decoded_together() -> None:
    other = RecognitionRequest(SECOND.samples, "ru", "Рязань")
    recognizer = scripted({}, batch=4)

    assert len(recognizer.recognize([SECOND, SECOND, other])) == 3
    assert recognizer.prompt == "Рязань"


def test_memory_short_for_every_model_is_its_own_error() -> None:
    with pytest.raises(EngineError) as caught:
        scripted({"small": MEMORY}, "small").recognize([SECOND])

    assert caught.value.code == "engine.out_of_memory"


def test_any_other_failure_is_wrapped() -> None:
    with pytest.raises(EngineError) as caught:
        scripted({"small": ValueError("bad")}, "small").recognize([SECOND])

    assert caught.value.code == "engine.failed"
    assert isinstance(caught.value.__cause__, ValueError)


def test_only_models_that_understand_prompts_get_them() -> None:
    for model, prompt in (("small", "Пермь"), ("demo", "")):
        recognizer = scripted({}, model)
        recognizer.recognize([SECOND])
        assert recognizer.prompt == prompt


def test_the_language_is_one_the_model_knows() -> None:
    language, probability = most_probable({"ru": 0.3, "xx": 0.6, "en": 0.1}, frozenset({"ru", "en"}))
    assert language == "ru"
    assert probability == pytest.approx(0.75)
    (answer,) = scripted({}).recognize([RecognitionRequest(SECOND.samples, None)])
    assert answer.language == "ru"


def test_numbers_off_by_rounding_make_a_word() -> None:
    made = word(" да", -0.01, -0.02, 1.0000001)

    assert (made.start, made.end, made.probability) == (0.0, 0.0, 1.0)
    assert within([HypothesisSegment(0, 1, ())], 1.0) == ()
