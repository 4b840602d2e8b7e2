"""What a voice sounds like, as one embedding for each speaker of a recording, whichever engine told them apart."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from stenogram.engines.diarization.voices import VoiceEncoder
from stenogram.pipeline.ports import PreparedAudio
from stenogram.speech.transcript import Turn
from stenogram.speech.voiceprint import Embedding, mean

WINDOW, HOP = 1.6, 0.8  # seconds, as the encoder was trained; every window half over the next
MOST_SECONDS = 30.0  # of each voice; more changes nothing
LEAST_SECONDS = 3.0  # less says too little
_EDGE = 0.2  # seconds at both ends of a turn, where others may still be heard


class VoiceprintReader:
    """Reads the longest turns of each voice. Raises EngineError."""

    def __init__(self, device: str = "cpu") -> None:
        self._encoder = VoiceEncoder(device)

    def read(self, audio: PreparedAudio, turns: Sequence[Turn]) -> Mapping[str, Embedding]:
        """By label; voices that are heard for less than LEAST_SECONDS are left out. ``turns`` must not overlap."""
        voices = dict.fromkeys(turn.speaker for turn in turns)
        found = ((label, list(self._windows(audio, _longest(turns, label)))) for label in voices)
        return {label: mean(windows) for label, windows in found if windows}

    def _windows(self, audio: PreparedAudio, turns: Sequence[Turn]) -> Iterator[list[float]]:
        if math.fsum(turn.duration for turn in turns) < LEAST_SECONDS:
            return
        for turn in turns:
            centres = np.arange(_EDGE + WINDOW / 2, turn.duration - _EDGE - WINDOW / 2 + 1e-6, HOP)
            if centres.size:
                for embedding in self._encoder.embed(audio.read(turn.start, turn.end), centres, WINDOW):
                    yield [float(value) for value in embedding]


def _longest(turns: Sequence[Turn], label: str) -> list[Turn]:
    """The longest of one voice, up to MOST_SECONDS together."""
    kept: list[Turn] = []
    left = MOST_SECONDS
    for turn in sorted((turn for turn in turns if turn.speaker == label), key=lambda one: -one.duration):
        if left <= 0:
            break
        kept.append(Turn(label, turn.start, turn.start + min(turn.duration, left)))
        left -= turn.duration
    return kept
