"""Embedded servers: shared by the users of one data folder, and gone when the last one was killed."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import redis

from stenogram.embedded import EmbeddedServices, Redis

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
    deadline = time.monotonic() + 30
    while psutil.pid_exists(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
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
