"""Whose time it is: the engine's, or the service's around it."""

from collections.abc import Sequence
from typing import cast

import pytest

from apps.worker import stages
from apps.worker.context import Context
from apps.worker.stages import Bench
from stenogram.errors import RunCancelled
from stenogram.services.chain import Claim
from stenogram.speech.transcript import HypothesisSegment


class Clock:
    """Time that passes only when told."""

    now = 100.0

    def perf_counter(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


def test_an_engine_is_not_charged_for_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(stages, "time", clock)

    def tell(fraction: float, partial: Sequence[HypothesisSegment] = ()) -> None:
        clock.passes(10)
        if fraction == 1:
            raise RunCancelled

    bench = Bench(cast(Context, None), cast(Claim, None), tell)
    write = bench.aside(clock.passes)
    write(1000)
    with bench.engine():
        clock.passes(1)
        bench.progress(0.5)
        write(100)
        clock.passes(2)
    assert bench.engine_seconds == 3
    with pytest.raises(RunCancelled):
        cancelled(bench, clock)
    assert bench.engine_seconds == 7


def cancelled(bench: Bench, clock: Clock) -> None:
    with bench.engine():
        clock.passes(4)
        bench.progress(1)
