"""What a child process does to itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from stenogram.children import dying_with_parent, stand_back
from tests.processes import is_gone

PROGRAM = """
import os
from pathlib import Path
from stenogram.children import dying_with_parent, stand_back
from tests.processes import is_gone
stand_back(7)
group = Path("/proc/self/autogroup")
told = group.read_text() if group.exists() else ""
print(os.nice(0), told.split()[-1] if told else 7)
"""


def test_whoever_stands_back_does_so_within_its_session_and_between_sessions() -> None:
    told = subprocess.check_output([sys.executable, "-c", PROGRAM], start_new_session=True, text=True)
    assert told.split() == ["7", "7"]


@pytest.fixture
def nice(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What this process would have been told, which cannot be taken back."""
    told: list[int] = []
    monkeypatch.setattr("os.nice", told.append)
    return told


@pytest.mark.parametrize("text", [None, ""], ids=["no such file", "not scheduled by sessions"])
def test_nothing_is_written_where_sessions_are_not_scheduled(tmp_path: Path, nice: list[int], text: str | None) -> None:
    group = tmp_path / "autogroup"
    if text is not None:
        group.write_text(text)
    stand_back(7, group)
    assert nice == [7]
    assert not group.exists() or group.read_text() == ""


def test_a_refused_number_is_written_again(tmp_path: Path, nice: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    group = tmp_path / "autogroup"
    group.write_text("/autogroup-1 nice 0")
    write, refused = Path.write_text, [1, 1]

    def busy(path: Path, data: str) -> int:
        if refused and refused.pop():
            raise BlockingIOError
        return write(path, data)

    monkeypatch.setattr(Path, "write_text", busy)
    monkeypatch.setattr("time.sleep", lambda _: None)
    stand_back(7, group)
    assert (group.read_text(), nice) == ("7", [7])


def test_whoever_may_not_stand_back_works_all_the_same(
    tmp_path: Path, nice: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    group = tmp_path / "autogroup"
    group.write_text("/autogroup-1 nice 0")

    def refuse(path: Path, data: str) -> int:
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)
    stand_back(7, group)
    assert (group.read_text(), nice) == ("/autogroup-1 nice 0", [7])


def test_a_child_ends_with_its_parent() -> None:
    program = "import subprocess, sys; from stenogram.children import dying_with_parent; "
    program += "print(subprocess.Popen(dying_with_parent(['sleep', '1000'])).pid, flush=True)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline()) if parent.stdout else 0
    assert is_gone(child)


def test_a_command_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(FileNotFoundError, match="no program /nonexistent"):
        dying_with_parent(["/nonexistent"])
