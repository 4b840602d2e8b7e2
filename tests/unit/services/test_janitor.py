"""Temporary folders: private while they live, gone however it ends."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from stenogram.services.janitor import private_folder, sweep


def test_a_folder_is_private_and_goes_with_its_block(tmp_path: Path) -> None:
    with private_folder(tmp_path / "root") as folder:
        (folder / "source.ogg").write_bytes(b"plain")
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)]
    assert modes == [0o700, 0o700]
    assert not folder.exists()


def test_a_folder_goes_with_a_block_that_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broken"), private_folder(tmp_path) as folder:
        raise RuntimeError("broken")
    assert not folder.exists()


_KILLED = """
import os, pathlib, sys
from stenogram.services.janitor import private_folder
with private_folder(pathlib.Path(sys.argv[1])) as folder:
    (folder / "source.ogg").write_bytes(b"plain")
    os.kill(os.getpid(), 9)
"""


def test_only_folders_of_the_dead_are_swept(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    [left] = tmp_path.iterdir()
    assert (left / "source.ogg").exists()
    left.rename(tmp_path / f"stage-{os.getpid()}-abc")  # in a container, numbers of processes come again
    (tmp_path / "something else").mkdir()
    (tmp_path / "stage-file").write_bytes(b"")

    with private_folder(tmp_path) as mine:
        assert sweep(tmp_path) == 1
        assert mine.exists()

    assert {path.name for path in tmp_path.iterdir()} == {"something else", "stage-file"}
    assert sweep(tmp_path / "nowhere") == 0


def test_a_folder_that_another_process_uses_stays(tmp_path: Path) -> None:
    program = _KILLED.replace("os.kill(os.getpid(), 9)", "print(folder, flush=True); sys.stdin.read()")
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        used = Path(process.stdout.readline().strip())
        assert sweep(tmp_path) == 0
        assert (used / "source.ogg").exists()
        process.communicate("")
    assert not used.exists()


def test_a_program_that_outlives_the_process_keeps_nothing(tmp_path: Path) -> None:
    """ffmpeg may be left for a moment when its worker is killed."""
    program = _KILLED.replace("os.kill(", "import subprocess; subprocess.Popen(['sleep', '60']); os.kill(")
    process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], start_new_session=True)
    assert process.wait() == -signal.SIGKILL
    try:
        assert sweep(tmp_path) == 1
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # raises if nothing was left


def test_a_folder_that_a_sweeper_took_at_once_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = tempfile.mkdtemp

    def taken(**options: Any) -> str:
        made.append(make(**options))
        if len(made) == 1:
            assert sweep(tmp_path) == 1  # between its birth and its lock
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", taken)
    with private_folder(tmp_path) as folder:
        assert str(folder) == made[1]
        assert folder.exists()
