"""The service and the page compute the same of every edit: cases made here are replayed in the page's code."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from stenogram.services import edit_json
from stenogram.speech.difference import diff
from stenogram.speech.edits import Change, Document, apply, invert
from stenogram.speech.merge import merge, rebase
from stenogram.speech.respan import respan
from stenogram.speech.transcript import Word
from tests.editing_hands import random_change, random_document

CASES = 10_000
FRONTEND = Path(__file__).parents[2] / "frontend"


def test_the_page_agrees_with_the_service(tmp_path: Path) -> None:
    npx = shutil.which("npx")
    assert npx, "Node.js is not installed"
    cases = tmp_path / "cases.jsonl"
    with cases.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(case(seed)) + "\n" for seed in range(CASES))
    done = subprocess.run(
        [npx, "vitest", "run", "src/lib/edits/agreement.test.ts"],
        check=False,
        cwd=FRONTEND,
        env={**os.environ, "STENOGRAM_EDIT_CASES": str(cases), "CI": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "1 passed" in done.stdout, done.stdout


def case(seed: int) -> dict[str, Any]:
    """Two people at one document, and everything that can be computed of it."""
    random = Random(seed)
    base = random_document(random)
    mine, my = _edited(random, base, "m")
    _, their = _edited(random, base, "t")
    rebased, end = rebase(mine, base, their)
    before = random.choice(base.segments).words
    texts = [random.choice((" да", " ёж", "𝄞", " two", *(word.text for word in before))) for _ in range(4)]
    return {
        "base": _document(base),
        "changes": [_change(change) for change in mine],
        "mine": _document(my),
        "inverse": edit_json.dump(invert([one for change in mine for one in change.operations])),
        "theirs": _document(their),
        "merged": _document(merge(base, my, their)),
        "diff": edit_json.dump(diff(my, their)),
        "rebased": [_change(change) for change in rebased],
        "end": _document(end),
        "undo": edit_json.dump(diff(their, merge(my, base, their))),
        "respan": [[*map(_word, before)], texts, [7.5, 9.0], [*map(_word, respan(before, texts, (7.5, 9.0)))]],
    }


def _edited(random: Random, base: Document, name: str) -> tuple[list[Change], Document]:
    changes = list(_changes(random, base, name))
    for change in changes:
        base = apply(base, change.operations)
    return changes, base


def _changes(random: Random, document: Document, name: str) -> Iterator[Change]:
    for number in range(random.randint(1, 3)):
        change = random_change(random, document, f"{name}{number}")
        document = apply(document, change.operations)
        yield change


def _change(change: Change) -> dict[str, Any]:
    return {"id": change.id, "operations": edit_json.dump(change.operations)}


def _document(document: Document) -> dict[str, Any]:
    return {
        "segments": [
            {
                "id": segment.id,
                "speaker": segment.speaker,
                "start": segment.start,
                "end": segment.end,
                "words": [*map(_word, segment.words)],
            }
            for segment in document.segments
        ],
        "speakers": [{"label": speaker.label, "name": speaker.name} for speaker in document.speakers],
    }


def _word(word: Word) -> dict[str, Any]:
    return {"text": word.text, "start": word.start, "end": word.end, "probability": word.probability}
