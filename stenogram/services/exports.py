"""Files made of a transcript: prepared by the export stage, or made when somebody asks for another kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from anyio import to_thread
from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.exporters import EXPORTERS
from stenogram.pipeline import export as exporting
from stenogram.pipeline.stage import Progress, Stage, no_progress
from stenogram.services import transcripts
from stenogram.services.selection import Selection
from stenogram.services.transcripts import Readable
from stenogram.speech.transcript import Transcript
from stenogram.storage import artifacts
from stenogram.storage.repositories import StageRuns
from stenogram.storage.vault import Vault

Language = Literal["ru", "en"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The artifact of the export stage: which files were made, of which version, in which language of headings."""

    version: int
    language: str
    formats: tuple[str, ...]


def key(run_id: UUID, name: str) -> str:
    return f"runs/{run_id}/exports/{name}"


def content_type(name: str) -> str:
    """Of a format. Raises InvalidOptions("options.format")."""
    if name not in EXPORTERS:
        raise InvalidOptions("options.format", format=name, supported=", ".join(EXPORTERS))
    return EXPORTERS[name].content_type


def heading_language(transcript: Transcript) -> Language:
    """Headings speak the language of the transcript where we have them in it, else English."""
    return "ru" if transcript.language == "ru" else "en"


def prepare(readable: Readable, formats: Sequence[str], progress: Progress) -> dict[str, bytes]:
    """The whole transcript in each format: the work of the export stage."""
    return _make(readable, formats, heading_language(readable.transcript), progress)


def _make(
    readable: Readable,
    formats: Sequence[str],
    language: Language,
    progress: Progress,
    known: dict[str, Any] | None = None,
) -> dict[str, bytes]:
    exporters = {name: info.function for name, info in EXPORTERS.items()}
    metadata = _metadata(readable) if known is None else known
    return exporting.export(
        readable.transcript, readable.minutes, formats, exporters, language, metadata, progress, readable.colours
    )


def _metadata(readable: Readable) -> dict[str, Any]:
    recording = readable.recording
    return {
        "recording_id": str(recording.id),
        "run_id": str(readable.run_id),
        "file_name": recording.file_name,
        "created_at": recording.created_at,
    }


async def export(
    session: AsyncSession,
    vault: Vault,
    run_id: UUID,
    format: str,  # noqa: A002 - the word of the API
    start: float | None = None,
    end: float | None = None,
    segment_ids: Sequence[str] = (),
    language: str | None = None,
) -> tuple[bytes, str, str]:
    """The file, its content type and its name. What the export stage prepared is used while it is still true.

    Raises InvalidOptions (``options.format``, ``request.range``), StenogramError (``not_found``,
    ``transcript.not_ready``) and what the exporter raises.
    """
    media_type = content_type(format)
    readable = await transcripts.read(session, run_id)
    selection = Selection(start, end, tuple(segment_ids))
    wanted: Language = _language(language) or heading_language(readable.transcript)
    name = f"{readable.transcript.title}.{EXPORTERS[format].extension}"
    if selection.everything and (made := await _prepared(session, vault, readable, format, wanted)) is not None:
        return made, media_type, name
    limited = _limited(readable, selection)
    files = await to_thread.run_sync(_make, limited, (format,), wanted, no_progress)
    return files[format], media_type, name


async def anonymous(readable: Readable, format: str, language: str | None = None) -> tuple[bytes, str, str]:  # noqa: A002
    """As ``export``, of what is given and with nothing that tells which recording it is of. Raises as ``export``."""
    media_type = content_type(format)
    wanted: Language = _language(language) or heading_language(readable.transcript)
    files = await to_thread.run_sync(_make, readable, (format,), wanted, no_progress, {})
    return files[format], media_type, f"{readable.transcript.title}.{EXPORTERS[format].extension}"


def _language(language: str | None) -> Language | None:
    if language is None:
        return None
    return "ru" if language.startswith("ru") else "en"


def _limited(readable: Readable, selection: Selection) -> Readable:
    """A part carries no minutes: they speak of the whole."""
    if selection.everything:
        return readable
    part = selection.of(readable.transcript)
    return replace(readable, transcript=part, minutes=None)


async def _prepared(session: AsyncSession, vault: Vault, readable: Readable, name: str, language: str) -> bytes | None:
    """What the export stage made, where that is still true and still readable: it can always be made again."""
    try:
        if await _is_prepared(session, vault, readable, name, language):
            return await vault.read(session, key(readable.run_id, name))
    except StenogramError as error:
        if error.code not in ("storage.corrupt", "not_found"):
            raise
        logger.warning("the prepared {} of run {} is made anew: {}", name, readable.run_id, error)
    return None


async def _is_prepared(session: AsyncSession, vault: Vault, readable: Readable, name: str, language: str) -> bool:
    rows = (await StageRuns(session).of([readable.run_id]))[readable.run_id]
    row = next((row for row in rows if row.stage == Stage.EXPORT and row.state == "done"), None)
    if row is None or row.artifact is None:
        return False
    prepared = artifacts.load(Prepared, await vault.read(session, row.artifact))
    return (prepared.version, prepared.language) == (readable.version, language) and name in prepared.formats
