from pathlib import Path

import pytest
from pydantic import SecretStr

from stenogram.engines.llm.extractive import ExtractiveSummarizer
from stenogram.engines.registry import Engines
from stenogram.engines.weights import Weights
from stenogram.errors import EngineError, InvalidOptions
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)  # no .env of the developer
    for name, value in {
        "MODEL_CACHE_DIR": str(tmp_path), "MODELS_OFFLINE": "true", "ASR_DEVICE": "cpu", "ASR_ENGINE": "auto",
        "WHISPER_MODEL": "auto", "OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "HF_TOKEN": "", "PYANNOTE_TOKEN": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Weights, "_unpack_demo", lambda self, target, engine: None)
    return load_settings()


@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
def test_a_recognizer_by_name_falls_back_to_the_demo_offline(settings: Settings, engine: str) -> None:
    recognizer = Engines(settings).recognizer(RunOptions(engine=engine))

    assert (recognizer.engine, recognizer.model) == (engine, "demo")
    assert recognizer.notes[0].startswith("demo_model:")
    assert recognizer.capabilities.languages == {"ru", "en"}


def test_a_named_model_that_is_absent_is_an_error(settings: Settings) -> None:
    with pytest.raises(EngineError, match=r"weights\.unavailable"):
        Engines(settings).recognizer(RunOptions(model="large-v3"))


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (RunOptions(engine="shazam"), "recognizer"),
        (RunOptions(diarizer="shazam"), "diarizer"),
        (RunOptions(summarizer="shazam"), "summarizer"),
    ],
)
def test_an_unknown_engine_is_refused(settings: Settings, options: RunOptions, what: str) -> None:
    with pytest.raises(InvalidOptions) as caught:
        getattr(Engines(settings), what)(options)

    assert caught.value.code == "options.engine"
    assert caught.value.params["engine"] == "shazam"


def test_an_unknown_preset_is_refused(settings: Settings) -> None:
    with pytest.raises(InvalidOptions, match=r"options\.preset"):
        Engines(settings).recognizer(RunOptions(preset="best"))


def test_without_a_key_summaries_are_extractive(settings: Settings) -> None:
    assert isinstance(Engines(settings).summarizer(RunOptions()), ExtractiveSummarizer)


def test_a_language_model_without_a_key_is_not_configured(settings: Settings) -> None:
    with pytest.raises(EngineError, match=r"engine\.not_configured"):
        Engines(settings).summarizer(RunOptions(summarizer="openai"))


def test_the_address_of_a_language_model_is_enough(settings: Settings) -> None:
    summary = settings.summary.model_copy(update={"openai_base_url": "http://127.0.0.1:1/v1"})

    assert Engines(settings.model_copy(update={"summary": summary})).summarizer(RunOptions()).engine == "openai"


def test_a_diarizer_is_made_once(settings: Settings) -> None:
    engines = Engines(settings)

    assert engines.diarizer(RunOptions(diarizer="pyannote")) is engines.diarizer(RunOptions(diarizer="pyannote"))


def test_every_vad_is_fresh(settings: Settings) -> None:
    engines = Engines(settings)

    assert engines.vad() is not engines.vad()
    assert engines.media_tool() is not None


def test_a_key_for_gemini_is_enough(settings: Settings) -> None:
    summary = settings.summary.model_copy(update={"gemini_api_key": SecretStr("key")})
    made = Engines(settings.model_copy(update={"summary": summary})).summarizer(RunOptions())
    assert (made.engine, getattr(made, "model", None)) == ("openai", summary.gemini_model)
