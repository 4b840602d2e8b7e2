"""A part of a transcript, as people choose it."""

from dataclasses import dataclass

from stenogram.errors import InvalidOptions
from stenogram.speech.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Selection:
    """What a file or a link is limited to: seconds, or chosen segments. Empty: everything."""

    start: float | None = None
    end: float | None = None
    segment_ids: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        return self.start is None and self.end is None and not self.segment_ids

    def of(self, transcript: Transcript) -> Transcript:
        """Raises InvalidOptions("request.range") where nothing can lie between start and end."""
        start, end = self.start or 0.0, self.end
        if start < 0 or start > transcript.duration or (end is not None and end <= start):
            raise InvalidOptions("request.range", f"{self.start}..{self.end} of {transcript.duration}")
        limited = transcript.only(self.segment_ids) if self.segment_ids else transcript
        return limited.between(self.start, self.end) if self.start is not None or end is not None else limited
