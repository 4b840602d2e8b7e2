"""Voices of one person's recordings, kept only where they asked for it, to suggest names of those who speak again.

They are biometric data: nobody else's recordings are ever compared, they lie encrypted with the run and are destroyed
with it, and all of them when the owner takes the consent back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.services import recordings, transcripts
from stenogram.speech.voiceprint import Embedding, Guess, guesses
from stenogram.storage import artifacts
from stenogram.storage.models import User
from stenogram.storage.vault import Vault
from stenogram.storage.voice_rows import NamedVoices

PREFERENCE = "voices"
MOST_RUNS = 50
"""The newest runs with names in them that are looked through."""

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Voiceprints:
    """The artifact: labels and embeddings, of unit length."""

    voices: tuple[tuple[str, Embedding], ...]


def wanted(user: User) -> bool:
    """Whether this person agreed to it."""
    return user.preferences.get(PREFERENCE) is True


async def wanted_for(session: AsyncSession, recording_id: UUID) -> bool:
    """Whether the owner of the recording agreed to it."""
    return await NamedVoices(session).preference(recording_id, PREFERENCE)


def _key(run_id: UUID) -> str:
    return f"{recordings.run_prefix(run_id)}voices.json"  # goes with the run


async def keep(session: AsyncSession, vault: Vault, run_id: UUID, found: Mapping[str, Embedding]) -> None:
    """Put the voices of a run in place of those it had."""
    voices = tuple((label, tuple(round(value, _DIGITS) for value in one)) for label, one in found.items())
    await vault.put(session, _key(run_id), artifacts.dump(Voiceprints(voices)), "application/json")


async def suggestions(session: AsyncSession, vault: Vault, user: User, run_id: UUID) -> list[Guess]:
    """Names for voices of this run that have none, the most alike first; none without the owner's consent.

    Raises StenogramError("transcript.not_ready").
    """
    speakers = (await transcripts.read(session, run_id)).transcript.speakers if wanted(user) else ()
    nameless = {speaker.label for speaker in speakers if speaker.name is None}
    if not nameless:
        return []
    heard = await _voices(session, vault, run_id)
    unknown = {label: one for label, one in heard.items() if label in nameless}
    taken = {speaker.name for speaker in speakers}
    known = await _known(session, vault, user, run_id) if unknown else {}
    return guesses(unknown, {name: found for name, found in known.items() if name not in taken})


async def _known(session: AsyncSession, vault: Vault, user: User, run_id: UUID) -> dict[str, list[Embedding]]:
    """Voices of this person's other runs by the name that was given there."""
    known: dict[str, list[Embedding]] = {}
    for other, names in (await NamedVoices(session).named(user.id, run_id, MOST_RUNS)).items():
        heard = await _voices(session, vault, other)
        for label, name in names.items():
            if label in heard:
                known.setdefault(name, []).append(heard[label])
    return known


async def _voices(session: AsyncSession, vault: Vault, run_id: UUID) -> dict[str, Embedding]:
    """By label; empty for a run whose voices were not kept."""
    try:
        data = await vault.read(session, _key(run_id))
    except StenogramError as error:
        if error.code != "not_found":
            raise
        return {}
    return dict(artifacts.load(Voiceprints, data).voices)


async def forget(session: AsyncSession, vault: Vault, user: User) -> None:
    """Destroy every voice of this person's recordings."""
    for run_id in await NamedVoices(session).runs(user.id):
        await vault.delete(session, _key(run_id))
