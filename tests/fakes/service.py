"""A stand-in for the REST API over real HTTP, as far as the command line uses it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stenogram.client import Json
from stenogram.errors import render

TOKEN = "good-token"
TRANSCRIPT: Json = {
    "language": "en",
    "duration": 65.0,
    "warnings": [{"code": "demo_model", "message": "Only a demo."}],
    "speakers": [{"label": "S1", "display": "Anna"}],
    "segments": [
        {"start": 0.5, "speaker": "S1", "text": " Good morning."},
        {"start": 61.0, "speaker": None, "text": " " + "Well, " * 40 + "yes."},
    ],
}


@dataclass
class FakeService:
    """Files named ``bad…`` fail as unsupported media.

    An ``endless`` run ends only when it is cancelled; where the service is ``deaf``, not even then.
    """

    url: str = ""
    endless: bool = False
    deaf: bool = False
    options: list[Json] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    followed: threading.Event = field(default_factory=threading.Event)
    asked_to_cancel: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    runs: dict[str, Json] = field(default_factory=dict)

    def create(self, body: bytes) -> Json:
        """A recording from a multipart body."""
        number = len(self.runs) + 1
        name = body.split(b'filename="')[1].split(b'"')[0].decode()
        start = body.index(b'name="options"') + len(b'name="options"\r\n\r\n')
        self.options.append(json.loads(body[start : body.index(b"\r\n", start)]))
        run: Json = {"id": f"run{number}", "state": "running", "error": None, "stages": [], "name": name}
        self.runs[run["id"]] = run
        return {"id": f"rec{number}", "latest_run": run}

    def finish(self, run_id: str, language: str) -> Json:
        """The run as it ends; waits for its cancellation where it is endless."""
        run = self.runs[run_id]
        if self.endless:
            self.ended.wait(60)
        if run_id in self.cancelled:
            run["state"] = "cancelled"
        elif run["name"].startswith("bad"):
            code = "media.unsupported"
            run |= {"state": "dead", "error": {"code": code, "message": render(code, {}, language)}}
        else:
            run["state"] = "done"
        return run

    def cancel(self, run_id: str) -> Json:
        self.cancelled.append(run_id)
        self.asked_to_cancel.set()
        if not self.deaf:
            self.ended.set()
        return self.runs[run_id]


class _Server(ThreadingHTTPServer):
    def __init__(self, service: FakeService) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        match self.path.split("?")[0].split("/")[3:]:
            case _ if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._send(401, {"code": "auth.required", "title": "Sign in first"})
            case ["me"]:
                self._send(200, {"name": "admin"})
            case ["runs", run_id, "events"]:
                self._events(run_id)
            case ["runs", _, "transcript"]:
                self._send(200, TRANSCRIPT)
            case ["runs", run_id, "exports"]:
                self._send(200, f"{run_id} as a file")
            case ["runs", run_id]:
                self._send(200, self.server.service.runs[run_id])

    def do_POST(self) -> None:
        body = self._body()
        match self.path.split("/")[3:]:
            case ["recordings"]:
                self._send(201, self.server.service.create(body))
            case ["runs", run_id, "cancel"]:
                self._send(200, self.server.service.cancel(run_id))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _events(self, run_id: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        progress = {"stage": "transcribe", "state": "running", "fraction": 0.5, "eta_seconds": 75}
        self._event("progress", progress)
        self.server.service.followed.set()
        self._event("run", {"state": self.server.service.finish(run_id, self.headers["Accept-Language"])["state"]})

    def _event(self, name: str, data: Json) -> None:
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _send(self, status: int, body: Json | str) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's word
        """Keeps the tests' output clean."""


@contextmanager
def fake_service(*, endless: bool = False, deaf: bool = False) -> Iterator[FakeService]:
    service = FakeService(endless=endless, deaf=deaf)
    with _Server(service) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield service
        finally:
            service.ended.set()
            server.shutdown()
            thread.join()
