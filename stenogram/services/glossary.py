"""The names and terms that a person wants spelt right: the recogniser is told of them in every new run."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.pipeline.stage import RunOptions
from stenogram.services import users
from stenogram.storage.editing_models import GlossaryTerm
from stenogram.storage.editing_rows import Glossaries

MAX_TERMS = 100
"""A recogniser reads about two hundred tokens of a prompt; more terms than these would push one another out."""

MAX_LENGTH = 80


async def of(session: AsyncSession, user_id: UUID) -> Sequence[GlossaryTerm]:
    """In the order of the alphabet."""
    return await Glossaries(session).of(user_id)


async def add(session: AsyncSession, user_id: UUID, term: str) -> GlossaryTerm:
    """The term as it is kept; one that is there already in other letters is written anew.

    Raises InvalidOptions("request.invalid") for a blank or long one, and for one too many.
    """
    wanted, rows = " ".join(term.split()), Glossaries(session)
    if not 1 <= len(wanted) <= MAX_LENGTH:
        raise InvalidOptions("request.invalid", f"a term of 1 to {MAX_LENGTH} characters")
    await users.locked(session, user_id)  # one at a time: neither twice nor too many
    known = await rows.find(user_id, wanted)
    if known is not None:
        known.term = wanted
        return known
    if await rows.count(user_id) >= MAX_TERMS:
        raise InvalidOptions("request.invalid", f"no more than {MAX_TERMS} terms")
    return await rows.add(GlossaryTerm(user_id=user_id, term=wanted))


async def remove(session: AsyncSession, user_id: UUID, term_id: UUID) -> None:
    """Raises StenogramError("not_found")."""
    if not await Glossaries(session).remove(user_id, term_id):
        raise StenogramError("not_found", f"term {term_id}")


async def with_terms(session: AsyncSession, recording_id: UUID, options: RunOptions) -> RunOptions:
    """The options with the terms of the recording's owner behind those of this run."""
    given = {term.casefold() for term in options.glossary}
    terms = await Glossaries(session).of_owner(recording_id)
    return replace(options, glossary=(*options.glossary, *(term for term in terms if term.casefold() not in given)))
