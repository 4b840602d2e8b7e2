"""The parts of the embedded diarizer, without its networks: voices are directions in space, speech is a mask."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from stenogram.engines.diarization.activity import STEP, ActivityOptions, closed, runs, speech_mask, widened
from stenogram.engines.diarization.clustering import ClusteringOptions, Windows, find_voices, unit
from stenogram.engines.diarization.embedded import EmbeddedDiarizer
from stenogram.engines.diarization.resegmentation import decode, interpolated, posteriors, similarities
from stenogram.engines.diarization.turns import exclusive_turns, named, overlapping_turns
from stenogram.engines.diarization.voices import Embeddings
from stenogram.engines.vad import FRAME_SECONDS
from stenogram.pipeline.diarize import MINIMUM_TURN
from stenogram.pipeline.ports import DiarizationRequest, PreparedAudio
from stenogram.speech.transcript import Turn

PER_SECOND = 5.0
OPTIONS = ClusteringOptions()


def conversation(speakers: int, turns: int = 8, windows: int = 15) -> tuple[Windows, npt.NDArray[np.int64]]:
    """Windows of people who take turns, ``turns`` each, and who it is. Noise as strong as Resemblyzer's: a window
    has a cosine of some 0.85 with its speaker; two speakers one of some 0.6.
    """
    random = np.random.default_rng(speakers)
    common = unit(random.standard_normal((1, 256)).astype(np.float32))
    own = unit(random.standard_normal((speakers, 256)).astype(np.float32))
    voices = unit(common * np.float32(0.77) + own * np.float32(0.63))
    labels = np.tile(np.repeat(np.arange(speakers), windows), turns)
    noise = unit(random.standard_normal((len(labels), 256)).astype(np.float32)) * np.float32(0.6)
    embeddings = unit(voices[labels] + noise)
    return Windows(embeddings, embeddings, PER_SECOND), labels


def assigned(windows: Windows, voices: Embeddings) -> npt.NDArray[np.int64]:
    return np.asarray((windows.short @ voices.T).argmax(axis=1), np.int64)


@pytest.mark.parametrize("speakers", [1, 2, 3, 5, 8, 10])
def test_finds_the_number_of_speakers(speakers: int) -> None:
    windows, labels = conversation(speakers)
    voices = find_voices(windows, None, OPTIONS)

    assert voices.shape == (speakers, 256)
    assert len(set(zip(assigned(windows, voices).tolist(), labels.tolist(), strict=True))) == speakers


@pytest.mark.parametrize("speakers", [1, 2, 4, 10])
def test_a_given_number_is_respected(speakers: int) -> None:
    windows, _ = conversation(3)

    assert len(find_voices(windows, speakers, OPTIONS)) == speakers


def test_more_windows_than_are_clustered_at_once() -> None:
    windows, labels = conversation(3, turns=60)  # 2700 windows
    voices = find_voices(windows, None, OPTIONS)

    assert len(voices) == 3
    assert len(set(zip(assigned(windows, voices).tolist(), labels.tolist(), strict=True))) == 3


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("speakers", [None, 1, 3, 10])
def test_few_windows_give_some_voice(count: int, speakers: int | None) -> None:
    windows, _ = conversation(2)
    voices = find_voices(Windows(windows.short[:count], windows.long[:count], PER_SECOND), speakers, OPTIONS)

    assert 1 <= len(voices) <= min(count, speakers or 1)
    assert np.linalg.norm(voices, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_decoding_is_reluctant_to_change() -> None:
    scores = np.zeros((20, 2))
    scores[:, 0] = 1.0
    scores[9:11] = [0.0, 1.0]  # a moment that sounds like the other

    assert decode(scores, change_cost=3.0).tolist() == [0] * 20
    assert decode(scores, change_cost=0.1).tolist() == [0] * 9 + [1] * 2 + [0] * 9


def test_decoding_finds_the_boundary() -> None:
    scores = np.repeat([[1.0, 0.0], [0.0, 1.0]], [7, 13], axis=0)

    assert decode(scores, change_cost=3.0).tolist() == [0] * 7 + [1] * 13
    assert decode(np.zeros((0, 3)), 1.0).size == 0


def test_posteriors_are_shares_that_follow_the_similarity() -> None:
    voices = np.eye(3, dtype=np.float32)
    shares = posteriors(similarities(voices[[0, 0, 2]], voices))

    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert shares.argmax(axis=1).tolist() == [0, 0, 2]
    assert shares.max() > 0.99


def test_scores_between_windows_are_between_theirs() -> None:
    between = interpolated(np.asarray([[0.0], [1.0]]), np.asarray([1.0, 2.0]), np.asarray([0.0, 1.25, 3.0]))

    assert between[:, 0].tolist() == [0.0, 0.25, 1.0]


def test_runs_and_what_fills_and_widens_them() -> None:
    mask = np.asarray([0, 1, 1, 0, 0, 1, 0, 0, 0, 0], np.bool_)

    assert runs(mask) == [(1, 3), (5, 6)]
    assert runs(closed(mask, 2 * STEP)) == [(1, 6)]
    assert runs(closed(mask, 1 * STEP)) == [(1, 3), (5, 6)]
    assert runs(widened(mask, STEP)) == [(0, 7)]


def test_speech_needs_a_probable_and_a_loud_frame() -> None:
    frames = 100
    probabilities = np.zeros(round(frames * STEP / FRAME_SECONDS), np.float32)
    probabilities[: probabilities.size // 2] = 0.9
    levels = np.full(frames, -20.0, np.float32)
    levels[20:30] = -90.0
    speech = speech_mask(probabilities, levels, ActivityOptions(fill=0.2, padding=0.0))

    assert runs(speech) == [(0, 20), (30, 50)]
    assert not speech_mask(np.zeros(0, np.float32), levels, ActivityOptions()).any()


def test_short_turns_join_what_they_touch_or_grow_into_silence() -> None:
    turns = [Turn("a", 1.0, 3.0, 0.9), Turn("b", 3.0, 3.2, 0.5), Turn("b", 6.0, 6.2, 0.5), Turn("a", 9.9, 10.0, 0.7)]
    exclusive = exclusive_turns(turns, 10.0)

    assert [turn.speaker for turn in exclusive] == ["a", "b", "a"]
    assert (exclusive[0].start, exclusive[0].end) == pytest.approx((1.0, 3.2))
    assert all(turn.duration >= MINIMUM_TURN - 1e-9 for turn in exclusive)
    assert exclusive[-1].end == 10.0
    assert exclusive[0].confidence == pytest.approx((0.9 * 2.0 + 0.5 * 0.2) / 2.2)


@pytest.mark.parametrize("seed", range(20))
def test_any_turns_become_ones_that_keep_the_promises(seed: int) -> None:
    random = np.random.default_rng(seed)
    starts = random.uniform(0, 29, 25)
    raw = [
        Turn(str(random.integers(3)), start, start + length)
        for start, length in zip(starts.tolist(), random.exponential(0.8, 25).tolist(), strict=True)
    ]
    exclusive = exclusive_turns(raw, 30.0)
    turns, exclusive = named(overlapping_turns(exclusive, raw), exclusive)

    assert all(earlier.end <= later.start + 1e-9 for earlier, later in pairwise(exclusive))
    assert all(turn.duration >= MINIMUM_TURN - 1e-9 and turn.end <= 30.0 for turn in (*turns, *exclusive))
    assert list(dict.fromkeys(turn.speaker for turn in turns)) == [
        f"S{number}" for number in range(1, len({turn.speaker for turn in turns}) + 1)
    ]


def test_an_empty_recording_has_no_turns() -> None:
    audio = PreparedAudio(0.0, (), lambda _start, _end: np.zeros(0, np.float32))
    diarization = EmbeddedDiarizer().diarize(DiarizationRequest(audio), lambda _: None)

    assert diarization.turns == diarization.exclusive_turns == ()
