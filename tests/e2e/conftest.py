"""One running service for all end-to-end tests (one pytest-xdist worker owns it), and what it makes of the examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from stenogram.client import Json
from stenogram.pipeline.stage import FORMATS
from tests.service import ROOT, Service, cut

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model cache: the demo checkpoint is unpacked once."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("service"), models)
    try:
        running.start()
        yield running
    finally:
        running.end()


@pytest.fixture
def own_service(tmp_path: Path, models: Path) -> Iterator[Service]:
    """A service that one test may start, stop and break."""
    made = Service(tmp_path, models)
    yield made
    made.end()


@dataclass(frozen=True, slots=True)
class Result:
    """One example as it came back."""

    path: Path
    run: Json
    transcript: Json
    files: Mapping[str, bytes]


@pytest.fixture(scope="session")
def results(service: Service) -> Mapping[str, Result]:
    """Both example meetings, sent through the service over HTTP; by language."""
    with service.client() as client:
        sent = {
            language: client.upload(EXAMPLES / f"meeting-{language}.ogg", {"formats": list(FORMATS)})
            for language in ("ru", "en")
        }
        made = {}
        for language, recording in sent.items():
            *_, (_, run) = client.follow(recording["latest_run"]["id"])
            files = {name: client.export(run["id"], name) for name in FORMATS}
            path = EXAMPLES / f"meeting-{language}.ogg"
            made[language] = Result(path, run, client.transcript(run["id"]), files)
        return made


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds of a meeting: quick to transcribe."""
    return cut(EXAMPLES / "meeting-en.ogg", tmp_path_factory.mktemp("clips") / "clip.ogg", 20)
