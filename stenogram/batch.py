"""Several recordings through the service at once: what ``stenogram transcribe`` does."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from stenogram.client import ApiError, Client, Json
from stenogram.console import Board, Line, follow
from stenogram.errors import render
from stenogram.phrases import phrase

AT_ONCE = 4  # uploads and followed runs; the queue orders the work itself
BUSY = ("queue.full", "queue.full_for_user")
UNREACHABLE, UNREADABLE = "service.unreachable", "file.failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: Path
    recording_id: str | None = None
    run: Json | None = None
    transcript: Json | None = None
    files: tuple[Path, ...] = ()
    code: str | None = None
    error: str | None = None

    def as_json(self) -> Json:
        return {
            "file": str(self.path),
            "recording_id": self.recording_id,
            "run_id": self.run and self.run["id"],
            "state": self.run and self.run["state"],
            "outputs": [str(path) for path in self.files],
            "error": self.error and {"code": self.code, "message": self.error},
            "transcript": self.transcript,
        }


class _Stopped(Exception):
    """Somebody pressed Ctrl-C while a file was sent."""


class Batch:
    """Sends files, follows their runs, writes what comes out into ``out`` where that is given."""

    def __init__(self, client: Client, shown: Board, options: Json, out: Path | None, formats: Sequence[str]) -> None:
        self._client = client
        self._shown = shown
        self._options = {**options, "formats": list(formats)} if out else options
        self._out = out
        self._formats = formats
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._under_way: set[str] = set()

    def process(self, files: Sequence[Path]) -> list[Outcome]:
        """An outcome per file. Raises ApiError when the service is gone; then, as on Ctrl-C, all runs are cancelled."""
        names = target_names(files)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            futures = [pool.submit(self._one, path, name) for path, name in zip(files, names, strict=True)]
            try:
                return [future.result() for future in futures]
            except BaseException:
                for future in futures:
                    future.cancel()
                self._cancel_all()
                raise

    def _one(self, path: Path, name: str) -> Outcome:
        line = self._shown.line(path.name)
        try:
            return self._transcribe(path, name, line)
        except ApiError as error:
            if error.code == UNREACHABLE:
                raise
            code, message = error.code, str(error)
        except OSError as error:  # of the file or of the folder for the results
            code, message = UNREADABLE, f"{error.strerror}: {error.filename}"
        except _Stopped:
            code, message = "run.cancelled", render("run.cancelled", {}, self._client.language)
        line.end("dead")
        return Outcome(path, code=code, error=message)

    def _transcribe(self, path: Path, name: str, line: Line) -> Outcome:
        def sent(fraction: float) -> None:
            if self._stopping.is_set():
                raise _Stopped
            line.stage("upload", fraction)

        recording = self._upload(path, sent, line)
        run_id = recording["latest_run"]["id"]
        self._begun(run_id)
        run = follow(self._client, run_id, line)
        self._under_way.discard(run_id)
        line.end(run["state"])
        if run["error"] or run["state"] == "cancelled":
            cancelled = {"code": "run.cancelled", "message": render("run.cancelled", {}, self._client.language)}
            error = run["error"] or cancelled
            return Outcome(path, recording["id"], run, code=error["code"], error=error["message"])
        written = self._write(run_id, name)
        return Outcome(path, recording["id"], run, self._client.transcript(run_id), written)

    def _upload(self, path: Path, sent: Callable[[float], None], line: Line) -> Json:
        """Waits as long as the service is busy, and says so."""
        while True:
            try:
                return self._client.upload(path, self._options, sent)
            except ApiError as error:
                if error.code not in BUSY or error.retry_after is None:
                    raise
                line.stage("busy", 0.0, error.retry_after)
                if self._stopping.wait(error.retry_after):
                    raise _Stopped from None

    def _begun(self, run_id: str) -> None:
        with self._lock:
            self._under_way.add(run_id)
            too_late = self._stopping.is_set()
        if too_late:
            self._cancel(run_id)

    def _cancel_all(self) -> None:
        with self._lock:
            self._stopping.set()
            runs = sorted(self._under_way)
        for run_id in runs:
            self._cancel(run_id)

    def _cancel(self, run_id: str) -> None:
        try:
            self._client.cancel(run_id)
        except ApiError as error:
            if error.code != "run.conflict":  # it has just ended
                self._shown.note(phrase("not_cancelled", self._client.language, run=run_id, reason=error))

    def _write(self, run_id: str, name: str) -> tuple[Path, ...]:
        if self._out is None:
            return ()
        self._out.mkdir(parents=True, exist_ok=True)
        written = []
        for suffix in self._formats:
            target = self._out / f"{name}.{suffix}"
            target.write_bytes(self._client.export(run_id, suffix))
            written.append(target)
        return tuple(written)


def target_names(files: Sequence[Path]) -> list[str]:
    """A name for each file's results: its own without the suffix, numbered where two files have the same."""
    seen: Counter[str] = Counter()
    taken = {path.stem for path in files}
    names = []
    for path in files:
        seen[path.stem] += 1
        name = path.stem
        while seen[path.stem] > 1 and name in taken:
            name = f"{path.stem}-{seen[path.stem]}"
            seen[path.stem] += name in taken
        taken.add(name)
        names.append(name)
    return names
