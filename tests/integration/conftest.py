"""Real servers for every integration test."""

from tests.servers import postgres_url, redis_url, servers

__all__ = ["postgres_url", "redis_url", "servers"]
