"""Events to a Redis that does not take them."""

from typing import Any

import pytest
import redis

from stenogram.events import Event, Publisher


def test_progress_waits_for_a_redis_that_is_away_once_and_not_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def away(pipe: "redis.client.Pipeline", *_: Any, **__: Any) -> None:
        tried.append(pipe)
        raise redis.TimeoutError

    monkeypatch.setattr(redis.client.Pipeline, "execute", away)
    publisher = Publisher("redis://127.0.0.1:1/0")
    for _ in range(5):
        publisher.publish(Event(run_id="r", type="progress", fraction=0.5))
    assert len(tried) == 1

    publisher.publish(Event(run_id="r", type="run", state="done"))  # what matters is tried all the same
    assert len(tried) == 2
    publisher.close()
