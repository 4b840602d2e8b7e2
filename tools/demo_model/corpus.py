"""Speak sentences into a pool of training sound: ``python -m tools.demo_model.corpus POOL --count N [--held]``.

A pool is ``POOL.npy`` (int16, 16 kHz, one clip after the other) and ``POOL.json`` (where each clip lies and what it
says). espeak-ng and flite speak; every second clip goes through Opus, as recordings from phones and browsers do.
"""

import argparse
import io
import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from tools.demo_model.sentences import GRAMMARS
from tools.make_examples import RATE, Utterance, Voice, read_script, speak, trimmed

HELD_OUT = ("m6", "f4", "linda", "victor")  # variants of espeak-ng that are never trained on
VARIANTS = """
    m1 m2 m3 m4 m5 m7 m8 f1 f2 f3 f5 Andy Alicia Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario
    Michael Mike Nguyen Storm adam anika antonio aunty belinda benjamin boris caleb david ed edward grandma grandpa
    gustave iven iven2 iven3 john marcelo max michel miguel norbert pablo paul pedro quincy rob robert sandro
    shelby steph steph2 steph3 travis zac klatt klatt2 klatt4
""".split()  # noqa: SIM905 - a list literal is formatted to seventy lines
ACCENTS = {"ru": ("ru",), "en": ("en-us", "en", "en-gb-x-rp")}
FLITE = ("slt", "rms", "awb", "kal16")
FLITE_SHARE = 0.25  # of the English clips
EXAMPLES = Path("examples")
_CODEC = ("-c:a", "libopus", "-b:a", "32k", "-compression_level", "2")

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Clip:
    """One sentence: samples ``start`` to ``end`` of the pool. ``words`` are (start, end) in seconds from its start."""

    start: int
    end: int
    text: str
    language: str
    voice: str
    words: tuple[tuple[float, float], ...]


class Pool:
    """A pool on disk, its sound mapped rather than read."""

    def __init__(self, path: Path) -> None:
        self._sound: Pcm = np.load(path.with_suffix(".npy"), mmap_mode="r")
        rows = json.loads(path.with_suffix(".json").read_text())
        self.clips = [Clip(**{**row, "words": tuple((start, end) for start, end in row["words"])}) for row in rows]

    @cached_property
    def by_language(self) -> dict[str, list[Clip]]:
        return {language: [clip for clip in self.clips if clip.language == language] for language in GRAMMARS}

    def sound(self, clip: Clip) -> npt.NDArray[np.float32]:
        return self._sound[clip.start : clip.end].astype(np.float32) / np.float32(32768)


def spoken(number: int, language: str, held: bool) -> tuple[Utterance, str, str] | None:
    """(sound, text, voice) of clip ``number``; None for a sentence of the examples, which are there to test."""
    rng = Random(f"{language} {held} {number}")
    text = GRAMMARS[language].sentence(rng)
    if text in reserved(language):
        return None
    if language == "en" and not held and rng.random() < FLITE_SHARE:
        name = rng.choice(FLITE)
        return _flite(text, name, rng.uniform(0.85, 1.2)), text, name
    variant = rng.choice(HELD_OUT if held else VARIANTS)
    voice = Voice(f"{rng.choice(ACCENTS[language])}+{variant}", rng.randint(125, 185), rng.randint(25, 75))
    return speak(text, voice), text, variant


def reserved(language: str) -> frozenset[str]:
    """What the example recording says, less the sentences that leave nothing to vary."""
    script = EXAMPLES / f"meeting-{language}.txt"
    return frozenset(sentence for _, sentence in read_script(script)) - GRAMMARS[language].fixed()


def _flite(text: str, voice: str, stretch: float) -> Utterance:
    """Its words are taken to last as long as they are written."""
    command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-t", text, "-o", "/dev/stdout"]
    wav = subprocess.run(command, capture_output=True, check=True).stdout
    samples, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    samples, _ = trimmed(resample_poly(samples, RATE, rate).astype(np.float32))
    words = text.split()
    bounds = np.cumsum([0, *(len(word) + 1 for word in words)]) / (len(text) + 1) * len(samples) / RATE
    return Utterance(samples, tuple((word, bounds[i], bounds[i + 1]) for i, word in enumerate(words)))


def _batch(job: tuple[range, str, bool]) -> tuple[Pcm, list[Clip]]:
    """The clips of some numbers, one after the other; through Opus as one file where the batch is an odd one."""
    numbers, language, held = job
    made = [item for item in (spoken(number, language, held) for number in numbers) if item]
    ends = np.cumsum([len(utterance.samples) for utterance, _, _ in made])
    clips = [
        Clip(
            int(end) - len(utterance.samples),
            int(end),
            text,
            language,
            voice,
            tuple((round(start, 3), round(stop, 3)) for _, start, stop in utterance.words),
        )
        for (utterance, text, voice), end in zip(made, ends, strict=True)
    ]
    sound = np.concatenate([utterance.samples for utterance, _, _ in made])
    if numbers.start // len(numbers) % 2:
        sound = _through_opus(sound)
    return np.rint(sound * 32767).astype(np.int16), clips


def _through_opus(sound: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "1"]
    ffmpeg = ["ffmpeg", "-nostdin", "-v", "error"]
    coded = subprocess.run(
        [*ffmpeg, *raw, "-i", "pipe:0", *_CODEC, "-f", "ogg", "pipe:1"],
        input=sound.tobytes(),
        capture_output=True,
        check=True,
    ).stdout
    plain = subprocess.run([*ffmpeg, "-i", "pipe:0", *raw, "pipe:1"], input=coded, capture_output=True, check=True)
    decoded = np.frombuffer(plain.stdout, np.float32)[: len(sound)]
    return np.pad(decoded, (0, len(sound) - len(decoded)))


def make(path: Path, count: int, held: bool, batch: int = 100) -> float:
    """Write a pool of about ``count`` clips a language; hours of sound."""
    jobs = [(range(at, at + batch), language, held) for at in range(0, count, batch) for language in GRAMMARS]
    with ProcessPoolExecutor() as pool:
        parts = list(pool.map(_batch, jobs))
    np.save(path.with_suffix(".npy"), np.concatenate([sound for sound, _ in parts]))
    rows, at = list[dict[str, object]](), 0
    for sound, clips in parts:
        rows += [{**asdict(clip), "start": clip.start + at, "end": clip.end + at} for clip in clips]
        at += len(sound)
    path.with_suffix(".json").write_text(json.dumps(rows, ensure_ascii=False))
    return at / RATE / 3600


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Speak sentences into a pool of training sound.")
    parser.add_argument("pool", type=Path)
    parser.add_argument("--count", type=int, default=14_000, help="clips a language")
    parser.add_argument("--held", action="store_true", help="voices that are never trained on")
    asked = parser.parse_args(arguments)
    print(f"{asked.pool}: {make(asked.pool, asked.count, asked.held):.1f} hours")


if __name__ == "__main__":
    main()
