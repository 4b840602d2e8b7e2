"""What a stage writes to the vault while it works. Each write checks the fencing token in its own transaction."""

import hashlib
import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import TypeVar

from loguru import logger

from apps.worker.context import Context
from apps.worker.patience import patiently
from stenogram.errors import StenogramError, StorageError
from stenogram.services import chain
from stenogram.services.chain import Claim
from stenogram.services.recordings import run_prefix
from stenogram.speech.transcript import HypothesisSegment
from stenogram.storage import artifacts

T = TypeVar("T")
_PENDING_BLOCKS = 16  # of PCM between decoder and cipher: some seconds, so neither waits for long
_CONTENT_TYPE = "audio/L16;rate=16000;channels=1"
_PATIENCE = 0.25  # seconds between looks whether the other side is still there


class _Aborted(Exception):
    pass


class AudioSink:
    """Takes PCM block by block and encrypts it into ``runs/{run}/audio.pcm`` as it comes: no plaintext on disk.

    Leaving the block normally waits until the file is durable; leaving it by an exception keeps nothing.
    """

    def __init__(self, context: Context, claim: Claim) -> None:
        self._context = context
        self._claim = claim
        self._blocks: queue.Queue[bytes | None] = queue.Queue(maxsize=_PENDING_BLOCKS)
        self._aborted = False
        self._stored: Future[None]

    def __enter__(self) -> "AudioSink":
        self._stored = self._context.portal.start_task_soon(self._store)
        return self

    def __call__(self, block: bytes) -> None:
        """Raises what the vault raised, as soon as it is known."""
        self._send(block)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._aborted = error is not None
        if not self._stored.done():
            self._send(None)
        if error is None:
            self._stored.result()
        else:
            self._stored.exception()  # wait for it to be undone; ``error`` is what matters

    def _send(self, block: bytes | None) -> None:
        while True:
            try:
                return self._blocks.put(block, timeout=_PATIENCE)
            except queue.Full:
                if self._stored.done():
                    self._stored.result()
                    raise StorageError("storage.unavailable", "the vault stopped reading") from None

    def _chunks(self) -> Iterator[bytes]:
        while (block := self._blocks.get()) is not None:
            yield block
        if self._aborted:
            raise _Aborted

    async def _store(self) -> None:
        key = f"{run_prefix(self._claim.run_id)}audio.pcm"
        async with self._context.database.begin() as session:
            await self._context.vault.put(
                session, key, self._chunks(), _CONTENT_TYPE, guard=lambda: chain.hold(session, self._claim)
            )


class WindowCheckpoint:
    """Keeps finished windows of transcribe under ``runs/{run}/windows/``; a later attempt goes on from the last."""

    def __init__(self, context: Context, claim: Claim) -> None:
        self._context = context
        self._claim = claim

    def load(self, key: str) -> Sequence[HypothesisSegment] | None:
        """None also for a window that cannot be read any more: it can be recognised again."""

        async def read() -> bytes:
            async with self._context.database.at_once() as session:
                return await self._context.vault.read(session, self._name(key))

        try:
            return artifacts.load(tuple[HypothesisSegment, ...], patiently(lambda: self._context.portal.call(read)))
        except StenogramError as error:
            if error.code == "not_found":
                return None
            if error.code != "storage.corrupt":
                raise
            logger.warning("a finished window of run {} is lost: {}", self._claim.run_id, error)
            return None

    def save(self, key: str, segments: Sequence[HypothesisSegment]) -> None:
        data = artifacts.dump(tuple(segments))

        async def keep() -> None:
            async with self._context.database.begin() as session:
                await self._context.vault.put(
                    session, self._name(key), data, guard=lambda: chain.hold(session, self._claim)
                )

        patiently(lambda: self._context.portal.call(keep))

    def _name(self, key: str) -> str:
        return f"{run_prefix(self._claim.run_id)}windows/{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
