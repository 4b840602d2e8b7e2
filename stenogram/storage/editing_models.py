"""The tables of editing: every change of a transcript, and the words that a person wants spelt right."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from stenogram.storage.models import Base


class Edit(Base):
    """A change as it was applied: the transcript had ``version`` after it."""

    __tablename__ = "edits"
    __table_args__ = (UniqueConstraint("run_id", "change_id"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("transcripts.run_id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change_id: Mapped[UUID]  # of whoever made it: what comes twice is applied once
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    operations: Mapped[list[Any]]
    restored: Mapped[int | None]  # the version that this change brought back
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class GlossaryTerm(Base):
    """A name or a term of one person: the recogniser is told of it."""

    __tablename__ = "glossary_terms"
    __table_args__ = (UniqueConstraint("user_id", "term"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    term: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
