"""What stands behind a code."""

from typing import NamedTuple


class Text(NamedTuple):
    """What a code means: may a retry help, and what to tell the person (``{name}`` slots take the params)."""

    retryable: bool
    en: str
    ru: str
