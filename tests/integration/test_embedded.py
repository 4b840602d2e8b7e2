"""Embedded servers: shared by the users of one data folder, and gone when the last one was killed."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
import redis

from stenogram.embedded import EmbeddedServices, Redis
from stenogram.errors import StorageError
from stenogram.storage.database import Database
from tests import processes

OWNER = """
import sys
from pathlib import Path
from stenogram.embedded import EmbeddedServices
servers = EmbeddedServices(Path(sys.argv[1]), postgres=False)
servers.start()
print(servers.redis_url, flush=True)
sys.stdin.read()
"""


def test_a_killed_owner_leaves_no_servers_and_no_damage(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        joined = EmbeddedServices(tmp_path, postgres=False)
        joined.start()
        assert joined.redis_url == url
        owner.kill()
        owner.wait()
    with redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
        pid = client.info("server")["process_id"]
    joined.stop()
    processes.eventually(lambda: not psutil.pid_exists(pid))
    with EmbeddedServices(tmp_path, postgres=False) as again, redis.Redis.from_url(again.redis_url) as client:
        assert client.get("kept") == b"yes"


def test_a_server_is_stopped_though_its_parent_takes_no_notice(tmp_path: Path) -> None:
    """As the guardian does it while the process that started the server waits for its turn."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        Redis(tmp_path).stop()
        with pytest.raises(redis.ConnectionError), redis.Redis.from_url(url) as client:
            client.ping()


def test_servers_that_were_killed_come_back_where_they_were(tmp_path: Path) -> None:
    with EmbeddedServices(tmp_path) as servers:
        urls = (servers.database_url, servers.redis_url)
        assert servers.heal() == []
        with redis.Redis.from_url(servers.redis_url) as client:
            client.set("kept", "yes")
            client.bgrewriteaof()  # what is written of it is on the disk before it is killed
            processes.eventually(lambda: not client.info("persistence")["aof_rewrite_in_progress"])
            killed = [psutil.Process(client.info("server")["process_id"])]
        killed.append(psutil.Process(int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])))
        for process in killed:
            process.kill()
            assert processes.is_gone(process.pid)

        def healed() -> Sequence[str]:
            try:
                return servers.heal()
            except StorageError:  # the killed postmaster's children have not noticed yet
                return ()

        assert processes.eventually(healed) == ["Postgres", "Redis"]

        assert (servers.database_url, servers.redis_url) == urls
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.get("kept") == b"yes"
        asyncio.run(answers(servers.database_url))


async def answers(url: str) -> None:
    database = Database(url)
    await database.check()
    await database.dispose()
