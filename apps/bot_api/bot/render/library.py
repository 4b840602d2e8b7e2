"""A person's recordings as pages: the list of them, what a search finds in them, and quotations of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardButton

from apps.bot_api.bot.render.buttons import Ask, Open, Page, chunks, press, rows
from apps.bot_api.bot.render.measure import TEXT_LIMIT, head, line
from apps.bot_api.bot.render.measure import Page as Sheet
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.texts import Markup, Texts
from stenogram.services import search
from stenogram.services.search import Found, Hit, Listed, Part

HISTORY, SEARCH = "history", "search"
"""Names of the lists whose pages are turned."""

HISTORY_SIZE, SEARCH_SIZE = 8, 5
"""Recordings on a page."""

_FRAGMENT_UNITS = 260
_BOLD = 6  # words of one fragment: Telegram formats at most a hundred pieces of a message


def history(texts: Texts, listed: Sequence[Listed], total: int, page: int, zone: ZoneInfo, now: datetime) -> Shown:
    """``page`` counts from 0; ``now`` tells which dates need a year."""
    if not total:
        return Shown(texts("history-empty"))
    sheet = Sheet(TEXT_LIMIT)
    sheet.add(texts("history-title", recordings=texts.plain("count-recordings", count=total)))
    for number, one in enumerate(listed, 1):
        sheet.add(_listed(texts, number, one, zone, now), "\n\n")
    ids = [one.recording.id for one in listed]
    find = press(texts.plain("button-search"), Ask())
    return Shown(
        sheet.markup, rows(*chunks(_openers(texts, ids), 4), _turn(texts, HISTORY, page, total, HISTORY_SIZE), [find])
    )


def _listed(texts: Texts, number: int, one: Listed, zone: ZoneInfo, now: datetime) -> Markup:
    recording = one.recording
    name = line(recording.title) or texts("nameless", kind="audio")
    sign = texts("history-sign", state=one.run.state if one.run else "none")
    facts = [_date(texts, recording.created_at, zone, now)]
    if recording.duration is not None:
        facts.append(texts.clock(recording.duration))
    return texts("history-line", number=number, name=name, sign=sign, facts=Markup(" · ".join(facts)))


def _date(texts: Texts, moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    return texts.moment(moment, zone, year=moment.astimezone(zone).year != now.astimezone(zone).year)


def _openers(texts: Texts, ids: Sequence[UUID]) -> list[InlineKeyboardButton]:
    return [
        press(texts.plain("button-number", number=number), Open(recording_id=one)) for number, one in enumerate(ids, 1)
    ]


def _turn(texts: Texts, of: str, page: int, total: int, size: int) -> list[InlineKeyboardButton | None]:
    """The row that turns pages; none where there is one page."""
    pages = pages_of(total, size)
    if pages < 2:
        return []
    back = press(texts.plain("button-previous"), Page(of=of, number=page - 1)) if page else None
    here = press(texts.plain("button-page", page=page + 1, pages=pages), Page(of=of, number=page))
    on = press(texts.plain("button-next"), Page(of=of, number=page + 1)) if page + 1 < pages else None
    return [back, here, on]


def pages_of(total: int, size: int) -> int:
    return max(1, -(-total // size))


def found(texts: Texts, query: str, result: search.Page, page: int, zone: ZoneInfo, now: datetime) -> Shown:
    """What a search has found, by recordings; or what to try where it has found nothing."""
    shown_query, again = line(query, 80), [press(texts.plain("button-search-other"), Ask())]
    if not result.total:
        words = texts("search-nothing" if result.sensible else "search-senseless", query=shown_query)
        return Shown(words, rows(again))
    sheet = Sheet(TEXT_LIMIT)
    count = texts.plain("count-recordings", count=result.total)
    sheet.add(texts("search-title", query=shown_query, recordings=count))
    for number, one in enumerate(result.found, 1):
        _add_found(texts, sheet, number, one, _date(texts, one.created_at, zone, now))
    ids = [one.recording_id for one in result.found]
    turn = _turn(texts, SEARCH, page, result.total, SEARCH_SIZE)
    return Shown(sheet.markup, rows(_openers(texts, ids), turn, again))


def _add_found(texts: Texts, sheet: Sheet, number: int, one: Found, date: str) -> None:
    title = _marked(one.title, "u", 80) or texts("nameless", kind="audio")
    sheet.add(texts("search-line", number=number, name=title, date=date), "\n\n")
    for hit in one.hits:
        sheet.add(texts("search-hit", clock=texts.clock(hit.start), text=_marked(hit.fragment, "b", _FRAGMENT_UNITS)))
    if one.times > len(one.hits):
        sheet.add(texts("search-more", count=one.times - len(one.hits)))


def _marked(parts: Sequence[Part], tag: str, limit: int) -> Markup:
    """The parts as one line, those that were found within ``tag``; cut after ``limit`` characters."""
    pieces: list[str] = []
    left, formatted = limit, 0
    for part in parts:
        text = " ".join(part.text.split())
        before = " " if part.text[:1].isspace() and pieces else ""
        after = " " if part.text[-1:].isspace() and text else ""
        words = head(text, left)
        found = part.found and formatted < _BOLD
        formatted += found
        pieces.append(f"{before}<{tag}>{words}</{tag}>{after}" if found else f"{before}{words}{after}")
        left -= len(text)
        if left <= 0:
            break
    return Markup("".join(pieces).strip())


def plain(parts: Sequence[Part]) -> str:
    """The parts as one line of words."""
    return " ".join("".join(part.text for part in parts).split())


def quotation(texts: Texts, one: Found, hit: Hit | None) -> Markup:
    """What is posted of a recording by way of an inline query: a moment of it, else its name."""
    name = line(plain(one.title), 80) or texts("nameless", kind="audio")
    if hit is None:
        return texts("quotation-title", name=name)
    text = head(plain(hit.fragment), 1000)
    return texts("quotation", text=text, name=name, clock=texts.clock(hit.start))
