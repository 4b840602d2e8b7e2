"""Recordings: the media and its facts."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Output
from apps.bot_api.schemas.runs import RunOut, run_out
from stenogram.services.library import UNFILED, Filed
from stenogram.services.runs import RunView
from stenogram.storage.models import Recording


class RecordingOut(Output):
    id: UUID
    title: str = Field(examples=["Weekly meeting"])
    file_name: str = Field(examples=["weekly-meeting.ogg"])
    content_type: str = Field(examples=["audio/ogg"])
    size: int = Field(description="Bytes", examples=[1_482_113])
    duration: float | None = Field(description="Seconds; null until the recording was examined", examples=[181.4])
    created_at: datetime
    latest_run: RunOut | None
    folder_id: UUID | None = Field(description="null: in no folder")
    tag_ids: list[UUID] = Field(description="In the order of their names")


class RecordingPage(Output):
    """In the order that was asked for. ``next_cursor`` is null on the last page."""

    items: list[RecordingOut]
    next_cursor: str | None
    total: int = Field(description="On all pages together")


class RecordingPatch(Input):
    title: str = Field(min_length=1, max_length=200)


class DownloadIn(Input):
    """What is to be saved: an export, a clip, or transcripts as a zip."""

    address: str = Field(
        pattern=r"^/api/v1/(runs/[0-9a-f-]{36}/exports|recordings/[0-9a-f-]{36}/clip|library/export)\?[!-\x22$-~]+$",
        max_length=120_000,
        examples=["/api/v1/runs/0190d3c4-0000-7000-8000-000000000000/exports?format=docx&language=en"],
        description="The path with its query",
    )


class TicketOut(Output):
    """A link that works without a header, for players and downloads; for a short while."""

    url: str
    expires_at: datetime


class PeaksOut(Output):
    """The waveform: the loudest sample of every interval, 0 to 1."""

    interval_seconds: float
    peaks: list[float]


def recording_out(recording: Recording, run: RunView | None, language: str, filed: Filed = UNFILED) -> RecordingOut:
    return RecordingOut(
        id=recording.id,
        title=recording.title,
        file_name=recording.file_name,
        content_type=recording.content_type,
        size=recording.size,
        duration=recording.duration,
        created_at=recording.created_at,
        latest_run=run_out(run, language) if run else None,
        folder_id=filed.folder_id,
        tag_ids=list(filed.tag_ids),
    )
