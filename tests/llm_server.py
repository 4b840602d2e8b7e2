"""A stand-in for an OpenAI-compatible server: scripted answers over HTTP on loopback; it remembers the requests."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, Any], dict[str, str]]  # status, JSON body, headers


def completion(content: str | None, *, finish: str = "stop", refusal: str | None = None, tokens: int = 100) -> Reply:
    """A chat completion as the real servers send it."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "stand-in",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens},
    }
    return 200, body, {}


def failure(status: int, code: str, message: str = "no", **headers: str) -> Reply:
    return status, {"error": {"message": message, "type": "error", "code": code}}, headers


@dataclass
class LlmServer:
    answer: Callable[[dict[str, Any]], Reply]  # from the request's JSON
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def llm_server(answer: Callable[[dict[str, Any]], Reply]) -> Iterator[LlmServer]:
    """Serve ``answer`` until the block ends."""
    state = LlmServer(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append(request)
            status, body, headers = state.answer(request)
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {
                **headers,
                "Content-Type": "application/json",
                "Content-Length": str(len(data)),
            }.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
