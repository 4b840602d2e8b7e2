"""The words of every error code, by what the code is about. A code is told to people by ``stenogram.errors``."""

from collections.abc import Mapping

from stenogram.error_texts.media import MEDIA
from stenogram.error_texts.people import PEOPLE
from stenogram.error_texts.requests import REQUESTS
from stenogram.error_texts.service import SERVICE
from stenogram.error_texts.text import Text

CATALOG: Mapping[str, Text] = {**MEDIA, **PEOPLE, **REQUESTS, **SERVICE}

__all__ = ["CATALOG", "Text"]
