"""The reader of voices on the example meeting: one half of it knows the people of the other."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from stenogram.engines.diarization.voiceprints import VoiceprintReader
from stenogram.pipeline.ports import SAMPLE_RATE, PreparedAudio
from stenogram.speech import rttm
from stenogram.speech.transcript import Turn
from stenogram.speech.voiceprint import guesses

EXAMPLES = Path(__file__).parents[2] / "examples"


def meeting(language: str) -> PreparedAudio:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(EXAMPLES / f"meeting-{language}.ogg")]
    command += ["-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"]
    samples = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.float32)

    def read(start: float, end: float) -> np.ndarray:
        return samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]

    return PreparedAudio(samples.size / SAMPLE_RATE, (), read)


def turns(language: str) -> list[Turn]:
    return list(rttm.parse((EXAMPLES / f"meeting-{language}.rttm").read_text()))


def test_people_are_known_by_their_voices() -> None:
    pytest.importorskip("resemblyzer")
    audio, said, reader = meeting("ru"), turns("ru"), VoiceprintReader()
    first, second = (reader.read(audio, said[half::2]) for half in (0, 1))
    known = {label: [embedding] for label, embedding in first.items()}
    assert {guess.label: guess.name for guess in guesses(second, known)} == {label: label for label in second}
    assert len(second) > 1
    assert guesses(reader.read(meeting("en"), turns("en")), known) == []
