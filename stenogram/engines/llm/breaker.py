"""A circuit breaker for remote engines: who cannot be reached is left alone for a while instead of being waited for.

It counts HTTP exchanges that failed to reach the server or its good sense: no connection, no answer in time, 5xx, 429.
After some in a row nothing is sent to that address any more, until one exchange on trial has gone well. An answer that
is refused, wrong or out of schema proves that the server can be reached. One breaker per address in each process.
"""

import threading
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import openai
import pybreaker
from loguru import logger

QUOTA = "insufficient_quota"  # a 429 that no waiting mends: OpenAI's code for an account without money


class _Monotonic(pybreaker.CircuitMemoryStorage):
    """Remembers how long ago it opened, not when: a clock that is set back must not keep it open."""

    _opened: float | None = None

    @property
    def opened_at(self) -> datetime | None:
        if self._opened is None:
            return None
        return datetime.now(UTC) - timedelta(seconds=monotonic() - self._opened)

    @opened_at.setter
    def opened_at(self, _moment: datetime) -> None:
        self._opened = monotonic()


class _Told(pybreaker.CircuitBreakerListener):
    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,
        old_state: pybreaker.CircuitBreakerState | None,
        new_state: pybreaker.CircuitBreakerState,
    ) -> None:
        logger.warning("the circuit breaker of {} is {}", cb.name, new_state.name)


_breakers: dict[str, pybreaker.CircuitBreaker] = {}
_lock = threading.Lock()


def breaker_of(address: str, failures: int, seconds: float) -> pybreaker.CircuitBreaker:
    """The one of this process for that address: ``failures`` in a row open it for so many ``seconds``."""
    with _lock:
        if address not in _breakers:
            _breakers[address] = pybreaker.CircuitBreaker(
                fail_max=failures,
                reset_timeout=seconds,
                exclude=[lambda error: not isinstance(error, Exception)],  # a process that is ended
                listeners=[_Told()],
                state_storage=_Monotonic(pybreaker.STATE_CLOSED),
                name=address,
                throw_new_error_on_trip=False,
            )
        return _breakers[address]


def forget_all() -> None:
    """As if no address had ever been asked."""
    with _lock:
        _breakers.clear()


class CircuitOpenError(openai.OpenAIError):
    """Nothing was sent. An error of the client's own kind, which it passes on without trying again."""


class _Unwell(Exception):
    """The server has answered that it cannot answer."""

    def __init__(self, response: Any) -> None:
        self.response = response
        super().__init__(str(response.status_code))


class GuardedClient(openai.DefaultHttpxClient):
    """The openai package's own HTTP client, proxies and all, whose every exchange goes through the breaker."""

    def __init__(self, breaker: pybreaker.CircuitBreaker) -> None:
        super().__init__()
        self._breaker = breaker

    def send(self, *arguments: Any, **options: Any) -> Any:
        """Raises CircuitOpenError while the breaker is open, else what any client raises."""
        try:
            return self._breaker.call(self._exchange, *arguments, **options)
        except _Unwell as answered:
            return answered.response
        except pybreaker.CircuitBreakerError as error:
            raise CircuitOpenError("not asked: it could not be reached lately") from error

    def _exchange(self, *arguments: Any, **options: Any) -> Any:
        response = super().send(*arguments, **options)
        response.read()  # a server may hang in the middle of its answer
        if response.status_code >= 500 or (response.status_code == 429 and QUOTA not in response.text):
            raise _Unwell(response)
        return response
