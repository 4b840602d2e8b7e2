"""The figures of the chain in Prometheus' words, beside those of the requests."""

from collections import Counter
from collections.abc import Iterator

from anyio import fail_after
from loguru import logger
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from apps.bot_api.deps import Runtime
from stenogram.errors import StenogramError
from stenogram.services import metrics
from stenogram.services.metrics import Figures

_PATIENCE_SECONDS = 4.0


async def exposition(runtime: Runtime, requests: CollectorRegistry) -> bytes:
    """Of the process, its ``requests``, and the chain.

    Always an answer: with a database or a Redis that is away ``stenogram_chain_up`` is 0 and the rest is missing.
    """
    figures = await _collected(runtime)
    registry = CollectorRegistry()
    registry.register(_Figures(figures))
    return generate_latest(REGISTRY) + generate_latest(requests) + generate_latest(registry)


async def _collected(runtime: Runtime) -> Figures | None:
    try:
        with fail_after(_PATIENCE_SECONDS):
            async with runtime.database.session() as session:
                return await metrics.collect(session, runtime.redis)
    except (StenogramError, TimeoutError) as error:
        logger.warning("no figures of the chain: {}", error)
        return None


class _Figures:
    """A collector of one moment."""

    def __init__(self, figures: Figures | None) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("stenogram_chain_up", "1 when database and queue could be asked")
        up.add_metric([], 1.0 if self._figures else 0.0)
        yield up
        if self._figures:
            yield from _stages(self._figures)
            yield from _queues(self._figures)
            yield from _janitor(self._figures)


def _stages(figures: Figures) -> Iterator[Metric]:
    states = GaugeMetricFamily("stenogram_stages", "Stages by state", labels=["stage", "state"])
    attempts = CounterMetricFamily("stenogram_stage_attempts", "Attempts begun", labels=["stage"])
    finished = CounterMetricFamily("stenogram_stages_finished", "Stages done", labels=["stage"])
    wall = CounterMetricFamily("stenogram_stage_seconds", "Seconds from start to end of stages done", labels=["stage"])
    engine = CounterMetricFamily("stenogram_stage_engine_seconds", "Seconds of them inside engines", labels=["stage"])
    for figure in figures.stages:
        for state, count in figure.states.items():
            states.add_metric([figure.stage, state], count)
        attempts.add_metric([figure.stage], figure.attempts)
        finished.add_metric([figure.stage], figure.finished)
        wall.add_metric([figure.stage], figure.wall_seconds)
        engine.add_metric([figure.stage], figure.engine_seconds)
    yield from (states, attempts, finished, wall, engine)


def _queues(figures: Figures) -> Iterator[Metric]:
    depth = GaugeMetricFamily("stenogram_queue_depth", "Messages waiting", labels=["queue"])
    letters = GaugeMetricFamily("stenogram_dead_letters", "Open dead letters", labels=["stage"])
    for queue, waiting in figures.queue_depth.items():
        depth.add_metric([queue], waiting)
    for stage, count in figures.dead_letters.items():
        letters.add_metric([stage], count)
    unsent = GaugeMetricFamily("stenogram_outbox_unsent", "Messages committed and not yet sent")
    unsent.add_metric([], figures.unsent)
    yield from (depth, letters, unsent, *_ages(figures))


def _ages(figures: Figures) -> Iterator[Metric]:
    queued = GaugeMetricFamily("stenogram_queue_oldest_seconds", "Age of the oldest due stage", labels=["queue"])
    for queue, seconds in figures.oldest_queued.items():
        queued.add_metric([queue], seconds)
    lease = GaugeMetricFamily("stenogram_lease_oldest_seconds", "Age of the longest running stage")
    lease.add_metric([], figures.oldest_lease)
    alive = GaugeMetricFamily("stenogram_workers", "Workers that live, by the queues they serve", labels=["queues"])
    for queues, count in Counter("+".join(worker.queues) for worker in figures.workers).items():
        alive.add_metric([queues], count)
    yield from (queued, lease, alive)


def _janitor(figures: Figures) -> Iterator[Metric]:
    removed = CounterMetricFamily("stenogram_janitor_removed", "Things removed or mended", labels=["kind"])
    age = GaugeMetricFamily("stenogram_janitor_age_seconds", "Since the janitor last looked", labels=["kind"])
    failing = GaugeMetricFamily("stenogram_janitor_failing", "1 when it could not, the last time", labels=["kind"])
    for sweep in figures.sweeps:
        removed.add_metric([sweep.name], sweep.removed)
        age.add_metric([sweep.name], sweep.age)
        failing.add_metric([sweep.name], float(sweep.failed))
    yield from (removed, age, failing)
