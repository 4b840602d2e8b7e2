"""The Playwright suite in Debian's chromium against the running service."""

import os
import shutil
import subprocess

import pytest

from tests.service import ROOT, Service

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("service"), pytest.mark.timeout(1500)]


def test_the_webapp_in_a_browser(service: Service, results: object) -> None:
    npm = shutil.which("npm")
    assert npm, "Node.js is not installed"
    links = {"STENOGRAM_LINK": service.link(), "STENOGRAM_GUEST_LINK": service.guest_link()}
    done = subprocess.run(
        [npm, "run", "--silent", "e2e"],
        check=False,
        cwd=ROOT / "frontend",
        env={**os.environ, **links, "STENOGRAM_URL": service.url, "CI": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
