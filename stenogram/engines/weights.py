"""Which weights are on this machine, how to get others, and what ``auto`` means here."""

import contextlib
import hashlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stenogram.engines.asr.loading import library_warnings_ignored, load_model
from stenogram.engines.demo import PACKED
from stenogram.errors import EngineError
from stenogram.pipeline.catalog import (
    DEMO,
    ENGINES,
    FASTER_WHISPER,
    LADDER,
    MODELS,
    OPENAI_WHISPER,
    Hardware,
    best_model,
)
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import AsrSettings

REACH_SECONDS = 4.0  # for one attempt to reach a download server
UNREACHABLE_FOR = 900.0  # seconds for which a failed attempt is remembered
_COMPLETE = {OPENAI_WHISPER: "", FASTER_WHISPER: "model.bin"}  # the file that tells complete weights


@dataclass(frozen=True, slots=True)
class Choice:
    """Weights that are on this machine, and what to say with every result made with them."""

    engine: str
    model: str
    path: Path
    notes: tuple[str, ...] = ()


class Weights:
    """The weights under ``MODEL_CACHE_DIR``: ``{name}.pt`` for openai-whisper, ``faster-whisper-{name}/`` folders.

    Whatever appears there appears whole: it is made under another name and renamed, so processes may race.
    ``reach`` and ``fetch`` are the network: can the engine's server be reached, and download a model into a folder.
    """

    def __init__(
        self,
        settings: AsrSettings,
        *,
        hardware: Callable[[], Hardware] | None = None,
        reach: Callable[[str], bool] | None = None,
        fetch: Callable[[str, str, Path], Path] | None = None,
    ) -> None:
        self._settings = settings
        self._root = settings.model_cache_dir
        self._hardware = hardware or (lambda: inspect_hardware(settings.device))
        self._reach = reach or _reachable
        self._fetch = fetch or _download

    def path(self, name: str, engine: str) -> Path:
        """Where the weights are or would be."""
        if name == DEMO:
            return self._demo_folder / ("demo.pt" if engine == OPENAI_WHISPER else "ctranslate2")
        file = {"turbo": "large-v3-turbo"}.get(name, name)  # openai-whisper's own file name
        return self._root / (f"{file}.pt" if engine == OPENAI_WHISPER else f"faster-whisper-{name}")

    def present(self, name: str, engine: str) -> bool:
        """The demo is always there: it comes with the service and is unpacked on first use."""
        return name == DEMO or (self.path(name, engine) / _COMPLETE[engine]).exists()

    def list(self) -> list[dict[str, Any]]:
        """One entry per model and engine, for people and for JSON."""
        return [
            {
                "name": model.name,
                "engine": engine,
                "languages": model.described_languages,
                "size_mb": model.size_mb,
                "present": self.present(model.name, engine),
                "default_for": list(model.presets),
            }
            for model in MODELS.values()
            for engine in ENGINES
        ]

    def pull(self, name: str, engine: str | None = None) -> Path:
        """Download (or unpack) unless it is there; where it lies. Raises EngineError("weights.unavailable")."""
        engine = engine or self._engine(None)
        _require_known(name, engine)
        target = self.path(name, engine)
        if name == DEMO:
            self._unpack_demo(target, engine)
        elif not self.present(name, engine):
            with _new(target) as folder:
                try:
                    made = self._fetch(name, engine, folder)
                except Exception as error:
                    raise EngineError("weights.unavailable", repr(error), model=name) from error
                _place(made, target)
        return target

    def check(self) -> Iterator[tuple[str, str, str]]:
        """Load what is here: (name, engine, problem or "")."""
        for entry in self.list():
            if entry["present"]:
                name, engine = entry["name"], entry["engine"]
                try:
                    load_model(
                        engine, self.pull(name, engine), "cpu", "int8" if engine == FASTER_WHISPER else "float32"
                    )
                except Exception as error:  # noqa: BLE001 - a damaged file fails in many ways; that is the answer
                    yield name, engine, f"{type(error).__name__}: {error}"
                else:
                    yield name, engine, ""

    def resolve(self, options: RunOptions, language: str | None = None) -> Choice:
        """The weights for a run, on this machine when this returns.

        A model that somebody named, in the options or the settings, is used or EngineError("weights.unavailable") is
        raised. ``auto`` may come down to what is here, at last to the demo checkpoint, which it then notes.
        """
        named = options.model or (self._settings.model if self._settings.model != "auto" else None)
        if named is None:
            return self._automatic(options, options.language or language)
        engine = self._engine(options.engine, named)
        _require_known(named, engine)
        if not self.present(named, engine) and self._settings.offline:
            raise EngineError("weights.unavailable", "downloads are switched off", model=named)
        return self._choice(engine, named)

    def _automatic(self, options: RunOptions, language: str | None) -> Choice:
        wanted = best_model(options.preset, self._hardware())
        engine = self._engine(options.engine, wanted)
        if self.present(wanted, engine) or self._can_download(engine):
            with contextlib.suppress(EngineError):
                return self._choice(engine, wanted)
            self._remember_unreachable(engine)
        for name in LADDER[LADDER.index(wanted) :]:
            if self.present(name, engine):
                return self._choice(engine, name)
        if language is not None and language not in MODELS[DEMO].languages:
            raise EngineError("weights.unavailable", "the demo model does not know the language", model=wanted)
        choice = self._choice(engine, DEMO)
        return Choice(choice.engine, choice.model, choice.path, (f"demo_model:{wanted}",))

    def _choice(self, engine: str, name: str) -> Choice:
        notes = (f"demo_model:{best_model(self._settings.preset, self._hardware())}",) if name == DEMO else ()
        return Choice(engine, name, self.pull(name, engine), notes)

    def _engine(self, asked: str | None, model: str | None = None) -> str:
        """The engine asked for; ``auto`` is faster-whisper unless the model lies here for the other one only."""
        engine = asked or self._settings.engine
        if engine != "auto":
            return engine
        only_openai = (
            model is not None and not self.present(model, FASTER_WHISPER) and self.present(model, OPENAI_WHISPER)
        )
        return OPENAI_WHISPER if only_openai else FASTER_WHISPER

    def _can_download(self, engine: str) -> bool:
        if self._settings.offline or self._was_unreachable(engine):
            return False
        if self._reach(engine):
            return True
        self._remember_unreachable(engine)
        return False

    def _was_unreachable(self, engine: str) -> bool:
        try:
            return time.time() - self._marker(engine).stat().st_mtime < UNREACHABLE_FOR
        except FileNotFoundError:
            return False

    def _remember_unreachable(self, engine: str) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        self._marker(engine).touch()

    def _marker(self, engine: str) -> Path:
        return self._root / f".{engine}-unreachable"

    @property
    def _demo_folder(self) -> Path:
        """One per version of the packed file, told by what is in it."""
        return self._root / f"demo-{_packed_hash()}"

    def _unpack_demo(self, target: Path, engine: str) -> None:
        if target.exists():
            return
        from stenogram.engines.demo.ctranslate import convert
        from stenogram.engines.demo.packing import unpack

        checkpoint = unpack(PACKED)
        with _new(target) as folder, library_warnings_ignored():
            made = folder / target.name
            if engine == OPENAI_WHISPER:
                import torch

                torch.save(checkpoint, made)
            else:
                convert(checkpoint, made)
            _place(made, target)


@cache
def _packed_hash() -> str:
    return hashlib.sha256(PACKED.read_bytes()).hexdigest()[:12]


def _require_known(name: str, engine: str) -> None:
    if name not in MODELS or engine not in ENGINES:
        known = ", ".join(MODELS)
        raise EngineError("weights.unavailable", f"{engine} has no such model; known are {known}", model=name)


@contextlib.contextmanager
def _new(target: Path) -> Iterator[Path]:
    """A private folder beside ``target`` to make it in; gone at the end."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _place(made: Path, target: Path) -> None:
    """Rename into place. Another process may have been quicker with the same thing: then that one stays."""
    if made.is_dir() and target.exists():
        return
    try:
        made.replace(target)
    except OSError:
        if not target.exists():
            raise


# --- hardware and network ---


def inspect_hardware(device: str) -> Hardware:
    """What this machine offers; ``cpu`` leaves the GPU aside."""
    import psutil
    import torch

    gpu = 0.0
    if device != "cpu" and torch.cuda.is_available():
        gpu = torch.cuda.get_device_properties(0).total_memory / 2**30
    return Hardware(gpu, psutil.virtual_memory().total / 2**30, len(os.sched_getaffinity(0)))


def _reachable(engine: str) -> bool:
    """Whether the engine's download server answers at all within REACH_SECONDS (name look-up included)."""
    answered = threading.Event()

    def attempt() -> None:
        import httpx

        with contextlib.suppress(httpx.HTTPError, OSError):
            httpx.head(_server(engine), timeout=REACH_SECONDS)
            answered.set()

    thread = threading.Thread(target=attempt, daemon=True, name="reach")
    thread.start()
    thread.join(REACH_SECONDS)
    return answered.is_set()


def _server(engine: str) -> str:
    if engine == OPENAI_WHISPER:
        import whisper

        return str(whisper._MODELS["turbo"])  # the library names its server nowhere else
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _download(name: str, engine: str, folder: Path) -> Path:
    """The engine's own download (openai-whisper checks the SHA-256) into ``folder``."""
    if engine == OPENAI_WHISPER:
        import whisper

        return Path(whisper._download(whisper._MODELS[name], str(folder), False))
    import huggingface_hub
    from faster_whisper.utils import _MODELS

    made = folder / name
    patterns = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]
    huggingface_hub.snapshot_download(_MODELS[name], local_dir=made, allow_patterns=patterns)
    return made
