"""Time zones by the names that people know them by."""

import re
import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from babel.core import Locale, get_global

from apps.bot_api.bot.texts import LANGUAGES, texts

RUSSIAN = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
)  # fmt: skip
OTHERS = (
    "Europe/London", "Europe/Berlin", "Europe/Minsk", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Dubai", "Asia/Almaty",
    "Asia/Tashkent", "Asia/Shanghai", "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−])\s*(\d{1,2})(?::?00)?", re.IGNORECASE)
_LONGEST = 64  # characters of a place


def city(zone: str, language: str) -> str:
    """``Москва`` for ``Europe/Moscow`` in Russian; ``UTC+5`` for ``Etc/GMT-5``, whose sign is turned round."""
    if zone.startswith("Etc/GMT"):
        return f"UTC{zone.removeprefix('Etc/GMT').translate(str.maketrans('+-', '-+'))}"
    named = Locale.parse(language).time_zones
    for known in (zone, _former().get(zone, "")):
        if name := named.get(known, {}).get("city"):
            return str(name)
    return zone.rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=1)
def _former() -> dict[str, str]:
    """Under the name that a zone had before, CLDR has its city."""
    return {str(present): str(before) for before, present in get_global("zone_aliases").items()}


def offset(zone: str, now: datetime) -> str:
    """``UTC+3``, ``UTC+5:30``, ``UTC`` at this moment; the sign is a real minus."""
    given = now.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    minutes = round(given.total_seconds() / 60) if given else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def find(place: str) -> str | None:
    """The IANA name for what somebody typed: such a name, a city in any of our languages, or ``UTC+5``."""
    if match := _OFFSET.fullmatch(place.strip()):
        return _fixed(match[1], int(match[2]))
    return _known().get(_plain(place[:_LONGEST]))


def _fixed(sign: str, hours: int) -> str | None:
    name = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
    return name if name in zoneinfo.available_timezones() else None


def _plain(place: str) -> str:
    return re.sub(r"[\s_\-–]+", " ", place).strip().lower().replace("ё", "е")


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Places of which several zones are named go to the first."""
    found: dict[str, str] = {}
    for zone in (*RUSSIAN, *OTHERS, *sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})):
        for name in _names(zone):
            found.setdefault(_plain(name), zone)
    for zone, name in _cities():
        found.setdefault(_plain(name), zone)
    return found


def _cities() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for line in texts(language).plain("place-cities").splitlines():
            zone, _, names = line.partition(":")
            yield from ((zone.strip(), name) for name in names.split(","))


def _names(zone: str) -> Iterator[str]:
    yield zone
    if zone.startswith(("Etc/", "posix", "right", "SystemV")):
        return
    yield zone.rpartition("/")[2]
    for language in LANGUAGES:
        yield city(zone, language)
