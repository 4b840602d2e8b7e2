"""Who changed what in a transcript, as people read it: changes made in one sitting are one entry."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import edit_json, transcripts
from stenogram.services.editing import Author
from stenogram.speech.edits import AnyOperation, Replace
from stenogram.speech.transcript import Word
from stenogram.storage.editing_models import Edit
from stenogram.storage.editing_rows import Edits

SITTING = timedelta(minutes=5)
"""Changes of one person belong together up to a pause of this length."""

_BATCH = 500
_EXAMPLES = 3


@dataclass(slots=True)
class Entry:
    """Changes in a row by one person. ``version`` is the transcript's after them, ``before_version`` that before them.

    ``kinds`` counts operations by their type; ``examples`` are the first texts that became other ones.
    """

    version: int
    before_version: int
    began_at: datetime
    at: datetime
    author: Author | None
    restored: int | None
    changes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class History:
    """``baseline`` is the version that the first change was made on."""

    entries: tuple[Entry, ...]
    baseline: int
    more: bool


async def read(session: AsyncSession, run_id: UUID, before: int | None, limit: int) -> History:
    """The newest entries that begin before this version (None: of all). Raises ``transcript.not_ready``."""
    row = await transcripts.row_of(session, run_id)
    found: list[Entry] = []
    edits = Edits(session)
    while True:
        batch = await edits.before(run_id, before, _BATCH)
        _gather(found, batch)
        if len(found) > limit or len(batch) < _BATCH:
            return History(tuple(found[:limit]), row.baseline, len(found) > limit)
        before = batch[-1][0].version


def _gather(entries: list[Entry], edits: Iterable[tuple[Edit, str | None]]) -> None:
    """Add changes, the newest first, to the entries."""
    for edit, name in edits:
        last = entries[-1] if entries else None
        if last is None or not _belongs(last, edit):
            author = Author(edit.author_id, name or "") if edit.author_id is not None else None
            last = Entry(edit.version, 0, edit.created_at, edit.created_at, author, edit.restored)
            entries.append(last)
        _add(last, edit)


def _belongs(entry: Entry, edit: Edit) -> bool:
    author = entry.author.id if entry.author else None
    untouched = entry.restored is None and edit.restored is None
    return untouched and author == edit.author_id and entry.began_at - edit.created_at < SITTING


def _add(entry: Entry, edit: Edit) -> None:
    operations = edit_json.load(edit.operations)
    entry.before_version, entry.began_at = edit.version - 1, edit.created_at
    entry.changes += 1
    entry.kinds.update(operation.type for operation in operations)
    entry.examples[:0] = islice(_examples(operations), _EXAMPLES)
    del entry.examples[_EXAMPLES:]


def _examples(operations: Sequence[AnyOperation]) -> Iterator[tuple[str, str]]:
    for operation in operations:
        if isinstance(operation, Replace):
            before, after = (
                "".join(word.text for word in words).strip() for words in (operation.before, operation.after)
            )
            if before != after:
                yield before[:200], after[:200]


def _text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()
