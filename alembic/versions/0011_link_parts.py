"""Links of chosen segments keep the seconds of these and the version they were chosen of, not ids alone."""

from collections.abc import Sequence

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        UPDATE share_links SET segments = jsonb_build_object(
            'version', transcripts.version,
            'spans', coalesce((
                SELECT jsonb_object_agg(segments.id, jsonb_build_array(segments.start, segments."end"))
                FROM segments WHERE segments.run_id = share_links.run_id AND share_links.segments ? segments.id
            ), '{}')
        )
        FROM transcripts
        WHERE transcripts.run_id = share_links.run_id AND jsonb_typeof(share_links.segments) = 'array'
        """
    )


def downgrade() -> None:
    op.execute(
        """
        UPDATE share_links
        SET segments = (SELECT coalesce(jsonb_agg(id), '[]') FROM jsonb_object_keys(segments -> 'spans') AS id)
        WHERE jsonb_typeof(segments) = 'object'
        """
    )
