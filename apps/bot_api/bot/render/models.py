"""What is shown: values that carry all a message needs, so that rendering is pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from aiogram.types import InlineKeyboardMarkup

from stenogram.services.runs import Problem
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Transcript

State = Literal["received", "busy", "fetching", "queued", "running", "done", "failed", "cancelled"]
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A message: HTML within Telegram's limits, and its buttons."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One posted recording as it stands. ``place`` 1 is next; ``fraction`` 0..1 is of the whole run, ``eta`` seconds.

    ``kind`` is voice, audio, video, video_note, document, link or sample; ``ahead``: how many wait while ``busy``.
    """

    post_id: UUID
    kind: str
    name: str = ""  # title or file name; empty for voice and video notes
    duration: float | None = None
    state: State = "received"
    place: int | None = None
    ahead: int | None = None
    stage: str | None = None
    fraction: float = 0.0
    eta: float | None = None
    draft: str = ""  # the end of the text recognised so far
    error: Problem | None = None
    recording_id: UUID | None = None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Result:
    """A finished run. ``webapp_url`` is the https address of the recording's page; ``partly``: done with warnings.

    ``origin`` of a forwarded one: ``author`` and ``date`` (ISO 8601), shown in ``zone``. A recording of kind voice or
    video_note is shown without a title.
    """

    recording_id: UUID
    run_id: UUID
    transcript: Transcript
    minutes: Minutes | None = None
    repeated: bool = False
    private: bool = True
    webapp_url: str | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)
    partly: bool = False
    kind: str = "audio"
    zone: str = "UTC"
