"""The compose files are valid, and run the same processes as `stenogram up`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

INFRA = Path(__file__).parents[3] / "infra"
NAMES = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "MASTER_KEY", "FLOWER_PASSWORD")
SECRETS = dict.fromkeys(NAMES, "x" * 40)


def compose() -> list[str] | None:
    """`docker compose` or the older `docker-compose`, None where neither is installed."""
    if (
        shutil.which("docker")
        and subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    ):
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def config(files: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = compose()
    if command is None:
        pytest.skip("neither `docker compose` nor `docker-compose` is installed")
    arguments = [part for name in files for part in ("-f", str(INFRA / name))]
    return subprocess.run(
        [*command, *arguments, "config"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "files", [["compose.yml"], ["compose.yml", "compose.gpu.yml"], ["compose.yml", "compose.observe.yml"]], ids="+".join
)
def test_compose_accepts_the_files(files: list[str]) -> None:
    result = config(files, SECRETS)

    assert result.returncode == 0, result.stderr
    for service in ("postgres", "redis", "bot-api", "worker-cpu", "worker-gpu", "worker-llm", "beat", "flower"):
        assert f"  {service}:" in result.stdout


def test_flower_is_reached_from_this_machine_only_and_its_password_is_on_no_command_line() -> None:
    result = config(["compose.yml"], {**SECRETS, "FLOWER_PASSWORD": "flowery"})

    flower = result.stdout.partition("\n  flower:")[2].partition("\n    volumes")[0]
    assert re.search(r"127\.0\.0\.1:5555:5555|host_ip: 127\.0\.0\.1", flower)
    assert re.findall(r".*flowery.*", result.stdout) == ["      FLOWER_BASIC_AUTH: admin:flowery"]


def test_no_secret_has_a_default() -> None:
    result = config(["compose.yml"], {})

    assert result.returncode != 0
    assert "set " in result.stderr
