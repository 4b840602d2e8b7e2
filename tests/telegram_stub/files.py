"""The files that Telegram keeps: contents on disk, known by file_id (one for each sending) and file_unique_id."""

import hashlib
import mimetypes
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.telegram_stub.errors import bad_request

BLOCK_BYTES = 1 << 20
# mimetypes leaves these to the machine's own tables.
EXTENSIONS = {"audio/ogg": ".oga", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "video/mp4": ".mp4", "image/jpeg": ".jpg"}


@dataclass(frozen=True)
class Content:
    """Bytes at ``path``, which is relative to the store's folder."""

    path: str
    size: int  # as Telegram declares it; a test may declare more than there is
    unique_id: str


@dataclass
class StoredFile:
    """A content under one file_id."""

    file_id: str
    content: Content
    name: str | None
    mime_type: str | None
    store: "Files" = field(repr=False)
    kind: str = ""  # what it was first sent as; from then on it can be sent as nothing else

    @property
    def path(self) -> Path:
        return self.store.folder / self.content.path

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def size(self) -> int:
        return self.content.size


@dataclass
class Files:
    folder: Path
    by_id: dict[str, StoredFile] = field(default_factory=dict)
    _contents: dict[tuple[str, int], Content] = field(default_factory=dict)

    def add(
        self,
        data: bytes | Path,
        *,
        kind: str = "",
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
    ) -> StoredFile:
        """Keep a copy of ``data``; the same bytes keep their file_unique_id. ``size`` declares another size."""
        mime_type = mime_type or mimetypes.guess_type(name or "")[0]
        content = self._content(data, kind or "document", _extension(name, mime_type), size)
        stored = StoredFile(f"BQ{secrets.token_urlsafe(30)}", content, name, mime_type, self, kind)
        self.by_id[stored.file_id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def as_kind(self, file_id: str, kind: str) -> StoredFile:
        """The file, to be sent as a ``kind``; a 400 if it is known as something else."""
        stored = self.find(file_id)
        if stored.kind not in {"", kind}:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        stored.kind = kind
        return stored

    def at_path(self, path: str) -> Content | None:
        """What can be downloaded from a file_path."""
        return next((stored.content for stored in self.by_id.values() if stored.content.path == path), None)

    def _content(self, data: bytes | Path, kind: str, extension: str, size: int | None) -> Content:
        digest = _digest(data)
        real = len(data) if isinstance(data, bytes) else data.stat().st_size
        key = (digest, real if size is None else size)
        if key not in self._contents:
            path = f"{kind}s/file_{len(self._contents)}{extension}"
            _write(data, self.folder / path)
            self._contents[key] = Content(path, key[1], f"AgAD{digest[:12]}")
        elif not (self.folder / self._contents[key].path).exists():  # a bot may delete what its local server keeps
            _write(data, self.folder / self._contents[key].path)
        return self._contents[key]


def _write(data: bytes | Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, bytes):
        target.write_bytes(data)
    else:
        shutil.copyfile(data, target)


def _digest(data: bytes | Path) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    digest = hashlib.sha256()
    with data.open("rb") as source:
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _extension(name: str | None, mime_type: str | None) -> str:
    if name and Path(name).suffix:
        return Path(name).suffix
    return EXTENSIONS.get(mime_type or "", mimetypes.guess_extension(mime_type or "") or "")
