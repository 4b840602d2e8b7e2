"""The API's process: what it does not wait for, and what it says when it cannot start."""

import os
import subprocess
import sys


def test_the_broker_s_library_is_not_waited_for() -> None:
    program = "import sys, apps.bot_api.main; print(*sys.modules)"
    modules = set(subprocess.check_output([sys.executable, "-c", program], text=True).split())
    assert not modules & {"celery", "kombu", "boto3", "alembic", "numpy", "weasyprint", "docx"}


def test_wrong_settings_are_a_line_each() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "apps.bot_api", "--port", "1"],
        check=False,
        env={**os.environ, "ASR_PRESET": "best", "MAX_UPLOAD_MB": "none"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["MAX_UPLOAD_MB", "ASR_PRESET"]
    assert all(line.startswith("settings: ") for line in lines)
