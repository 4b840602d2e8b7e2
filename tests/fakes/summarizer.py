"""A Summarizer that quotes the first segment."""

from collections.abc import Callable
from dataclasses import dataclass

from stenogram.pipeline.ports import SummaryRequest
from stenogram.speech.minutes import Keyphrase, Minutes, Statement


@dataclass
class FakeSummarizer:
    engine: str = "fake"
    model: str = "quote"
    error: Exception | None = None  # raised instead of an answer

    def summarize(self, request: SummaryRequest, progress: Callable[[float], None]) -> Minutes:
        if self.error:
            raise self.error
        progress(0.5)
        first = next(segment for segment in request.transcript.segments if segment.words)
        quote = Statement(first.text, (first.start,))
        phrase = Keyphrase(first.words[0].text.strip(), 1.0, (first.start,))
        return Minutes(
            request.transcript.title, request.language, (quote,), (), (), (phrase,), (), self.engine, self.model
        )
