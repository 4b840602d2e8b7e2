"""Queries on one person's library: pages of it, what is said in it, how much it is. No commit inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Recording

BEGIN, END = "\ue010", "\ue011"
"""Around each word that was found: private-use characters, which no text that anybody says contains."""

_FOUND = """
wanted AS (SELECT websearch_to_tsquery('russian', :query) AS terms),
mine AS MATERIALIZED (
    SELECT r.id, r.title, r.created_at, r.duration, (
        SELECT run.id FROM runs AS run JOIN transcripts ON transcripts.run_id = run.id
        WHERE run.recording_id = r.id ORDER BY run.created_at DESC, run.id LIMIT 1
    ) AS run_id
    FROM recordings AS r
    WHERE r.owner_id = :owner AND (CAST(:only AS uuid[]) IS NULL OR r.id = ANY(CAST(:only AS uuid[])))
),
said AS (
    SELECT mine.id, segment.start, segment.text, segment.position,
        count(*) OVER (PARTITION BY mine.id) AS times,
        row_number() OVER (
            PARTITION BY mine.id
            ORDER BY ts_rank(to_tsvector('russian', segment.text), terms) DESC, segment.position
        ) AS place
    FROM wanted, mine JOIN segments AS segment ON segment.run_id = mine.run_id
    WHERE to_tsvector('russian', segment.text) @@ terms
),
named AS (SELECT mine.id FROM wanted, mine WHERE to_tsvector('russian', mine.title) @@ terms),
found AS (
    SELECT mine.*, coalesce(max(said.times), 0) AS times FROM mine LEFT JOIN said ON said.id = mine.id
    WHERE said.id IS NOT NULL OR mine.id IN (SELECT id FROM named)
    GROUP BY mine.id, mine.title, mine.created_at, mine.duration, mine.run_id
)
"""
"""Segments and titles of the owner's newest transcripts that match, of ``only`` these recordings unless it is null;
``found`` has a row per recording."""

_PAGE = text(
    f"""
WITH {_FOUND}
SELECT id, title, created_at, duration, run_id, times, count(*) OVER () AS total,
    ts_headline('russian', translate(title, :from, :to), terms, :title_options) AS marked
FROM found, wanted ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset
"""
)
_COUNT = text(f"WITH {_FOUND} SELECT count(*) FROM found")
_SAID = text(
    f"""
WITH {_FOUND}
SELECT id, start, text, ts_headline('russian', translate(text, :from, :to), terms, :options) AS marked
FROM said, wanted WHERE place <= :most ORDER BY id, place
"""
)
_SENSE = text("SELECT querytree(websearch_to_tsquery('russian', :query)) NOT IN ('', 'T')")
_LESS = "\ue012"
_TRANSLATED = {"from": f"<{BEGIN}{END}", "to": _LESS}
"""For ``translate``: marks that a text brings are taken out, and what ts_headline would take for a tag is hidden."""

_SELECTORS = f'StartSel="{BEGIN}", StopSel="{END}"'
_TITLE = f"{_SELECTORS}, HighlightAll=true"
_FRAGMENT = f"{_SELECTORS}, MaxFragments=1, MaxWords=28, MinWords=14, ShortWord=0"


class Said(NamedTuple):
    """A segment that matches. ``marked``: the part of its ``text`` around the words, with marks."""

    start: float
    text: str
    marked: str


@dataclass(frozen=True, slots=True)
class Match:
    """A recording that matches, by what is said in it (``times`` segments) or by its title."""

    recording_id: UUID
    run_id: UUID | None
    created_at: datetime
    duration: float | None
    title: str  # with marks
    times: int


class Library:
    """What one person has, in the session of the caller."""

    def __init__(self, session: AsyncSession, owner_id: UUID) -> None:
        self._session, self._owner = session, owner_id

    async def page(self, limit: int, offset: int) -> Sequence[Recording]:
        """Newest first."""
        query = select(Recording).where(Recording.owner_id == self._owner)
        ordered = query.order_by(Recording.created_at.desc(), Recording.id.desc())
        return (await self._session.scalars(ordered.limit(limit).offset(offset))).all()

    async def size(self) -> tuple[int, float]:
        """How many recordings, and how many seconds they are."""
        query = select(func.count(), func.coalesce(func.sum(Recording.duration), 0.0))
        row = (await self._session.execute(query.where(Recording.owner_id == self._owner))).one()
        return int(row[0]), float(row[1] or 0)

    async def has_sense(self, query: str) -> bool:
        """Whether there is a word to be found: not in "and", nor where words are only excluded."""
        return bool(await self._session.scalar(_SENSE, {"query": query}))

    async def matches(self, query: str, limit: int, offset: int) -> tuple[Sequence[Match], int]:
        """Recordings that match, newest first; and how many there are in all."""
        given = {"query": query, "owner": self._owner, "only": None}
        shown = {"limit": limit, "offset": offset, "title_options": _TITLE, **_TRANSLATED}
        rows = (await self._session.execute(_PAGE, {**given, **shown})).all()
        if not rows and offset:
            return [], int(await self._session.scalar(_COUNT, given) or 0)
        return [_match(row) for row in rows], int(rows[0].total) if rows else 0

    async def said(self, query: str, recording_ids: Sequence[UUID], most: int) -> dict[UUID, list[Said]]:
        """Of each of these recordings the ``most`` segments that match best."""
        given = {"query": query, "owner": self._owner, "only": list(recording_ids), "most": most}
        rows = await self._session.execute(_SAID, {**given, "options": _FRAGMENT, **_TRANSLATED})
        found: dict[UUID, list[Said]] = {}
        for row in rows:
            found.setdefault(row.id, []).append(Said(row.start, row.text, _back(row.marked)))
        return found

    async def beginnings(self, recording_ids: Sequence[UUID]) -> dict[UUID, Said]:
        """The first segment of each recording's newest transcript, without marks."""
        given = {"owner": self._owner, "recordings": list(recording_ids)}
        rows = await self._session.execute(_BEGINNINGS, given)
        return {row.id: Said(row.start, row.text, row.text) for row in rows}


_BEGINNINGS = text(
    """
SELECT r.id, segment.start, segment.text
FROM recordings AS r
CROSS JOIN LATERAL (
    SELECT run.id FROM runs AS run JOIN transcripts ON transcripts.run_id = run.id
    WHERE run.recording_id = r.id ORDER BY run.created_at DESC, run.id LIMIT 1
) AS newest
JOIN segments AS segment ON segment.run_id = newest.id AND segment.position = 0
WHERE r.owner_id = :owner AND r.id = ANY(CAST(:recordings AS uuid[]))
"""
)


def _match(row: Row[tuple[object, ...]]) -> Match:
    return Match(row.id, row.run_id, row.created_at, row.duration, _back(row.marked), row.times)


def _back(marked: str) -> str:
    return marked.replace(_LESS, "<")
