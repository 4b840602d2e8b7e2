"""Diarization that needs no token and no download: Silero, Resemblyzer, clustering and resegmentation."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stenogram.engines.diarization.activity import (
    STEP,
    ActivityOptions,
    Levels,
    Mask,
    frame_levels,
    gain_to,
    runs,
    speech_mask,
)
from stenogram.engines.diarization.clustering import ClusteringOptions, Windows, find_voices
from stenogram.engines.diarization.resegmentation import (
    Labels,
    Scores,
    decode,
    interpolated,
    posteriors,
    similarities,
)
from stenogram.engines.diarization.turns import exclusive_turns, named, overlapping_turns
from stenogram.engines.diarization.voices import Embeddings, VoiceEncoder
from stenogram.engines.vad import SileroVad
from stenogram.pipeline.ports import DiarizationRequest, PreparedAudio, Samples
from stenogram.speech.transcript import Diarization, Turn

ENGINE = "embedded"
MODEL = "resemblyzer-ge2e+silero-v6"
HOP = 0.2  # seconds between windows
SHORT, LONG = 0.8, 1.6  # seconds of a window: short ones find boundaries, longer ones tell voices apart
CHANGE_COST = 2.0  # of the final decoding per frame of STEP, in log-likelihood
_BLOCK = 60.0  # seconds read at once
_SHARES = (0.02, 0.15, 0.9)  # of the whole, when levels, speech and embeddings are done


class _Voiced(NamedTuple):
    """The windows whose middle is speech: their centres (seconds) and both embeddings."""

    centres: npt.NDArray[np.float64]
    windows: Windows


class EmbeddedDiarizer:
    """Memory grows by some 10 kB per second of speech, not with the samples: they are read in blocks, three times.

    A turn's ``confidence`` is the mean over its frames of the posterior of its speaker, softmax over all speakers of
    8 x cosine similarity between the frame's window and the speaker's mean voice: 1 with a single speaker, near
    1 / speakers when it could have been anybody. Raises EngineError.
    """

    engine = ENGINE
    model = MODEL

    def __init__(
        self,
        *,
        device: str = "cpu",
        activity: ActivityOptions | None = None,
        clustering: ClusteringOptions | None = None,
    ) -> None:
        self._encoder = VoiceEncoder(device)
        self._activity = activity or ActivityOptions()
        self._clustering = clustering or ClusteringOptions()

    def diarize(self, request: DiarizationRequest, progress: Callable[[float], None]) -> Diarization:
        """No speech, no turns. ``progress`` is told after every block and may raise to cancel."""
        audio = request.audio
        levels = _levels(audio)
        progress(_SHARES[0])
        speech = self._speech(audio, levels, _part(progress, *_SHARES[:2]))
        if not speech.any():
            return Diarization((), (), ENGINE, MODEL)
        voiced = self._embedded(audio, speech, _part(progress, *_SHARES[1:]))
        voices = find_voices(voiced.windows, request.speakers, self._clustering)
        turns = _turns(speech, _frame_scores(voiced, voices, speech.size))
        progress(1.0)
        exclusive = exclusive_turns(turns, audio.duration)
        return Diarization(*named(overlapping_turns(exclusive, ()), exclusive), ENGINE, MODEL)

    def _speech(self, audio: PreparedAudio, levels: Levels, progress: Callable[[float], None]) -> Mask:
        gain = gain_to(self._activity.level, levels)
        vad = SileroVad()
        for start, samples in _blocks(audio):
            vad.feed(np.clip(samples * np.float32(gain), -1.0, 1.0))
            progress((start + _BLOCK) / audio.duration)
        return speech_mask(vad.probabilities(), levels, self._activity)

    def _embedded(self, audio: PreparedAudio, speech: Mask, progress: Callable[[float], None]) -> _Voiced:
        centres = _centres(speech)
        short: list[Embeddings] = []
        long: list[Embeddings] = []
        for block in np.arange(0.0, audio.duration, _BLOCK):
            own = centres[(centres >= block) & (centres < block + _BLOCK)]
            if own.size:
                begin = max(0.0, block - LONG)
                samples = audio.read(begin, min(audio.duration, block + _BLOCK + LONG))
                short.append(self._encoder.embed(samples, own - begin, SHORT))
                long.append(self._encoder.embed(samples, own - begin, LONG))
            progress((block + _BLOCK) / audio.duration)
        return _Voiced(centres, Windows(np.concatenate(short), np.concatenate(long), 1 / HOP))


def _blocks(audio: PreparedAudio) -> Iterator[tuple[float, Samples]]:
    for start in np.arange(0.0, audio.duration, _BLOCK):
        yield float(start), audio.read(float(start), min(audio.duration, float(start) + _BLOCK))


def _levels(audio: PreparedAudio) -> Levels:
    return np.concatenate([frame_levels(samples) for _, samples in _blocks(audio)] or [np.zeros(0, np.float32)])


def _part(progress: Callable[[float], None], begin: float, end: float) -> Callable[[float], None]:
    """``progress`` for a part of the whole, from ``begin`` to ``end``."""
    return lambda fraction: progress(begin + (end - begin) * min(1.0, fraction))


def _centres(speech: Mask) -> npt.NDArray[np.float64]:
    """Every HOP seconds within speech; a region too short to be met gets one in its middle."""
    every = round(HOP / STEP)
    frames: list[int] = []
    for start, end in runs(speech):
        frames += list(range(-(-start // every) * every, end, every)) or [(start + end) // 2]
    return np.asarray(frames, np.float64) * STEP


def _frame_scores(voiced: _Voiced, voices: Embeddings, frames: int) -> Scores:
    times = np.asarray((np.arange(frames) + 0.5) * STEP, np.float64)
    return interpolated(similarities(voiced.windows.short, voices), voiced.centres, times)


def _turns(speech: Mask, scores: Scores) -> list[Turn]:
    """Frames decoded through all speech at once, as turns that end where speech does."""
    labels = np.full(speech.size, -1, np.int64)
    labels[speech] = decode(scores[speech], CHANGE_COST)
    certain = posteriors(scores)
    return [turn for region in runs(speech) for turn in _region_turns(labels, certain, *region)]


def _region_turns(labels: Labels, certain: Scores, start: int, end: int) -> Iterator[Turn]:
    for speaker, group in groupby(range(start, end), key=lambda frame: int(labels[frame])):
        frames = list(group)
        confidence = float(np.clip(certain[frames, speaker].mean(), 0.0, 1.0))
        yield Turn(str(speaker), frames[0] * STEP, (frames[-1] + 1) * STEP, confidence)
