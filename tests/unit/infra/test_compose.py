"""The compose files are valid, and run the same processes as `stenogram up`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INFRA = ROOT / "infra"
NAMES = (
    *("POSTGRES_PASSWORD", "REDIS_PASSWORD", "SECRET_KEY", "MASTER_KEY", "FLOWER_PASSWORD"),
    *("TELEGRAM_API_ID", "TELEGRAM_API_HASH"),
)
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
    "files",
    [["compose.yml"], *(["compose.yml", f"compose.{name}.yml"] for name in ("gpu", "observe", "telegram"))],
    ids="+".join,
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


def service(name: str, stdout: str) -> str:
    """Its part of what compose has made of the files."""
    return re.split(r"\n(?=  \S|\S)", stdout.partition(f"\n  {name}:")[2])[0]


def test_the_bot_shares_the_folder_of_a_bot_api_server_of_ones_own() -> None:
    result = config(["compose.yml", "compose.telegram.yml"], {**SECRETS, "TELEGRAM_API_URL": "https://elsewhere"})

    bot, server = service("bot-api", result.stdout), service("telegram-bot-api", result.stdout)
    assert "TELEGRAM_API_URL: http://telegram-bot-api:8081" in bot
    assert "TELEGRAM_API_FOLDER: /var/lib/telegram-bot-api" in bot
    for part in (bot, server):
        assert re.search(r"telegram:/var/lib/telegram-bot-api(:rw)?$|source: telegram$", part, re.MULTILINE)
    assert "/data" in bot


def test_the_server_s_files_belong_to_the_user_of_our_image() -> None:
    uid = re.search(r"useradd .*--uid (\d+) ", (INFRA / "docker" / "Dockerfile").read_text())
    entrypoint = (INFRA / "compose.telegram.yml").read_text()

    assert uid is not None
    assert f"telegram-bot-api:x:{uid[1]}:/' /etc/passwd" in entrypoint
    assert f"= {uid[1]} ]" in entrypoint


def test_every_setting_of_the_bot_reaches_its_container() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8").partition("# --- containers only")[0]
    names = re.findall(r"^((?:TELEGRAM|BOT|QUOTA)_\w+|DEFAULT_TIMEZONE)=", example, re.MULTILINE)
    given = {name: f"{number}" for number, name in enumerate(names, 7000)}

    bot = service("bot-api", config(["compose.yml"], {**SECRETS, **given}).stdout)
    assert len(names) > 10
    assert [name for name in names if not re.search(rf"{name}: '?\"?{given[name]}", bot)] == []


def test_the_bot_s_image_has_the_examples_that_it_offers() -> None:
    image = (INFRA / "docker" / "Dockerfile").read_text().partition("AS bot-api")[2].partition("\nFROM ")[0]

    assert "COPY examples examples" in image
    assert "examples" not in (ROOT / ".dockerignore").read_text()
