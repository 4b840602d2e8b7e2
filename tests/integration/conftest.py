"""Real servers for every integration test."""

from tests.servers import database, postgres_url, redis_url, servers

__all__ = ["database", "postgres_url", "redis_url", "servers"]
