"""The tables. Relationships load only when asked for (``lazy="raise"``); every query lives in ``repositories.py``."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

RUN_STATES = ("queued", "running", "done", "done_with_warnings", "cancelled", "dead")
STAGE_STATES = ("waiting", "queued", "running", "done", "skipped", "failed", "cancelled", "dead")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def table_of(model: type[Base]) -> Table:
    """For statements without what the mapping of objects costs."""
    return model.metadata.tables[model.__tablename__]


def _state_check(states: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"state IN ({', '.join(repr(state) for state in states)})", name="state")


class _Created:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(_Created, Base):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16), default="user")  # "user" | "admin"
    role_by_setting: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # of BOT_ADMIN_IDS
    language: Mapped[str] = mapped_column(String(8), default="ru")
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    telegram_name: Mapped[str | None] = mapped_column(String(64))  # @name, without the @
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))  # Preferences
    timezone: Mapped[str | None] = mapped_column(String(64))  # IANA name; None: the service's
    plan: Mapped[str | None] = mapped_column(String(32))  # name of a plan; None: the service's
    unlimited: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    blocked_at: Mapped[datetime | None]  # by an administrator
    unreachable_at: Mapped[datetime | None]  # when the person blocked the bot


class Invite(_Created, Base):
    """A deep link that lets people in; only the SHA-256 of its secret is kept."""

    __tablename__ = "invites"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    uses_left: Mapped[int]
    expires_at: Mapped[datetime]


class SignInLink(_Created, Base):
    """A one-time link; only the SHA-256 of its secret is kept."""

    __tablename__ = "sign_in_links"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Blob(_Created, Base):
    """One encrypted file. Deleting this row (the wrapped data key) destroys the file, wherever copies of it lie."""

    __tablename__ = "blobs"

    key: Mapped[str] = mapped_column(primary_key=True)  # e.g. recordings/{id}/source, runs/{run}/transcribe.json
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    kek_id: Mapped[str] = mapped_column(String(32))
    object_name: Mapped[str] = mapped_column(unique=True)  # the name in the raw store: fresh for every write
    size: Mapped[int] = mapped_column(BigInteger)  # plaintext bytes
    sha256: Mapped[bytes] = mapped_column(LargeBinary)  # of the plaintext
    content_type: Mapped[str] = mapped_column(default="application/octet-stream")


class Recording(_Created, Base):
    __tablename__ = "recordings"
    __table_args__ = (
        Index("ix_recordings_owner_created", "owner_id", text("created_at DESC")),
        Index("ix_recordings_owner_sha256", "owner_id", "sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str]
    file_name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    duration: Mapped[float | None]
    media: Mapped[dict[str, Any]] = mapped_column(default=dict)  # MediaFacts, once probed
    upload_key: Mapped[str | None] = mapped_column(unique=True)  # tus upload id or Idempotency-Key of the upload
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))  # whence it came
    expires_at: Mapped[datetime | None] = mapped_column(index=True)  # when the janitor destroys it


class Run(_Created, Base):
    """One pass of the chain over a recording. StageRuns carry the truth; ``state`` is what they add up to."""

    __tablename__ = "runs"
    __table_args__ = (
        _state_check(RUN_STATES),
        Index("ix_runs_recording_created", "recording_id", text("created_at DESC")),
        Index("ix_runs_queued", "created_at", postgresql_where=text("state = 'queued'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))  # of a rerun
    first_stage: Mapped[str] = mapped_column(String(16), default="preprocess")
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # RunOptions
    state: Mapped[str] = mapped_column(String(24), default="queued")
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    error_code: Mapped[str | None]
    error_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    language: Mapped[str | None]
    language_probability: Mapped[float | None]
    finished_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(64))  # of the request that asked for it; on every log line


class StageRun(Base):
    """One stage of one run: attempts, lease, fencing token, state."""

    __tablename__ = "stage_runs"
    __table_args__ = (
        _state_check(STAGE_STATES),
        Index("ix_stage_runs_leases", "lease_until", postgresql_where=text("state = 'running'")),
        Index("ix_stage_runs_queued", "stage", postgresql_where=text("state = 'queued'")),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(BigInteger, default=0)  # fencing: raised at every claim
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    fraction: Mapped[float] = mapped_column(default=0.0)
    not_before: Mapped[datetime | None]  # of the next attempt
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    engine_seconds: Mapped[float | None]  # time spent inside the pure stage
    error_code: Mapped[str | None]
    error_detail: Mapped[str | None]
    error_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    artifact: Mapped[str | None]  # blob key of the result; a rerun refers to its parent's
    warnings: Mapped[list[Any]] = mapped_column(default=list)  # codes; Run.warnings is what they add up to


class Share(Base):
    """When an owner's work was last begun in a queue: whoever was served longest ago goes first."""

    __tablename__ = "shares"

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    queue: Mapped[str] = mapped_column(String(32), primary_key=True)
    served_at: Mapped[datetime]


class TranscriptRow(Base):
    """The readable result of one run: there as soon as transcribe ends, refined by diarize."""

    __tablename__ = "transcripts"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    baseline: Mapped[int] = mapped_column(default=1, server_default=text("1"))  # the version that edits begin at
    edited: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # or made of an edited one
    duration: Mapped[float]
    language: Mapped[str] = mapped_column(String(8))
    language_probability: Mapped[float]
    turns: Mapped[list[Any]] = mapped_column(default=list)
    provenance: Mapped[list[Any]] = mapped_column(default=list)
    minutes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    colours: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """Label of a speaker -> number of the colour 0..9 that somebody chose."""


class SpeakerRow(Base):
    __tablename__ = "speakers"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str | None]
    position: Mapped[int]


class SegmentRow(Base):
    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("run_id", "position", deferrable=True),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int]
    speaker: Mapped[str | None] = mapped_column(String(16))
    start: Mapped[float]
    end: Mapped[float]
    text: Mapped[str]
    words: Mapped[list[Any]]  # [[text, start, end, probability], …]


class LedgerEntry(_Created, Base):
    """Seconds of recordings given (above zero) or taken (below) to a user's account. Never changed, only added to."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("key", "bucket"),
        Index("ix_ledger_user_day", "user_id", "bucket", "day"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(128))  # what it is for: the same is booked once, e.g. charge:{recording}
    bucket: Mapped[str] = mapped_column(String(8))  # "daily": of the day's allowance; "pack": bought or granted
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))  # charge, settle, refund, grant, purchase, revoke
    seconds: Mapped[float]
    day: Mapped[date]  # in the user's time zone when it was booked
    recording_id: Mapped[UUID | None] = mapped_column(index=True)  # may be gone already


class Departure(Base):
    """What somebody who has deleted their account had used of a day, so that coming back does not give it anew.

    Of the person nothing is kept but an HMAC of their Telegram id, and that for two days.
    """

    __tablename__ = "departures"

    person: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seconds: Mapped[float]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Payment(_Created, Base):
    """Telegram Stars received for a package of seconds."""

    __tablename__ = "payments"

    charge_id: Mapped[str] = mapped_column(String(255), primary_key=True)  # Telegram's, needed to refund
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    stars: Mapped[int]
    seconds: Mapped[int]
    refunded_at: Mapped[datetime | None]


class Outbox(_Created, Base):
    """Messages to be published; written in the transaction that makes them true, relayed with SKIP LOCKED."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "not_before", "id", postgresql_where=text("sent_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    task: Mapped[str]
    queue: Mapped[str] = mapped_column(String(32))
    args: Mapped[list[Any]]
    not_before: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(64))  # travels as a message header into the worker's logs


class DeadLetter(_Created, Base):
    __tablename__ = "dead_letters"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    error_code: Mapped[str]
    error_detail: Mapped[str]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(String(16))  # "replayed" | "discarded"


class JanitorSweep(Base):
    """One kind of rubbish: when the janitor last looked for it, what it removed then and ever."""

    __tablename__ = "janitor_sweeps"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    last_count: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    error_code: Mapped[str | None] = mapped_column(String(64))  # of the last time; None: it went well
