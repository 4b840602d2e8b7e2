"""Every change of a transcript, so that it can be taken back; the words that a person wants spelt right."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("transcripts", sa.Column("baseline", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("transcripts", sa.Column("edited", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("UPDATE transcripts SET baseline = version")
    op.drop_constraint(op.f("uq_segments_run_id"), "segments", type_="unique")
    op.create_unique_constraint(op.f("uq_segments_run_id"), "segments", ["run_id", "position"], deferrable=True)
    op.create_table(
        "edits",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("operations", postgresql.JSONB(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["transcripts.run_id"], name=op.f("fk_edits_run_id_transcripts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_edits_author_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("run_id", "version", name=op.f("pk_edits")),
        sa.UniqueConstraint("run_id", "change_id", name=op.f("uq_edits_run_id")),
    )
    op.create_index(op.f("ix_edits_author_id"), "edits", ["author_id"])
    op.create_table(
        "glossary_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_glossary_terms_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_terms")),
        sa.UniqueConstraint("user_id", "term", name=op.f("uq_glossary_terms_user_id")),
    )


def downgrade() -> None:
    op.drop_table("glossary_terms")
    op.drop_table("edits")
    op.drop_constraint(op.f("uq_segments_run_id"), "segments", type_="unique")
    op.create_unique_constraint(op.f("uq_segments_run_id"), "segments", ["run_id", "position"])
    op.drop_column("transcripts", "edited")
    op.drop_column("transcripts", "baseline")
