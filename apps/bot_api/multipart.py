"""A multipart form whose file is never put down: it streams from the socket to whoever reads it."""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from stenogram.errors import StenogramError

MAX_FIELD_BYTES = 64 * 1024
FORM_OVERHEAD_BYTES = 1024 * 1024
"""What boundaries, headers and the other fields may take on top of the file."""


@dataclass(slots=True)
class _Part:
    name: str = ""
    file_name: str | None = None
    content_type: str = "application/octet-stream"


@dataclass(slots=True)
class _Events:
    """Turns the parser's callbacks into a queue of (part, bytes): empty bytes where a part ends."""

    queue: deque[tuple[_Part, bytes]] = field(default_factory=deque)
    finished: bool = False
    _part: _Part = field(default_factory=_Part)
    _header: bytes = b""
    _value: bytes = b""

    def on_part_begin(self) -> None:
        self._part = _Part()

    def on_header_begin(self) -> None:
        self._header = self._value = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        header = self._header.decode("latin-1").lower()
        if header == "content-disposition":
            _, options = parse_options_header(self._value)
            self._part.name = options.get(b"name", b"").decode(errors="replace")
            if b"filename" in options:
                self._part.file_name = options[b"filename"].decode(errors="replace")
        elif header == "content-type":
            self._part.content_type = self._value.decode("latin-1")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if end > start:
            self.queue.append((self._part, data[start:end]))

    def on_part_end(self) -> None:
        self.queue.append((self._part, b""))

    def on_end(self) -> None:
        self.finished = True


class UploadForm:
    """Read in this order: ``open_file``, ``chunks`` to their end, ``rest``; ``fields`` then has the other fields.

    Raises StenogramError: ``request.media_type`` for another body, ``request.invalid`` for a broken form.
    """

    def __init__(self, content_type: str, body: AsyncIterator[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise StenogramError("request.media_type", expected="multipart/form-data")
        self.fields: dict[str, str] = {}
        self._body = body
        self._events = _Events()
        names = ("part_begin", "header_begin", "header_field", "header_value", "header_end", "part_data", "part_end")
        try:
            self._parser = MultipartParser(
                options[b"boundary"],
                {f"on_{name}": getattr(self._events, f"on_{name}") for name in (*names, "end")},  # type: ignore[arg-type]  # keys are built, not literal
            )
        except FormParserError as error:
            raise StenogramError("request.invalid", "multipart boundary") from error
        self._file: _Part | None = None
        self._pending: dict[str, bytes] = {}

    async def open_file(self) -> tuple[str, str]:
        """Reads on to the file; its name and content type as the client gave them."""
        while (event := await self._next()) is not None:
            part, data = event
            if part.name == "file":
                self._file = part
                self._events.queue.appendleft(event)
                return part.file_name or "", part.content_type
            self._take(part, data)
        raise StenogramError("request.invalid", "file", field="file")

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes of the file."""
        while (event := await self._next()) is not None:
            part, data = event
            if part is not self._file:
                raise StenogramError("request.invalid", "multipart")
            if not data:
                return
            yield data
        raise StenogramError("request.invalid", "multipart")

    async def rest(self) -> None:
        """Reads what follows the file."""
        while (event := await self._next()) is not None:
            part, data = event
            if part.name == "file":
                raise StenogramError("request.invalid", "file: one at a time", field="file")
            self._take(part, data)

    def _take(self, part: _Part, data: bytes) -> None:
        collected = self._pending.get(part.name, b"") + data
        if len(collected) > MAX_FIELD_BYTES or len(self._pending) + len(self.fields) > 20:
            raise StenogramError("request.too_large")
        self._pending[part.name] = collected
        if not data:
            self.fields[part.name] = self._pending.pop(part.name).decode(errors="replace")

    async def _next(self) -> tuple[_Part, bytes] | None:
        while not self._events.queue:
            chunk = await anext(self._body, None)
            if chunk is None:
                if not self._events.finished:
                    raise StenogramError("request.invalid", "multipart: cut off")
                return None
            self._feed(chunk)
        return self._events.queue.popleft()

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise StenogramError("request.invalid", "multipart") from error
