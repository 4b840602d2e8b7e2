"""The fakes, but the real summariser over HTTP: ``OPENAI_BASE_URL`` is the address of the stand-in for a model."""

from stenogram.engines.llm import make_summarizer
from stenogram.pipeline.ports import Summarizer
from stenogram.pipeline.stage import RunOptions
from stenogram.settings import load_settings
from tests.fakes.engines import FakeEngines


class RemoteEngines(FakeEngines):
    def summarizer(self, options: RunOptions) -> Summarizer:
        return make_summarizer(load_settings().summary, "openai")
