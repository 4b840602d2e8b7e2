"""What people do to the API while something is broken."""

import json
import threading
from typing import Any, Self
from uuid import UUID

import httpx
from httpx_sse import connect_sse
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.storage.models import Recording
from tests.api_server import Server
from tests.fakes.engines import speech_wav
from tests.faults.scene import Scene

FINAL = ("done", "done_with_warnings", "cancelled", "dead")
QUICKLY = 30.0  # seconds on a busy machine: nobody waits longer for an answer, be it a refusal


def upload(server: Server, phrases: int = 1, key: str | None = None) -> httpx.Response:
    """``key``: the same again gives the first recording."""
    with server.client() as client:
        return client.post(
            "/recordings",
            files={"file": ("meeting.wav", speech_wav(phrases), "audio/wav")},
            data={"options": json.dumps({"formats": ["txt", "json"]})},
            headers={"Idempotency-Key": key} if key else {},
            timeout=QUICKLY,
        )


def run_of(answer: httpx.Response) -> UUID:
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["latest_run"]["id"])


def workers(scene: Scene) -> list[int]:
    """Those that live."""
    return [process.pid for process in scene.bed.processes if process.poll() is None]


def user_of(server: Server) -> UUID:
    """Whose token the server's clients have."""
    with server.client() as client:
        return UUID(client.get("/me").json()["id"])


def hand_over(scene: Scene, server: Server, *recordings: UUID) -> None:
    """Give them to the user of the server's clients."""
    owner = user_of(server)

    async def give(session: AsyncSession) -> None:
        await session.execute(update(Recording).where(Recording.id.in_(recordings)).values(owner_id=owner))

    scene.bed.inside(give)


class Follower(threading.Thread):
    """Follows a run over one connection until that ends."""

    def __init__(self, server: Server, run_id: UUID, last_id: str = "") -> None:
        super().__init__(daemon=True)
        self.events: list[tuple[str, str, dict[str, Any]]] = []  # (id, event, data)
        self.broken: httpx.TransportError | None = None
        self._server, self._run_id = server, run_id
        self._headers = {"Last-Event-ID": last_id} if last_id else {}

    def follow(self) -> Self:
        self.start()
        return self

    def run(self) -> None:
        with self._server.client() as client:
            try:
                with connect_sse(
                    client, "GET", f"/runs/{self._run_id}/events", headers=self._headers, timeout=60
                ) as source:
                    assert source.response.status_code == 200, source.response.read()
                    for message in source.iter_sse():
                        if message.data:
                            self.events.append((message.id, message.event, json.loads(message.data)))
            except httpx.TransportError as error:
                self.broken = error

    @property
    def states(self) -> list[str]:
        """Of the run, as told."""
        return [data["state"] for _, event, data in self.events if event in ("snapshot", "run")]
