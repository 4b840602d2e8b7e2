"""`python -m tools.screenshots [FOLDER]`: takes the pictures of docs/screenshots anew, from a stand of its own.

They show the built WebApp (``frontend/dist``) in both languages, in light and dark, on a desktop and on a phone, with a
palette where that makes them smaller.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tools.stand import ROOT, standing

PICTURES = ROOT / "docs" / "screenshots"
COLOURS = 256


def main() -> int:
    """The exit code of the browser's script."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else PICTURES).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    node = shutil.which("node")
    if node is None:
        raise SystemExit("Node.js is not installed")
    with standing(None, 0) as (stand, _):
        environment = {
            **os.environ,
            "STAND_URL": stand.url,
            "STAND_LINK": next(iter(stand.links.values())),
            "STAND_MEETING": stand.recordings["ru"],
            "PICTURES": str(folder),
        }
        script = subprocess.run([node, "scripts/screenshots.js"], cwd=ROOT / "frontend", env=environment, check=False)
    for picture in folder.glob("*.png"):
        _shrink(picture)
    return script.returncode


def _shrink(picture: Path) -> None:
    """With a palette, which flat colours and text do not show."""
    before = picture.read_bytes()
    with Image.open(picture) as image:
        if image.mode == "P":
            return
        image.convert("RGB").quantize(COLOURS).save(picture, optimize=True)
    if picture.stat().st_size >= len(before):
        picture.write_bytes(before)


if __name__ == "__main__":
    sys.exit(main())
