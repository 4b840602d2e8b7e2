"""The screens of administration: the state of the service, dead letters, broadcasts, invitations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import quote

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from apps.bot_api.bot.render.admin_buttons import Broadcast, Go, Invite, Letter, Screen
from apps.bot_api.bot.render.buttons import press, rows
from apps.bot_api.bot.render.measure import TEXT_LIMIT, Page, head, joined, line
from apps.bot_api.bot.render.models import Shown
from apps.bot_api.bot.texts import Markup, Texts, escape
from stenogram import errors
from stenogram.services.dead_letters import Inspected
from stenogram.services.overview import Overview, QueueState
from stenogram.storage.models import DeadLetter, Recording, User
from stenogram.storage.notice_rows import Progress

LETTERS = 8
"""On a page."""

INVITED: tuple[int, ...] = (1, 10, 100)

_DETAIL_UNITS = 700
_LATE_SECONDS = 60.0  # a message that is due leaves within seconds


@dataclass(frozen=True, slots=True)
class Standing:
    """What the first screen tells. ``invites``: people come by invitation here."""

    people: int
    waiting: int
    running: int
    letters: int
    invites: bool


def go(texts: Texts, key: str, to: Screen, page: int = 0) -> InlineKeyboardButton:
    return press(texts.plain(key), Go(to=to, page=page))


def back(texts: Texts, to: Screen = "main") -> list[InlineKeyboardButton]:
    return [go(texts, "button-back", to)]


def main(texts: Texts, now: Standing) -> Shown:
    words = texts("admin-title", people=now.people, waiting=now.waiting, running=now.running, letters=now.letters)
    letters = press(texts.plain("button-admin-letters", count=now.letters), Go(to="letters"))
    people, queue = go(texts, "button-admin-people", "people"), go(texts, "button-admin-queue", "queue")
    broadcast = go(texts, "button-admin-broadcast", "broadcast")
    invite = go(texts, "button-admin-invite", "invite") if now.invites else None
    return Shown(words, rows([queue, letters], [people, broadcast], [invite]))


# --- the queue ---


def queue(texts: Texts, seen: Overview, zone: tzinfo) -> Shown:
    """What waits and runs, who works, how much room is left, what was given up."""
    page = Page(TEXT_LIMIT)
    page.add(texts("queue-title", clock=f"{seen.at.astimezone(zone):%H:%M:%S}"))
    page.add(joined(_waiting(texts, seen)), "\n\n")
    page.add(joined(_means(texts, seen)), "\n\n")
    letters = sum(seen.dead_letters.values())
    more = press(texts.plain("button-admin-letters", count=letters), Go(to="letters")) if letters else None
    return Shown(page.markup, rows([go(texts, "button-refresh", "queue"), more], back(texts)))


def _waiting(texts: Texts, seen: Overview) -> Iterator[Markup]:
    busy = [state for state in seen.queues if state.due or state.delayed or state.running]
    yield from (_queue(texts, state) for state in busy)
    if not busy:
        yield texts("queue-none")
    if seen.outbox.oldest_seconds is not None and seen.outbox.oldest_seconds > _LATE_SECONDS:
        yield texts("queue-unsent", count=seen.outbox.count, span=texts.span(seen.outbox.oldest_seconds))


def _queue(texts: Texts, state: QueueState) -> Markup:
    name, waiting = texts("queue-name", queue=state.name), state.due + state.delayed
    if state.oldest_seconds is None or state.oldest_seconds < 1:
        return texts("queue-line", name=name, waiting=waiting, running=state.running)
    span = texts.span(state.oldest_seconds)
    return texts("queue-line-old", name=name, waiting=waiting, running=state.running, span=span)


def _means(texts: Texts, seen: Overview) -> Iterator[Markup]:
    if seen.workers is None:
        yield texts("queue-workers-unknown")
    elif not seen.workers:
        yield texts("queue-workers-none")
    else:
        yield texts("queue-workers", count=len(seen.workers), busy=len(seen.leases))
    disk = seen.disk
    yield texts("queue-disk", free=texts.size(disk.free), total=texts.size(disk.total))
    yield texts("queue-files", count=disk.files, size=texts.size(disk.stored))
    if letters := sum(seen.dead_letters.values()):
        yield texts("queue-letters", count=letters)


# --- dead letters ---


def letters(texts: Texts, found: Sequence[DeadLetter], zone: tzinfo, *, first: bool) -> Shown:
    """``found`` has one more than a page shows, if there is a next one; ``first``: these are the newest."""
    if not found:
        return Shown(texts("letters-none"), rows(back(texts)))
    here = found[:LETTERS]
    each = [[press(_label(texts, letter, zone), Letter(id=letter.id))] for letter in here]
    newest = None if first else go(texts, "button-first", "letters")
    older = go(texts, "button-older", "letters", here[-1].id) if len(found) > LETTERS else None
    return Shown(texts("letters-title"), rows(*each, [newest, older], back(texts)))


def _label(texts: Texts, letter: DeadLetter, zone: tzinfo) -> str:
    when = texts.moment(letter.created_at, zone, year=False)
    return texts.plain("button-letter", stage=letter.stage, when=when, code=letter.error_code)


@dataclass(frozen=True, slots=True)
class Case:
    """A dead letter, and whose recording it is about; None for what is gone."""

    inspected: Inspected
    recording: Recording | None
    owner: User | None


def letter(texts: Texts, case: Case, zone: tzinfo) -> Shown:
    """Where it broke, how often it was tried, with what error, and what can be done."""
    found, run = case.inspected.letter, case.inspected.run
    page = Page(TEXT_LIMIT)
    page.add(texts("letter-title", stage=found.stage))
    page.add(joined(_about(texts, case, zone)), "\n\n")
    page.add(texts("letter-error", code=found.error_code, error=_error(texts, case)), "\n\n")
    if found.error_detail.strip():
        page.add(Markup(f"<blockquote expandable>{head(found.error_detail, _DETAIL_UNITS)}</blockquote>"))
    if found.resolved_at is not None:
        page.add(texts("letter-resolved", resolution=found.resolution or "discarded", state=run.state), "\n\n")
        return Shown(page.markup, rows(back(texts, "letters")))
    replay = press(texts.plain("button-replay"), Letter(id=found.id, do="replay"))
    discard = press(texts.plain("button-discard"), Letter(id=found.id, do="discard"))
    return Shown(page.markup, rows([replay, discard], back(texts, "letters")))


def _about(texts: Texts, case: Case, zone: tzinfo) -> Iterator[Markup]:
    found, recording = case.inspected.letter, case.recording
    if recording is not None:
        name = line(recording.title or recording.file_name)
        yield texts("letter-recording", name=name, clock=texts.clock(recording.duration or 0.0))
    if case.owner is not None:
        yield texts("letter-owner", name=line(case.owner.name))
    yield texts("letter-attempts", count=found.attempts, when=texts.moment(found.created_at, zone))
    yield texts("letter-run", id=found.run_id.hex[:8])


def _error(texts: Texts, case: Case) -> Markup:
    """What happened, in the first sentence of the catalogue; the others say what people are to do about it.

    Filled in as far as the run still knows with what.
    """
    found, error = case.inspected.letter, case.inspected.run.error
    params = error.params if error is not None and error.code == found.error_code else {}
    happened, dot, _ = errors.render(found.error_code, params, texts.language).partition(". ")
    return escape(happened + dot.strip())


# --- a text to everybody ---


def draft_keyboard(texts: Texts, number: int, count: int) -> InlineKeyboardMarkup | None:
    """Under the text as everybody will see it."""
    send = press(texts.plain("button-broadcast-send", count=count), Broadcast(number=number, do="send"))
    drop = press(texts.plain("button-broadcast-drop"), Broadcast(number=number, do="drop"))
    return rows([send] if count else [], [drop])


def broadcast(texts: Texts, number: int, progress: Progress) -> Shown:
    """How far it has come."""
    sent, failed, waiting = progress.sent, progress.failed, progress.waiting
    words = texts("broadcast-progress", count=sent + failed + waiting, sent=sent, failed=failed, waiting=waiting)
    refresh = press(texts.plain("button-refresh"), Broadcast(number=number, do="progress"))
    return Shown(words, rows([refresh] if waiting else []))


# --- invitations ---


def invite(texts: Texts) -> Shown:
    choices = [press(texts.plain("button-invite", count=uses), Invite(uses=uses)) for uses in INVITED]
    return Shown(texts("invite-title"), rows(choices, back(texts)))


def invitation(texts: Texts, link: str, uses: int, until: datetime, zone: tzinfo) -> Shown:
    """A message of its own: to be forwarded, or sent on by the button."""
    words = texts("invite-link", link=link, count=uses, until=texts.moment(until, zone))
    share = InlineKeyboardButton(text=texts.plain("button-share"), url=f"https://t.me/share/url?url={quote(link, '')}")
    return Shown(words, rows([share]))
