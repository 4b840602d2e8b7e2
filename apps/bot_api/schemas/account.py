"""One's own account: where one is signed in, keys for programs, settings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from apps.bot_api.schemas.common import Input, Output
from stenogram.services import identity, users
from stenogram.settings import Settings
from stenogram.storage.access_models import ApiKey, SessionRow
from stenogram.storage.models import User


class WidgetIn(Input):
    """The answer of the Telegram login widget, every field as Telegram gave it."""

    fields: dict[str, str | int] = Field(max_length=32, examples=[{"id": 1, "auth_date": 1_700_000_000, "hash": "c5…"}])


class TelegramWayOut(Output):
    bot_id: str = Field(description="What the widget calls the bot by")


class WaysOut(Output):
    """How one may sign in besides a link."""

    telegram: TelegramWayOut | None = Field(description="null: there is no bot, or no public address")


class SessionOut(Output):
    id: UUID
    way: Literal["link", "telegram", "widget"]
    client: str = Field(description="What the browser calls itself")
    current: bool = Field(description="It is the one that asks")
    created_at: datetime
    seen_at: datetime = Field(description="To five minutes")
    expires_at: datetime


class EndedOut(Output):
    ended: int


class KeyIn(Input):
    name: str = Field(min_length=1, max_length=100, examples=["Backup"])
    scope: Literal["read", "write"] = "read"
    days: int | None = Field(None, ge=1, le=3650, description="null: until it is revoked")

    @property
    def lifetime(self) -> timedelta | None:
        return timedelta(days=self.days) if self.days else None


class KeyOut(Output):
    id: UUID
    name: str
    ending: str = Field(description="The last four characters of the secret")
    scope: Literal["read", "write"]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None = Field(description="To five minutes; null: never")


class NewKeyOut(KeyOut):
    secret: str = Field(description="Told this once: only its hash is kept")


class SettingsOut(Output):
    """What the bot's /settings sets too."""

    name: str
    telegram_name: str | None
    telegram: bool = Field(description="There is a Telegram account, to which notices can go")
    language: Literal["ru", "en"] = Field(description="Of what the bot writes")
    timezone: str | None = Field(description="IANA name; null: the service's")
    service_timezone: str
    speech: str | None = Field(description="ISO 639-1; null: recognised")
    preset: Literal["fast", "quality"]
    diarize: bool
    speakers: int | None = Field(description="null: counted")
    denoise: bool
    voices: bool = Field(description="Voices are remembered, encrypted, to suggest names; false destroys those kept")
    keep: Literal["day", "week", "forever"] = Field(description="For recordings taken in from now on")
    notify: bool = Field(description="The result of a long recording comes as a new message")
    silent: bool = Field(description="The bot writes nothing but results")
    export: str = Field(examples=["docx"])


class SettingsIn(Input):
    """What is left out stays as it is."""

    language: str | None = Field(None, max_length=8)
    timezone: str | None = Field(None, max_length=64)
    speech: str | None = Field(None, max_length=16)
    preset: str | None = Field(None, max_length=32)
    diarize: bool | None = None
    speakers: int | None = None
    denoise: bool | None = None
    voices: bool | None = None
    keep: str | None = Field(None, max_length=16)
    notify: bool | None = None
    silent: bool | None = None
    export: str | None = Field(None, max_length=16)

    def given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set}


def session_out(row: SessionRow, asking: identity.Identity) -> SessionOut:
    return SessionOut(
        id=row.id,
        way=row.way,
        client=row.client,
        current=row.id == asking.session_id,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def keys_out(keys: Sequence[ApiKey]) -> list[KeyOut]:
    return [KeyOut.model_validate(key, from_attributes=True) for key in keys]


def new_key_out(key: ApiKey, secret: str) -> NewKeyOut:
    return NewKeyOut(**keys_out([key])[0].model_dump(), secret=secret)


def settings_out(user: User, settings: Settings) -> SettingsOut:
    wanted = users.preferences(user, settings)
    return SettingsOut(
        name=user.name,
        telegram_name=user.telegram_name,
        telegram=user.telegram_id is not None,
        language="en" if user.language == "en" else "ru",
        timezone=user.timezone,
        service_timezone=settings.quota.timezone,
        speech=wanted.speech,
        preset="fast" if wanted.preset == "fast" else "quality",
        diarize=wanted.diarize,
        speakers=wanted.speakers,
        denoise=wanted.denoise,
        voices=wanted.voices,
        keep=wanted.keep,
        notify=wanted.notify,
        silent=wanted.silent,
        export=wanted.export,
    )
