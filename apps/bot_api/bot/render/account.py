"""What a person is told of their account: what they have used, what is kept of them, and what goes when they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardButton
from babel.dates import format_date

from apps.bot_api.bot.render.buttons import Forget, press, rows
from apps.bot_api.bot.render.measure import joined
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.texts import Markup, Texts
from stenogram.services.quotas import Allowance, Day
from stenogram.services.users import Preferences
from stenogram.settings import Settings, SummarySettings

WEEK = 7
CELLS = 10
_GEMINI, _OPENAI = "generativelanguage.googleapis.com", "api.openai.com"


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes with an account. ``seconds`` are of recordings, ``packs`` of paid or granted time."""

    recordings: int
    seconds: float
    packs: float


def usage(texts: Texts, has: Allowance, days: Sequence[Day], zone: ZoneInfo, now: datetime) -> Shown:
    """What is left, and the last seven days as bars."""
    chart = _chart(texts, {one.day: max(0.0, one.seconds) for one in days}, now.astimezone(zone).date())
    return Shown(joined((joined(_balance(texts, has, zone)), joined((texts("usage-week"), *chart))), "\n\n"))


def _balance(texts: Texts, has: Allowance, zone: ZoneInfo) -> list[Markup]:
    used = texts.span(has.used)
    if has.unlimited:
        return [texts("usage-unlimited", used=used)]
    resets = texts.moment(has.resets_at, zone, year=False)
    daily, left = texts.span(has.daily), texts.span(has.left_today)
    lines = [
        texts("usage-today", used=used, daily=daily, left=left),
        texts("usage-resets", when=resets),
    ]
    if has.packs:
        key = "usage-packs" if has.packs > 0 else "usage-debt"
        lines.append(texts(key, packs=texts.span(abs(has.packs))))
    return [*lines, texts("usage-plan", plan=has.plan)]


def _chart(texts: Texts, seconds: dict[date, float], today: date) -> list[Markup]:
    days = [today - timedelta(days=back) for back in range(WEEK - 1, -1, -1)]
    most = max((seconds.get(day, 0.0) for day in days), default=0.0)
    return [_bar(texts, day, seconds.get(day, 0.0), most) for day in days]


def _bar(texts: Texts, day: date, seconds: float, most: float) -> Markup:
    full = max(1, round(seconds / most * CELLS)) if seconds else 0
    name = f"{format_date(day, 'EEE', texts.language)} {day.day:2}"
    bar = "█" * full + "░" * (CELLS - full)
    return texts("usage-day", day=name, bar=bar, amount=texts.span(seconds) if seconds else "")


def privacy(texts: Texts, settings: Settings, wanted: Preferences) -> Shown:
    """As this installation is set."""
    remote = summary_host(settings.summary)
    where = [
        texts("privacy-where", store=settings.blobs.backend, telegram="own" if settings.telegram.local else "cloud"),
        texts("privacy-summary", host=remote) if remote else texts("privacy-no-summary"),
    ]
    uploads = texts.span(settings.limits.upload_expiry_hours * 3600)
    kept = texts("privacy-long", keep=wanted.keep, uploads=uploads)
    support = settings.telegram.support
    asked = [texts("privacy-support", support=support)] if support else []
    parts = (texts("privacy-what"), joined(where), kept, texts("privacy-delete"), *asked)
    return Shown(joined(parts, "\n\n"))


def summary_host(summary: SummarySettings) -> str | None:
    """To whom texts go for their summaries, as ``engine`` and its keys say; None: to nobody."""
    if summary.engine == "extractive":
        return None
    if summary.openai_base_url:
        return urlsplit(summary.openai_base_url).hostname or summary.openai_base_url
    if summary.openai_api_key:
        return _OPENAI
    return _GEMINI if summary.gemini_api_key else None


def forget_first(texts: Texts) -> Shown:
    """The first question."""
    go = press(texts.plain("button-forget"), Forget(step=1))
    return Shown(texts("forget-question"), rows([go], [_stay(texts)]))


def forget_second(texts: Texts, goes: Belongings) -> Shown:
    """The second, which says what will be gone."""
    count = texts.plain("count-recordings", count=goes.recordings)
    lines = [texts("forget-recordings", recordings=count, span=texts.span(goes.seconds))]
    if goes.packs > 0:
        lines.append(texts("forget-packs", packs=texts.span(goes.packs)))
    lines.append(texts("forget-rest"))
    text = joined((texts("forget-sure"), joined(lines), texts("forget-stays")), "\n\n")
    sure = press(texts.plain("button-forget-sure", recordings=count), Forget(step=2))
    return Shown(text, rows([sure], [_stay(texts)]))


def _stay(texts: Texts) -> InlineKeyboardButton:
    return press(texts.plain("button-stay"), Forget(step=0))
