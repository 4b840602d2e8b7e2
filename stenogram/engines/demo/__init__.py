"""The demo checkpoint: packed weights of a small Whisper that knows synthetic voices only (see tools/demo_model)."""

from pathlib import Path

PACKED = Path(__file__).with_name("demo.safetensors")
