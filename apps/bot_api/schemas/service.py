"""The service itself: its models and its health."""

from typing import Literal

from pydantic import Field

from apps.bot_api.schemas.common import Output


class ModelOut(Output):
    name: str = Field(examples=["large-v3"])
    engine: str = Field(examples=["faster-whisper"])
    languages: str | list[str] = Field(examples=["multilingual"])
    size_mb: int
    present: bool = Field(description="Its weights are on this machine")
    default_for: list[str] = Field(description="Presets that use it", examples=[["quality"]])


class HealthOut(Output):
    status: Literal["ok"]


class ReadyOut(Output):
    """Every dependency answers. Where one does not, the answer is a problem that names it."""

    status: Literal["ready"]
    database: Literal["ok"]
    redis: Literal["ok"]
    blobs: Literal["ok"]
