"""A person's own recordings: what is said in them, and the list of them. Nothing of anybody else is read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Recording, Run
from stenogram.storage.repositories import Runs
from stenogram.storage.search_rows import BEGIN, END, Library, Said

HITS = 3
"""Moments of one recording that are shown."""

QUERY_LENGTH = 200
"""Characters of a query that count."""

_QUOTES = str.maketrans("«»„“”‟", '""""""')
_MARKS = re.compile(f"[{BEGIN}{END}]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``found``: one of the words that were looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A moment of a recording, in seconds from its start, and what is said there; cut where it is long."""

    start: float
    fragment: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A recording with the moments that match best, of ``times`` in all; none where only its title does."""

    recording_id: UUID
    title: tuple[Part, ...]
    created_at: datetime
    duration: float | None
    hits: tuple[Hit, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the ``total`` recordings, newest first. Not ``sensible``: the query has no word to be found."""

    found: tuple[Found, ...]
    total: int
    sensible: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """A recording and its newest run."""

    recording: Recording
    run: Run | None


async def search(session: AsyncSession, owner_id: UUID, query: str, limit: int, offset: int = 0) -> Page:
    """Recordings of the owner whose newest transcript or title matches.

    The query is as people write it for a search engine: words in any form, "a phrase" in quotes of any kind, -without.
    A moment matches when all its words are in one segment.
    """
    words, library = plain_query(query), Library(session, owner_id)
    if not words or not await library.has_sense(words):
        return Page((), 0, sensible=False)
    matches, total = await library.matches(words, limit, offset)
    said = await library.said(words, [match.recording_id for match in matches], HITS) if matches else {}
    found = tuple(
        Found(
            match.recording_id,
            parts(match.title),
            match.created_at,
            match.duration,
            tuple(_hit(one) for one in said.get(match.recording_id, ())),
            match.times,
        )
        for match in matches
    )
    return Page(found, total)


async def latest(session: AsyncSession, owner_id: UUID, limit: int, offset: int = 0) -> Page:
    """The owner's newest recordings, each with how its text begins."""
    library = Library(session, owner_id)
    total, _ = await library.size()
    recordings = await library.page(limit, offset)
    said = await library.beginnings([one.id for one in recordings])
    return Page(tuple(_begun(one, said) for one in recordings), total)


async def history(session: AsyncSession, owner_id: UUID, limit: int, offset: int = 0) -> tuple[Sequence[Listed], int]:
    """The owner's recordings, newest first; and how many there are in all."""
    library = Library(session, owner_id)
    total, _ = await library.size()
    recordings = await library.page(limit, offset)
    runs = await Runs(session).latest([one.id for one in recordings])
    return [Listed(one, runs.get(one.id)) for one in recordings], total


async def size(session: AsyncSession, owner_id: UUID) -> tuple[int, float]:
    """How many recordings the owner has, and how many seconds they are."""
    return await Library(session, owner_id).size()


def plain_query(query: str) -> str:
    """In one line, with the quotes that PostgreSQL knows, and no longer than QUERY_LENGTH."""
    return " ".join(query.replace("\0", "").translate(_QUOTES).split())[:QUERY_LENGTH]


def parts(marked: str) -> tuple[Part, ...]:
    """A text with marks in its pieces, none of them empty."""
    pieces, inside = [], False
    for piece in re.split(f"([{BEGIN}{END}])", marked):
        if piece in (BEGIN, END):
            inside = piece == BEGIN
        elif piece:
            pieces.append(Part(piece, inside))
    return tuple(pieces)


def _hit(said: Said) -> Hit:
    """With an ellipsis where the segment goes on."""
    shown, whole = (" ".join(_MARKS.sub("", text).split()) for text in (said.marked, said.text))
    before, _, after = whole.partition(shown)
    return Hit(said.start, (*_rest(before), *parts(said.marked), *_rest(after)))


def _rest(text: str) -> tuple[Part, ...]:
    """What is left out: as it is where it has no words, such as the full stop that ts_headline leaves off."""
    return (Part("…" if re.search(r"\w", text) else text),) if text else ()


def _begun(recording: Recording, said: Mapping[UUID, Said]) -> Found:
    first = said.get(recording.id)
    hits = (_hit(first),) if first else ()
    return Found(recording.id, parts(recording.title), recording.created_at, recording.duration, hits, len(hits))
