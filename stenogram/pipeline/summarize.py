"""Fourth stage: a transcript becomes minutes whose every statement names the seconds it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stenogram.pipeline.ports import Summarizer, SummaryRequest
from stenogram.pipeline.stage import Progress
from stenogram.speech.minutes import Minutes
from stenogram.speech.transcript import Transcript


@dataclass(frozen=True, slots=True)
class SummarizeOptions:
    """``language`` of the minutes, ISO 639-1; None: the language of the transcript."""

    language: str | None = None


def summarize(transcript: Transcript, summarizer: Summarizer, options: SummarizeOptions, progress: Progress) -> Minutes:
    """Minutes of ``transcript``. What an engine claims without a moment inside the recording is left out.

    A transcript without words gives empty minutes and never reaches the engine. Raises EngineError.
    """
    progress(0.0)
    language = options.language or transcript.language
    if not any(segment.words for segment in transcript.segments):
        minutes = _nothing_said(transcript, summarizer, language)
    else:
        minutes = summarizer.summarize(SummaryRequest(transcript, language), progress)
    progress(1.0)
    return _grounded(minutes, transcript)


def _nothing_said(transcript: Transcript, summarizer: Summarizer, language: str) -> Minutes:
    return Minutes(transcript.title, language, (), (), (), (), (), summarizer.engine, summarizer.model)


def _grounded(minutes: Minutes, transcript: Transcript) -> Minutes:
    def inside(moments: Iterable[float]) -> tuple[float, ...]:
        return tuple(sorted({at for at in moments if 0 <= at <= transcript.duration}))

    known = {speaker.label for speaker in transcript.speakers}
    return replace(
        minutes,
        title=minutes.title.strip() or transcript.title,
        summary=tuple(replace(s, at=at) for s in minutes.summary if s.text.strip() and (at := inside(s.at))),
        decisions=tuple(replace(s, at=at) for s in minutes.decisions if s.text.strip() and (at := inside(s.at))),
        actions=tuple(replace(a, at=at) for a in minutes.actions if a.text.strip() and (at := inside(a.at))),
        keyphrases=tuple(replace(k, at=at) for k in minutes.keyphrases if k.text.strip() and (at := inside(k.at))),
        sentiments=tuple(replace(s, at=at) for s in minutes.sentiments if s.speaker in known and (at := inside(s.at))),
    )
