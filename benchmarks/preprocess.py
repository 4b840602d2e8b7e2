"""How much memory and time the preprocess stage takes for a long recording.

    python -m benchmarks.preprocess [--hours 5] [--limit-mb 300]

Loops synthetic speech into an Opus file, prepares it in a process of its own, and prints the peak resident memory of
that process and of its ffmpeg, the wall time and the speed. Exits 1 when the memory passes the limit.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stenogram.engines.media import FfmpegMediaTool
from stenogram.engines.vad import SileroVad
from stenogram.pipeline.preprocess import PreprocessOptions, preprocess
from stenogram.pipeline.stage import no_progress

SPEECH = "Good morning, colleagues. Let us discuss the delivery of sensors, which was late by nine days."


def make_recording(folder: Path, hours: float) -> Path:
    phrase, minutes, recording = folder / "phrase.wav", folder / "minute.ogg", folder / "recording.ogg"
    subprocess.run(["espeak-ng", "-v", "en", "-w", str(phrase), SPEECH], check=True)
    loop = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", "-1"]
    subprocess.run([*loop, "-i", str(phrase), "-t", "60", "-c:a", "libopus", "-b:a", "24k", str(minutes)], check=True)
    subprocess.run([*loop, "-i", str(minutes), "-t", str(hours * 3600), "-c", "copy", str(recording)], check=True)
    return recording


def prepare(source: Path, denoise: bool) -> dict[str, float]:
    """Runs in the measured process. Memory in MB, times in seconds."""
    written = 0

    def sink(data: bytes) -> None:
        nonlocal written
        written += len(data)

    started = time.monotonic()
    options = PreprocessOptions(denoise=denoise)
    prepared = preprocess(source, FfmpegMediaTool(), SileroVad(), sink, options, no_progress)
    wall = time.monotonic() - started
    return {
        "duration_s": round(prepared.duration, 1),
        "pcm_mb": round(written / 2**20, 1),
        "regions": len(prepared.regions),
        "wall_s": round(wall, 1),
        "realtime_factor": round(prepared.duration / wall, 1),
        "python_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "ffmpeg_peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hours", type=float, default=5.0)
    parser.add_argument("--limit-mb", type=float, default=300.0, help="for both processes together")
    parser.add_argument("--denoise", action="store_true")
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.prepare:
        print(json.dumps(prepare(arguments.prepare, arguments.denoise)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        source = make_recording(Path(folder), arguments.hours)
        command = [sys.executable, "-m", "benchmarks.preprocess", "--prepare", str(source)]
        output = subprocess.run(
            [*command, *(["--denoise"] if arguments.denoise else [])], check=True, stdout=subprocess.PIPE
        ).stdout
    figures: dict[str, float] = json.loads(output)
    for name, value in figures.items():
        print(f"{name:>16} {value:10.1f}")
    return int(figures["python_peak_mb"] + figures["ffmpeg_peak_mb"] > arguments.limit_mb)


if __name__ == "__main__":
    sys.exit(main())
