"""People and their accounts: who is let in, and what they prefer. What administrators do is ``services.people``.

A Telegram account and a user of the service are one: whoever is let in through the bot has a user, and a user made
elsewhere (the local administrator) gets its Telegram account by opening a sign-in link in the bot.
"""

import hashlib
import re
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from stenogram.errors import InvalidOptions, StenogramError
from stenogram.pipeline import catalog
from stenogram.pipeline.stage import FORMATS, MAX_SPEAKERS, PRESETS, RunOptions
from stenogram.services import access, departures
from stenogram.settings import Settings
from stenogram.storage.models import User
from stenogram.storage.repositories import Users, clock
from stenogram.storage.user_rows import Accounts, Invites

Keep = Literal["day", "week", "forever"]
Language = Literal["ru", "en"]

_KEPT: Mapping[object, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7)}
_INVITE = re.compile(r"inv-[A-Za-z0-9_-]{32}")
_LINK = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME_LENGTH = 64  # characters; Telegram's own limit for each of its two parts


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as Telegram tells them; ``username`` without the @."""

    telegram_id: int
    name: str
    username: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a user wants for their recordings. ``keep`` holds for recordings that are taken in from then on."""

    speech: str | None = None  # ISO 639-1; None: recognised
    preset: str = "quality"
    diarize: bool = True
    speakers: int | None = None  # 1..MAX_SPEAKERS; None: counted
    denoise: bool = False
    voices: bool = False  # consent: those who speak are known again, see ``services.voices``
    keep: Keep = "forever"
    notify: bool = True  # the result of a long recording comes as a new message
    silent: bool = False  # nothing is written but the result
    export: str = "docx"


def _flag(name: str) -> Callable[[object], None]:
    def check(value: object) -> None:
        if not isinstance(value, bool):
            raise InvalidOptions("request.invalid", detail=name)

    return check


def _speech(value: object) -> None:
    if value is not None and value not in catalog.LANGUAGES:
        supported = ", ".join(sorted(catalog.LANGUAGES))
        raise InvalidOptions("options.language", language=str(value), supported=supported)


def _preset(value: object) -> None:
    if value not in PRESETS:
        raise InvalidOptions("options.preset", preset=str(value), supported=", ".join(PRESETS))


def _speakers(value: object) -> None:
    if value is not None and not (type(value) is int and 1 <= value <= MAX_SPEAKERS):
        raise InvalidOptions("options.speakers", maximum=MAX_SPEAKERS)


def _keep(value: object) -> None:
    if value not in get_args(Keep):
        raise InvalidOptions("request.invalid", detail="keep")


def _export(value: object) -> None:
    if value not in FORMATS:
        raise InvalidOptions("options.format", format=str(value), supported=", ".join(FORMATS))


_CHECKS: Mapping[str, Callable[[object], None]] = {
    **{name: _flag(name) for name in ("diarize", "denoise", "voices", "notify", "silent")},
    "speech": _speech,
    "preset": _preset,
    "speakers": _speakers,
    "keep": _keep,
    "export": _export,
}


def _valid(name: str, value: object) -> bool:
    try:
        _CHECKS[name](value)
    except (InvalidOptions, TypeError):  # TypeError: something that cannot be looked up in a set
        return False
    return True


def preferences(user: User, settings: Settings) -> Preferences:
    """What the user has set, else the defaults; what is stored and makes no sense to this version counts as not set."""
    stored = {item.name: user.preferences[item.name] for item in fields(Preferences) if item.name in user.preferences}
    valid = {name: value for name, value in stored.items() if _valid(name, value)}
    return Preferences(**{"preset": settings.asr.preset, **valid})


async def set_preference(session: AsyncSession, user: User, name: str, value: object) -> User:
    """Raises InvalidOptions: ``options.*``, or ``request.invalid`` for an unknown name or a wrong type."""
    if name not in _CHECKS:
        raise InvalidOptions("request.invalid", detail=f"unknown preference: {name}")
    try:
        _CHECKS[name](value)
    except TypeError as error:
        raise InvalidOptions("request.invalid", detail=name) from error
    return _known(await Accounts(session).prefer(user.id, name, value))


async def set_language(session: AsyncSession, user: User, language: str) -> User:
    """Of what we write to them: ``ru`` or ``en``. Raises InvalidOptions("options.language")."""
    if language not in get_args(Language):
        raise InvalidOptions("options.language", language=language, supported=", ".join(get_args(Language)))
    return await change(session, user.id, language=language)


async def set_timezone(session: AsyncSession, user: User, timezone: str | None) -> User:
    """An IANA name; None: the service's. Raises InvalidOptions("request.invalid").

    The allowance is per calendar day: whoever travels east has the next one earlier, but none of them twice.
    """
    if timezone is not None and timezone not in zoneinfo.available_timezones():
        raise InvalidOptions("request.invalid", detail=f"timezone: {timezone[:64]}")
    return await change(session, user.id, timezone=timezone)


def zone(user: User, settings: Settings) -> ZoneInfo:
    """Where the user's days begin."""
    try:
        return ZoneInfo(user.timezone or settings.quota.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):  # it went out of the tz database
        return ZoneInfo(settings.quota.timezone)


def run_options(wanted: Preferences) -> RunOptions:
    """How a recording of somebody who prefers this is worked on."""
    return RunOptions(
        language=wanted.speech,
        preset=wanted.preset,
        diarize=wanted.diarize,
        speakers=wanted.speakers,
        denoise=wanted.denoise,
        formats=tuple(dict.fromkeys((*RunOptions().formats, wanted.export))),
    )


def default_options(user: User, settings: Settings) -> RunOptions:
    """How a recording of this user is worked on where nothing else is asked for, whichever way it comes."""
    return run_options(preferences(user, settings))


def expiry(wanted: Preferences, now: datetime) -> datetime | None:
    """When a recording that is taken in now is to be destroyed. None: never. Later changes of ``keep`` change nothing
    about recordings that are there."""
    return _expiry(wanted.keep, now)


def _expiry(keep: object, now: datetime) -> datetime | None:
    lifetime = _KEPT.get(keep) if isinstance(keep, str) else None
    return now + lifetime if lifetime else None


async def expiry_of(session: AsyncSession, owner_id: UUID) -> datetime | None:
    """The same, of an owner whose row is not at hand."""
    found = await Accounts(session).keep(owner_id)
    return _expiry(*found) if found else None


async def welcome(session: AsyncSession, person: Person, settings: Settings, *, invite: str | None = None) -> User:
    """The user of this Telegram account, made at first sight, its name kept fresh. Writes only what has changed.

    Who is let in is BOT_ACCESS's to say: with ``open`` everybody; with ``allow-list`` BOT_ALLOWED_IDS and
    administrators; with ``invite`` those, who is known, and who brings an invitation (``people.make_invite``), of
    which one use is spent. Those in BOT_ADMIN_IDS always get in and are administrators as long as they are in it.

    A sign-in link (``access.make_link``) in place of the invitation attaches the Telegram account to the link's user:
    the local administrator takes the bot over with one. An account that the user had before is let go. A user that
    this Telegram account had is dropped when it owns nothing, and is a reason to refuse when it does; a refused link
    is not spent. Any other payload is passed over.

    Raises StenogramError: ``access.closed``, ``access.blocked``, ``access.invite_spent``, ``auth.link_spent``,
    ``account.exists``.
    """
    user = await Users(session).by_telegram(person.telegram_id)
    _refuse_blocked(user, person, settings)
    if invite is not None and _LINK.fullmatch(invite):
        user = await _attach(session, person, settings, user, invite)
    elif user is None:
        user = await _admit(session, person, settings, invite)
    if not _may_come(person, settings, user):
        raise StenogramError("access.closed")
    return await _refreshed(session, user, person, settings)


def _refuse_blocked(user: User | None, person: Person, settings: Settings) -> None:
    if user is not None and user.blocked_at is not None and person.telegram_id not in settings.telegram.admin_ids:
        raise StenogramError("access.blocked")


def _may_come(person: Person, settings: Settings, known: User | None) -> bool:
    telegram = settings.telegram
    if telegram.access == "open" or person.telegram_id in telegram.admin_ids | telegram.allowed_ids:
        return True
    if known is None:
        return False
    return telegram.access == "invite" or (known.role == "admin" and not known.role_by_setting)


async def _admit(session: AsyncSession, person: Person, settings: Settings, invite: str | None) -> User:
    """Make the user. Of several at once one does, and spends the invitation; the others find it made."""
    invited = settings.telegram.access == "invite" and invite is not None and _INVITE.fullmatch(invite)
    welcome_anyway = _may_come(person, settings, None)
    if not welcome_anyway and not invited:
        raise StenogramError("access.closed")
    language = "ru" if (person.language_code or "ru").lower().startswith("ru") else "en"
    made = await Accounts(session).add_telegram(person.telegram_id, language=language, **_names(person))
    if made is None:
        user = _known(await Users(session).by_telegram(person.telegram_id))
        _refuse_blocked(user, person, settings)
        return user
    if not welcome_anyway and not await Invites(session).spend(invite_hash(invite or "")):
        raise StenogramError("access.invite_spent")
    await departures.recall(session, made, settings.server)
    return made


async def _attach(session: AsyncSession, person: Person, settings: Settings, present: User | None, secret: str) -> User:
    user = await access.redeem(session, secret)
    _refuse_blocked(user, person, settings)
    if present is not None and present.id == user.id:
        return user
    if present is not None:
        await _drop(session, present, settings)
    attached = await change(session, user.id, telegram_id=person.telegram_id, unreachable_at=None)
    await departures.recall(session, attached, settings.server)
    return attached


async def _drop(session: AsyncSession, user: User, settings: Settings) -> None:
    accounts = Accounts(session)
    await accounts.lock(user.id)
    if await accounts.owns_anything(user.id):
        raise StenogramError("account.exists")
    await departures.note(session, user, settings.server)
    session.expunge(user)
    await accounts.delete(user.id)


async def _refreshed(session: AsyncSession, user: User, person: Person, settings: Settings) -> User:
    """With Telegram's names and the role that the setting gives or takes."""
    wanted: dict[str, Any] = _names(person)
    if user.name == access.LOCAL_ADMIN:
        del wanted["name"]  # by which ``stenogram link`` finds it
    named = person.telegram_id in settings.telegram.admin_ids
    if named and user.role != "admin":
        wanted |= {"role": "admin", "role_by_setting": True}
    if named and user.blocked_at is not None:
        wanted["blocked_at"] = None
    if user.role_by_setting and not named:
        wanted |= {"role": "user", "role_by_setting": False}
    changed = {name: value for name, value in wanted.items() if getattr(user, name) != value}
    return await change(session, user.id, **changed) if changed else user


def _names(person: Person) -> dict[str, str | None]:
    name = " ".join(person.name.replace("\0", "").split())[:_NAME_LENGTH]
    return {"name": name or person.username or str(person.telegram_id), "telegram_name": person.username}


async def appoint(session: AsyncSession, settings: Settings) -> None:
    """Give and take the role of administrators as BOT_ADMIN_IDS says, also of those who do not write: at the start."""
    await Accounts(session).appoint(settings.telegram.admin_ids)


def invite_hash(secret: str) -> bytes:
    """What is kept of an invitation."""
    return hashlib.sha256(secret.encode()).digest()


async def get(session: AsyncSession, user_id: UUID) -> User:
    """Raises StenogramError("not_found")."""
    return _known(await Users(session).get(user_id))


async def reachable(session: AsyncSession, user: User, can_be: bool) -> User:
    """Whether we may write to them: the person has blocked the bot, or let it write again."""
    return await change(session, user.id, unreachable_at=None if can_be else await clock(session))


async def all_reachable(session: AsyncSession) -> Sequence[User]:
    """Everybody with a Telegram account to whom the bot may write: for broadcasts."""
    return await Accounts(session).reachable()


def profile(user: User) -> dict[str, Any]:
    """Everything that is kept of the person in their row, ready for JSON."""
    return {
        "id": str(user.id),
        "name": user.name,
        "role": user.role,
        "language": user.language,
        "telegram_id": user.telegram_id,
        "telegram_name": user.telegram_name,
        "timezone": user.timezone,
        "plan": user.plan,
        "unlimited": user.unlimited,
        "created_at": user.created_at.isoformat(),
        "preferences": dict(user.preferences),
    }


async def locked(session: AsyncSession, user_id: UUID) -> User:
    """As it stands now; others wait until this transaction ends. Raises StenogramError("not_found")."""
    return _known(await Accounts(session).lock(user_id))


async def change(session: AsyncSession, user_id: UUID, **values: Any) -> User:
    """Write these columns. Raises StenogramError("not_found")."""
    return _known(await Accounts(session).change(user_id, **values))


def _known(user: User | None) -> User:
    if user is None:
        raise StenogramError("not_found", "the user is gone")
    return user
