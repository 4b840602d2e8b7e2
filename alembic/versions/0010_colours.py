"""Colours that people chose for the speakers of a transcript."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    colours = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("transcripts", sa.Column("colours", colours, server_default=sa.text("'{}'"), nullable=False))


def downgrade() -> None:
    op.drop_column("transcripts", "colours")
