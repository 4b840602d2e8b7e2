"""How well and how fast the embedded diarizer tells who speaks when.

    python -m benchmarks.diarization [--ami FOLDER] [--given]

Scores six excerpts of real meetings (AMI; FOLDER defaults to ../shared/audio/ami beside the repository and is left out
where it is absent), the telephone call that the pyannote.audio wheel carries, and the synthetic meetings in examples/.
The number of speakers is not told, unless with --given. Exits 1 when a target is missed.
"""

import argparse
import importlib.util
import statistics
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stenogram.engines.diarization.embedded import EmbeddedDiarizer
from stenogram.engines.media import FfmpegMediaTool
from stenogram.pipeline.diarize import DiarizeOptions, diarize
from stenogram.pipeline.ports import SAMPLE_RATE, DecodeRequest, PreparedAudio, Samples
from stenogram.speech.rttm import parse
from tools.scoring import DiarizationError, diarization_error

ROOT = Path(__file__).parents[1]
AMI = ROOT.parent / "shared" / "audio" / "ami"
TARGETS = {"AMI": 0.40, "telephone": 0.20, "synthetic": 0.10}  # largest mean error
SLOWEST = 20.0  # times realtime on one core
CONVENTION = "collar 0, overlap counted, scored over the whole recording; parts in % of the reference speech"
_LONGEST = 3600.0  # seconds that are read of a file


class Score(NamedTuple):
    group: str
    name: str
    error: DiarizationError
    speed: float  # seconds of recording per second of processor time


def recordings(ami: Path) -> list[tuple[str, Path]]:
    """Groups and audio files; the reference lies beside each as ``.rttm``."""
    package = importlib.util.find_spec("pyannote.audio")
    sample = [
        Path(folder) / "sample" / "sample.wav" for folder in (package and package.submodule_search_locations) or ()
    ]
    return [
        *(("AMI", path) for path in sorted(ami.glob("*.flac"))),
        *(("telephone", path) for path in sample),
        *(("synthetic", path) for path in sorted((ROOT / "examples").glob("meeting-*.ogg"))),
    ]


def prepared(path: Path) -> PreparedAudio:
    tool = FfmpegMediaTool()
    with closing(tool.decode(DecodeRequest(path, tool.probe(path), _LONGEST))) as blocks:
        samples = np.concatenate(list(blocks))

    def read(start: float, end: float) -> Samples:
        return samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]

    return PreparedAudio(samples.size / SAMPLE_RATE, (), read)


def score(group: str, path: Path, diarizer: EmbeddedDiarizer, given: bool) -> Score:
    audio = prepared(path)
    reference = parse(path.with_suffix(".rttm").read_text())
    speakers = len({turn.speaker for turn in reference}) if given else None
    started = time.process_time()
    turns = diarize(audio, diarizer, DiarizeOptions(speakers)).turns
    speed = audio.duration / (time.process_time() - started)
    return Score(group, path.stem, diarization_error(reference, turns, audio.duration), speed)


def line(name: str, errors: list[DiarizationError], found: str, speed: float) -> str:
    parts = ("missed", "false_alarm", "confusion", "rate")
    figures = "".join(f"{100 * statistics.fmean(getattr(error, part) for error in errors):13.1f}" for part in parts)
    return f"{name:14}{figures}{found:>12}{speed:9.0f}x"


def report(scores: list[Score]) -> bool:
    """Print the table; whether every target is met."""
    print(f"{'':14}{'missed':>13}{'false alarm':>13}{'confusion':>13}{'DER':>13}{'found/true':>12}{'realtime':>10}")
    for each in scores:
        print(line(each.name, [each.error], f"{each.error.found}/{each.error.true}", each.speed))
    met = True
    for group, limit in TARGETS.items():
        own = [each for each in scores if each.group == group]
        if own:
            slowest = min(each.speed for each in own)
            print(
                line(f"mean {group}", [each.error for each in own], "", slowest) + f"  (target ≤ {100 * limit:.0f} %)"
            )
            met &= statistics.fmean(each.error.rate for each in own) <= limit and slowest >= SLOWEST
    return met


def main() -> int:
    import torch

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--ami", type=Path, default=AMI)
    parser.add_argument("--given", action="store_true", help="tell the diarizer how many people speak")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    diarizer = EmbeddedDiarizer()
    files = recordings(arguments.ami)
    diarize(prepared(files[-1][1]), diarizer, DiarizeOptions())  # loads the networks
    print(f"Embedded diarizer, {CONVENTION}; speed on one core, in processor time; means show the slowest.")
    if not arguments.ami.is_dir():
        print(f"No AMI excerpts: there is no folder {arguments.ami}.")
    return int(not report([score(group, path, diarizer, arguments.given) for group, path in files]))


if __name__ == "__main__":
    sys.exit(main())
