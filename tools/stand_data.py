"""What a stand shows: the example meetings and a recording of five hours, as if the service had made them of late.

Words and times are those of the examples' own scripts, so they are true of the sound. The long recording is both
meetings, a little faster, over and over: 45,000 words in 4,500 segments, Russian and English by turns.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.pipeline.ports import Loudness, MediaFacts
from stenogram.pipeline.preprocess import Prepared
from stenogram.pipeline.stage import STAGES, RunOptions, Stage
from stenogram.services import recordings
from stenogram.settings import LimitSettings
from stenogram.speech.minutes import ActionItem, Keyphrase, Minutes, SpeakerSentiment, Statement
from stenogram.speech.transcript import Region, Segment, Turn, Word
from stenogram.storage import artifacts
from stenogram.storage.models import DeadLetter, Run, SegmentRow, SpeakerRow, StageRun, TranscriptRow
from stenogram.storage.repositories import Recordings, Runs, Transcripts
from stenogram.storage.vault import Vault

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LONG_WORDS, LONG_SEGMENTS = 45_000, 4_500
LONG_SECONDS = 5 * 3600
_RATE = 8_000  # Hz; enough for a waveform
_PEAKS_PER_SECOND = 50
_MOST_PEAKS = 8_000


@dataclass(frozen=True, slots=True)
class Meeting:
    """One recording with what was said in it. ``peaks`` are 50 a second."""

    title: str
    media: Path
    duration: float
    language: str
    segments: tuple[Segment, ...]
    speakers: tuple[tuple[str, str | None], ...]  # label, name
    peaks: tuple[float, ...]


def example(language: str) -> Meeting:
    """An example meeting: a segment for every line of its script."""
    media = EXAMPLES / f"meeting-{language}.ogg"
    names, segments = _scripted(language)
    peaks = _peaks(media)
    title = {"ru": "Планёрка: поставки и чертёж", "en": "Weekly meeting: supplies"}[language]
    return Meeting(title, media, len(peaks) / _PEAKS_PER_SECOND, language, segments, names, peaks)


def _scripted(language: str) -> tuple[tuple[tuple[str, str | None], ...], tuple[Segment, ...]]:
    words = iter(json.loads((EXAMPLES / f"meeting-{language}.words.json").read_text()))
    labels: dict[str, str] = {}
    segments = []
    for number, line in enumerate((EXAMPLES / f"meeting-{language}.txt").read_text().splitlines(), 1):
        name, _, text = line.partition(": ")
        said = tuple(_word(*word) for word in islice(words, len(text.split())))
        label = labels.setdefault(name, f"S{len(labels) + 1}")
        segments.append(Segment(f"s{number:05}", said[0].start, said[-1].end, said, label))
    return tuple((label, name) for name, label in labels.items()), tuple(segments)


def _word(text: str, start: float, end: float) -> Word:
    """Every word of some lengths is doubtful, so that there is something to look at: the same at each start."""
    doubtful = sum(map(ord, text)) % 11 == 0
    return Word(f" {text}", start, end, 0.42 if doubtful else 0.97)


def long_meeting(folder: Path) -> Meeting:
    """Five hours out of two examples; the sound (WebM, it seeks) is made in ``folder``."""
    parts = [example("ru"), example("en")]
    plain = parts[0].duration + parts[1].duration
    count = sum(len(segment.words) for part in parts for segment in part.segments)
    period = LONG_SECONDS * count / LONG_WORDS  # seconds of both meetings together, sped up
    loop = _joined(parts, plain / period, folder / "loop.webm")
    times = -(-LONG_WORDS // count)
    media = folder / "long.webm"
    _ffmpeg("-stream_loop", str(times - 1), "-i", loop, "-c", "copy", "-cues_to_front", "1", media)
    duration = _seconds(media)
    words = islice(_repeated(parts, plain, duration / times), LONG_WORDS)
    peaks = _peaks(loop) * times
    names: tuple[str | None, ...] = ("Виктор", "Елена", None, "Kevin", "Anna", None)
    return Meeting(
        "Стратегическая сессия на пять часов (Q3 strategy)",
        media,
        duration,
        "ru",
        tuple(_cut(words, LONG_WORDS // LONG_SEGMENTS)),
        tuple((f"S{number}", name) for number, name in enumerate(names, 1)),
        peaks,
    )


def _joined(parts: Sequence[Meeting], tempo: float, target: Path) -> Path:
    inputs = [argument for part in parts for argument in ("-i", part.media)]
    graph = f"[0][1]concat=n=2:v=0:a=1,atempo={tempo:.6f}"
    _ffmpeg(*inputs, "-filter_complex", graph, "-ac", "1", "-c:a", "libopus", "-b:a", "20k", target)
    return target


def _repeated(parts: Sequence[Meeting], plain: float, period: float) -> Iterator[tuple[str, Word]]:
    """(speaker, word) for ever; times are those of the sped-up loops."""
    scale = period / plain
    begin = 0.0
    for part, shift in cycle(zip(parts, (0, 3), strict=True)):  # six voices: three speak Russian, three English
        for segment in part.segments:
            speaker = f"S{int((segment.speaker or 'S1')[1:]) + shift}"
            for word in segment.words:
                start, end = begin + word.start * scale, begin + word.end * scale
                yield speaker, replace(word, start=round(start, 3), end=round(end, 3))
        begin += part.duration * scale


def _cut(words: Iterable[tuple[str, Word]], size: int) -> Iterator[Segment]:
    group: list[tuple[str, Word]] = []
    number = 0
    for item in words:
        group.append(item)
        if len(group) == size:
            number += 1
            said = tuple(word for _, word in group)
            yield Segment(f"s{number:05}", said[0].start, said[-1].end, said, group[0][0])
            group = []


def _ffmpeg(*arguments: str | Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def _seconds(media: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(media)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def _peaks(media: Path) -> tuple[float, ...]:
    sound = _ffmpeg("-i", media, "-ac", "1", "-ar", str(_RATE), "-f", "s16le", "-")
    samples = np.abs(np.frombuffer(sound, "<i2").astype(np.float32) / 32768)
    step = _RATE // _PEAKS_PER_SECOND
    whole = samples[: samples.size // step * step].reshape(-1, step).max(axis=1)
    return tuple(round(float(peak), 3) for peak in whole)


def _prepared(meeting: Meeting) -> Prepared:
    factor = -(-len(meeting.peaks) // _MOST_PEAKS)
    peaks = tuple(max(meeting.peaks[at : at + factor]) for at in range(0, len(meeting.peaks), factor))
    facts = MediaFacts(meeting.media.suffix[1:], "opus", meeting.duration, 48_000, 1)
    return Prepared(
        meeting.duration,
        facts,
        Loudness(-23.0, -3.0, 6.0, -33.0),
        (Region(0.0, meeting.duration),),
        peaks,
        factor / _PEAKS_PER_SECOND,
    )


@dataclass(frozen=True, slots=True)
class Seeder:
    """Puts recordings into an open transaction."""

    session: AsyncSession
    vault: Vault
    limits: LimitSettings

    async def finished(self, owner: UUID, meeting: Meeting, age: timedelta = timedelta()) -> UUID:
        """A recording with media, peaks and a transcript. Its id."""
        recording_id = await self._recording(owner, meeting, age)
        run = await self._run(recording_id, "done", age)
        key = f"{recordings.run_prefix(run.id)}{Stage.PREPROCESS}.json"
        await self.vault.put(self.session, key, artifacts.dump(_prepared(meeting)), "application/json")
        await self._stages(run, {stage: "skipped" if stage == Stage.EXPORT else "done" for stage in STAGES}, key)
        run.language, run.language_probability = meeting.language, 0.98
        await self._transcript(run.id, meeting)
        return recording_id

    async def queued(self, owner: UUID, meeting: Meeting) -> UUID:
        """A recording that nobody has begun to work on."""
        recording_id = await self._recording(owner, replace(meeting, title="Ждёт своей очереди"), timedelta())
        run = await self._run(recording_id, "queued", timedelta())
        await self._stages(run, {stage: "queued" if stage == Stage.PREPROCESS else "waiting" for stage in STAGES})
        return recording_id

    async def dead(self, owner: UUID, meeting: Meeting) -> UUID:
        """A recording whose run failed for good, with its dead letter."""
        age = timedelta(days=1)
        recording_id = await self._recording(owner, replace(meeting, title="Не получилось"), age)
        run = await self._run(recording_id, "dead", age)
        run.error_code, run.error_params = "engine.failed", {"engine": "openai-whisper"}
        await self._stages(run, {stage: "dead" if stage == Stage.PREPROCESS else "cancelled" for stage in STAGES})
        self.session.add(
            DeadLetter(
                run_id=run.id, stage=Stage.PREPROCESS, attempts=4, error_code="engine.failed", error_detail="signal 11"
            )
        )
        return recording_id

    async def _recording(self, owner: UUID, meeting: Meeting, age: timedelta) -> UUID:
        kind = f"audio/{meeting.media.suffix[1:]}"
        made = await recordings.create(
            self.session, self.vault, owner, meeting.media.name, kind, _blocks(meeting.media), limits=self.limits
        )
        made.title = meeting.title
        made.created_at = datetime.now(UTC) - age
        await self.session.flush()
        facts = asdict(_prepared(meeting).facts)
        await Recordings(self.session).set_media(made.id, meeting.duration, facts)
        return made.id

    async def _run(self, recording_id: UUID, state: str, age: timedelta) -> Run:
        begun = datetime.now(UTC) - age
        over = state in ("done", "dead")
        run = Run(
            recording_id=recording_id,
            options=asdict(RunOptions(formats=())),
            state=state,
            created_at=begun,
            finished_at=begun + timedelta(minutes=2) if over else None,
        )
        return await Runs(self.session).add(run, [])

    async def _stages(self, run: Run, states: dict[Stage, str], prepared: str | None = None) -> None:
        for position, (stage, state) in enumerate(states.items()):
            row = StageRun(run_id=run.id, stage=stage.value, position=position, state=state)
            if state in ("done", "dead"):
                row.attempts, row.fraction, row.engine_seconds = 1, float(state == "done"), 12.5
                row.started_at, row.finished_at = run.created_at, run.finished_at
            row.artifact = prepared if stage == Stage.PREPROCESS else None
            self.session.add(row)
        await self.session.flush()

    async def _transcript(self, run_id: UUID, meeting: Meeting) -> None:
        turns = [Turn(segment.speaker or "S1", segment.start, segment.end) for segment in meeting.segments]
        row = TranscriptRow(
            run_id=run_id,
            duration=meeting.duration,
            language=meeting.language,
            language_probability=0.98,
            turns=[[turn.speaker, turn.start, turn.end, turn.confidence] for turn in turns],
            provenance=[["transcribe", "openai-whisper", "demo"], ["diarize", "embedded", "demo"]],
            minutes=json.loads(artifacts.dump(_minutes(meeting)))["data"],
        )
        speakers = [
            SpeakerRow(run_id=run_id, label=label, name=name, position=position)
            for position, (label, name) in enumerate(meeting.speakers)
        ]
        await Transcripts(self.session).replace(row, speakers, [_row(run_id, *item) for item in _numbered(meeting)])


def _blocks(media: Path) -> Iterator[bytes]:
    with media.open("rb") as file:
        while block := file.read(1 << 20):
            yield block


def _numbered(meeting: Meeting) -> Iterator[tuple[int, Segment]]:
    return enumerate(meeting.segments)


def _row(run_id: UUID, position: int, segment: Segment) -> SegmentRow:
    return SegmentRow(
        run_id=run_id,
        id=segment.id,
        position=position,
        speaker=segment.speaker,
        start=segment.start,
        end=segment.end,
        text=segment.text,
        words=[[word.text, word.start, word.end, word.probability] for word in segment.words],
    )


def _minutes(meeting: Meeting) -> Minutes:
    """Some sentences of the meeting itself, each with its second."""
    said = [Statement(segment.text.strip(), (segment.start,)) for segment in meeting.segments[:9]]
    first = meeting.segments[min(10, len(meeting.segments) - 1)]
    return Minutes(
        title=meeting.title,
        language=meeting.language,
        summary=tuple(said[1:4]),
        decisions=tuple(said[4:6]),
        actions=(ActionItem(first.text.strip(), (first.start,), "Елена", None),),
        keyphrases=(Keyphrase("поставка датчиков", 0.9, (meeting.segments[3].start,)),),
        sentiments=tuple(SpeakerSentiment(label, "neutral", ()) for label, _ in meeting.speakers[:2]),
        engine="extractive",
        model="demo",
    )
