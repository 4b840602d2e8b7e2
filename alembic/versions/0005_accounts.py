"""Administrators by setting; what people who have left had used of a day."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("users", sa.Column("role_by_setting", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "departures",
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_departures")),
    )
    op.create_index(op.f("ix_departures_expires_at"), "departures", ["expires_at"])


def downgrade() -> None:
    op.drop_table("departures")
    op.drop_column("users", "role_by_setting")
