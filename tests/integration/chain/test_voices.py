"""The diarize stage keeps voices of those who agreed, and of nobody else."""

from sqlalchemy import update

from stenogram.pipeline.stage import Stage
from stenogram.storage.models import User
from tests.bed import Bed


def test_voices_are_kept_with_consent_only(bed: Bed) -> None:
    plain = bed.start()
    bed.work(plain, until=Stage.SUMMARIZE)
    assert f"runs/{plain}/voices.json" not in bed.keys(f"runs/{plain}/")

    recording = bed.record()
    bed.inside(lambda session: session.execute(update(User).values(preferences={"voices": True})))
    agreed = bed.start(recording)
    bed.work(agreed, until=Stage.SUMMARIZE)
    assert f"runs/{agreed}/voices.json" in bed.keys(f"runs/{agreed}/")
