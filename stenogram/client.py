"""A client of the REST API, as the command line and the demo use it. Synchronous; threads may share one."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

import httpx
from httpx_sse import SSEError, connect_sse

from stenogram.phrases import phrase

Json = dict[str, Any]
TERMINAL = frozenset({"done", "done_with_warnings", "cancelled", "dead"})
RECONNECT_SECONDS = 1.0
PATIENCE_SECONDS = 120.0  # how long a service may be away while a run is followed

_LETTERS, _LETTERS_PAGE = "/admin/dead-letters", 200


class ApiError(Exception):
    """The service said no, or cannot be reached; ``code`` is stable (``service.unreachable`` for the latter).

    ``retry_after``: seconds after which the service would like to be asked again.
    """

    def __init__(self, code: str, message: str, status: int | None = None, retry_after: float | None = None) -> None:
        self.code = code
        self.status = status
        self.retry_after = retry_after
        super().__init__(message)


class Client:
    """Signed in with a token, or with a one-time sign-in link by ``sign_in``. Raises ApiError."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        language: str = "en",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.language = language
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers={"Accept-Language": language},
            timeout=httpx.Timeout(30, write=300),
            transport=transport,
        )
        if token:
            self._authorize(token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def _authorize(self, token: str) -> None:
        self._http.headers["Authorization"] = f"Bearer {token}"

    def sign_in(self, link: str) -> str:
        """Spend a one-time link (or its bare secret) and keep the token, which is also returned."""
        secret = urlsplit(link).fragment or link
        token: str = self._json("POST", "/auth/link", json={"secret": secret})["access_token"]
        self._authorize(token)
        return token

    def me(self) -> Json:
        """Who is signed in."""
        return self._json("GET", "/me")

    def upload(
        self, path: Path, options: Mapping[str, Any] | None = None, sent: Callable[[float], None] = lambda _: None
    ) -> Json:
        """Send a recording and start its first run. ``sent`` hears the fraction of the file that is under way."""
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            counted = _Counted(file, path.stat().st_size, sent)
            return self._json(
                "POST",
                "/recordings",
                data={"options": json.dumps(dict(options or {}))},
                files={"file": (path.name, counted, "application/octet-stream")},
            )

    def run(self, run_id: str) -> Json:
        return self._json("GET", f"/runs/{run_id}")

    def cancel(self, run_id: str) -> Json:
        return self._json("POST", f"/runs/{run_id}/cancel")

    def delete(self, recording_id: str) -> None:
        self._request("DELETE", f"/recordings/{recording_id}")

    def transcript(self, run_id: str) -> Json:
        return self._json("GET", f"/runs/{run_id}/transcript")

    def export(self, run_id: str, format: str, language: str | None = None) -> bytes:  # noqa: A002 - the API's word
        params = {"format": format, **({"language": language} if language else {})}
        return self._request("GET", f"/runs/{run_id}/exports", params=params).content

    def models(self) -> Sequence[Json]:
        models: Sequence[Json] = self._request("GET", "/models").json()
        return models

    def overview(self) -> Json:
        """The state of the service; for administrators, as all that follows."""
        return self._json("GET", "/admin/overview")

    def dead_letters(self, limit: int, **chosen: str) -> Sequence[Json]:
        """Open ones, newest first; ``chosen`` are ``stage`` and ``code``."""
        letters: list[Json] = []
        before: Json = {}
        while len(letters) < limit:
            page = self._json(
                "GET", _LETTERS, params={**chosen, **before, "limit": min(limit - len(letters), _LETTERS_PAGE)}
            )
            letters += page["items"]
            if page["next_before"] is None:
                break
            before = {"before": page["next_before"]}
        return letters

    def dead_letter(self, letter_id: int) -> Json:
        return self._json("GET", f"{_LETTERS}/{letter_id}")

    def settle_dead_letter(self, letter_id: int, act: str) -> None:
        """``act`` is ``replay`` or ``discard``, here and below."""
        self._request("POST", f"{_LETTERS}/{letter_id}/{act}")

    def settle_dead_letters(self, act: str, **chosen: str) -> Json:
        """All that are chosen, at most a thousand: ``done`` and ``refused``."""
        return self._json("POST", f"{_LETTERS}/{act}", json=chosen)

    def follow(self, run_id: str) -> Iterator[tuple[str, Json]]:
        """(event, data) of a run until it ends, across lost connections; the last one is a ``snapshot`` of the end."""
        last_id, deadline = "", time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                for event, data, event_id in self._stream(run_id, last_id):
                    last_id, deadline = event_id or last_id, time.monotonic() + PATIENCE_SECONDS
                    yield event, data
                final = self.run(run_id)
                if final["state"] in TERMINAL:
                    yield "snapshot", final
                    return
            except (httpx.TransportError, SSEError, ApiError) as error:
                if isinstance(error, ApiError) and error.status not in (None, 502, 503, 504):
                    raise
                if time.monotonic() > deadline:
                    raise self._unreachable("lost", error) from error
            time.sleep(RECONNECT_SECONDS)

    def _stream(self, run_id: str, last_id: str) -> Iterator[tuple[str, Json, str]]:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        with connect_sse(
            self._http, "GET", f"/runs/{run_id}/events", headers=headers, timeout=httpx.Timeout(30, read=60)
        ) as source:
            if source.response.status_code >= 400:
                source.response.read()
                raise _problem(source.response)
            for message in source.iter_sse():
                if message.data:
                    yield message.event, json.loads(message.data), message.id

    def _json(self, method: str, path: str, **arguments: Any) -> Json:
        answer: Json = self._request(method, path, **arguments).json()
        return answer

    def _request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **arguments)
        except httpx.TransportError as error:
            raise self._unreachable("unreachable", error) from error
        if response.status_code >= 400:
            raise _problem(response)
        return response

    def _unreachable(self, key: str, error: Exception) -> ApiError:
        return ApiError("service.unreachable", phrase(key, self.language, url=self.url, reason=error))


def _problem(response: httpx.Response) -> ApiError:
    """An RFC 9457 problem document, or whatever a proxy in between has said."""
    wait = response.headers.get("Retry-After", "")
    try:
        body = response.json()
        return ApiError(
            body["code"],
            body.get("detail") or body["title"],
            response.status_code,
            float(wait) if wait.isdecimal() else None,
        )
    except (ValueError, KeyError, TypeError):
        return ApiError("service.unexpected", f"HTTP {response.status_code} from {response.url}", response.status_code)


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, size: int, sent: Callable[[float], None]) -> None:
        self._file = file
        self._size = size
        self._sent = sent

    def read(self, n: int = -1) -> bytes:
        data = self._file.read(n)
        self._sent(self._file.tell() / self._size if self._size else 1.0)
        return data

    def fileno(self) -> int:
        return self._file.fileno()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
