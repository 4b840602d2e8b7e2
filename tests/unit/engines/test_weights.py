from pathlib import Path

import pytest

from stenogram.engines.weights import Weights
from stenogram.errors import EngineError
from stenogram.pipeline.catalog import DEMO, FASTER_WHISPER, OPENAI_WHISPER, Hardware, best_model
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import AsrSettings

LAPTOP = Hardware(gpu_gb=0, ram_gb=16, cores=2)
SERVER = Hardware(gpu_gb=0, ram_gb=64, cores=16)


class Hub:
    """The network as the weights see it; ``asked`` counts attempts to reach it."""

    def __init__(self, up: bool = True, broken: bool = False) -> None:
        self.up, self.broken = up, broken
        self.asked = 0
        self.fetched: list[str] = []

    def reach(self, engine: str) -> bool:
        self.asked += 1
        return self.up

    def fetch(self, name: str, engine: str, folder: Path) -> Path:
        self.fetched.append(name)
        made = folder / name
        if engine == OPENAI_WHISPER:
            made.write_bytes(b"weights")
        else:
            made.mkdir()
            (made / "model.bin").write_bytes(b"weights")
        if self.broken or not self.up:
            raise ConnectionError("the line broke")
        return made


def weights(
    cache: Path,
    hub: Hub,
    *,
    hardware: Hardware = LAPTOP,
    offline: bool = False,
    model: str = "auto",
) -> Weights:
    settings = AsrSettings(model_cache_dir=cache, offline=offline, model=model)
    return Weights(settings, hardware=lambda: hardware, reach=hub.reach, fetch=hub.fetch)


@pytest.mark.parametrize(
    ("preset", "hardware", "model"),
    [
        ("quality", Hardware(24, 64, 8), "large-v3"),
        ("fast", Hardware(24, 64, 8), "turbo"),
        ("quality", Hardware(8, 64, 8), "turbo"),
        ("quality", Hardware(2, 64, 8), "small"),
        ("quality", SERVER, "large-v3"),
        ("fast", SERVER, "turbo"),
        ("quality", LAPTOP, "small"),
        ("quality", Hardware(0, 1, 1), "small"),
    ],
)
def test_auto_takes_what_the_hardware_bears(preset: str, hardware: Hardware, model: str) -> None:
    assert best_model(preset, hardware) == model


@pytest.mark.parametrize("engine", [OPENAI_WHISPER, FASTER_WHISPER])
def test_pull_places_whole_weights_once(tmp_path: Path, engine: str) -> None:
    hub = Hub()
    here = weights(tmp_path, hub)

    path = here.pull("turbo", engine)
    here.pull("turbo", engine)

    assert here.present("turbo", engine)
    assert path.exists()
    assert hub.fetched == ["turbo"]
    assert [child.name for child in tmp_path.iterdir()] == [path.name]


def test_a_broken_download_leaves_nothing(tmp_path: Path) -> None:
    here = weights(tmp_path, Hub(broken=True))

    with pytest.raises(EngineError) as caught:
        here.pull("small", FASTER_WHISPER)

    assert caught.value.code == "weights.unavailable"
    assert caught.value.params == {"model": "small"}
    assert not here.present("small", FASTER_WHISPER)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"weights\.unavailable"):
        weights(tmp_path, Hub()).pull("enormous", FASTER_WHISPER)


def test_auto_downloads_what_it_wants(tmp_path: Path) -> None:
    choice = weights(tmp_path, Hub()).resolve(RunOptions(language="ru"))

    assert (choice.engine, choice.model, choice.notes) == (FASTER_WHISPER, "small", ())


def test_auto_makes_do_with_lighter_weights_that_are_here(tmp_path: Path) -> None:
    weights(tmp_path, Hub()).pull("small", FASTER_WHISPER)

    choice = weights(tmp_path, Hub(up=False), hardware=SERVER).resolve(RunOptions())

    assert choice.model == "small"


def test_base_is_never_chosen_by_itself(tmp_path: Path, demo: list[str]) -> None:
    weights(tmp_path, Hub()).pull("base", FASTER_WHISPER)

    assert weights(tmp_path, Hub(up=False)).resolve(RunOptions(language="ru")).model == DEMO


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Unpacking the demo is only counted: the contract suite does it for real."""
    unpacked: list[str] = []
    monkeypatch.setattr(Weights, "_unpack_demo", lambda self, target, engine: unpacked.append(engine))
    return unpacked


def test_without_network_the_demo_says_what_to_pull(tmp_path: Path, demo: list[str]) -> None:
    choice = weights(tmp_path, Hub(up=False), hardware=SERVER).resolve(RunOptions(preset="fast"))

    assert (choice.model, choice.notes) == (DEMO, ("demo_model:turbo",))
    assert demo == [FASTER_WHISPER]


def test_a_failed_attempt_is_remembered(tmp_path: Path, demo: list[str]) -> None:
    hub = Hub(up=False)
    for _ in range(3):
        weights(tmp_path, hub).resolve(RunOptions())

    assert hub.asked == 1


def test_offline_asks_nobody(tmp_path: Path, demo: list[str]) -> None:
    hub = Hub()

    assert weights(tmp_path, hub, offline=True).resolve(RunOptions()).model == DEMO
    assert hub.asked == 0


def test_the_demo_is_no_answer_for_a_language_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"weights\.unavailable"):
        weights(tmp_path, Hub(up=False)).resolve(RunOptions(language="de"))


@pytest.mark.parametrize("offline", [True, False])
def test_a_named_model_is_never_replaced(tmp_path: Path, offline: bool) -> None:
    here = weights(tmp_path, Hub(up=False), offline=offline, model="large-v3")

    with pytest.raises(EngineError) as caught:
        here.resolve(RunOptions())

    assert caught.value.params == {"model": "large-v3"}


def test_the_engine_that_has_the_model_is_taken(tmp_path: Path) -> None:
    here = weights(tmp_path, Hub(), offline=True)
    here.path("small", OPENAI_WHISPER).write_bytes(b"weights")

    assert here.resolve(RunOptions(model="small")).engine == OPENAI_WHISPER


def test_the_list_says_what_is_here(tmp_path: Path) -> None:
    listed = {(entry["name"], entry["engine"]): entry for entry in weights(tmp_path, Hub()).list()}

    assert listed["demo", FASTER_WHISPER]["present"]
    assert not listed["large-v3", FASTER_WHISPER]["present"]
    assert listed["large-v3", OPENAI_WHISPER]["default_for"] == ["quality"]
    assert listed["demo", OPENAI_WHISPER]["languages"] == "en, ru"


def test_a_check_loads_what_is_here_and_names_what_is_broken(tmp_path: Path) -> None:
    made = weights(tmp_path, Hub(), offline=True)
    broken = tmp_path / "small.pt"
    broken.write_bytes(b"no checkpoint")

    results = {(name, engine): problem for name, engine, problem in made.check()}

    assert results.pop(("small", OPENAI_WHISPER))
    assert results == {(DEMO, OPENAI_WHISPER): "", (DEMO, FASTER_WHISPER): ""}
