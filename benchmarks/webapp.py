"""The WebApp in a browser on a recording of five hours: how soon, how smooth, how accessible (webapp.ts measures)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.stand import standing

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"


def main() -> int:
    npx = shutil.which("npx")
    if npx is None:
        raise SystemExit("Node.js is not installed")
    with standing(None, 0) as (stand, _):
        environment = {
            **os.environ,
            "NODE_PATH": str(FRONTEND / "node_modules"),  # the benchmark lies outside of the package
            "STAND_URL": stand.url,
            "STAND_LINK": next(iter(stand.links.values())),
            "STAND_LONG": stand.recordings["long"],
            "STAND_SHORT": stand.recordings["ru"],
        }
        size = subprocess.run(["node", "scripts/size.js"], cwd=FRONTEND, check=False)
        run = [npx, "playwright", "test", "-c", "playwright.bench.config.ts"]
        return max(size.returncode, subprocess.run(run, cwd=FRONTEND, env=environment, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())
