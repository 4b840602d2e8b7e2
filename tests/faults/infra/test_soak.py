"""Minutes of random faults: ``make soak MINUTES=10``; a minute in ``make test``. SOAK_SEED repeats the choices."""

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api_server import Server, serving
from tests.bed import QUICK
from tests.faults.conftest import Ledger
from tests.faults.infra.breakable import Breakable
from tests.faults.infra.soak import Soak, over
from tests.faults.invariants import check
from tests.faults.scene import Scene, make_scene

pytestmark = [pytest.mark.xdist_group("faults-infra"), pytest.mark.timeout(7200)]

MINUTES = float(os.environ.get("SOAK_MINUTES", "1"))
PAUSE = 1.6  # seconds between faults: more than two hundred in ten minutes, beside hundreds of runs
ENDS = ("done", "done_with_warnings", "cancelled", "dead")
FLAT = 1.05
LONG_ENOUGH = 5  # minutes: before that processes still load what they need


@pytest.fixture(scope="module")
def scene(breakable: Breakable, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    roomy = {"MAX_WAITING_RUNS_PER_USER": "100", "QUOTA_FILES_PER_HOUR": "100000", "QUOTA_PLANS": "standard:1000000"}
    settings = {**QUICK, **roomy, "SECRET_KEY": "s" * 40}
    engines = "tests.faults.infra.soak:SoakEngines"
    with make_scene(breakable, tmp_path_factory.mktemp("soak"), settings, engines) as made:
        made.begin()
        yield made


@pytest.fixture(scope="module")
def server(scene: Scene) -> Iterator[Server]:
    with serving(scene.bed.environment, scene.bed.folder) as made:
        yield made


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Ten seconds of real speech as the fakes read it: 16 kHz, mono."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    source = Path("examples/meeting-en.ogg")
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(source), "-t", "10", "-ac", "1", "-ar", "16000"]
    subprocess.run([*command, "-c:a", "pcm_s16le", str(path)], check=True)
    return path.read_bytes()


def test_whatever_breaks_every_run_ends_once(
    scene: Scene, breakable: Breakable, server: Server, speech: bytes, ledger: Ledger
) -> None:
    seed = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**6))
    soak = Soak(scene, breakable, server, seed, speech)
    print(f"\nsoak of {MINUTES:g} min, SOAK_SEED={seed}")
    with ledger.row("random faults on random runs", 0) as tally:
        soak.run(60 * MINUTES, PAUSE)
        ended = over(scene, soak.all)
        print(f"{len(soak.all)} runs: {dict(ended)}; {soak.injected.total()} faults: {dict(soak.injected)}")
        tally.cells = soak.injected.total()

        check(scene.bed, soak.runs, ENDS, killed=True)
        # Decoded from the same bytes by the same model: each of them says the same, and says it once.
        heard = [run_id for run_id in soak.spoken if scene.bed.states(run_id)[1] == "done"]
        assert len({" ".join(row.text for row in scene.bed.segments(run_id)) for run_id in heard}) <= 1
        print(f"{len(heard)} recordings were decoded for real")
    growth = {kind: round(soak.memory.growth(kind), 3) for kind in soak.memory.samples}
    print(f"memory, last quarter ÷ second: {growth}")
    if MINUTES >= LONG_ENOUGH:
        assert all(grown <= FLAT for grown in growth.values()), growth
