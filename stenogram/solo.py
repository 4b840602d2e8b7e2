"""Stages run in this very process, without queue or database: what ``stenogram diarize`` needs."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from stenogram.pipeline.diarize import DiarizeOptions, diarize
from stenogram.pipeline.ports import Diarizer, MediaTool, PreparedAudio, VoiceActivityDetector
from stenogram.pipeline.preprocess import PreprocessOptions, prepared_audio, preprocess
from stenogram.pipeline.stage import Progress, RunOptions, Stage
from stenogram.settings import LimitSettings
from stenogram.speech import rttm
from stenogram.speech.transcript import HypothesisSegment

Shown = Callable[[str, float], None]  # stage, fraction


class Engines(Protocol):
    """What of ``stenogram.engines.registry.Engines`` is needed."""

    def media_tool(self) -> MediaTool: ...

    def vad(self) -> VoiceActivityDetector: ...

    def diarizer(self, options: RunOptions) -> Diarizer: ...


def diarize_file(path: Path, engines: Engines, limits: LimitSettings, speakers: int | None, shown: Shown) -> str:
    """RTTM of who speaks when in ``path``. Raises InvalidMedia or EngineError.

    The decoded sound lies in an unlinked file of a private folder for as long as this takes.
    """
    diarizer = engines.diarizer(RunOptions(speakers=speakers))
    with tempfile.TemporaryFile(prefix="stenogram-") as pcm:

        def read(offset: int, length: int) -> bytes:
            pcm.seek(offset)
            return pcm.read(length)

        def write(data: bytes) -> None:
            pcm.write(data)

        options = PreprocessOptions(limits.max_hours * 3600, limits.min_seconds)
        prepared = preprocess(
            path, engines.media_tool(), engines.vad(), write, options, _reporting(shown, Stage.PREPROCESS)
        )
        audio: PreparedAudio = prepared_audio(prepared, read)
        found = diarize(audio, diarizer, DiarizeOptions(speakers), _reporting(shown, Stage.DIARIZE))
    return rttm.dump(found.turns, path.stem.replace(" ", "_") or "recording")


def _reporting(shown: Shown, stage: Stage) -> Progress:
    def report(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        shown(stage.value, fraction)

    return report
