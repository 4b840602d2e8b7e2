"""The message that is edited while recordings are worked on, and the short one that announces their results."""

from collections.abc import Iterator, Sequence

from aiogram.types import InlineKeyboardButton

from apps.bot_api.bot.render.buttons import Cancel, Retry, link, press, rows
from apps.bot_api.bot.render.measure import TEXT_LIMIT, Page, head, joined, line, tail
from apps.bot_api.bot.render.models import Item, Shown
from apps.bot_api.bot.render.shop import buy_button
from apps.bot_api.bot.texts import Markup, Texts, visible
from stenogram.errors import CATALOG
from stenogram.services.runs import Problem

CELLS = 12
DRAFT_UNITS = 240  # four lines or so on a phone: Telegram would fold more, and hide the newest words
ERROR_UNITS = 600
ALBUM_ERROR_UNITS = 200
_SOON_SECONDS = 8.0
_TOO_LARGE, _TOO_LITTLE_TIME = "telegram.too_large", "quota.exceeded"


def status(
    texts: Texts,
    items: Sequence[Item],
    *,
    can_cancel: bool = True,
    upload_url: str | None = None,
    sells: bool = False,
) -> Shown:
    """How far the recordings are: of one in detail, of several (an album) a line each.

    ``upload_url``: our page where a file can be sent that Telegram does not hand out; only in private chats, where it
    opens as WebApp. ``sells``: more time can be bought here. Raises ValueError without items.
    """
    if not items:
        raise ValueError("a status needs at least one recording")
    if len(items) > 1:
        return _several(texts, items, can_cancel)
    return _one(texts, items[0], can_cancel, upload_url, sells)


def headline(texts: Texts, items: Sequence[Item]) -> Markup:
    """What is sent first when the result comes as a new message: good to read in a notification."""
    if len(items) > 1:
        return _headline_of_several(texts, items)
    item, name = items[0], line(items[0].name)
    if item.state == "cancelled":
        return texts("headline-cancelled")
    if item.state == "failed":
        return texts("headline-failed", name=name) if name else texts("headline-failed-short")
    return _headline_of_done(texts, item, name)


def _headline_of_done(texts: Texts, item: Item, name: Markup) -> Markup:
    if item.duration is None:
        return texts("headline-untimed", name=name) if name else texts("headline-short")
    clock = texts.clock(item.duration)
    if name:
        return texts("headline", name=name, clock=clock)
    return texts("headline-nameless", kind=item.kind, clock=clock)


def _headline_of_several(texts: Texts, items: Sequence[Item]) -> Markup:
    done, failed = (sum(item.state == state for item in items) for state in ("done", "failed"))
    if done == len(items):
        return texts("headline-album", done=done)
    if done:
        return texts("headline-album-partly", done=done, count=len(items))
    return texts("headline-album-failed", count=failed) if failed else texts("headline-cancelled")


# --- one recording ---


def _one(texts: Texts, item: Item, can_cancel: bool, upload_url: str | None, sells: bool) -> Shown:
    page = Page(TEXT_LIMIT)
    page.add(_title(texts, item))
    if item.state == "failed":
        problem = item.error or Problem("internal", {})
        if problem.code == _TOO_LARGE and upload_url:
            return _too_large(texts, page, problem, upload_url)
        page.add(texts("failed", error=error(texts, problem)))
        return Shown(page.markup, rows([retry(texts, item)], [buy(texts, [item]) if sells else None]))
    page.add(joined(_progress(texts, item)))
    if item.draft.strip() and not item.ended:
        page.add(Markup(f"<blockquote>{tail(item.draft, DRAFT_UNITS)}</blockquote>"), "\n\n")
    cancel = press(texts.plain("button-cancel"), Cancel(post_id=item.post_id))
    return Shown(page.markup, rows([cancel if can_cancel and not item.ended else retry(texts, item)]))


def _too_large(texts: Texts, page: Page, problem: Problem, url: str) -> Shown:
    """For a file that Telegram keeps to itself: our page instead, by a button where Telegram can open it."""
    limit = problem.params.get("limit_mb", "?")
    button = link(texts.plain("button-upload"), url, private=True)
    way = texts("upload-page", limit_mb=limit) if button else texts("upload-address", limit_mb=limit, url=url)
    page.add(texts("failed", error=head(visible(way), ERROR_UNITS)))
    return Shown(page.markup, rows([button]))


def _title(texts: Texts, item: Item) -> Markup:
    icon, name = texts("icon", kind=item.kind), name_of(texts, item)
    if item.duration is None:
        return texts("item", icon=icon, name=name)
    return texts("item-long", icon=icon, name=name, clock=texts.clock(item.duration))


def name_of(texts: Texts, item: Item, limit: int = 64) -> Markup:
    """The recording's name as HTML, or what kind of recording it is."""
    return line(item.name, limit) or texts("nameless", kind=item.kind)


def _progress(texts: Texts, item: Item) -> Iterator[str]:
    """The lines below the title, of a recording that has not failed."""
    match item.state:
        case "running":
            yield _bar(texts, item.fraction)
            yield joined((texts("stage", stage=item.stage or ""), _left(texts, item.eta)), " · ")
        case "queued" if item.place:
            yield texts("status-queued-place", place=item.place)
        case "busy" if item.ahead:
            yield texts("status-busy-ahead", ahead=item.ahead)
        case "fetching" if item.kind == "link":
            yield texts("status-fetching-link")
        case _:
            yield texts(f"status-{item.state}")


def percent(fraction: float) -> int:
    """Whole percent, rounded down; 100 stays for what is done."""
    return min(99, max(0, int(fraction * 100)))


def _bar(texts: Texts, fraction: float) -> Markup:
    full = min(CELLS, max(0, round(fraction * CELLS)))
    return texts("bar", bar="▰" * full + "▱" * (CELLS - full), percent=percent(fraction))


def _left(texts: Texts, eta: float | None) -> str:
    if eta is None:
        return ""
    if eta < _SOON_SECONDS:
        return texts("left-moments")
    rounded = max(10, round(eta / 10) * 10) if eta < 55 else max(60, eta)
    return texts("left", span=texts.span(rounded))


# --- several ---


def _several(texts: Texts, items: Sequence[Item], can_cancel: bool) -> Shown:
    page = Page(TEXT_LIMIT)
    done = sum(item.state == "done" for item in items)
    page.add(texts("album", count=len(items), done=done))
    page.add(_bar(texts, sum(1.0 if item.ended else item.fraction for item in items) / len(items)))
    entries(texts, page, [_line(texts, number, item) for number, item in enumerate(items, 1)], "\n")
    if all(item.ended for item in items):
        return Shown(page.markup, None)
    cancel = press(texts.plain("button-cancel-all"), Cancel(post_id=items[0].post_id, whole=True))
    return Shown(page.markup, rows([cancel] if can_cancel else []))


def entries(texts: Texts, page: Page, pieces: Sequence[Markup], separator: str) -> int:
    """Put as many entries of a list on the page as fit, and how many are left out; their number is returned."""
    reserved = 40  # units for the line that says how many are left out
    page.reserve(reserved)
    count = 0
    for count, piece in enumerate(pieces):
        if not page.add(piece, separator if count else "\n\n"):
            break
    else:
        count = len(pieces)
    page.reserve(-reserved)
    if count < len(pieces):
        page.add(texts("album-more", count=len(pieces) - count))
    return count


def _line(texts: Texts, number: int, item: Item) -> Markup:
    name = name_of(texts, item, 48)
    match item.state:
        case "done":
            return texts("album-line-done", number=number, name=name)
        case "failed":
            problem = item.error or Problem("internal", {})
            return texts("album-line-failed", number=number, name=name, error=error(texts, problem, ALBUM_ERROR_UNITS))
        case "running":
            state = texts("line-running", stage=item.stage or "", percent=percent(item.fraction))
        case "queued":
            state = texts("line-queued", place=item.place or 0)
        case "cancelled":
            state = texts("status-cancelled-line")
        case _:
            state = texts(f"line-{item.state}")
    return texts("album-line", number=number, name=name, state=state)


# --- errors ---


def error(texts: Texts, problem: Problem, limit: int = ERROR_UNITS) -> Markup:
    """What went wrong and what to do about it, as HTML of at most ``limit`` units."""
    params = {name: value[:limit] if isinstance(value, str) else value for name, value in problem.params.items()}
    return head(visible(texts.error(problem.code, params)), limit)


def retry(texts: Texts, item: Item, number: int | None = None) -> InlineKeyboardButton | None:
    """A button that tries a failed or cancelled recording again, where that can help; with its number in a list."""
    code = item.error.code if item.error else "internal"
    known = CATALOG.get(code)
    if item.state == "cancelled" and number is None:
        return press(texts.plain("button-restart"), Retry(post_id=item.post_id))
    if item.state != "failed" or (known and not known.retryable):
        return None
    label = texts.plain("button-retry") if number is None else texts.plain("button-retry-number", number=number)
    return press(label, Retry(post_id=item.post_id))


def buy(texts: Texts, items: Sequence[Item]) -> InlineKeyboardButton | None:
    """A button to the shop, where more time would have helped."""
    short = any(item.error is not None and item.error.code == _TOO_LITTLE_TIME for item in items)
    return buy_button(texts) if short else None
