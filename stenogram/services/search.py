"""A person's own recordings: what is said in them, and the list of them. Nothing of anybody else is read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Recording, Run
from stenogram.storage.repositories import Runs
from stenogram.storage.search_rows import BEGIN, END, Library, Match, Said

HITS = 3
"""Moments of one recording that are shown."""

QUERY_LENGTH = 200
"""Characters of a query that count."""

_QUOTES = str.maketrans("«»„“”‟", '""""""')
_LAST_WORD = re.compile(r"(?<![^\s])\w{3,}$")
_ALTERNATIVE = re.compile(r"\b(or|OR)\s+$")
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
    speaker: str | None = None  # by name, where there is one


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
    """Some of the ``total`` recordings, in the order that was asked for.

    Not ``sensible``: the query has no word to be found. Not ``complete``: there may be more than ``total``.
    """

    found: tuple[Found, ...]
    total: int
    sensible: bool = True
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: of ``only`` these recordings, what this speaker says (by name). ``typing``: the last word may
    have been begun only; ``order``: "newest" or "best"."""

    order: Literal["newest", "best"] = "newest"
    typing: bool = False
    said_by: str | None = None
    only: Sequence[UUID] | None = None


_EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Listed:
    """A recording and its newest run."""

    recording: Recording
    run: Run | None


async def search(
    session: AsyncSession, owner_id: UUID, query: str, limit: int, offset: int = 0, scope: Scope = _EVERYWHERE
) -> Page:
    """Recordings of the owner whose newest transcript or title matches.

    The query is as people write it for a search engine: words in any form, "a phrase" in quotes of any kind, -without.
    A moment matches when all its words are in one segment. What has changed is brought into the index first, so let the
    session be one that is committed.
    """
    words, library = plain_query(query), Library(session, owner_id)
    asked = await library.query(*split_last(words, typing=scope.typing), scope.said_by) if words else None
    if asked is None:
        return Page((), 0, sensible=False)
    await library.refresh()
    matched = await library.matches(asked, limit, offset, scope.order, scope.only)
    shown = matched.matches
    titles = await library.titles(asked, [match.recording_id for match in shown]) if shown else {}
    said = await library.said(asked, shown, HITS) if any(match.positions for match in shown) else {}
    found = tuple(_found(match, titles, said) for match in shown if match.recording_id in titles)
    return Page(found, matched.total, complete=matched.complete)


def _found(match: Match, titles: Mapping[UUID, tuple[str, float | None]], said: Mapping[UUID, Sequence[Said]]) -> Found:
    title, duration = titles[match.recording_id]
    hits = tuple(_hit(one) for one in said.get(match.run_id, ())) if match.run_id else ()
    return Found(match.recording_id, parts(title), match.created_at, duration, hits, match.times)


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


def split_last(query: str, *, typing: bool) -> tuple[str, str]:
    """The query without its last word, and that word where it may be the beginning of a longer one.

    Not so short a beginning that half of the language has it, and neither an excluded word nor one of an open phrase.
    """
    found = _LAST_WORD.search(query) if typing and query.count('"') % 2 == 0 else None
    if found is None or _ALTERNATIVE.search(query[: found.start()]):
        return query, ""
    return query[: found.start()], found[0].lower().replace("ё", "е")


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
    return Hit(said.start, (*_rest(before), *parts(said.marked), *_rest(after)), said.speaker)


def _rest(text: str) -> tuple[Part, ...]:
    """What is left out: as it is where it has no words, such as the full stop that ts_headline leaves off."""
    return (Part("…" if re.search(r"\w", text) else text),) if text else ()


def _begun(recording: Recording, said: Mapping[UUID, Said]) -> Found:
    first = said.get(recording.id)
    hits = (_hit(first),) if first else ()
    return Found(recording.id, parts(recording.title), recording.created_at, recording.duration, hits, len(hits))
