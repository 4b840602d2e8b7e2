"""Make the example recordings of ``examples/`` from their texts: ``python -m tools.make_examples``.

For each ``meeting-*.txt`` ("Name: sentence" per line) three espeak-ng voices read it in turn, with pauses and a little
room noise. Beside ``meeting-*.ogg`` stand ``.rttm`` (when each sentence sounds) and ``.words.json`` (``[word, start,
end]``, from the synthesiser's own word events). The same input gives the same samples.
"""

import argparse
import ctypes
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from stenogram.speech import rttm
from stenogram.speech.transcript import Turn

RATE = 16_000
PEAK = 0.5
NOISE_RMS = 4e-4  # about -68 dBFS: a quiet room
AUDIBLE = 0.01  # of the loudest sample of a sentence; what is quieter at its ends is silence
PAUSE = (0.3, 0.7)  # seconds between sentences of one person
CHANGE = (0.5, 1.2)  # seconds before somebody else speaks

Samples = npt.NDArray[np.float32]
Timed = tuple[str, float, float]  # word, start, end in seconds


@dataclass(frozen=True, slots=True)
class Voice:
    """An espeak-ng voice with variant; ``speed`` in words per minute, ``pitch`` 0..99."""

    name: str
    speed: int
    pitch: int


CASTS = {
    "ru": {"Виктор": Voice("ru+m6", 150, 35), "Елена": Voice("ru+linda", 150, 65), "Иван": Voice("ru+victor", 145, 45)},
    "en": {
        "Robert": Voice("en-us+m6", 150, 35),
        "Emma": Voice("en-us+linda", 150, 65),
        "James": Voice("en-us+victor", 145, 45),
    },
}
"""Voices that the demo model was not trained on."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence, without silence around it; word times count from its start."""

    samples: Samples  # (n,), RATE
    words: tuple[Timed, ...]


# --- espeak-ng ---

_RETRIEVAL, _UTF8, _CHARACTERS, _SPEED, _PITCH, _END, _WORD = 1, 1, 1, 1, 3, 0, 1  # constants of speak_lib.h


class _Event(ctypes.Structure):
    """``espeak_EVENT`` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # characters from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@cache
def _espeak() -> tuple[Any, int]:
    """The library, started, and its sample rate."""
    library = ctypes.CDLL("libespeak-ng.so.1")
    rate = library.espeak_Initialize(_RETRIEVAL, 500, None, 0)
    if rate <= 0:
        raise RuntimeError("espeak-ng does not start")
    return library, rate


def _synthesize(text: str, voice: Voice) -> tuple[npt.NDArray[np.int16], dict[int, int]]:
    """Samples at the library's rate, and the sample at which the word at each character of ``text`` begins."""
    library, _ = _espeak()
    blocks: list[npt.NDArray[np.int16]] = []
    begins: dict[int, int] = {}

    def receive(wave: Any, count: int, events: Any) -> int:
        if wave and count:
            blocks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type != _END:
            if events[index].type == _WORD:
                begins.setdefault(events[index].text_position - 1, events[index].sample)
            index += 1
        return 0

    callback = _Callback(receive)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
        raise RuntimeError(f"espeak-ng has no voice {voice.name}")
    library.espeak_SetParameter(_SPEED, voice.speed, 0)
    library.espeak_SetParameter(_PITCH, voice.pitch, 0)
    data = text.encode() + b"\0"
    library.espeak_Synth(data, len(data), 0, _CHARACTERS, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return np.concatenate(blocks), begins


def trimmed(samples: Samples) -> tuple[Samples, int]:
    """``samples`` at half of full scale, without the silence around their sound; how many were cut off before it."""
    loud = samples * np.float32(PEAK / np.abs(samples).max())
    audible = np.flatnonzero(np.abs(loud) > AUDIBLE * PEAK)
    first = int(audible[0])
    return loud[first : int(audible[-1]) + 1], first


def speak(text: str, voice: Voice) -> Utterance:
    """``text`` read by ``voice``, trimmed to its sound, at half of full scale."""
    raw, begins = _synthesize(text, voice)
    rate = _espeak()[1]
    samples = resample_poly(raw.astype(np.float32), RATE, rate).astype(np.float32)
    samples, first = trimmed(samples)
    length = len(samples) / RATE
    starts = [min(max(at / rate - first / RATE, 0.0), length) for at in _word_samples(text, begins, len(raw))]
    words = [match[0] for match in re.finditer(r"\S+", text)]
    spans = pairwise([*starts, length])
    return Utterance(samples, tuple((word, start, end) for word, (start, end) in zip(words, spans, strict=True)))


def _word_samples(text: str, begins: dict[int, int], total: int) -> list[float]:
    """Where each word of ``text`` begins; one that espeak-ng runs together with its neighbours is set in proportion."""
    positions, at = zip(*sorted({**begins, 0: 0, len(text): total}.items()), strict=True)
    return [float(np.interp(match.start(), positions, at)) for match in re.finditer(r"\S+", text)]


# --- a meeting ---


def read_script(path: Path) -> list[tuple[str, str]]:
    """(name, sentence) of each line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(name, sentence) for name, _, sentence in (line.partition(": ") for line in lines if line)]


def perform(
    script: Sequence[tuple[str, str]], cast: dict[str, Voice], seed: int
) -> tuple[Samples, list[Turn], list[Timed]]:
    """The recording, a turn per sentence (labels in the order of first speech), and the words with their times."""
    rng = Random(seed)
    labels = {name: f"S{number}" for number, name in enumerate(dict.fromkeys(name for name, _ in script), 1)}
    pieces: list[Samples] = []
    turns: list[Turn] = []
    words: list[Timed] = []
    at, last = 0, None
    for name, sentence in script:
        pause = round(rng.uniform(*(PAUSE if name == last else CHANGE)) * RATE)
        utterance = speak(sentence, cast[name])
        pieces += [np.zeros(pause, np.float32), utterance.samples]
        begin, at, last = at + pause, at + pause + len(utterance.samples), name
        turns.append(Turn(labels[name], begin / RATE, at / RATE))
        words += _shifted(utterance.words, begin / RATE)
    pieces.append(np.zeros(RATE, np.float32))
    dry = np.concatenate(pieces)
    return _with_noise(dry, seed), turns, words


def _shifted(words: Sequence[Timed], by: float) -> Iterator[Timed]:
    return ((word, round(start + by, 3), round(end + by, 3)) for word, start, end in words)


def _with_noise(samples: Samples, seed: int) -> Samples:
    noise = np.random.default_rng(seed).normal(0, NOISE_RMS, len(samples)).astype(np.float32)
    return samples + noise


def _encode(samples: Samples, path: Path) -> None:
    """Ogg Opus, mono."""
    source = ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"]
    target = ["-c:a", "libopus", "-b:a", "32k", "-fflags", "+bitexact", "-map_metadata", "-1", str(path)]
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *source, *target], input=samples.tobytes(), check=True)


def make(script: Path, seed: int) -> None:
    """Write the recording and its references beside ``script``."""
    language = script.stem.rpartition("-")[2]
    samples, turns, words = perform(read_script(script), CASTS[language], seed)
    _encode(samples, script.with_suffix(".ogg"))
    script.with_suffix(".rttm").write_text(rttm.dump(turns, script.stem), encoding="utf-8")
    lines = ",\n".join(json.dumps(word, ensure_ascii=False) for word in words)
    script.with_suffix(".words.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{script.stem}: {len(samples) / RATE:.1f} s, {len(words)} words")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, default=Path("examples"))
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    for script in sorted(arguments.folder.glob("meeting-*.txt")):
        make(script, arguments.seed)


if __name__ == "__main__":
    main()
