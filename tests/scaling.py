"""How work grows with what it is given: a ratio, which says the same on any machine."""

import time
from collections.abc import Callable


def growth(small: Callable[[], object], large: Callable[[], object]) -> float:
    """Processor time of the larger work, in that of the smaller."""
    few, many = _seconds(small), _seconds(large)
    return many / few


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
