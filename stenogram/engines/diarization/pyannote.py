"""Diarization by pyannote.audio 4: community-1 or speaker-diarization-3.1, from the Hub or from a local folder."""

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stenogram.engines.diarization.turns import exclusive_turns, named, overlapping_turns
from stenogram.errors import EngineError, StenogramError
from stenogram.pipeline.ports import SAMPLE_RATE, DiarizationRequest
from stenogram.pipeline.stage import MAX_SPEAKERS
from stenogram.speech.transcript import Diarization, Turn

ENGINE = "pyannote"
LARGEST_BATCH = 16  # above it nothing gets faster, only memory grows
_STEPS = {"segmentation": (0.0, 0.35), "embeddings": (0.35, 0.95)}  # share of the whole, begin and end
_CONFIG = "config.yaml"


class PyannoteDiarizer:
    """``model`` is a Hub name or a folder that holds a downloaded pipeline (``config.yaml`` and its checkpoints).

    The pipeline is loaded on first use and kept, in fp32 (half precision changes the turns). Errors are EngineError:
    ``engine.not_configured`` without a token or folder, ``engine.unavailable`` where the Hub does not answer,
    ``engine.out_of_memory`` when even a batch of one does not fit, ``engine.failed`` for the rest.
    """

    engine = ENGINE

    def __init__(
        self,
        model: str,
        *,
        token: str | None = None,
        device: str = "cpu",
        cache_dir: Path | None = None,
        batch: int = LARGEST_BATCH,
    ) -> None:
        if batch < 1:
            raise ValueError(f"batch {batch} below 1")
        self.model = Path(model).name if _is_folder(model) else model
        self._source = model
        self._token = token
        self._device = device
        self._cache_dir = cache_dir
        self._batch = batch
        self._pipeline: Any = None

    def diarize(self, request: DiarizationRequest, progress: Callable[[float], None]) -> Diarization:
        """Turns without confidence (pyannote gives none); a batch that had to shrink is noted ``smaller_batch:N``."""
        pipeline = self._loaded()
        try:
            output, batch = self._applied(pipeline, request, _hook(progress))
        except StenogramError:  # a cancelled run, or an error that already has its code
            raise
        except Exception as error:
            raise EngineError("engine.failed", repr(error), engine=ENGINE) from error
        return self._result(output, request.audio.duration, () if batch == self._batch else (f"smaller_batch:{batch}",))

    def unload(self) -> None:
        """Give the memory back; the next call loads again."""
        self._pipeline = None

    def _loaded(self) -> Any:
        if self._pipeline is None:
            self._require_source()
            self._pipeline = _load(self._source, self._token, self._device, self._cache_dir)
        return self._pipeline

    def _require_source(self) -> None:
        if _is_folder(self._source):
            if not (Path(self._source) / _CONFIG).is_file():
                raise _not_configured(f"there is no {_CONFIG} in the folder “{self._source}” of PYANNOTE_MODEL")
        elif not self._token:
            raise _not_configured(
                f"“{self._source}” is neither a folder here nor is there a token to download it: "
                "set HF_TOKEN (and accept the model's conditions), or set PYANNOTE_MODEL to a downloaded folder"
            )

    def _applied(self, pipeline: Any, request: DiarizationRequest, hook: Callable[..., None]) -> tuple[Any, int]:
        """The pipeline's output and the batch it was made with; the batch is halved as long as memory is short."""
        import torch

        batch = self._batch
        samples = request.audio.read(0.0, request.audio.duration)
        file = {"waveform": torch.tensor(samples)[None], "sample_rate": SAMPLE_RATE, "uri": "recording"}
        bounds = {"num_speakers": request.speakers} if request.speakers else {"max_speakers": MAX_SPEAKERS}
        while True:
            pipeline.segmentation_batch_size = pipeline.embedding_batch_size = batch
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # advice to the library's developers
                    return pipeline(file, hook=hook, **bounds), batch
            except (torch.OutOfMemoryError, MemoryError) as error:
                if batch == 1:
                    raise EngineError("engine.out_of_memory", repr(error), engine=ENGINE) from error
                batch //= 2
            _free_memory()

    def _result(self, output: Any, duration: float, notes: tuple[str, ...]) -> Diarization:
        exclusive = exclusive_turns(_turns(output.exclusive_speaker_diarization), duration)
        turns = overlapping_turns(exclusive, _turns(output.speaker_diarization))
        turns, exclusive = named(turns, exclusive)
        return Diarization(turns, exclusive, ENGINE, self.model, notes)


def _is_folder(model: str) -> bool:
    """A path that exists, or that can only be meant as one (a Hub name is never absolute)."""
    return Path(model).is_dir() or Path(model).is_absolute()


def _not_configured(detail: str) -> EngineError:
    return EngineError("engine.not_configured", detail, engine=ENGINE)


def _load(source: str, token: str | None, device: str, cache_dir: Path | None) -> Any:
    """The pipeline on ``device``. Telemetry, which the library switches on by default, is off before its import."""
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import torch
            from pyannote.audio import Pipeline

            pipeline = Pipeline.from_pretrained(source, token=token, cache_dir=cache_dir)
            if pipeline is not None:
                return pipeline.to(torch.device(device))
    except OSError as error:  # the Hub's HTTP errors are OSErrors, too
        raise EngineError("engine.unavailable", repr(error), engine=ENGINE) from error
    except Exception as error:
        raise _not_configured(f"“{source}” cannot be loaded ({type(error).__name__})") from error
    raise _not_configured(f"“{source}” is gated: accept its conditions on its page, with the account of the token")


def _hook(progress: Callable[[float], None]) -> Callable[..., None]:
    """pyannote's hook, told after every batch, as fractions of the whole. ``progress`` may raise to cancel."""

    def hook(
        step: str, artifact: object = None, *, completed: int | None = None, total: int | None = None, **_: object
    ) -> None:
        begin, end = _STEPS.get(step, (0.95, 0.95))
        share = 1.0 if completed is None or not total else min(1.0, completed / total)
        progress(begin + (end - begin) * share)

    return hook


def _turns(annotation: Any) -> list[Turn]:
    """pyannote's Annotation as our turns, with its labels."""
    return [
        Turn(str(label), max(0.0, float(segment.start)), max(0.0, float(segment.end)))
        for segment, _, label in annotation.itertracks(yield_label=True)
    ]


def _free_memory() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
