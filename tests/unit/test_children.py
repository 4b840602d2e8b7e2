"""What a child process does to itself."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from pathlib import Path
from stenogram.children import stand_back
stand_back(7)
group = Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else 7)
"""


def test_whoever_stands_back_does_so_within_its_session_and_between_sessions() -> None:
    told = subprocess.check_output([sys.executable, "-c", PROGRAM], start_new_session=True, text=True)
    assert told.split() == ["7", "7"]


def test_the_numbers_are_of_the_child_alone() -> None:
    group = Path("/proc/self/autogroup")
    assert not group.exists() or group.read_text().split()[-1] == "0"
