"""For processes under libfaketime: its ``clock_nanosleep``, by which ``time.sleep`` sleeps, refuses true deadlines."""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex) -> None:
    select.select((), (), (), max(0.0, float(seconds)))


time.sleep = _sleep
