"""Remember who was served last in which queue, and find what waits by an index."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_shares_owner_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("owner_id", "queue", name=op.f("pk_shares")),
    )
    op.create_index("ix_stage_runs_queued", "stage_runs", ["stage"], postgresql_where=sa.text("state = 'queued'"))
    op.create_index("ix_runs_queued", "runs", ["created_at"], postgresql_where=sa.text("state = 'queued'"))


def downgrade() -> None:
    op.drop_index("ix_runs_queued", table_name="runs")
    op.drop_index("ix_stage_runs_queued", table_name="stage_runs")
    op.drop_table("shares")
