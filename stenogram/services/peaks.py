"""The waveform of a recording, as its preprocess stage measured it."""

from dataclasses import dataclass
from uuid import UUID

import anyio.to_thread
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import StenogramError
from stenogram.pipeline.stage import Stage
from stenogram.storage import artifacts
from stenogram.storage.repositories import Runs, StageRuns
from stenogram.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Peaks:
    """The loudest sample (0..1) of every ``interval_seconds``."""

    interval_seconds: float
    peaks: tuple[float, ...]


async def get(session: AsyncSession, vault: Vault, recording_id: UUID) -> Peaks:
    """Of the newest run that was prepared. Raises StenogramError("not_found") before any was."""
    found = await Runs(session).of_recording(recording_id)
    stages = await StageRuns(session).of([run.id for run in found])
    for run in found:
        for row in stages[run.id]:
            if row.stage == Stage.PREPROCESS and row.artifact is not None:
                return await _read(session, vault, row.artifact)
    raise StenogramError("not_found", f"peaks of recording {recording_id}")


async def _read(session: AsyncSession, vault: Vault, artifact: str) -> Peaks:
    from stenogram.pipeline.preprocess import Prepared  # with numpy, which the API needs for nothing else

    reader = await vault.open(session, artifact)
    prepared = artifacts.load(Prepared, await anyio.to_thread.run_sync(reader.read_at, 0, reader.size))
    return Peaks(prepared.interval_seconds, prepared.peaks)
