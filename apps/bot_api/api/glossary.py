"""The names and terms that a person wants spelt right."""

from uuid import UUID

from fastapi import APIRouter, status

from apps.bot_api.deps import CurrentUser, Running
from apps.bot_api.schemas.editing import GlossaryOut, TermIn, TermOut, glossary_out, term_out
from stenogram.services import glossary

router = APIRouter(tags=["editing"], prefix="/glossary")


@router.get("")
async def get_glossary(runtime: Running, user: CurrentUser) -> GlossaryOut:
    """In the order of the alphabet. Every new run is told of them."""
    async with runtime.database.session() as session:
        return glossary_out(await glossary.of(session, user.id))


@router.post("")
async def add_term(wanted: TermIn, runtime: Running, user: CurrentUser) -> TermOut:
    """A term that is there already in other letters is written anew."""
    async with runtime.database.begin() as session:
        return term_out(await glossary.add(session, user.id, wanted.term))


@router.delete("/{term_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_term(term_id: UUID, runtime: Running, user: CurrentUser) -> None:
    async with runtime.database.begin() as session:
        await glossary.remove(session, user.id, term_id)
