"""How work grows with what it is given: a ratio, which says the same on any machine."""

import time
from collections.abc import Callable

_TRIES = 3


def growth(small: Callable[[], object], large: Callable[[], object]) -> float:
    """Processor time of the larger work, in that of the smaller; of each its best, since what else runs only adds."""
    few, many = (min(_seconds(work) for _ in range(_TRIES)) for work in (small, large))
    return many / few


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
