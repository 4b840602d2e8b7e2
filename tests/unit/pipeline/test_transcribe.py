from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from stenogram.errors import EngineError, InvalidMedia, InvalidOptions, RunCancelled
from stenogram.pipeline.ports import SAMPLE_RATE, PreparedAudio
from stenogram.pipeline.transcribe import LONGEST_SILENCE, TranscribeOptions, plan_windows, transcribe
from stenogram.speech.transcript import HypothesisSegment, Region
from tests.fakes.recognizer import FakeRecognizer


def recording(*regions: tuple[float, float], duration: float = 60.0, level: float = 0.1) -> PreparedAudio:
    """Noise where there is speech, silence elsewhere."""
    samples = np.zeros(round(duration * SAMPLE_RATE), np.float32)
    noise = np.random.default_rng(0).normal(0, level, len(samples)).astype(np.float32)
    for start, end in regions:
        span = slice(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE))
        samples[span] = noise[span]
    return PreparedAudio(
        duration,
        tuple(Region(*region) for region in regions),
        lambda start, end: samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)],
    )


SENTENCES = recording((1, 3), (3.4, 6), (7, 9), (9.3, 12), (20, 23), duration=24)


class Kept(dict[str, Sequence[HypothesisSegment]]):
    """A checkpoint in memory."""

    def load(self, key: str) -> Sequence[HypothesisSegment] | None:
        return self.get(key)

    def save(self, key: str, segments: Sequence[HypothesisSegment]) -> None:
        self[key] = segments


def test_windows_hold_all_speech_and_keep_to_their_length() -> None:
    windows = plan_windows(SENTENCES, 8.0)

    assert all(window.duration <= 8.0 + 1e-6 for window in windows)
    for region in SENTENCES.regions:
        assert any(w.start <= region.start and region.end <= w.end for w in windows)
    assert all(later.start >= earlier.end for earlier, later in pairwise(windows))


def test_windows_are_cut_at_the_longest_pause() -> None:
    first = plan_windows(SENTENCES, 9.0)[0]

    assert 6 <= first.end <= 7


def test_long_silence_is_left_out() -> None:
    windows = plan_windows(recording((0, 1), (1.5 + LONGEST_SILENCE, 8)), 30.0)

    assert [round(window.start) for window in windows] == [0, 5]


def test_speech_longer_than_a_window_is_cut_where_it_is_quiet() -> None:
    audio = recording((0, 7), (7.2, 20), duration=20)
    joined = PreparedAudio(20, (Region(0, 20),), audio.read)

    windows = plan_windows(joined, 8.5)

    assert 7 <= windows[0].end <= 7.2


def test_words_get_their_place_in_the_recording() -> None:
    result = transcribe(SENTENCES, FakeRecognizer(), TranscribeOptions())

    starts = [word.start for word in result.words]
    assert starts == sorted(starts)
    assert 20 - 0.25 <= result.words[-3].start <= 20
    assert result.words[-1].end <= SENTENCES.duration


def test_the_language_is_detected_once_and_locked() -> None:
    recognizer = FakeRecognizer(detections=[("en", 0.6), ("ru", 0.9), ("ru", 0.9)])

    result = transcribe(SENTENCES, recognizer, TranscribeOptions())

    assert result.language == "ru"
    assert {request.language for request in recognizer.requests} == {"ru"}
    assert "low_language_probability" not in result.notes


def test_a_doubtful_language_is_noted() -> None:
    result = transcribe(SENTENCES, FakeRecognizer(detections=[("ru", 0.3)]), TranscribeOptions())

    assert "low_language_probability" in result.notes
    assert result.language_probability == pytest.approx(0.3)


def test_multilingual_leaves_the_language_open() -> None:
    recognizer = FakeRecognizer()

    transcribe(SENTENCES, recognizer, TranscribeOptions(multilingual=True))

    assert {request.language for request in recognizer.requests} == {None}


def test_an_unsupported_language_is_refused_before_work() -> None:
    recognizer = FakeRecognizer()

    with pytest.raises(InvalidOptions) as caught:
        transcribe(SENTENCES, recognizer, TranscribeOptions(language="de"))

    assert caught.value.code == "options.language"
    assert caught.value.params["supported"] == "en, ru"
    assert recognizer.requests == []


def test_a_recogniser_without_word_times_is_refused() -> None:
    with pytest.raises(EngineError, match=r"engine\.not_configured"):
        transcribe(SENTENCES, FakeRecognizer(word_timestamps=False), TranscribeOptions())


def test_no_speech_is_its_own_error() -> None:
    with pytest.raises(InvalidMedia, match=r"media\.no_speech"):
        transcribe(recording(), FakeRecognizer(), TranscribeOptions())


def test_silence_that_was_taken_for_speech_never_reaches_the_recogniser() -> None:
    recognizer = FakeRecognizer()

    result = transcribe(recording((1, 3), level=0.0001), recognizer, TranscribeOptions(language="ru"))

    assert recognizer.requests == []
    assert "no_speech" in result.notes


def test_the_glossary_is_the_prompt() -> None:
    recognizer = FakeRecognizer()

    transcribe(SENTENCES, recognizer, TranscribeOptions(glossary=("Пермь", "Рязань")))

    assert {request.prompt for request in recognizer.requests} == {"Пермь, Рязань"}


def test_a_killed_run_goes_on_from_the_last_window() -> None:
    kept = Kept()
    seen: list[float] = []

    def cancel(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        seen.append(fraction)
        if fraction > 0:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        transcribe(SENTENCES, FakeRecognizer(), TranscribeOptions(), cancel, kept)
    recognizer = FakeRecognizer()
    again = transcribe(SENTENCES, recognizer, TranscribeOptions(), checkpoint=kept)

    whole = transcribe(SENTENCES, FakeRecognizer(), TranscribeOptions())
    assert len(recognizer.requests) == len(plan_windows(SENTENCES, 8.0)) - 1
    assert again == whole


@pytest.mark.parametrize("options", [TranscribeOptions(language="en"), TranscribeOptions(glossary=("Пермь",))])
def test_other_options_find_no_finished_window(options: TranscribeOptions) -> None:
    kept = Kept()
    transcribe(SENTENCES, FakeRecognizer(), TranscribeOptions(), checkpoint=kept)
    recognizer = FakeRecognizer()

    transcribe(SENTENCES, recognizer, options, checkpoint=kept)

    assert len(recognizer.requests) == len(plan_windows(SENTENCES, 8.0))


def test_windows_go_to_the_recognizer_as_many_at_a_time_as_it_likes() -> None:
    one_by_one = transcribe(SENTENCES, FakeRecognizer(), TranscribeOptions())
    recognizer = FakeRecognizer(batch=2)

    assert transcribe(SENTENCES, recognizer, TranscribeOptions()) == one_by_one
    assert recognizer.batches[0] == 2
    assert sum(recognizer.batches) == len(plan_windows(SENTENCES, 8.0))


def test_progress_rises_to_one_and_shows_every_phrase() -> None:
    fractions: list[float] = []
    shown: list[HypothesisSegment] = []

    def progress(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        fractions.append(fraction)
        shown.extend(partial)

    result = transcribe(SENTENCES, FakeRecognizer(notes=("demo_model:turbo",)), TranscribeOptions(), progress)

    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert tuple(shown) == result.segments
    assert result.notes == ("demo_model:turbo",)


def test_a_window_below_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="below one second"):
        TranscribeOptions(window_seconds=0.5)
