"""The tables of the Telegram bot: what came in, what goes out, and which message answers which recordings."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stenogram.storage.models import Base


class TelegramUpdate(Base):
    """The inbox: an update as it came, kept before Telegram hears that we have it. When done, only its id remains."""

    __tablename__ = "telegram_updates"
    __table_args__ = (
        Index("ix_telegram_updates_open", "lane", "update_id", postgresql_where=text("done_at IS NULL")),
        Index("ix_telegram_updates_done_at", "done_at", postgresql_where=text("done_at IS NOT NULL")),
    )

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lane: Mapped[int] = mapped_column(BigInteger)  # id of the chat, or of the user: one after the other within it
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    not_before: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]  # of the last attempt, for the log


class TelegramAnswer(Base):
    """One message of ours that answers one posted recording or one album: its status first, its result in the end."""

    __tablename__ = "telegram_answers"
    __table_args__ = (
        UniqueConstraint("chat_id", "key"),
        Index("ix_telegram_answers_open", "created_at", postgresql_where=text("delivered_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(64))  # of the album, or of the message: one answer each
    thread_id: Mapped[int | None]
    reply_to: Mapped[int]
    private: Mapped[bool]
    silent: Mapped[bool] = mapped_column(default=False)  # nothing but the result
    message_id: Mapped[int | None]  # of the answer; None: not sent yet
    headline: Mapped[bool] = mapped_column(default=False)  # message_id is the one that announced the result
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]  # the result stands in the message, or it cannot be delivered


class TelegramPost(Base):
    """A recording that somebody posted in a chat: a file of Telegram's, or a link."""

    __tablename__ = "telegram_posts"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id", "kind"),
        Index("ix_telegram_posts_owner_file", "owner_id", "file_unique_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("telegram_answers.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))  # voice, audio, video, video_note, document, link, sample
    file_id: Mapped[str | None]
    file_unique_id: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str | None]  # of a link
    file_name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes, as Telegram says
    duration: Mapped[float | None]  # seconds, as the sender says
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict)  # author and date, of a forwarded one its first
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # RunOptions
    state: Mapped[str] = mapped_column(String(16), default="new")  # new, running, done, failed, cancelled
    error_code: Mapped[str | None]
    error_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id", ondelete="SET NULL"), index=True)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    repeated: Mapped[bool] = mapped_column(default=False)  # answered from an earlier result
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TelegramNotice(Base):
    """A message that answers no recording: a broadcast, a receipt, news for administrators. Sent once per ``key``."""

    __tablename__ = "telegram_notices"
    __table_args__ = (Index("ix_telegram_notices_due", "not_before", "id", postgresql_where=text("sent_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    text_key: Mapped[str] = mapped_column(String(64))  # Fluent id
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(String(8))
    not_before: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]  # or given up
    message_id: Mapped[int | None]  # None with sent_at: it could not be delivered
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TelegramChat(Base):
    """A group with the settings its administrators gave it."""

    __tablename__ = "telegram_chats"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    title: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # GroupSettings
    language: Mapped[str] = mapped_column(String(8))
    left_at: Mapped[datetime | None]  # when the bot was put out
