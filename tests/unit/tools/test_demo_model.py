"""The recipe of the demo model: what it is trained on is what it says."""

import json
from random import Random

import numpy as np
import pytest

from tools.demo_model import corpus
from tools.demo_model.composing import TICK, TOKENIZER, compose, used_tokens
from tools.demo_model.corpus import Pool
from tools.demo_model.sentences import GRAMMARS
from tools.make_examples import RATE


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """Three sentences a language; tones instead of speech, half a second a word."""
    path = tmp_path_factory.mktemp("pool") / "pool"
    rows, at = [], 0
    for language, texts in {"ru": ["Да.", "Добрый день, коллеги.", "Нужно два часа."], "en": ["Yes.", "Good."]}.items():
        for text in texts:
            length = len(text.split()) * RATE // 2
            words = [(n / 2, (n + 1) / 2) for n in range(len(text.split()))]
            rows.append(
                {"start": at, "end": at + length, "text": text, "language": language, "voice": "v", "words": words}
            )
            at += length
    np.save(path.with_suffix(".npy"), np.full(at, 8000, np.int16))
    path.with_suffix(".json").write_text(json.dumps(rows))
    return Pool(path)


@pytest.mark.parametrize("language", GRAMMARS)
def test_sentences_have_no_open_slots_and_vary(language: str) -> None:
    rng = Random(1)
    sentences = [GRAMMARS[language].sentence(rng) for _ in range(300)]

    assert not any("{" in sentence for sentence in sentences)
    assert all(sentence[0].isupper() and sentence[-1] in ".?!" for sentence in sentences)
    assert len(set(sentences)) > 200


def test_what_the_examples_say_is_not_trained_on() -> None:
    reserved = corpus.reserved("ru")

    assert "Поставка датчиков из Перми задержалась на девять дней." in reserved
    assert "Всем спасибо, до свидания." not in reserved  # it leaves nothing to vary


@pytest.mark.parametrize("seed", range(20))
def test_a_window_says_what_sounds_and_where(pool: Pool, seed: int) -> None:
    window = compose(pool, Random(seed), 10.0)

    assert len(window.samples) == 10 * RATE
    assert len(window.tokens) == len(window.spans)
    assert set(window.tokens) <= set(used_tokens(pool))
    assert not window.samples[round(window.filled * RATE) :].any()
    words = [token for token in window.tokens if token < TOKENIZER.eot]
    assert TOKENIZER.decode(words).split() == window.text.split()
    stamps = [token - TOKENIZER.timestamp_begin for token in window.tokens if token >= TOKENIZER.timestamp_begin]
    assert stamps == sorted(stamps)
    for begin, end in zip(stamps[::2], stamps[1::2], strict=True):
        middle = round((begin + end) / 2 * TICK * RATE)
        assert np.abs(window.samples[middle]) > 0.05  # the tone, however quiet it was made


def test_the_pool_on_disk_is_what_was_written(pool: Pool) -> None:
    clip = pool.by_language["en"][0]

    assert clip.text == "Yes."
    assert pool.sound(clip) == pytest.approx(np.full(RATE // 2, 8000 / 32768))
