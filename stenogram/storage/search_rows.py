"""Queries on one person's library: pages of it, what is said in it, how much it is. No commit inside.

What matches is read from the inverted index alone (``library_models``), and only of the recordings that are shown their
segments. Recordings that have changed since are brought into the index before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log1p
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.library_models import BLOCK
from stenogram.storage.models import Recording
from stenogram.storage.search_terms import Expression, Term, parse

BEGIN, END = "\ue010", "\ue011"
"""Around each word that was found: private-use characters, which no text that anybody says contains."""

REFRESHED = 40
"""Recordings at most that one search brings into the index; the rest are left to the next, or to the reaper."""

VERIFIED = 500
"""Segments at most that are read to see whether they hold a phrase; what lies beyond is not found."""

BEGUN = 40_000
"""Rows of the index at most that are read for the beginning of a word. A few letters stand for thousands of words; what
lies beyond is found when a letter more is typed."""

WEIGHED = 20
"""Segments of one recording, the first ones, of which the best are shown."""

_TERMS = text(
    """
WITH wanted AS (
    SELECT websearch_to_tsquery('russian', :query) && CASE
        WHEN :word = '' THEN ''::tsquery
        ELSE websearch_to_tsquery('russian', :word) || to_tsquery('simple', :prefix)
    END AS terms
)
SELECT terms::text AS terms, querytree(terms) NOT IN ('', 'T') AS sense FROM wanted
"""
)
_FOUND = """
WITH posting AS ({postings}),
matched AS MATERIALIZED ({matched}),
found AS (
    SELECT document_id, sum(number) - max(title) AS times, max(title) AS title FROM (
        SELECT document_id, bit_count(bits)::int AS number,
            CASE WHEN block = 0 THEN coalesce(get_bit(bits, 0), 0) ELSE 0 END AS title
        FROM matched
    ) AS counted GROUP BY 1 HAVING sum(number) > 0
),
page AS (
    SELECT found.document_id, recording_id, run_id, recorded_at, times, title, count(*) OVER () AS total, {cut} AS cut
    FROM found JOIN search_documents AS document ON document.id = found.document_id
    {only} ORDER BY {order} LIMIT :limit OFFSET :offset
)
SELECT page.*, printed.bits
FROM page JOIN (
    SELECT document_id, string_agg(block || ':' || bits::text, ' ' ORDER BY block) AS bits FROM matched
    WHERE document_id IN (SELECT document_id FROM page) GROUP BY 1
) AS printed ON printed.document_id = page.document_id
ORDER BY {order}
"""
_AS_IT_IS = "SELECT document_id, block, bits FROM posting"
_ANY = "SELECT document_id, block, bit_or(bits) AS bits, count(*) AS read FROM posting GROUP BY 1, 2"
_JOINED = """
SELECT document_id, block, {bits} AS bits, read
FROM (SELECT document_id, block, {pieces}, count(*) AS read FROM posting GROUP BY 1, 2) AS piece
"""
_NONE = "bit_or(bits) # bit_or(bits) AS none"
"""Zeros as many as the block has slots: the bits of a term that has no row where others have one."""

_CUT = "(SELECT sum(read) FROM matched) >= {most}"
_BEGUN = "({postings} LIMIT {most})"
_ONE = "SELECT document_id, block, {number} AS term, bits FROM search_postings WHERE owner_id = :owner AND "
_ONLY = "WHERE recording_id = ANY(CAST(:only AS uuid[]))"
_ORDERS = {
    "newest": "recorded_at DESC, recording_id",
    "best": "2 * title + ln(1 + times::float8) DESC, recorded_at DESC, recording_id",
}
_VERIFIED = text(
    """
SELECT segment.run_id, segment.position
FROM unnest(CAST(:runs AS uuid[]), CAST(:positions AS int[])) AS one(run_id, position)
JOIN segments AS segment ON segment.run_id = one.run_id AND segment.position = one.position
WHERE to_tsvector('russian', segment.text) @@ CAST(:terms AS tsquery)
"""
)
_VERIFIED_TITLES = text(
    """
SELECT id FROM recordings
WHERE id = ANY(CAST(:recordings AS uuid[])) AND to_tsvector('russian', title) @@ CAST(:terms AS tsquery)
"""
)
_RECORDINGS = text(
    """
SELECT id, duration, ts_headline('russian', translate(title, :from, :to), CAST(:terms AS tsquery), :options) AS marked
FROM recordings WHERE id = ANY(CAST(:recordings AS uuid[]))
"""
)
_SAID = text(
    """
WITH weighed AS (
    SELECT segment.run_id, segment.start, segment.text, segment.speaker, row_number() OVER (
        PARTITION BY segment.run_id
        ORDER BY ts_rank(to_tsvector('russian', segment.text), CAST(:terms AS tsquery)) DESC, segment.position
    ) AS place
    FROM unnest(CAST(:runs AS uuid[]), CAST(:positions AS int[])) AS one(run_id, position)
    JOIN segments AS segment ON segment.run_id = one.run_id AND segment.position = one.position
)
SELECT weighed.run_id, start, text, name,
    ts_headline('russian', translate(text, :from, :to), CAST(:terms AS tsquery), :options) AS marked
FROM weighed
LEFT JOIN speakers ON speakers.run_id = weighed.run_id AND speakers.label = weighed.speaker
WHERE place <= :most ORDER BY weighed.run_id, place
"""
)
_NUMBER = re.compile(r"\{(\d+)\}")
_ALTERNATIVES = re.compile(r"\(\{\d+\}(?: \| \{\d+\})+\)")
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
    speaker: str | None = None  # by name


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. ``terms``: a tsquery; ``said_by``: only what this person says."""

    terms: str
    expression: Expression
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A recording that matches, by what is said in it (``times`` segments) or by its title."""

    recording_id: UUID
    run_id: UUID | None
    created_at: datetime
    times: int
    titled: bool
    positions: tuple[int, ...]  # of segments, ascending; the first WEIGHED of them at least


@dataclass(frozen=True, slots=True)
class Matches:
    """Some of ``total`` recordings. Not ``complete``: there may be more, which were not looked at."""

    matches: tuple[Match, ...]
    total: int
    complete: bool = True


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

    async def query(self, query: str, word: str = "", said_by: str | None = None) -> Query | None:
        """Words as people write them, and besides a ``word`` of which only the beginning may have been typed.

        None: there is no word to be found, as in "and", or where words are only excluded.
        """
        given = {"query": query, "word": word, "prefix": f"'{word}':*"}
        terms, sense = (await self._session.execute(_TERMS, given)).one()
        expression = parse(terms) if sense else None
        return Query(terms, expression, said_by) if expression else None

    async def refresh(self) -> int:
        """Bring into the index what has changed; how many recordings."""
        return await refresh(self._session, self._owner, REFRESHED)

    async def matches(
        self, query: Query, limit: int, offset: int, order: str = "newest", only: Sequence[UUID] | None = None
    ) -> Matches:
        """Recordings that match, of ``only`` these where they are given, newest first or in another of the orders."""
        if not query.expression.exact:
            return await self._phrases(query, limit, offset, order, only)
        rows = await self._found(query, limit, offset, order, only)
        if not rows and offset:
            beyond = await self._found(query, 1, 0, order, only)
            return Matches((), beyond[0].total if beyond else 0)
        shown = tuple(_match(row, WEIGHED) for row in rows)
        return Matches(shown, rows[0].total if rows else 0, complete=not (rows and rows[0].cut))

    async def _found(
        self, query: Query, limit: int, offset: int, order: str, only: Sequence[UUID] | None
    ) -> Sequence[Any]:
        given: dict[str, Any] = {"owner": self._owner, "limit": limit, "offset": offset}
        if only is not None:
            given["only"] = list(only)
        statement, terms = _statement(query, order, limited=only is not None)
        return (await self._session.execute(text(statement), {**given, **terms})).all()

    async def _phrases(self, query: Query, limit: int, offset: int, order: str, only: Sequence[UUID] | None) -> Matches:
        """The index knows which segments have the words; whether side by side, only their text tells."""
        rows = await self._found(query, VERIFIED, 0, order, only)
        likely, left = list[Match](), VERIFIED
        for row in rows:
            one = _match(row, left)
            likely.append(one)
            left -= len(one.positions)
            if left <= 0:
                break
        true = await self._verified(query, likely)
        if order == "best":
            true.sort(key=lambda one: (-_score(one), -one.created_at.timestamp(), one.recording_id))
        complete = left > 0 and (not rows or (len(rows) == rows[0].total and not rows[0].cut))
        return Matches(tuple(true[offset : offset + limit]), len(true), complete)

    async def _verified(self, query: Query, likely: Sequence[Match]) -> list[Match]:
        given = {"terms": query.terms, **_places(likely)}
        said: dict[UUID, list[int]] = {}
        for row in await self._session.execute(_VERIFIED, given):
            said.setdefault(row.run_id, []).append(row.position)
        named = [one.recording_id for one in likely if one.titled]
        titles = {"terms": query.terms, "recordings": named}
        titled = set(await self._session.scalars(_VERIFIED_TITLES, titles)) if named else set[UUID]()
        true = []
        for one in likely:
            positions = tuple(sorted(said.get(one.run_id, ()))) if one.run_id else ()
            if positions or one.recording_id in titled:
                true.append(
                    Match(
                        one.recording_id,
                        one.run_id,
                        one.created_at,
                        len(positions),
                        one.recording_id in titled,
                        positions,
                    )
                )
        return true

    async def titles(self, query: Query, recording_ids: Sequence[UUID]) -> dict[UUID, tuple[str, float | None]]:
        """Title with marks, and duration."""
        given = {"recordings": list(recording_ids), "terms": query.terms, "options": _TITLE, **_TRANSLATED}
        rows = await self._session.execute(_RECORDINGS, given)
        return {row.id: (_back(row.marked), row.duration) for row in rows}

    async def said(self, query: Query, matches: Sequence[Match], most: int) -> dict[UUID, list[Said]]:
        """By run: the ``most`` segments that match best."""
        given = {"terms": query.terms, "most": most, "options": _FRAGMENT, **_TRANSLATED, **_places(matches, WEIGHED)}
        found: dict[UUID, list[Said]] = {}
        for row in await self._session.execute(_SAID, given):
            found.setdefault(row.run_id, []).append(Said(row.start, row.text, _back(row.marked), row.name))
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


async def refresh(session: AsyncSession, owner_id: UUID | None, most: int) -> int:
    """Bring up to ``most`` recordings that have changed into the index, the owner's or (None) anybody's; how many.

    Each is locked until the transaction ends; those that somebody else is at work on are left to them.
    """
    given = {"owner": owner_id, "most": most}
    return int(await session.scalar(text("SELECT search_refresh(CAST(:owner AS uuid), :most)"), given) or 0)


def _statement(query: Query, order: str, *, limited: bool) -> tuple[str, dict[str, str]]:
    """The statement that finds, and the values of its terms."""
    bits, wanted = query.expression.sql, list(query.expression.terms)
    if query.said_by is not None:
        bits = f"{bits} & {{{len(wanted)}}}"
        wanted.append(Term(f"@{query.said_by.lower()}"))
    bits, groups = _grouped(bits, len(wanted))
    statement = _FOUND.format(
        postings=" UNION ALL ".join(_one(number, groups[number], term) for number, term in enumerate(wanted)),
        matched=_matched(bits, wanted, groups),
        cut=_CUT.format(most=BEGUN) if any(term.prefix for term in wanted) else "false",
        only=_ONLY if limited else "",
        order=_ORDERS[order],
    )
    return statement, dict(_values(wanted))


def _grouped(bits: str, count: int) -> tuple[str, list[int]]:
    """Terms joined by nothing but "or" share one string of bits; for each term the number of its string."""
    groups = list(range(count))

    def join(match: re.Match[str]) -> str:
        numbers = _NUMBER.findall(match[0])
        if any(bits.count(f"{{{number}}}") > 1 for number in numbers):
            return match[0]
        first, *others = (int(number) for number in numbers)
        for other in others:
            groups[other] = first
        return f"{{{first}}}"

    return _ALTERNATIVES.sub(join, bits), groups


def _matched(bits: str, wanted: Sequence[Term], groups: Sequence[int]) -> str:
    """The segments of each block that match: no more is worked out than the query needs."""
    numbers = sorted(set(groups))
    if len(numbers) == 1 and _NUMBER.fullmatch(bits):
        return _AS_IT_IS if len(wanted) == 1 and not wanted[0].prefix else _ANY
    optional = "|" in bits or "~" in bits
    values = {number: f"coalesce(t{number}, none)" if optional else f"t{number}" for number in numbers}
    pieces = [f"bit_or(bits) FILTER (WHERE term = {number}) AS t{number}" for number in numbers]
    joined = _NUMBER.sub(lambda match: values[int(match[1])], bits)
    return _JOINED.format(bits=joined, pieces=", ".join([*pieces, *([_NONE] if optional else [])]))


def _one(number: int, group: int, term: Term) -> str:
    if not term.prefix:
        return _ONE.format(number=group) + f"lexeme = :l{number}"
    rows = _ONE.format(number=group) + f"lexeme >= :l{number} AND lexeme < :u{number}"
    return _BEGUN.format(postings=rows, most=BEGUN)


def _values(terms: Iterable[Term]) -> Iterable[tuple[str, str]]:
    for number, term in enumerate(terms):
        yield f"l{number}", term.lexeme
        if term.prefix:
            yield f"u{number}", term.after


def _match(row: Any, most: int) -> Match:
    positions = tuple(_positions(row.bits, most))
    return Match(row.recording_id, row.run_id, row.recorded_at, int(row.times), bool(row.title), positions)


def _positions(printed: str, most: int) -> Iterable[int]:
    """The first ``most`` segments of ``0:0101… 1:…``; slot 0 is the title, and no segment."""
    given = 0
    for piece in printed.split(" "):
        block, _, bits = piece.partition(":")
        at = bits.find("1")
        while at >= 0 and given < most:
            if slot := int(block) * BLOCK + at:
                given += 1
                yield slot - 1
            at = bits.find("1", at + 1)


def _places(matches: Iterable[Match], most: int | None = None) -> Mapping[str, list[Any]]:
    pairs = [(one.run_id, position) for one in matches if one.run_id for position in one.positions[:most]]
    return {"runs": [run for run, _ in pairs], "positions": [position for _, position in pairs]}


def _score(match: Match) -> float:
    return 2.0 * match.titled + log1p(match.times)


def _back(marked: str) -> str:
    return marked.replace(_LESS, "<")
