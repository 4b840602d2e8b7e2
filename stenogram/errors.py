"""Every error a person can meet: a stable code, whether trying again can help; its words are in ``error_texts``.

HTTP statuses live in ``apps.bot_api``, exit codes in ``stenogram.cli``; this module knows neither.
"""

from collections.abc import Mapping

from stenogram.error_texts import CATALOG, Text

__all__ = [
    "CATALOG",
    "EngineError",
    "InvalidMedia",
    "InvalidOptions",
    "RunCancelled",
    "StenogramError",
    "StorageError",
    "Text",
    "render",
]


class StenogramError(Exception):
    """An expected failure: ``code`` is stable, ``params`` fill its text, ``detail`` is for the log.

    A person sees ``detail`` only where the code's text has a slot for it.
    """

    def __init__(self, code: str, detail: str = "", **params: str | int | float) -> None:
        if code not in CATALOG:
            raise KeyError(f"unknown error code {code!r}")
        self.code = code
        self.detail = detail
        self.params = {"detail": detail, **params} if "{detail}" in CATALOG[code].en else params
        super().__init__(f"{code}: {detail}" if detail else code)

    @property
    def retryable(self) -> bool:
        return CATALOG[self.code].retryable

    def message(self, language: str = "en") -> str:
        """The text for the person, in ``ru`` or (for any other language) ``en``."""
        return render(self.code, self.params, language)


class InvalidMedia(StenogramError):
    """The recording cannot be transcribed, whatever we do."""


class InvalidOptions(StenogramError):
    """The request asks for something that does not exist."""


class EngineError(StenogramError):
    """A recogniser, diarizer or summariser failed; raised by adapters around the third-party exception."""


class StorageError(StenogramError):
    """The blob store, the database or the queue failed."""


class RunCancelled(StenogramError):
    """Raised by the progress hook inside a stage when somebody cancelled the run."""

    def __init__(self) -> None:
        super().__init__("run.cancelled")


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def render(code: str, params: Mapping[str, object], language: str = "en", *, given_up: bool = False) -> str:
    """The text of ``code`` in ``ru`` or ``en``; a slot without a param shows ``?``.

    ``given_up``: nothing is tried again any more, and what is told says what to do then.
    """
    text = CATALOG.get(code, CATALOG["internal"])
    words = text.given_up or text if given_up else text
    return (words.ru if language.startswith("ru") else words.en).format_map(_Blank(params))
