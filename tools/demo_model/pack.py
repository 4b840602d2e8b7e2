"""Pack a trained checkpoint into the package: ``python -m tools.demo_model.pack CHECKPOINT.pt``."""

import argparse
from pathlib import Path

from stenogram.engines.demo import PACKED
from stenogram.engines.demo.packing import pack


def main() -> None:
    parser = argparse.ArgumentParser(description="Pack a trained checkpoint into the package.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=PACKED)
    arguments = parser.parse_args()
    pack(arguments.checkpoint, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
