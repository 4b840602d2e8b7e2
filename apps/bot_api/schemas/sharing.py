"""Share links: for their owners, and what they show to others."""

from datetime import datetime
from uuid import UUID

from pydantic import Field, model_validator

from apps.bot_api.schemas.common import Input, Notice, Output
from apps.bot_api.schemas.runs import warning_notices
from apps.bot_api.schemas.transcripts import MinutesOut, SegmentOut, SpeakerOut, transcript_out
from stenogram.services.sharing import LONGEST_DAYS, Shared, Wish
from stenogram.services.transcripts import Readable
from stenogram.speech.cues import Cue
from stenogram.storage.link_models import ShareLink

_SEGMENT_IDS = 5_000


class LinkIn(Input):
    """What to share. Without ``from``, ``to`` and ``segments``: everything."""

    start: float | None = Field(None, alias="from", ge=0, allow_inf_nan=False, description="Seconds")
    end: float | None = Field(None, alias="to", ge=0, allow_inf_nan=False, description="Seconds")
    segments: list[str] = Field([], max_length=_SEGMENT_IDS, description="Ids: only these of what lies between")
    audio: bool = Field(description="Whether it may be heard, not only read")
    days: int = Field(7, ge=1, le=LONGEST_DAYS, description="Until it expires")
    password: str | None = Field(None, min_length=4, max_length=200)

    @model_validator(mode="after")
    def _both(self) -> "LinkIn":
        if (self.start is None) != (self.end is None):
            raise ValueError("from and to go together")
        return self

    def wish(self) -> Wish:
        return Wish(self.audio, self.days, self.start, self.end, tuple(self.segments), self.password)


class LinkOut(Output):
    id: UUID
    run_id: UUID
    path: str = Field(description="Of the page, below the address of the service", examples=["/s/Zk3…"])
    start: float | None = Field(description="Seconds; null: everything is shared")
    end: float | None
    audio: bool
    protected: bool = Field(description="By a password")
    created_at: datetime
    expires_at: datetime
    opened: int = Field(description="How often somebody opened it")


class UnlockIn(Input):
    link: str = Field(max_length=64)
    password: str = Field(max_length=200)


class PassOut(Output):
    passed: str = Field(description="The `pass` of later requests, for twelve hours")


class SharedOut(Output):
    """What the link shows. Times are those of the recording; sound and waveform begin at ``start``."""

    title: str
    start: float
    end: float
    whole: bool
    language: str
    audio: bool
    expires_at: datetime
    warnings: list[Notice]
    speakers: list[SpeakerOut]
    segments: list[SegmentOut]
    minutes: MinutesOut | None


class CueOut(Output):
    """One subtitle, as exports have it."""

    start: float
    end: float
    lines: list[str]
    speaker: str | None


def link_out(link: ShareLink, secret: str) -> LinkOut:
    return LinkOut(
        id=link.id,
        run_id=link.run_id,
        path=f"/s/{secret}",
        start=link.start,
        end=link.end,
        audio=link.audio,
        protected=link.password is not None,
        created_at=link.created_at,
        expires_at=link.expires_at,
        opened=link.opened,
    )


def shared_out(shared: Shared, read: Readable, language: str) -> SharedOut:
    full = transcript_out(read, language)
    return SharedOut(
        title=full.title,
        start=shared.link.start or 0.0,
        end=full.duration,
        whole=shared.whole,
        language=full.language,
        audio=shared.link.audio,
        expires_at=shared.link.expires_at,
        warnings=warning_notices(read.transcript.warnings, language),
        speakers=full.speakers,
        segments=full.segments,
        minutes=full.minutes,
    )


def cue_out(cue: Cue) -> CueOut:
    return CueOut(start=cue.start, end=cue.end, lines=list(cue.lines), speaker=cue.speaker)
