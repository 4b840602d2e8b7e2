"""From a button of the bot to the transcript: the page opens signed in, as Telegram opens it on a phone."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.services import access
from tests.integration.bot.scene import Scene, playing
from tests.servers import Servers
from tests.service import ROOT
from tests.telegram_stub import Message, Person
from tests.telegram_stub.webapp import init_data, opened

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("service")]  # one browser at a time


def page_of(result: Message) -> str:
    """The address behind the button that opens the recording."""
    return next(str(button["web_app"]["url"]) for row in result.keyboard for button in row if "web_app" in button)


def launched(scene: Scene, person: Person, url: str) -> str:
    """Path and fragment of what Telegram opens on this person's phone."""
    user = {"id": person.id, "first_name": person.account.name, "language_code": "ru"}
    parts = urlsplit(opened(url, init_data(scene.telegram.token, user)))
    return f"{parts.path}#{parts.fragment}"


def link(scene: Scene) -> str:
    """For the tests' own session, which is nobody's that has recordings."""

    async def make(session: AsyncSession) -> str:
        return await access.make_link(session, await access.ensure_local_admin(session))

    return f"{scene.server.url}/login#{scene.bed.inside(make)}"


def test_a_button_of_the_bot_leads_to_the_transcript_signed_in(servers: Servers, tmp_path: Path) -> None:
    npm = shutil.which("npm")
    assert npm, "Node.js is not installed"
    with playing(servers, tmp_path / "bot", {"FRONTEND_DIR": str(ROOT / "frontend" / "dist")}) as scene:
        anna = scene.person()
        result = scene.result_of(anna.sends_voice(scene.voice(), duration=6))
        given = {
            "STENOGRAM_URL": scene.server.url,
            "STENOGRAM_LINK": link(scene),
            "STENOGRAM_LAUNCH": launched(scene, anna, page_of(result)),
            "CI": "1",
        }
        done = subprocess.run(
            [npm, "run", "--silent", "e2e", "--", "telegram"],
            check=False,
            cwd=ROOT / "frontend",
            env={**os.environ, **given},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert "4 passed" in done.stdout, done.stdout
