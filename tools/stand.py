"""`python -m tools.stand`: the WebApp with something in it, on a port of its own, until Ctrl-C. Nothing works in it.

An embedded PostgreSQL and Redis under a folder that is removed at the end, three people, recordings with sound, and
the API with the built WebApp; no workers, so what is queued stays queued. Several stands may run side by side.
``STAND/stand.json`` names what was printed, and the process of the API, which is started again when it dies.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from socket import socket

from stenogram.children import dying_with_parent
from stenogram.embedded import EmbeddedServices
from stenogram.services.access import ensure_local_admin, make_link
from stenogram.settings import load_settings
from stenogram.storage.database import Database, upgrade
from stenogram.storage.models import User
from stenogram.storage.repositories import Users
from stenogram.storage.vault import open_vault
from tools.stand_data import Meeting, Seeder, example, long_meeting

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
STOP_SECONDS = 15.0
OURS = ("STENOGRAM_", "DATABASE_URL", "REDIS_URL", "HF_TOKEN", "OPENAI_", "TELEGRAM_", "BOT_", "PUBLIC_URL")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where it is. ``links`` sign in once each, by the name of the person; ``recordings`` are ids by what they are."""

    url: str
    links: Mapping[str, str]
    recordings: Mapping[str, str]


def main() -> int:
    """Bring the stand up, say where it is, and stay until told to go. The exit code."""
    options = _options()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with standing(options.data, options.port, long=not options.short) as (stand, api):
        _announce(stand)
        while not stop.wait(0.2):
            api.keep()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.stand", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the WebApp; any free one when not given")
    parser.add_argument("--data", type=Path, help="a folder to keep; a temporary one when not given")
    parser.add_argument("--short", action="store_true", help="without the recording of five hours: starts sooner")
    return parser.parse_args()


def _announce(stand: Stand) -> None:
    print(f"URL   {stand.url}")
    for name, link in stand.links.items():
        print(f"LINK  {link}  ({name})")
    for name, recording in stand.recordings.items():
        print(f"OPEN  {stand.url}/recordings/{recording}  ({name})")
    sys.stdout.flush()


@contextmanager
def standing(folder: Path | None, port: int, *, long: bool = True) -> Iterator[tuple[Stand, "Api"]]:
    """A stand that is ready; taken down afterwards, with its folder unless that was given."""
    with ExitStack() as stack:
        kept = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stenogram-stand-")))
        kept.mkdir(parents=True, exist_ok=True)
        services = stack.enter_context(EmbeddedServices(kept / "data"))
        environment = _environment(kept, services)
        upgrade(services.database_url)
        os.environ.update(environment)
        os.chdir(kept)  # a developer's .env is none of our business
        seeded = kept / "seeded.json"
        if not seeded.exists():
            seeded.write_text(json.dumps(asyncio.run(_seed(kept, long=long))))
        port = port or _free_port()
        api = stack.enter_context(_serving(kept, port, environment))
        url = f"http://127.0.0.1:{port}"
        links = asyncio.run(_links(services.database_url))
        stand = Stand(url, {name: f"{url}/login#{secret}" for name, secret in links.items()}, _read(seeded))
        api.note(stand)
        yield stand, api


def _read(path: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text())
    return found


def _environment(folder: Path, services: EmbeddedServices) -> dict[str, str]:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    return {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "FRONTEND_DIR": os.environ.get("FRONTEND_DIR", str(ROOT / "frontend" / "dist")),
        "PYTHONPATH": str(ROOT),
    }


async def _seed(folder: Path, *, long: bool) -> dict[str, str]:
    """People and recordings; ids of the recordings by what they are."""
    settings = load_settings()
    meetings = {"ru": example("ru"), "en": example("en")}
    if long:
        meetings["long"] = long_meeting(folder)
    database = Database(os.environ["DATABASE_URL"])
    try:
        async with database.begin() as session:
            seeder = Seeder(session, open_vault(settings, database), settings.limits)
            return await _fill(session_users=Users(session), seeder=seeder, meetings=meetings)
    finally:
        await database.dispose()


async def _fill(session_users: Users, seeder: Seeder, meetings: Mapping[str, Meeting]) -> dict[str, str]:
    admin = await ensure_local_admin(seeder.session)
    anna = await session_users.add(User(name="Анна", role="user", language="ru"))
    await session_users.add(User(name="Boris", role="user", language="en", telegram_name="boris"))
    ids = {"queued": await seeder.queued(admin.id, meetings["ru"]), "dead": await seeder.dead(admin.id, meetings["en"])}
    for days, (name, meeting) in enumerate(meetings.items(), 2):
        ids[name] = await seeder.finished(admin.id, meeting, timedelta(days=days))
    ids["anna"] = await seeder.finished(anna.id, meetings["ru"], timedelta(hours=3))
    return {name: str(recording) for name, recording in ids.items()}


async def _links(url: str) -> dict[str, str]:
    """Fresh one-time secrets of the administrator and the two others, by name."""
    from sqlalchemy import select

    database = Database(url)
    try:
        async with database.begin() as session:
            people = (await session.scalars(select(User).order_by(User.role, User.name.desc()))).all()
            return {user.name: await make_link(session, user) for user in people}
    finally:
        await database.dispose()


@dataclass(slots=True)
class Api:
    """The process that serves; ``keep`` starts it again when it has died."""

    folder: Path
    port: int
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes]"
    stand: Stand | None = None

    def keep(self) -> None:
        if self.process.poll() is not None:
            self.process = _start(self.folder, self.port, self.environment)
            self._write()

    def note(self, stand: Stand) -> None:
        """Write ``stand.json``, now and whenever the process changes."""
        self.stand = stand
        self._write()

    def _write(self) -> None:
        if self.stand is None:
            return
        told = {"pid": self.process.pid, "url": self.stand.url, "links": dict(self.stand.links)}
        fresh = self.folder / "stand.new"
        fresh.write_text(json.dumps({**told, "recordings": dict(self.stand.recordings)}, ensure_ascii=False))
        fresh.replace(self.folder / "stand.json")


@contextmanager
def _serving(folder: Path, port: int, environment: Mapping[str, str]) -> Iterator[Api]:
    api = Api(folder, port, environment, _start(folder, port, environment))
    try:
        _await(api)
        yield api
    finally:
        api.process.terminate()
        try:
            api.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            api.process.kill()
            api.process.wait()


def _start(folder: Path, port: int, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    with (folder / "api.log").open("ab") as log:
        return subprocess.Popen(
            dying_with_parent([sys.executable, "-m", "apps.bot_api", "--port", str(port)]),
            cwd=folder,
            env={**os.environ, **environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches the stand alone, which stops in order
        )


def _await(api: Api) -> None:
    """Raises SystemExit with the log when it ends or does not answer."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and api.process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{api.port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)  # not yet
    raise SystemExit(f"the API did not start:\n{(api.folder / 'api.log').read_text()[-4000:]}")


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main())
