"""Temporary folders: private while they live, gone however it ends."""

import os
import stat
import subprocess
import sys
from pathlib import Path

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


def test_only_folders_of_the_dead_are_swept(tmp_path: Path) -> None:
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], check=True, capture_output=True)
    left = tmp_path / f"stage-{int(dead.stdout)}-abc"
    left.mkdir()
    (left / "source.ogg").write_bytes(b"plain")
    (tmp_path / "stage-odd").mkdir()
    (tmp_path / "something else").mkdir()
    (tmp_path / f"stage-{os.getppid()}-def").mkdir()

    with private_folder(tmp_path) as mine:
        assert sweep(tmp_path) == 2
        assert mine.exists()

    assert {path.name for path in tmp_path.iterdir()} == {"something else", f"stage-{os.getppid()}-def"}
    assert sweep(tmp_path / "nowhere") == 0
