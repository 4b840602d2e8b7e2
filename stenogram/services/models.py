"""The recognition models we know and which are here, without the libraries that run them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stenogram.pipeline.catalog import DEMO, ENGINES, MODELS, OPENAI_WHISPER, Model
from stenogram.settings import AsrSettings


@dataclass(frozen=True, slots=True)
class ModelView:
    """One model in the form one engine needs. ``default_for`` are the presets that ask for it."""

    name: str
    engine: str
    languages: str
    size_mb: int
    present: bool
    default_for: tuple[str, ...]


def list_(settings: AsrSettings) -> Sequence[ModelView]:
    """Every model for every engine, in the order of the catalogue."""
    return [_view(model, engine, settings.model_cache_dir) for model in MODELS.values() for engine in ENGINES]


def _view(model: Model, engine: str, cache: Path) -> ModelView:
    return ModelView(
        name=model.name,
        engine=engine,
        languages=model.described_languages,
        size_mb=model.size_mb,
        present=is_present(model.name, engine, cache),
        default_for=model.presets,
    )


def is_present(name: str, engine: str, cache: Path) -> bool:
    """Whether the weights are on this machine; the demo model comes with the service."""
    if name == DEMO:
        return True
    if engine == OPENAI_WHISPER:
        return any((cache / f"{one}.pt").is_file() for one in (name, f"large-v3-{name}"))  # turbo has a long name too
    return (cache / f"faster-whisper-{name}" / "model.bin").is_file()
