"""The buttons under a result, and the small menus behind them."""

from collections.abc import Sequence
from uuid import UUID

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from apps.bot_api.bot.render.buttons import (
    EXPORTS,
    SPEAKER_CHOICES,
    Again,
    Delete,
    Export,
    Keep,
    More,
    OnlyText,
    Speakers,
    Summary,
    chunks,
    link,
    press,
    rows,
)
from apps.bot_api.bot.render.measure import line
from apps.bot_api.bot.render.models import Result, Shown
from apps.bot_api.bot.texts import Markup, Texts

FIRST_EXPORTS = 3
LANGUAGE_CHOICES: tuple[str, ...] = ("", "ru", "en")


def keyboard(texts: Texts, result: Result) -> InlineKeyboardMarkup | None:
    """The first page of a result's buttons: what most people want."""
    run_id = result.run_id
    files = _exports(run_id)
    page = link(texts.plain("button-open"), result.webapp_url, private=result.private)
    summary = press(texts.plain("button-summary"), Summary(run_id=run_id))
    more = press(texts.plain("button-more"), More(run_id=run_id))
    if not result.transcript.segments:
        return rows([page], _changes(texts, run_id, result.recording_id))
    last = [summary, more] if result.minutes and result.minutes.summary else [more]
    return rows([page], files[:FIRST_EXPORTS], [files[FIRST_EXPORTS], *last])


def more_keyboard(texts: Texts, run_id: UUID, recording_id: UUID) -> InlineKeyboardMarkup | None:
    """The second page: the other formats, and what changes the recording."""
    files = _exports(run_id)
    again, delete = _changes(texts, run_id, recording_id)
    return rows(
        [*files[FIRST_EXPORTS + 1 :], press(texts.plain("button-text"), OnlyText(run_id=run_id))],
        [press(texts.plain("button-speakers"), Speakers(run_id=run_id)), again],
        [delete, press(texts.plain("button-back"), More(run_id=run_id, shown=False))],
    )


def _changes(texts: Texts, run_id: UUID, recording_id: UUID) -> list[InlineKeyboardButton]:
    again = press(texts.plain("button-again"), Again(run_id=run_id))
    return [again, press(texts.plain("button-delete"), Delete(recording_id=recording_id))]


def _exports(run_id: UUID) -> list[InlineKeyboardButton]:
    return [press(name.upper(), Export(format=name, run_id=run_id)) for name in EXPORTS]


def delete_keyboard(texts: Texts, recording_id: UUID) -> InlineKeyboardMarkup | None:
    """The step between pressing "delete" and deleting; the question itself is ``delete-question``."""
    sure = press(texts.plain("button-delete-sure"), Delete(recording_id=recording_id, sure=True))
    return rows([sure, press(texts.plain("button-keep"), Keep(recording_id=recording_id))])


def again(texts: Texts, chosen: Again, name: str, languages: Sequence[str] = LANGUAGE_CHOICES) -> Shown:
    """The menu for running once more; ``name`` is the recording's, ``languages`` are codes, "" for automatic."""
    offered = dict.fromkeys((*languages, chosen.language))
    presets = [_choice(texts, chosen, texts.plain(f"button-{name}"), preset=name) for name in ("quality", "fast")]
    spoken = [_choice(texts, chosen, _language(texts, code), language=code) for code in offered]
    speakers = [_choice(texts, chosen, _count(texts, count), speakers=count) for count in SPEAKER_CHOICES]
    go = press(texts.plain("button-go"), chosen.model_copy(update={"go": True}))
    back = press(texts.plain("button-back"), More(run_id=chosen.run_id))
    title = texts("again-title", name=line(name))
    text = Markup(f"{title}\n\n{texts('again-hint')}")
    return Shown(text, rows(presets, *chunks(spoken, 3), speakers[:1], *chunks(speakers[1:], 4), [back, go]))


def _choice(texts: Texts, chosen: Again, label: str, **change: object) -> InlineKeyboardButton:
    picked = chosen.model_copy(update={**change, "go": False})
    marked = picked == chosen.model_copy(update={"go": False})
    return press(texts.plain("button-chosen", label=label) if marked else label, picked)


def _language(texts: Texts, code: str) -> str:
    name = texts.language_name(code)
    return name[:1].upper() + name[1:] if code else texts.plain("button-language-auto")


def _count(texts: Texts, count: int) -> str:
    return texts.plain("button-speakers-count", count=count) if count else texts.plain("button-speakers-auto")
