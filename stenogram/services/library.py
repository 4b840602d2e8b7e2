"""A person's library: recordings by folder, tag and other conditions, in an order, many at once."""

import base64
import binascii
import json
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.services import recordings
from stenogram.services.janitor import private_folder
from stenogram.storage.database import Database
from stenogram.storage.library_models import Folder, Shelf, Tag
from stenogram.storage.library_rows import STATES, Filed, Filters, Named, Shelves, Sort, Totals
from stenogram.storage.models import Recording
from stenogram.storage.repositories import Runs
from stenogram.storage.vault import Vault

__all__ = ["STATES", "Filed", "Filters", "Named", "Sort", "Totals"]

MANY = 500
"""Recordings at most that one request may change."""

EXPORTED = 100
"""Recordings at most in one archive."""

LENGTHS: Mapping[type[Shelf], int] = {Folder: 80, Tag: 40}
"""Of a name, in characters."""

UNFILED = Filed(None, ())

_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # in names of files, on one system or another
_TITLE_LENGTH = 80
_KEYS: dict[Sort, Callable[[Any], Any]] = {
    "newest": datetime.fromisoformat,
    "oldest": datetime.fromisoformat,
    "title": str,
    "longest": float,
    "largest": int,
}
"""How the value that each order sorts by is read from a cursor."""

_MISSING = ("not_found", "transcript.not_ready", "export.failed")


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is to filter by, and how much is kept."""

    totals: Totals
    folders: Sequence[Named]
    tags: Sequence[Named]
    languages: Sequence[str]
    speakers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of the ``total`` recordings. ``following``: where the next page begins; None after the last."""

    recordings: Sequence[Recording]
    filed: dict[UUID, Filed]
    following: str | None
    total: int


async def overview(session: AsyncSession, owner_id: UUID) -> Overview:
    shelves = Shelves(session, owner_id)
    return Overview(
        await shelves.totals(),
        await shelves.named(Folder),
        await shelves.named(Tag),
        await shelves.languages(),
        await shelves.speakers(),
    )


async def page(
    session: AsyncSession, owner_id: UUID, filters: Filters, sort: Sort, limit: int, cursor: str | None = None
) -> Listing:
    """What the filters let through. Raises InvalidOptions("request.invalid") for a cursor that is not of this order."""
    shelves = Shelves(session, owner_id)
    rows = await shelves.page(filters, sort, limit + 1, _after(sort, cursor) if cursor else None)
    shown = rows[:limit]
    following = _cursor(sort, *shown[-1]) if len(rows) > limit else None
    filed = await shelves.filed([recording.id for recording, _ in shown]) if shown else {}
    return Listing([recording for recording, _ in shown], filed, following, await shelves.count(filters))


async def filed(session: AsyncSession, recording: Recording) -> Filed:
    """In which folder it lies, and which tags it has."""
    found = await Shelves(session, recording.owner_id).filed([recording.id])
    return found.get(recording.id, UNFILED)


async def within(session: AsyncSession, owner_id: UUID, filters: Filters) -> Sequence[UUID] | None:
    """Recordings that the filters let through, but for what is said by whom; None: all of them."""
    kept = replace(filters, speaker=None)
    return None if kept.anything else await Shelves(session, owner_id).ids(kept)


def _cursor(sort: Sort, recording: Recording, key: Any) -> str:
    value = key.isoformat() if isinstance(key, datetime) else key
    return base64.urlsafe_b64encode(json.dumps([sort, value, str(recording.id)]).encode()).decode()


def _after(sort: Sort, cursor: str) -> tuple[Any, UUID]:
    try:
        of, value, recording_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = _KEYS[sort](value), UUID(recording_id)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise InvalidOptions("request.invalid", detail="cursor") from error
    if of != sort:
        raise InvalidOptions("request.invalid", detail="cursor")
    return place


# --- folders and tags ---


async def make_shelf(session: AsyncSession, owner_id: UUID, kind: type[Shelf], name: str) -> Shelf:
    """Raises InvalidOptions("request.invalid"), StenogramError("library.name_taken")."""
    shelves = Shelves(session, owner_id)
    made = kind(owner_id=owner_id, name=await _free(shelves, kind, _clean(kind, name)))
    if not await shelves.add(made):
        raise StenogramError("library.name_taken", name=made.name)
    return made


async def rename_shelf(session: AsyncSession, owner_id: UUID, kind: type[Shelf], shelf_id: UUID, name: str) -> Shelf:
    """Raises what ``make_shelf`` raises, and ``not_found``."""
    shelves = Shelves(session, owner_id)
    shelf = await _shelf(shelves, kind, shelf_id)
    cleaned = _clean(kind, name)
    own = shelf.name.lower() == cleaned.lower()  # its own name in another case is free
    if not await shelves.rename(shelf, cleaned if own else await _free(shelves, kind, cleaned)):
        raise StenogramError("library.name_taken", name=cleaned)
    return shelf


async def remove_shelf(session: AsyncSession, owner_id: UUID, kind: type[Shelf], shelf_id: UUID) -> None:
    """The recordings stay, in no folder or without the tag. Raises StenogramError("not_found")."""
    shelves = Shelves(session, owner_id)
    await shelves.remove(await _shelf(shelves, kind, shelf_id))


def _clean(kind: type[Shelf], name: str) -> str:
    cleaned = " ".join(name.replace("\0", "").split())
    if not 1 <= len(cleaned) <= LENGTHS[kind]:
        raise InvalidOptions("request.invalid", detail="name")
    return cleaned


async def _free(shelves: Shelves, kind: type[Shelf], name: str) -> str:
    if await shelves.is_taken(kind, name):
        raise StenogramError("library.name_taken", name=name)
    return name


async def _shelf(shelves: Shelves, kind: type[Shelf], shelf_id: UUID) -> Shelf:
    found = await shelves.get(kind, shelf_id)
    if found is None:
        raise StenogramError("not_found", f"{kind.__name__} {shelf_id}")
    return found


# --- many at once ---


async def move(session: AsyncSession, owner_id: UUID, recording_ids: Sequence[UUID], folder_id: UUID | None) -> None:
    """Into the folder, or (None) out of any. Raises StenogramError("not_found") and moves nothing."""
    shelves = Shelves(session, owner_id)
    if folder_id is not None:
        await _shelf(shelves, Folder, folder_id)
    await shelves.move(await _all_own(shelves, recording_ids), folder_id)


async def tag(
    session: AsyncSession, owner_id: UUID, recording_ids: Sequence[UUID], add: Sequence[UUID], remove: Sequence[UUID]
) -> None:
    """Raises StenogramError("not_found") and changes nothing."""
    shelves = Shelves(session, owner_id)
    for tag_id in {*add, *remove}:
        await _shelf(shelves, Tag, tag_id)
    await shelves.tag(await _all_own(shelves, recording_ids), add, remove)


async def delete(session: AsyncSession, vault: Vault, owner_id: UUID, recording_ids: Sequence[UUID]) -> int:
    """Destroy those that are there still, and the owner's; how many. Deleting twice is no error."""
    own = await Shelves(session, owner_id).own(recording_ids)
    for recording_id in sorted(own):
        await recordings.delete(session, vault, recording_id)
    return len(own)


async def _all_own(shelves: Shelves, recording_ids: Sequence[UUID]) -> list[UUID]:
    wanted = list(dict.fromkeys(recording_ids))
    if len(await shelves.own(wanted)) != len(wanted):
        raise StenogramError("not_found", "a recording")
    return wanted


@asynccontextmanager
async def archive(
    database: Database,
    vault: Vault,
    owner_id: UUID,
    recording_ids: Sequence[UUID],
    formats: Sequence[str],
    language: str,
    root: Path,
) -> AsyncIterator[Path]:
    """A ZIP with the newest transcript of each, in a private folder under ``root`` that is removed at the end.

    What has no transcript yet is left out. Raises StenogramError: ``not_found`` for what is not the owner's,
    ``transcript.not_ready`` where nothing is left, ``options.format``.
    """
    async with database.at_once() as session:
        wanted = await _all_own(Shelves(session, owner_id), recording_ids)
    with private_folder(root) as folder:
        path = folder / "transcripts.zip"
        target = await to_thread.run_sync(lambda: zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED))
        try:
            names = _Names()
            for recording_id in wanted:
                for name, data in await _files(database, vault, recording_id, formats, language):
                    await to_thread.run_sync(target.writestr, names.free(name), data)
        finally:
            await to_thread.run_sync(target.close)
        if not names.taken:
            raise StenogramError("transcript.not_ready", "none of them")
        yield path


async def _files(
    database: Database, vault: Vault, recording_id: UUID, formats: Sequence[str], language: str
) -> list[tuple[str, bytes]]:
    from stenogram.services import exports  # with what makes documents, for which the start need not wait

    made = []
    async with database.session() as session:
        run = await Runs(session).latest_with_transcript(recording_id)
        if run is None:
            return []
        for wanted in formats:
            try:
                data, _, name = await exports.export(session, vault, run.id, wanted, language=language)
            except StenogramError as error:
                if error.code not in _MISSING:
                    raise
                continue
            made.append((name, data))
    return made


class _Names:
    """Names of files in an archive, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def free(self, name: str) -> str:
        stem, dot, extension = _UNFIT.sub("_", name).rpartition(".")
        stem = stem[:_TITLE_LENGTH].strip().strip(".") or "recording"
        found, number = f"{stem}{dot}{extension}", 1
        while found.lower() in self.taken:
            number += 1
            found = f"{stem} ({number}){dot}{extension}"
        self.taken.add(found.lower())
        return found
