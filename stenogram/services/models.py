"""The recognition models we know and which are here, without the libraries that run them."""

from collections.abc import Sequence
from dataclasses import dataclass

from stenogram.settings import AsrSettings


@dataclass(frozen=True, slots=True)
class ModelView:
    """One model. ``default_for`` are the presets that use it."""

    name: str
    engine: str
    languages: str
    size_mb: int
    present: bool
    default_for: tuple[str, ...]


def list_(settings: AsrSettings) -> Sequence[ModelView]:
    return ()
