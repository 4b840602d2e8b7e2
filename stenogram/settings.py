"""Settings: nested, read once from the environment (and ``.env``) at the composition root, then passed down.

Every field has one environment variable (some an older alias); ``.env.example`` lists them all with a comment.
"""

import math
import zoneinfo
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, BeforeValidator, Field, PositiveInt, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsError(Exception):
    """The environment does not make sense; ``lines`` has one readable line per wrong field."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


class _Group(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )


def _env(*names: str) -> AliasChoices:
    return AliasChoices(*names)


def _parts(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _pairs(value: object) -> object:
    """``a:1,b:2`` as a list of pairs."""
    if not isinstance(value, str):
        return value
    return [part.strip().split(":", 1) for part in value.split(",") if part.strip()]


def _mapping(value: object) -> object:
    pairs = _pairs(value)
    return {pair[0]: pair[-1] for pair in pairs} if isinstance(pairs, list) else pairs


_Ids = Annotated[frozenset[int], NoDecode, BeforeValidator(_parts)]
_Packages = Annotated[tuple[tuple[PositiveInt, PositiveInt], ...], NoDecode, BeforeValidator(_pairs)]
"""Of seconds for Stars."""

_Plans = Annotated[dict[str, PositiveInt], NoDecode, BeforeValidator(_mapping), Field(min_length=1)]
"""Seconds of recordings a day, by name."""


class ServerSettings(_Group):
    mode: Literal["local", "production"] = Field("local", validation_alias="STENOGRAM_MODE")
    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8080, ge=1, le=65535, validation_alias="PORT")
    flower_port: int = Field(5555, ge=1, le=65535, validation_alias="FLOWER_PORT")
    public_url: str | None = Field(None, validation_alias="PUBLIC_URL")
    data_dir: Path = Field(Path(".data"), validation_alias="DATA_DIR")
    frontend_dir: Path = Field(Path("frontend/dist"), validation_alias="FRONTEND_DIR")
    log_level: Literal["TRACE", "DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", validation_alias="LOG_LEVEL")
    log_json: bool = Field(False, validation_alias="LOG_JSON")
    secret_key: SecretStr | None = Field(None, min_length=32, validation_alias="SECRET_KEY")
    session_hours: float = Field(12, gt=0, validation_alias="SESSION_HOURS")
    shutdown_seconds: float = Field(10, gt=0, validation_alias="API_SHUTDOWN_SECONDS")
    embedded: str = Field("", validation_alias="STENOGRAM_EMBEDDED")

    @property
    def url(self) -> str:
        """Where people reach the service."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def embedded_servers(self) -> tuple[str, ...]:
        """Which of ``postgresql`` and ``redis`` the supervisor has brought itself."""
        return tuple(filter(None, self.embedded.split(",")))


class DatabaseSettings(_Group):
    url: SecretStr | None = Field(None, validation_alias="DATABASE_URL")
    pool_size: int = Field(5, ge=1, validation_alias="DATABASE_POOL_SIZE")
    timeout_seconds: float = Field(10, ge=1, validation_alias="DATABASE_TIMEOUT_SECONDS")


class RedisSettings(_Group):
    url: SecretStr | None = Field(None, validation_alias="REDIS_URL")


class BlobSettings(_Group):
    backend: Literal["local", "s3"] = Field("local", validation_alias="BLOB_BACKEND")
    master_key: SecretStr | None = Field(None, validation_alias="MASTER_KEY")
    s3_endpoint: str | None = Field(None, validation_alias="S3_ENDPOINT_URL")
    s3_bucket: str = Field("stenogram", validation_alias="S3_BUCKET")
    s3_region: str = Field("us-east-1", validation_alias="S3_REGION")
    s3_access_key: SecretStr | None = Field(None, validation_alias=_env("S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"))
    s3_secret_key: SecretStr | None = Field(
        None, validation_alias=_env("S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY")
    )


class LimitSettings(_Group):
    max_upload_mb: int = Field(200, ge=1, validation_alias="MAX_UPLOAD_MB")
    max_hours: float = Field(6, gt=0, validation_alias="MAX_RECORDING_HOURS")
    min_seconds: float = Field(0.5, ge=0, validation_alias="MIN_RECORDING_SECONDS")
    upload_expiry_hours: float = Field(24, gt=0, validation_alias="UPLOAD_EXPIRY_HOURS")

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1024 * 1024


class AsrSettings(_Group):
    engine: Literal["auto", "openai-whisper", "faster-whisper"] = Field("auto", validation_alias="ASR_ENGINE")
    model: str = Field("auto", validation_alias="WHISPER_MODEL")
    preset: Literal["fast", "quality"] = Field("quality", validation_alias="ASR_PRESET")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", validation_alias="ASR_DEVICE")
    compute_type: Literal["auto", "int8", "float16", "float32"] = Field("auto", validation_alias="ASR_COMPUTE_TYPE")
    batch_size: int = Field(8, ge=1, validation_alias="ASR_BATCH_SIZE")
    idle_seconds: float = Field(600, ge=0, validation_alias="MODEL_IDLE_SECONDS")
    model_cache_dir: Path = Field(Path(".data/models"), validation_alias="MODEL_CACHE_DIR")
    offline: bool = Field(False, validation_alias="MODELS_OFFLINE")


class DiarizationSettings(_Group):
    engine: Literal["auto", "pyannote", "embedded"] = Field("auto", validation_alias="DIARIZER")
    token: SecretStr | None = Field(None, validation_alias=_env("HF_TOKEN", "PYANNOTE_TOKEN"))
    model: str = Field("pyannote/speaker-diarization-community-1", validation_alias="PYANNOTE_MODEL")


class SummarySettings(_Group):
    engine: Literal["auto", "openai", "extractive"] = Field("auto", validation_alias="SUMMARIZER")
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    openai_model: str = Field("gpt-5-mini", validation_alias="OPENAI_MODEL")
    gemini_api_key: SecretStr | None = Field(None, validation_alias="GEMINI_API_KEY")
    gemini_model: str = Field("gemini-2.5-flash", validation_alias="GEMINI_MODEL")
    context_tokens: int = Field(32_000, ge=2_000, validation_alias="LLM_CONTEXT_TOKENS")
    token_budget: int = Field(400_000, ge=1_000, validation_alias="LLM_TOKEN_BUDGET")
    timeout_seconds: float = Field(120, gt=0, validation_alias="LLM_TIMEOUT_SECONDS")
    breaker_failures: int = Field(5, ge=1, validation_alias="LLM_BREAKER_FAILURES")
    breaker_seconds: float = Field(60, gt=0, validation_alias="LLM_BREAKER_SECONDS")


class QueueSettings(_Group):
    visibility_timeout: int = Field(6 * 3600, ge=5, validation_alias="QUEUE_VISIBILITY_TIMEOUT")
    lease_seconds: float = Field(45, gt=0, validation_alias="LEASE_SECONDS")
    heartbeat_seconds: float = Field(10, gt=0, validation_alias="HEARTBEAT_SECONDS")
    reaper_seconds: float = Field(5, gt=0, validation_alias="REAPER_SECONDS")
    max_attempts: int = Field(4, ge=1, validation_alias="MAX_ATTEMPTS")
    backoff_seconds: float = Field(5, gt=0, validation_alias="RETRY_BACKOFF_SECONDS")
    backoff_max_seconds: float = Field(600, gt=0, validation_alias="RETRY_BACKOFF_MAX_SECONDS")
    cpu_time_limit: int = Field(3600, ge=1, validation_alias="CPU_TIME_LIMIT")
    gpu_time_limit: int = Field(4 * 3600, ge=1, validation_alias="GPU_TIME_LIMIT")
    llm_time_limit: int = Field(1800, ge=1, validation_alias="LLM_TIME_LIMIT")
    kill_after_seconds: int = Field(60, ge=1, validation_alias="KILL_AFTER_SECONDS")
    go_on_seconds: float = Field(1, ge=0, le=60, validation_alias="GO_ON_SECONDS")
    worker_nice: int = Field(10, ge=0, le=19, validation_alias="WORKER_NICE")
    cpu_concurrency: int = Field(1, ge=1, validation_alias="CPU_CONCURRENCY")
    janitor_seconds: float = Field(600, gt=0, validation_alias="JANITOR_SECONDS")
    republish_seconds: float = Field(30, gt=0, validation_alias="REPUBLISH_SECONDS")
    max_waiting: int = Field(100, ge=1, validation_alias="MAX_WAITING_RUNS")
    max_waiting_per_user: int = Field(25, ge=1, validation_alias="MAX_WAITING_RUNS_PER_USER")
    shutdown_seconds: float = Field(5, ge=0, validation_alias="WORKER_SHUTDOWN_SECONDS")
    engines: str = Field(
        "stenogram.engines.registry:Engines", pattern=r"^[\w.]+:\w+$", validation_alias="STENOGRAM_ENGINES"
    )
    event_stream_length: int = Field(2000, ge=10, validation_alias="EVENT_STREAM_LENGTH")

    @property
    def message_limit(self) -> int:
        """Seconds after which Celery ends what a message began: the backstop for a worker that cannot keep time itself.

        Which stages that will be is not known before, and a short one may come first (``go_on_seconds``).
        """
        return max(self.cpu_time_limit, self.gpu_time_limit, self.llm_time_limit) + math.ceil(self.go_on_seconds)

    @model_validator(mode="after")
    def _visibility_outlives_every_stage(self) -> Self:
        longest = self.message_limit
        if self.visibility_timeout <= longest:
            raise ValueError(
                f"QUEUE_VISIBILITY_TIMEOUT must be above the longest time limit and GO_ON_SECONDS, {longest} s"
            )
        if self.heartbeat_seconds * 2 > self.lease_seconds:
            raise ValueError("LEASE_SECONDS must be at least twice HEARTBEAT_SECONDS")
        return self


class TelegramSettings(_Group):
    token: SecretStr | None = Field(None, validation_alias=_env("TELEGRAM_BOT_TOKEN", "BOT_TOKEN"))
    mode: Literal["polling", "webhook"] = Field("polling", validation_alias="TELEGRAM_MODE")
    webhook_secret: SecretStr | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,256}$", validation_alias="TELEGRAM_WEBHOOK_SECRET"
    )
    api_url: str = Field("https://api.telegram.org", pattern=r"^https?://", validation_alias="TELEGRAM_API_URL")
    api_folder: Path | None = Field(None, validation_alias="TELEGRAM_API_FOLDER")
    access: Literal["open", "invite", "allow-list"] = Field("invite", validation_alias="BOT_ACCESS")
    allowed_ids: _Ids = Field(frozenset(), validation_alias="BOT_ALLOWED_IDS")
    admin_ids: _Ids = Field(frozenset(), validation_alias="BOT_ADMIN_IDS")
    updates_per_minute: int = Field(60, ge=1, validation_alias="BOT_UPDATES_PER_MINUTE")
    ring_after_seconds: float = Field(30, ge=0, validation_alias="BOT_RING_AFTER_SECONDS")
    fetch_links: bool = Field(True, validation_alias="BOT_FETCH_LINKS")
    stars_packages: _Packages = Field((), validation_alias="TELEGRAM_STARS_PACKAGES")
    support: str | None = Field(None, validation_alias="BOT_SUPPORT")

    @property
    def local(self) -> bool:
        """The Bot API server is our own: files up to 2 GB, read from its folder."""
        return self.api_folder is not None


class QuotaSettings(_Group):
    plans: _Plans = Field({"small": 60, "standard": 4 * 3600, "large": 12 * 3600}, validation_alias="QUOTA_PLANS")
    plan: str = Field("standard", validation_alias="QUOTA_PLAN")
    files_per_hour: int = Field(60, ge=1, validation_alias="QUOTA_FILES_PER_HOUR")
    timezone: str = Field("Europe/Moscow", validation_alias="DEFAULT_TIMEZONE")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.plan not in self.plans:
            raise ValueError(f"QUOTA_PLAN must be one of QUOTA_PLANS: {', '.join(self.plans)}")
        if self.timezone not in zoneinfo.available_timezones():
            raise ValueError(f"DEFAULT_TIMEZONE: there is no time zone {self.timezone!r}; see the tz database")
        return self


class Settings(_Group):
    """All groups together. Build it with ``load_settings``."""

    server: ServerSettings
    database: DatabaseSettings
    redis: RedisSettings
    blobs: BlobSettings
    limits: LimitSettings
    asr: AsrSettings
    diarization: DiarizationSettings
    summary: SummarySettings
    queue: QueueSettings
    quota: QuotaSettings
    telegram: TelegramSettings

    @model_validator(mode="after")
    def _webhook_has_an_address(self) -> Self:
        if self.telegram.token and self.telegram.mode == "webhook" and self.server.public_url is None:
            raise ValueError("PUBLIC_URL must be set when TELEGRAM_MODE is webhook: Telegram sends updates there")
        return self

    @model_validator(mode="after")
    def _no_default_secrets_in_production(self) -> Self:
        if self.server.mode == "production":
            missing = [
                name
                for name, value in (
                    ("SECRET_KEY", self.server.secret_key),
                    ("MASTER_KEY", self.blobs.master_key),
                    ("DATABASE_URL", self.database.url),
                    ("REDIS_URL", self.redis.url),
                )
                if value is None
            ]
            if missing:
                raise ValueError(f"{', '.join(missing)} must be set when STENOGRAM_MODE is production")
        return self


def load_settings() -> Settings:
    """Read every group from the environment. Raises SettingsError with one line per wrong field."""
    groups: dict[str, BaseSettings] = {}
    lines: list[str] = []
    for name, info in Settings.model_fields.items():
        group = info.annotation
        if not (isinstance(group, type) and issubclass(group, BaseSettings)):
            raise TypeError(f"settings group {name} is no settings class")
        try:
            groups[name] = group()
        except ValidationError as error:
            lines += [_line(group, item["loc"], item["msg"], item["input"]) for item in error.errors()]
    if lines:
        raise SettingsError(lines)
    try:
        return Settings.model_validate(groups)
    except ValidationError as error:
        raise SettingsError([item["msg"].removeprefix("Value error, ") for item in error.errors()]) from error


def _line(group: type[BaseSettings], loc: tuple[int | str, ...], message: str, value: object) -> str:
    message = message.removeprefix("Value error, ")
    if not loc:
        return message
    field = next((info for name, info in group.model_fields.items() if loc[0] in (name, *_names(info))), None)
    names = " or ".join(_names(field)) if field else str(loc[0])
    secret = field is not None and "SecretStr" in str(field.annotation)
    shown = "" if secret else f" (got {str(value)!r})"
    return f"{names}: {message}{shown}"


def _names(info: FieldInfo) -> list[str]:
    alias = info.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [str(alias)] if alias else []
