"""The tables of a library: folders, tags, and the index that a search in it reads."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import Mapped, mapped_column

from stenogram.storage.models import Base

BLOCK = 1024
"""Segments of one recording that share a row of the index."""


class Shelf(Base):
    """What a person files recordings by; its name is one's only one."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Folder(Shelf):
    """A recording lies in one of them at most."""

    __tablename__ = "folders"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)


class Tag(Shelf):
    """A recording has as many as one likes."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    name: Mapped[str] = mapped_column(String(40))


class Filing(Base):
    """In which folder a recording lies; without a row it lies in none."""

    __tablename__ = "filings"

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True)
    folder_id: Mapped[UUID] = mapped_column(ForeignKey("folders.id", ondelete="CASCADE"), index=True)


class Tagging(Base):
    __tablename__ = "taggings"

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)


class SearchDocument(Base):
    """A recording as the index knows it. Triggers write ``stale_by`` when what is said in it or its title changes."""

    __tablename__ = "search_documents"
    __table_args__ = (
        Index("ix_search_documents_stale", "owner_id", "id", postgresql_where=text("stale_by IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), unique=True)
    owner_id: Mapped[UUID]
    recorded_at: Mapped[datetime]  # created_at of the recording, which never changes
    run_id: Mapped[UUID | None]  # whose segments are in the index
    stale_by: Mapped[int | None] = mapped_column(BigInteger)  # the transaction that made it so; None: the index is true


search_postings = Table(
    "search_postings",
    Base.metadata,
    Column("owner_id", Uuid, nullable=False),
    Column("lexeme", Text(collation="C"), nullable=False),
    Column(
        "document_id", BigInteger, ForeignKey("search_documents.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("block", Integer, nullable=False),
    Column("bits", BIT(varying=True), nullable=False),
    Index(
        "ix_search_postings_lexeme",
        "owner_id",
        "lexeme",
        "document_id",
        "block",
        unique=True,
        postgresql_include=["bits"],
    ),
)
"""The inverted index: in which segments of a recording a lexeme is. Bit ``n`` of block ``b`` is slot ``b * BLOCK + n``:
slot 0 is the title, slot ``p + 1`` the segment at position ``p``. ``@name`` stands for what a person says. All rows of
one block of one recording have the same length."""
