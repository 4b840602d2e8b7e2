"""The recognition models we know, as pure data: no engine is imported to answer what there is.

Memory is what Whisper's and faster-whisper's READMEs give: of the device in float16, of the computer in int8.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OPENAI_WHISPER = "openai-whisper"
FASTER_WHISPER = "faster-whisper"
ENGINES: tuple[str, ...] = (OPENAI_WHISPER, FASTER_WHISPER)
DEMO = "demo"

LANGUAGES: frozenset[str] = frozenset(
    """
    en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi
    ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd
    gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue
    """.split()  # noqa: SIM905 - a list literal is formatted to a hundred lines
)
"""What Whisper was trained on, by its own codes (ISO 639-1 where there is one)."""
_LANGUAGES_BEFORE_V3 = LANGUAGES - {"yue"}


@dataclass(frozen=True, slots=True)
class Model:
    """``window_seconds``: the longest window it does well. ``prompts``: whether it understands an initial prompt."""

    name: str
    languages: frozenset[str]
    size_mb: int
    gpu_gb: float
    ram_gb: float
    window_seconds: float = 28.0
    prompts: bool = True
    presets: tuple[str, ...] = ()

    @property
    def described_languages(self) -> str:
        return ", ".join(sorted(self.languages)) if len(self.languages) < 5 else f"{len(self.languages)} languages"


MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model("tiny", _LANGUAGES_BEFORE_V3, 75, 1, 0.6),
        Model("base", _LANGUAGES_BEFORE_V3, 145, 1, 0.8),
        Model("small", _LANGUAGES_BEFORE_V3, 484, 2, 1.5),
        Model("medium", _LANGUAGES_BEFORE_V3, 1530, 5, 3),
        Model("turbo", LANGUAGES, 1620, 6, 3, presets=("fast",)),
        Model("large-v2", _LANGUAGES_BEFORE_V3, 3090, 10, 5),
        Model("large-v3", LANGUAGES, 3090, 10, 5, presets=("quality",)),
        Model(DEMO, frozenset({"ru", "en"}), 8, 0.1, 0.3, window_seconds=8.0, prompts=False),
    )
}
"""``demo`` comes with the service and knows synthetic voices only; it is never chosen where real weights can be had."""

LADDER: tuple[str, ...] = ("large-v3", "turbo", "medium", "small")
"""From the best to the lightest that is good enough for any language: base has 39 % word errors in Russian."""
LIGHTER: Mapping[str, str] = {
    "large-v3": "turbo", "large-v2": "turbo", "turbo": "small", "medium": "small", "small": "base", "base": "tiny",
}  # fmt: skip
"""What to use where the memory does not suffice for a model after all."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a model may use. ``gpu_gb`` is 0 without a CUDA device."""

    gpu_gb: float
    ram_gb: float
    cores: int


def best_model(preset: str, hardware: Hardware) -> str:
    """The model ``auto`` means: that of the preset where it fits, else the next lighter of LADDER.

    Without a GPU the large encoders need many cores: below 8 the recording would take longer than itself.
    """
    wanted = next(model.name for model in MODELS.values() if preset in model.presets)
    ladder = LADDER[LADDER.index(wanted) :]
    return next((name for name in ladder if _fits(MODELS[name], hardware)), LADDER[-1])


def _fits(model: Model, hardware: Hardware) -> bool:
    if hardware.gpu_gb:
        return hardware.gpu_gb >= model.gpu_gb
    patient = hardware.cores >= 8 or model.name == LADDER[-1]
    return patient and hardware.ram_gb >= 2 * model.ram_gb
