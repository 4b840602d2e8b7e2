"""The tables of access: who is signed in where, keys of the API, and what was done by whom."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from stenogram.storage.models import Base, _Created


class SessionRow(_Created, Base):
    """One place where somebody is signed in. Its access tokens name it: without this row they are good for nothing."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    way: Mapped[str] = mapped_column(String(16))  # "link" | "telegram" | "widget"
    client: Mapped[str] = mapped_column(String(200))  # what the browser calls itself
    seen_at: Mapped[datetime]  # to some minutes
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiKey(_Created, Base):
    """A key for programs; only the SHA-256 of its secret is kept."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    name: Mapped[str] = mapped_column(String(100))
    ending: Mapped[str] = mapped_column(String(4))  # of the secret, so that people can tell their keys apart
    scope: Mapped[str] = mapped_column(String(8))  # "read" | "write"
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]  # to some minutes


class AuditEntry(_Created, Base):
    """Who did what to whom. ``details`` are numbers and names of settings: nothing of what recordings say.

    Of somebody who has left only the entry stays, and not who it was.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_actor", "actor_id", "id"),
        Index("ix_audit_subject", "subject_id", "id"),
        Index("ix_audit_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    action: Mapped[str] = mapped_column(String(32))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    via: Mapped[str] = mapped_column(String(8))  # "page" | "key" | "bot"
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
