"""What stands behind a code."""

from typing import NamedTuple


class GivenUp(NamedTuple):
    """What to tell when it is not tried again any more."""

    en: str
    ru: str


class Text(NamedTuple):
    """What a code means: may a retry help, and what to tell the person (``{name}`` slots take the params)."""

    retryable: bool
    en: str
    ru: str
    given_up: GivenUp | None = None  # None: what is told first holds in the end too
