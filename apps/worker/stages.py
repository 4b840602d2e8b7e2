"""What each stage needs and what it leaves: artifacts loaded, the pure stage called, its result made ready to keep."""

import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from typing import Any, ParamSpec, TypeVar

from loguru import logger
from sqlalchemy.ext.asyncio import AsyncSession

from apps.worker.blobs import AudioSink, WindowCheckpoint
from apps.worker.context import Context
from apps.worker.patience import patiently
from stenogram.errors import EngineError
from stenogram.pipeline import diarize as diarizing
from stenogram.pipeline import preprocess as preprocessing
from stenogram.pipeline import summarize as summarizing
from stenogram.pipeline import transcribe as transcribing
from stenogram.pipeline.ports import PreparedAudio
from stenogram.pipeline.preprocess import Prepared
from stenogram.pipeline.stage import Progress, RunOptions, Stage
from stenogram.services import editing, exports, quotas, recordings, transcripts, voices
from stenogram.services.chain import Claim
from stenogram.services.janitor import private_folder
from stenogram.services.runs import stored_options
from stenogram.speech.transcript import Diarization, Hypothesis, HypothesisSegment
from stenogram.speech.voiceprint import Embedding
from stenogram.storage import artifacts
from stenogram.storage.repositories import Recordings

P = ParamSpec("P")
T = TypeVar("T")
Record = Callable[[AsyncSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage leaves: its artifact, rows to write in the finishing transaction, warnings, the engine's time."""

    artifact: object
    engine_seconds: float
    records: tuple[Record, ...] = ()
    warnings: Sequence[str] = ()


@dataclass(slots=True)
class Bench:
    """Where one claimed stage is worked on. ``made`` are artifacts of earlier stages that need not be read."""

    context: Context
    claim: Claim
    progress: Progress
    made: Mapping[Stage, object] = field(default_factory=dict)
    engine_seconds: float = field(default=0.0, init=False)
    _aside: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.progress = self.aside(self.progress)

    @property
    def options(self) -> RunOptions:
        return stored_options(self.claim.options)

    @contextmanager
    def engine(self) -> Iterator[None]:
        """Counts the time inside as the engine's own, but for what went ``aside``."""
        begun = time.perf_counter() - self._aside
        try:
            yield
        finally:
            self.engine_seconds += time.perf_counter() - self._aside - begun

    def aside(self, function: Callable[P, T]) -> Callable[P, T]:
        """``function``, whose time inside ``engine`` is the service's: reading, writing, telling."""

        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self._aside += time.perf_counter() - begun

        return timed

    def read(self, use: Callable[[AsyncSession], Coroutine[Any, Any, T]]) -> T:
        """What ``use`` reads, in the worker's loop; again where the database goes away meanwhile."""

        async def call() -> T:
            async with self.context.database.at_once() as session:
                return await use(session)

        return patiently(lambda: self.context.portal.call(call))

    async def _artifact(self, session: AsyncSession, stage: Stage, kind: type[T]) -> T:
        """What an earlier stage left."""
        made = self.made.get(stage)
        if isinstance(made, kind):
            return made
        return artifacts.load(kind, await self.context.vault.read(session, self._key_of(stage)))

    def _key_of(self, stage: Stage) -> str:
        return self.claim.artifacts.get(stage) or f"{recordings.run_prefix(self.claim.run_id)}{stage}.json"

    def audio(self) -> tuple[PreparedAudio, Prepared]:
        """The prepared recording, read from the vault by range; of the run that made it, a rerun's parent maybe."""
        return self.read(self._audio)

    async def _audio(self, session: AsyncSession) -> tuple[PreparedAudio, Prepared]:
        key = f"{recordings.artifact_prefix(self._key_of(Stage.PREPROCESS))}audio.pcm"
        prepared = await self._artifact(session, Stage.PREPROCESS, Prepared)
        reader = await self.context.vault.open(session, key)
        return preprocessing.prepared_audio(prepared, self.aside(reader.read_at)), prepared

    def recognised_audio(self) -> tuple[Hypothesis, PreparedAudio, Prepared]:
        """The same, with what was recognised in it."""

        async def both(session: AsyncSession) -> tuple[Hypothesis, PreparedAudio, Prepared]:
            return await self._artifact(session, Stage.TRANSCRIBE, Hypothesis), *await self._audio(session)

        return self.read(both)


def preprocess(bench: Bench) -> Outcome:
    limits, claim = bench.context.settings.limits, bench.claim
    options = preprocessing.PreprocessOptions(
        max_seconds=limits.max_hours * 3600, min_seconds=limits.min_seconds, denoise=bench.options.denoise
    )
    with private_folder(bench.context.scratch) as folder:
        source = _plaintext(bench, folder)
        with AudioSink(bench.context, claim) as sink, bench.engine():
            engines = bench.context.engines
            prepared = preprocessing.preprocess(
                source, engines.media_tool(), engines.vad(), bench.aside(sink), options, bench.progress
            )

    async def record(session: AsyncSession) -> None:
        await Recordings(session).set_media(claim.recording_id, prepared.duration, asdict(prepared.facts))
        await quotas.settle(session, claim.recording_id, prepared.duration, bench.context.settings)

    return Outcome(prepared, bench.engine_seconds, (record,), prepared.warnings)


def _plaintext(bench: Bench, folder: Path) -> Path:
    """The recording as a real file; the one stage that needs one. The folder's owner removes it."""
    recording, reader = bench.read(
        lambda session: recordings.open_media(session, bench.context.vault, bench.claim.recording_id)
    )
    path = folder / f"source{PurePath(recording.file_name).suffix[:8]}"
    with path.open("wb") as file:
        for chunk in reader.chunks():
            file.write(chunk)
            bench.progress(0.0)
    return path


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """The two functions of ``transcribing.Checkpoint``."""

    load: Callable[[str], Sequence[HypothesisSegment] | None]
    save: Callable[[str, Sequence[HypothesisSegment]], None]


def transcribe(bench: Bench) -> Outcome:
    options, claim = bench.options, bench.claim
    audio, prepared = bench.audio()
    recognizer = bench.context.engines.recognizer(options, options.language)
    wanted = transcribing.TranscribeOptions(
        language=options.language, multilingual=options.multilingual, glossary=options.glossary
    )
    windows = WindowCheckpoint(bench.context, claim)
    checkpoint = _Checkpoint(bench.aside(windows.load), bench.aside(windows.save))
    with bench.engine():
        hypothesis = transcribing.transcribe(audio, recognizer, wanted, bench.progress, checkpoint=checkpoint)

    async def record(session: AsyncSession) -> None:
        await transcripts.save_hypothesis(session, claim.run_id, hypothesis, prepared.duration)

    return Outcome(hypothesis, bench.engine_seconds, (record,), hypothesis.notes)


def diarize(bench: Bench) -> Outcome:
    claim = bench.claim
    hypothesis, audio, prepared = bench.recognised_audio()
    diarizer = bench.context.engines.diarizer(bench.options)
    with bench.engine():
        diarization: Diarization = diarizing.diarize(
            audio, diarizer, diarizing.DiarizeOptions(speakers=bench.options.speakers), bench.progress
        )
    heard = _voices(bench, audio, diarization)

    async def record(session: AsyncSession) -> None:
        await editing.save_diarized(session, claim.run_id, hypothesis, diarization, prepared.duration)
        if heard and await voices.wanted_for(session, claim.recording_id):
            await voices.keep(session, bench.context.vault, claim.run_id, heard)

    return Outcome(diarization, bench.engine_seconds, (record,), diarization.notes)


def _voices(bench: Bench, audio: PreparedAudio, diarization: Diarization) -> Mapping[str, Embedding]:
    """What the voices sound like, where the owner wants them known again. Names can do without: a failure is logged."""
    if not bench.read(lambda session: voices.wanted_for(session, bench.claim.recording_id)):
        return {}
    try:
        with bench.engine():
            return bench.context.engines.voice_reader().read(audio, diarization.exclusive_turns)
    except EngineError as error:
        logger.warning("the voices of run {} are not kept: {}", bench.claim.run_id, error)
        return {}


def summarize(bench: Bench) -> Outcome:
    claim = bench.claim
    transcript = bench.read(lambda session: transcripts.get(session, claim.run_id))
    summarizer = bench.context.engines.summarizer(bench.options)
    with bench.engine():
        minutes = summarizing.summarize(transcript, summarizer, summarizing.SummarizeOptions(), bench.progress)

    async def record(session: AsyncSession) -> None:
        await transcripts.save_minutes(session, claim.run_id, minutes)

    return Outcome(minutes, bench.engine_seconds, (record,), minutes.notes)


def export(bench: Bench) -> Outcome:
    claim, vault = bench.claim, bench.context.vault
    readable = bench.read(lambda session: transcripts.read(session, claim.run_id))
    with bench.engine():
        files = exports.prepare(readable, bench.options.formats, bench.progress)

    async def record(session: AsyncSession) -> None:
        for name, data in files.items():
            await vault.put(session, exports.key(claim.run_id, name), data, content_type=exports.content_type(name))

    made = exports.Prepared(readable.version, exports.heading_language(readable.transcript), tuple(files))
    return Outcome(made, bench.engine_seconds, (record,))


WORK: Mapping[Stage, Callable[[Bench], Outcome]] = {
    Stage.PREPROCESS: preprocess,
    Stage.TRANSCRIBE: transcribe,
    Stage.DIARIZE: diarize,
    Stage.SUMMARIZE: summarize,
    Stage.EXPORT: export,
}
