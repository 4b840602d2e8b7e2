"""A TCP proxy before the API: cuts the line after so many bytes, stalls it, or lets nobody in."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.processes import PATIENCE

_PIECE = 16 << 10
UP, DOWN = "up", "down"


@dataclass(slots=True)
class Proxy:
    """``cut`` and ``stall`` are for the lines that open next; bytes are counted in one direction."""

    target: int
    port: int = 0
    refusing: bool = False
    _plans: dict[str, tuple[str, int]] = field(default_factory=dict)  # direction: (what, after how many bytes)
    _open: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self, direction: str, after: int) -> None:
        """Break both ways off, as a cable does, when so many bytes have gone this way."""
        self._plans[direction] = ("cut", after)

    def stall(self, direction: str, after: int) -> None:
        """Let nothing more through this way; nobody is told before ``heal``, which breaks such lines off."""
        self._open.clear()
        self._plans[direction] = ("stall", after)

    def heal(self) -> None:
        """Let everything through from here on."""
        self._plans.clear()
        self.refusing = False
        self._open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        plans = dict(self._plans)
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        both = (writer, back)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, back, plans.get(UP), both))
                group.create_task(self._pass(there, writer, plans.get(DOWN), both))
        finally:
            for line in both:
                line.close()

    async def _pass(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        plan: tuple[str, int] | None,
        both: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        what, left = plan or ("pass", 1)
        with suppress(OSError):
            while data := await source.read(min(_PIECE, left) if plan else _PIECE):
                sink.write(data)
                await sink.drain()
                left -= len(data) if plan else 0
                if left <= 0 and what == "stall":
                    await asyncio.to_thread(self._open.wait)
                if left <= 0 and plan:
                    for line in both:
                        line.transport.abort()
                    return
        with suppress(OSError):
            sink.close()


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """In a thread of its own."""
    made, loop, ready = Proxy(port), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
        made.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            with suppress(asyncio.CancelledError):
                await server.serve_forever()
            lines = asyncio.all_tasks() - {asyncio.current_task()}
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, return_exceptions=True)
        await loop.shutdown_default_executor()

    thread = threading.Thread(target=lambda: loop.run_until_complete(task), daemon=True)
    task = loop.create_task(serve())
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        yield made
    finally:
        made.heal()
        loop.call_soon_threadsafe(task.cancel)
        thread.join(PATIENCE)
        loop.close()
