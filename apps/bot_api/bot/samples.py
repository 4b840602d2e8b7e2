"""The sample recording that newcomers may try the bot with: made by machines, and charged to nobody."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio

KIND = "sample"
_FOLDER = Path(__file__).resolve().parents[3] / "examples"
_FILES = {"ru": "meeting-ru.ogg", "en": "meeting-en.ogg"}
_CHUNK = 256 * 1024


def available(language: str) -> Path | None:
    """The sample in this language, where this installation has it."""
    path = _FOLDER / _FILES["ru" if language == "ru" else "en"]
    return path if path.is_file() else None


async def content(file_name: str) -> AsyncIterator[bytes]:
    """The bytes of a sample by its name. Raises FileNotFoundError."""
    if file_name not in _FILES.values():
        raise FileNotFoundError(file_name)
    async with await anyio.open_file(_FOLDER / file_name, "rb") as file:
        while chunk := await file.read(_CHUNK):
            yield chunk
