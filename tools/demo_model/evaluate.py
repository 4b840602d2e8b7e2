"""How well a checkpoint does: ``python -m tools.demo_model.evaluate CHECKPOINT [--pool HELD]``.

Decodes by faster-whisper, as the service does: the example recordings in windows cut at silence, and single sentences
of a pool of held-out voices. WER by the convention of ``tools.scoring``.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jiwer
import numpy as np

from stenogram.engines.asr.base import Placement
from stenogram.engines.asr.faster_whisper import FasterWhisperRecognizer
from stenogram.engines.asr.loading import ModelPool
from stenogram.engines.demo.ctranslate import convert
from stenogram.engines.media import FfmpegMediaTool
from stenogram.engines.vad import SileroVad
from stenogram.engines.weights import Choice
from stenogram.pipeline.catalog import DEMO, FASTER_WHISPER
from stenogram.pipeline.ports import RecognitionRequest, Recognizer
from stenogram.pipeline.preprocess import PreprocessOptions, prepared_audio, preprocess
from stenogram.pipeline.stage import no_progress
from stenogram.pipeline.transcribe import TranscribeOptions, transcribe
from tools.demo_model.corpus import EXAMPLES, Pool
from tools.demo_model.sentences import GRAMMARS
from tools.demo_model.train import load_checkpoint
from tools.make_examples import RATE, read_script
from tools.scoring import normalize


def recognizer(checkpoint: Path, folder: Path) -> Recognizer:
    converted = folder / "ctranslate2"
    convert(load_checkpoint(checkpoint), converted)
    choice = Choice(FASTER_WHISPER, DEMO, converted)
    return FasterWhisperRecognizer(choice, ModelPool(600), Placement("cpu", "int8"), lambda name: None)


def example(language: str, model: Recognizer) -> tuple[str, str]:
    """(spoken, recognised) of the example recording, without its language being told."""
    pcm = bytearray()
    source = EXAMPLES / f"meeting-{language}.ogg"
    prepared = preprocess(source, FfmpegMediaTool(), SileroVad(), pcm.extend, PreprocessOptions(), no_progress)
    audio = prepared_audio(prepared, lambda offset, size: bytes(pcm[offset : offset + size]))
    found = transcribe(audio, model, TranscribeOptions())
    text = "".join(word.text for segment in found.segments for word in segment.words)
    return " ".join(sentence for _, sentence in read_script(source.with_suffix(".txt"))), text


def sentences(pool: Pool, language: str, model: Recognizer, count: int) -> Iterator[tuple[str, str]]:
    for clip in pool.by_language[language][:count]:
        samples = np.pad(pool.sound(clip), (RATE // 4, RATE // 4))
        answer = model.recognize([RecognitionRequest(samples, language)])[0]
        yield clip.text, "".join(word.text for segment in answer.segments for word in segment.words)


def report(name: str, language: str, pairs: list[tuple[str, str]], verbose: bool) -> None:
    spoken = [normalize(left, language) for left, _ in pairs]
    heard = [normalize(right, language) or "∅" for _, right in pairs]
    print(f"{name} {language}: WER {jiwer.wer(spoken, heard):.1%}")
    if verbose:
        print(jiwer.visualize_alignment(jiwer.process_words(spoken, heard), show_measures=False, skip_correct=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="How well a checkpoint of the demo model does.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--pool", type=Path, help="of held-out voices")
    parser.add_argument("--count", type=int, default=40, help="sentences a language")
    parser.add_argument("--verbose", action="store_true", help="show the errors")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = recognizer(asked.checkpoint, Path(folder))
        for language in GRAMMARS:
            report("example", language, [example(language, model)], asked.verbose)
            if asked.pool:
                pairs = list(sentences(Pool(asked.pool), language, model, asked.count))
                report("sentences", language, pairs, asked.verbose)


if __name__ == "__main__":
    main()
