"""Folders, tags, and an index for the search in segments."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MARKING = """
CREATE FUNCTION search_mark(run uuid) RETURNS void LANGUAGE plpgsql AS $$
-- The index of the run's recording is stale from now on. A second mark in one transaction costs nothing: rows of a
-- transcript may come one statement each.
BEGIN
    IF current_setting('stenogram.marked', true) = run::text THEN RETURN; END IF;
    UPDATE search_documents SET stale_by = pg_current_xact_id()::text::bigint
    FROM runs WHERE runs.id = run AND search_documents.recording_id = runs.recording_id;
    PERFORM set_config('stenogram.marked', run::text, true);
END $$;

CREATE FUNCTION search_mark_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_mark(run_id) FROM (SELECT DISTINCT run_id FROM changed) AS one;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_transcript() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_mark(NEW.run_id);
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_recording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_documents (recording_id, owner_id, recorded_at, stale_by)
    VALUES (NEW.id, NEW.owner_id, NEW.created_at, pg_current_xact_id()::text::bigint)
    ON CONFLICT (recording_id) DO UPDATE SET owner_id = excluded.owner_id, stale_by = excluded.stale_by;
    RETURN NULL;
END $$;

CREATE FUNCTION search_mark_of_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search_documents SET stale_by = pg_current_xact_id()::text::bigint WHERE recording_id = OLD.recording_id;
    RETURN NULL;
END $$;
"""

_TRIGGERS = """
CREATE TRIGGER search_recordings AFTER INSERT OR UPDATE OF title, owner_id ON recordings
    FOR EACH ROW EXECUTE FUNCTION search_mark_recording();
CREATE TRIGGER search_runs AFTER DELETE ON runs FOR EACH ROW EXECUTE FUNCTION search_mark_of_run();
CREATE TRIGGER search_transcripts AFTER INSERT ON transcripts
    FOR EACH ROW EXECUTE FUNCTION search_mark_transcript();
CREATE TRIGGER search_segments_insert AFTER INSERT ON segments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_mark_changed();
CREATE TRIGGER search_segments_update AFTER UPDATE ON segments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_mark_changed();
CREATE TRIGGER search_segments_delete AFTER DELETE ON segments REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_mark_changed();
CREATE TRIGGER search_speakers_insert AFTER INSERT ON speakers REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_mark_changed();
CREATE TRIGGER search_speakers_update AFTER UPDATE ON speakers REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_mark_changed();
CREATE TRIGGER search_speakers_delete AFTER DELETE ON speakers REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION search_mark_changed();
"""

_INDEXING = """
CREATE FUNCTION search_index(document bigint) RETURNS void LANGUAGE plpgsql AS $$
-- Write the postings of one recording anew, those that differ. Its row in search_documents is locked by the caller.
DECLARE
    mine search_documents;
    newest uuid;
BEGIN
    SELECT * INTO mine FROM search_documents WHERE id = document;
    SELECT runs.id INTO newest FROM runs JOIN transcripts ON transcripts.run_id = runs.id
        WHERE runs.recording_id = mine.recording_id ORDER BY runs.created_at DESC, runs.id LIMIT 1;
    WITH slots AS (
        SELECT 0 AS slot, title AS said, NULL::text AS speaker FROM recordings WHERE id = mine.recording_id
        UNION ALL
        SELECT segments.position + 1, segments.text, speakers.name
        FROM segments LEFT JOIN speakers ON speakers.run_id = segments.run_id AND speakers.label = segments.speaker
        WHERE segments.run_id = newest
    ), whole AS (
        SELECT slot / 1024 AS block, repeat('0', max(slot) % 1024 + 1)::varbit AS empty FROM slots GROUP BY 1
    ), words AS (
        SELECT slot, found.lexeme FROM slots, unnest(to_tsvector('russian', said)) AS found
        UNION ALL
        SELECT slot, '@' || lower(speaker) FROM slots WHERE speaker IS NOT NULL
    ), fresh AS MATERIALIZED (
        SELECT lexeme COLLATE "C" AS lexeme, whole.block, bit_or(set_bit(empty, slot % 1024, 1))::varbit AS bits
        FROM words JOIN whole ON whole.block = slot / 1024 GROUP BY 1, 2
    ), gone AS (
        DELETE FROM search_postings AS old WHERE document_id = document AND NOT EXISTS (
            SELECT FROM fresh
            WHERE fresh.lexeme = old.lexeme AND fresh.block = old.block AND old.owner_id = mine.owner_id
        )
    )
    INSERT INTO search_postings AS old (owner_id, lexeme, document_id, block, bits)
    SELECT mine.owner_id, lexeme, document, block, bits FROM fresh
    ON CONFLICT (owner_id, lexeme, document_id, block) DO UPDATE SET bits = excluded.bits
        WHERE old.bits IS DISTINCT FROM excluded.bits;
    UPDATE search_documents SET run_id = newest, stale_by = NULL WHERE id = document;
END $$;

CREATE FUNCTION search_refresh(owner uuid, most int) RETURNS int LANGUAGE plpgsql AS $$
-- Bring stale recordings of one person (null: of anybody) into the index, the newest first; how many. One that
-- somebody else is at work on is left to them.
DECLARE
    document bigint;
    done int := 0;
BEGIN
    FOR document IN
        SELECT id FROM search_documents WHERE stale_by IS NOT NULL AND (owner IS NULL OR owner_id = owner)
        ORDER BY id DESC LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM search_index(document);
        done := done + 1;
    END LOOP;
    PERFORM set_config('stenogram.marked', '', true);
    RETURN done;
END $$;
"""

_DROPPED = (
    "search_refresh(uuid, int)",
    "search_index(bigint)",
    "search_mark_of_run()",
    "search_mark_recording()",
    "search_mark_transcript()",
    "search_mark_changed()",
    "search_mark(uuid)",
)


def _run(script: str) -> None:
    """Statement by statement: the driver prepares each."""
    for statement in script.split("$$;\n") if "$$" in script else script.split(";"):
        if statement.strip():
            op.execute(statement + ("$$" if "$$" in script else ""))


def upgrade() -> None:
    _library()
    _index()
    for script in (_MARKING, _INDEXING, _TRIGGERS):
        _run(script)
    op.execute(
        "INSERT INTO search_documents (recording_id, owner_id, recorded_at, stale_by) "
        "SELECT id, owner_id, created_at, 0 FROM recordings"
    )


def _named(table: str, length: int) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f(f"fk_{table}_owner_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("owner_id", "name", name=op.f(f"uq_{table}_owner_id")),
    )


def _reference(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{of}")
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=name, ondelete="CASCADE")


def _library() -> None:
    _named("folders", 80)
    _named("tags", 40)
    op.create_table(
        "filings",
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("folder_id", sa.Uuid(), nullable=False),
        _reference("filings", "recording_id", "recordings"),
        _reference("filings", "folder_id", "folders"),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_filings")),
    )
    op.create_index(op.f("ix_filings_folder_id"), "filings", ["folder_id"])
    op.create_table(
        "taggings",
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        _reference("taggings", "recording_id", "recordings"),
        _reference("taggings", "tag_id", "tags"),
        sa.PrimaryKeyConstraint("recording_id", "tag_id", name=op.f("pk_taggings")),
    )
    op.create_index(op.f("ix_taggings_tag_id"), "taggings", ["tag_id"])


def _index() -> None:
    op.create_table(
        "search_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("stale_by", sa.BigInteger(), nullable=True),
        _reference("search_documents", "recording_id", "recordings"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_search_documents_recording_id")),
    )
    op.create_index(
        "ix_search_documents_stale",
        "search_documents",
        ["owner_id", "id"],
        postgresql_where=sa.text("stale_by IS NOT NULL"),
    )
    op.create_table(
        "search_postings",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("lexeme", sa.Text(collation="C"), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("bits", postgresql.BIT(varying=True), nullable=False),
        _reference("search_postings", "document_id", "search_documents"),
    )
    op.create_index(op.f("ix_search_postings_document_id"), "search_postings", ["document_id"])
    op.create_index(
        "ix_search_postings_lexeme",
        "search_postings",
        ["owner_id", "lexeme", "document_id", "block"],
        unique=True,
        postgresql_include=["bits"],
    )


def downgrade() -> None:
    for table in ("recordings", "runs", "transcripts"):
        op.execute(f"DROP TRIGGER search_{table} ON {table}")
    for table in ("segments", "speakers"):
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER search_{table}_{event} ON {table}")
    for function in _DROPPED:
        op.execute(f"DROP FUNCTION {function}")
    for name in ("search_postings", "search_documents", "taggings", "filings", "tags", "folders"):
        op.drop_table(name)
