"""Which words a link of chosen segments shows, after people have merged, split and corrected them.

A link keeps the ids and seconds of its segments and the version they were chosen of. What was done since tells where
those words are now: a segment that something else was merged into shows its own words still, and nothing besides.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import edit_json, transcripts
from stenogram.services.transcripts import Readable
from stenogram.speech.edits import AnyOperation, Merge, Span, Split
from stenogram.speech.transcript import Segment, Transcript
from stenogram.storage.editing_rows import Edits
from stenogram.storage.link_models import ShareLink

Held = Mapping[str, tuple[Span, ...]]
"""Segments, and the seconds within them whose words are shown."""

_ALL: tuple[Span, ...] = ((-math.inf, math.inf),)


def remembered(version: int, segments: Iterable[Segment]) -> dict[str, Any]:
    """What a link keeps of the chosen segments."""
    return {"version": version, "spans": {one.id: [one.start, one.end] for one in segments}}


async def chosen(session: AsyncSession, link: ShareLink, read: Readable) -> Transcript:
    """The transcript with the words of the link's segments alone; the whole where it has none."""
    if not link.segments:
        return read.transcript
    version, spans = link.segments["version"], link.segments["spans"] or {}
    row = await transcripts.row_of(session, link.run_id)
    if version < row.baseline:  # it was cut into segments anew: ids mean others now
        seconds = tuple((start, end) for start, end in spans.values())
        return limited(read.transcript, {one.id: seconds for one in read.transcript.segments})
    edits = await Edits(session).after(link.run_id, version)
    return limited(read.transcript, follow(spans, [edit_json.load(edit.operations) for edit, _ in edits]))


def follow(segment_ids: Iterable[str], changes: Iterable[Sequence[AnyOperation]]) -> Held:
    """Where the words of these segments are after the changes."""
    held: dict[str, tuple[Span, ...]] = dict.fromkeys(segment_ids, _ALL)
    for operation in (operation for operations in changes for operation in operations):
        if isinstance(operation, Split) and operation.segment in held:
            held[operation.new_segment] = held[operation.segment]
        elif isinstance(operation, Merge):
            seam = sum(operation.ends) / 2
            left = _within(held.get(operation.segment, ()), -math.inf, seam)
            right = _within(held.pop(operation.next, ()), seam, math.inf)
            if left or right:
                held[operation.segment] = _joined((*left, *right))
    return held


def _within(spans: Iterable[Span], low: float, high: float) -> tuple[Span, ...]:
    cut = ((max(start, low), min(end, high)) for start, end in spans)
    return tuple((start, end) for start, end in cut if start < end)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def limited(transcript: Transcript, held: Held) -> Transcript:
    """Words whose middle lies within what is held; segments without such words go."""
    kept = [clipped for one in transcript.segments if (clipped := _clipped(one, held.get(one.id, ()))) is not None]
    return replace(transcript, segments=tuple(kept)).only([one.id for one in kept])


def _clipped(segment: Segment, spans: Sequence[Span]) -> Segment | None:
    words = tuple(
        word for word in segment.words if any(low <= (word.start + word.end) / 2 < high for low, high in spans)
    )
    if not words or len(words) == len(segment.words):
        return segment if words else None
    return replace(segment, words=words, start=words[0].start, end=max(word.end for word in words))
