"""Settings: one readable line per wrong field, aliases, and a complete .env.example."""

import re
from pathlib import Path

import pytest
from pydantic import AliasChoices

from stenogram.settings import Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
CONTAINERS_ONLY = {
    *("COMPOSE_PROJECT_NAME", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "FLOWER_PASSWORD"),
    *("TELEGRAM_API_ID", "TELEGRAM_API_HASH"),
}


def names() -> dict[str, list[str]]:
    """Every variable that is read, by its first name."""
    found: dict[str, list[str]] = {}
    for group in Settings.model_fields.values():
        for field in group.annotation.model_fields.values():  # type: ignore[union-attr]  # every group is a model
            alias = field.validation_alias
            choices = [str(choice) for choice in alias.choices] if isinstance(alias, AliasChoices) else [str(alias)]
            found[choices[0]] = choices
    return found


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for choices in names().values():
        for name in choices:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def lines_for(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    return raised.value.lines


def test_defaults_need_nothing() -> None:
    settings = load_settings()

    assert settings.server.url == "http://127.0.0.1:8080"
    assert settings.database.url is None
    assert settings.limits.max_upload_bytes == 200 * 1024 * 1024


def test_one_line_per_wrong_field_names_the_variable_and_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_for(monkeypatch, PORT="99999999", LOG_LEVEL="loud", MAX_UPLOAD_MB="many")

    assert [line.split(":")[0] for line in lines] == ["PORT", "LOG_LEVEL", "MAX_UPLOAD_MB"]
    assert "'loud'" in lines[1]


def test_a_wrong_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = lines_for(monkeypatch, SECRET_KEY="hunter2")

    assert line.startswith("SECRET_KEY")
    assert "hunter2" not in line


def test_fields_that_contradict_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "LEASE_SECONDS" in lines_for(monkeypatch, LEASE_SECONDS="5")[0]
    assert "QUEUE_VISIBILITY_TIMEOUT" in lines_for(monkeypatch, LEASE_SECONDS="60", QUEUE_VISIBILITY_TIMEOUT="60")[0]


def test_production_refuses_made_up_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = lines_for(monkeypatch, STENOGRAM_MODE="production")

    assert all(name in line for name in ("SECRET_KEY", "MASTER_KEY", "DATABASE_URL", "REDIS_URL"))


@pytest.mark.parametrize(("name", "group"), [("BOT_TOKEN", "telegram"), ("PYANNOTE_TOKEN", "diarization")])
def test_older_names_work(monkeypatch: pytest.MonkeyPatch, name: str, group: str) -> None:
    monkeypatch.setenv(name, "t0ken")

    token = getattr(load_settings(), group).token
    assert token.get_secret_value() == "t0ken"
    assert "t0ken" not in repr(load_settings())


def test_the_example_lists_every_variable_with_a_comment_and_its_default() -> None:
    written = dict(re.findall(r"^([A-Z_0-9]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))

    assert set(written) - CONTAINERS_ONLY == set(names())
    blocks = re.split(r"\n(?=#)", EXAMPLE.read_text(encoding="utf-8"))
    assert all(block.startswith("#") for block in blocks)


def test_the_example_as_it_stands_gives_the_defaults(tmp_path: Path) -> None:
    defaults = load_settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")

    assert Path.cwd() == tmp_path
    assert load_settings() == defaults
