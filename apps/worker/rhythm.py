"""Beat by a clock that nobody sets: when the wall clock goes back an hour, the reaper must not wait for that hour."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import schedule

_STARTED, _MONOTONIC = datetime.now(UTC), time.monotonic()


def steady_now() -> datetime:
    """The time, as it would be if nobody had set the clock since this process (or its parent) began."""
    return _STARTED + timedelta(seconds=time.monotonic() - _MONOTONIC)


class Steady(schedule):
    """Every so many seconds of ``steady_now``."""

    def remaining_estimate(self, last_run_at: datetime) -> timedelta:
        """Nothing where the last time, kept by an earlier process, lies in the future."""
        left: timedelta = super().remaining_estimate(last_run_at)
        return left if left.total_seconds() <= self.seconds else timedelta(0)


def steadily(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """A beat schedule in seconds, by the steady clock."""
    return {
        name: {**entry, "schedule": Steady(float(entry["schedule"]), nowfun=steady_now)}
        for name, entry in entries.items()
    }
