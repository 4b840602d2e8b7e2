"""A stand-in for the REST API over real HTTP, as far as the command line uses it."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

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


OVERVIEW: Json = {
    "queues": [
        {"name": "gpu", "messages": 2, "due": 3, "delayed": 1, "running": 1, "oldest_seconds": 75.0},
        {"name": "llm", "messages": None, "due": 0, "delayed": 0, "running": 0, "oldest_seconds": None},
    ],
    "workers": [{"name": "gpu@here:7", "queues": ["gpu"], "concurrency": 1, "since": "2026-11-21T09:00:00Z"}],
    "leases": [{"worker": "gpu@here:7", "stage": "transcribe", "run_id": "run9", "until": "2026-11-21T09:05:00Z"}],
    "dead_letters": {"summarize": 2},
    "disk": {"free_bytes": 5 << 30, "total_bytes": 20 << 30, "files": 7, "stored_bytes": 3 << 20},
    "outbox": {"unsent": 4, "oldest_seconds": None},
    "servers": {"postgresql": "embedded", "redis": "external"},
    "janitor": [
        {"name": "uploads", "last_at": "2026-11-21T09:00:00Z", "last_count": 1, "total": 8, "error_code": None}
    ],
}


def letter(number: int, code: str = "engine.unavailable") -> Json:
    """A dead letter as the API shows it."""
    error = {"code": code, "message": render(code, {"engine": "openai"}, "en")}
    return {
        "id": number,
        "run_id": f"run{number}",
        "stage": "summarize",
        "attempts": 4,
        "error_code": code,
        "error_detail": "APIConnectionError",
        "created_at": "2026-11-21T09:00:00Z",
        "resolved_at": None,
        "resolution": None,
        "run": {
            "state": "done_with_warnings",
            "stages": [{"stage": "summarize", "state": "dead", "attempts": 4, "error": error}],
        },
    }


@dataclass
class FakeService:
    """Files named ``bad…`` fail as unsupported media.

    The next ``busy`` uploads are refused for now. An ``endless`` run ends only when it is cancelled; where the service
    is ``deaf``, not even then.
    """

    url: str = ""
    endless: bool = False
    deaf: bool = False
    busy: int = 0
    options: list[Json] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    followed: threading.Event = field(default_factory=threading.Event)
    asked_to_cancel: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    runs: dict[str, Json] = field(default_factory=dict)
    letters: list[Json] = field(default_factory=list)  # newest first
    settled: list[tuple[str, int]] = field(default_factory=list)
    admin: bool = True
    overview: Json = field(default_factory=lambda: dict(OVERVIEW))

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

    def page(self, query: Mapping[str, str]) -> Json:
        limit, before = int(query["limit"]), int(query.get("before", 1 << 30))
        code = query.get("code")
        found = [item for item in self.letters if item["id"] < before and code in (None, item["error_code"])]
        return {"items": found[:limit], "next_before": found[limit - 1]["id"] if len(found) > limit else None}

    def settle(self, act: str, number: int) -> bool:
        """False: there is no such open letter."""
        known = [item for item in self.letters if item["id"] == number]
        self.letters = [item for item in self.letters if item["id"] != number]
        self.settled += [(act, item["id"]) for item in known]
        return bool(known)


_MISSING: Json = {"code": "not_found", "title": "Not found", "detail": "Not found. It may have been deleted."}


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
            case ["admin", *rest]:
                self._administer(rest)
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

    def _administer(self, rest: Sequence[str]) -> None:
        service = self.server.service
        match rest:
            case _ if not service.admin:
                self._send(403, {"code": "auth.forbidden", "title": "Forbidden"})
            case ["overview"]:
                self._send(200, service.overview)
            case ["dead-letters"]:
                self._send(200, service.page(dict(parse_qsl(self.path.partition("?")[2]))))
            case ["dead-letters", number]:
                known = [item for item in service.letters if item["id"] == int(number)]
                self._send(200 if known else 404, known[0] if known else _MISSING)

    def do_POST(self) -> None:
        body = self._body()
        match self.path.split("/")[3:]:
            case ["recordings"] if self.server.service.busy:
                self.server.service.busy -= 1
                params = {"waiting": 100, "retry_after": 0}
                problem = {
                    "code": "queue.full",
                    "detail": render("queue.full", params, self.headers["Accept-Language"]),
                }
                self._send(503, problem, {"Retry-After": "0"})
            case ["recordings"]:
                self._send(201, self.server.service.create(body))
            case ["admin", "dead-letters", act]:
                chosen = self.server.service.page({"limit": "1000", **json.loads(body)})["items"]
                done = [item["id"] for item in chosen if self.server.service.settle(act, item["id"])]
                self._send(200, {"done": done, "refused": []})
            case ["admin", "dead-letters", number, act]:
                found = self.server.service.settle(act, int(number))
                self._send(200 if found else 404, {} if found else _MISSING)
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

    def _send(self, status: int, body: Json | str, headers: Mapping[str, str] | None = None) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
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
