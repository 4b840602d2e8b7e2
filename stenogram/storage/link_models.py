"""The table of links by which people without an account read a transcript."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from stenogram.storage.models import Base


class ShareLink(Base):
    """What one link shows, and until when. Its secret is derived from its id, so none is kept."""

    __tablename__ = "share_links"
    __table_args__ = (CheckConstraint('(start IS NULL) = ("end" IS NULL)', name="part"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    start: Mapped[float | None]  # seconds; None: the whole transcript
    end: Mapped[float | None]
    segments: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # see ``services.link_parts``; None: all between
    audio: Mapped[bool]
    password: Mapped[bytes | None] = mapped_column(LargeBinary)  # salt and scrypt; None: there is none
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    opened: Mapped[int] = mapped_column(default=0, server_default=text("0"))
