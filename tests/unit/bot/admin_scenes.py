"""Every screen of administration and of the shop: for the snapshots, and to be looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.bot_api.bot.render import Shown, admin, album, people, shop, status
from apps.bot_api.bot.render.admin import Case, Standing
from apps.bot_api.bot.render.buttons import rows
from apps.bot_api.bot.render.people import Card
from apps.bot_api.bot.texts import Texts
from stenogram.pipeline.stage import RunOptions
from stenogram.services.dead_letters import Inspected
from stenogram.services.overview import Disk, Overview, QueueState, Unsent
from stenogram.services.payments import Package
from stenogram.services.quotas import Allowance
from stenogram.services.runs import Problem, RunView
from stenogram.services.workers import Worker
from stenogram.storage.models import DeadLetter, Payment, Recording, StageRun, User
from stenogram.storage.notice_rows import Progress
from tests.unit.bot.scenes import ID, NAMES, PARAMS, item

NOW = datetime(2026, 11, 12, 9, 30, 5, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
GB = 1024**3
HAS = Allowance("standard", False, 14400.0, 1510.0, 12890.0, 0.0, 12890.0, NOW)
TOLD: Mapping[str, Mapping[str, Any]] = {
    "notice-letters": {"count": 1},
    "notice-appointed": {},
    "notice-granted": {"amount": "5 h", "packs": "12 h"},
    "payment-received": {"added": "10 h", "left": "12 h"},
    "payment-refunded": {"stars": 400, "amount": "10 h"},
    "payment-impossible": {"stars": 400},
    "broadcast-question": {"count": 128},
    "broadcast-dropped": {},
    "people-question": {},
    "pay-terms": {},
    "alert-blocked": {},
    "alert-unblocked": {},
    "alert-appointed": {},
    "alert-dismissed": {},
    "alert-granted": {"amount": "5 h"},
    "alert-refunded": {"stars": 400},
    "alert-broadcast": {},
    "alert-replayed": {},
    "alert-discarded": {},
    "invoice-title": {"amount": "10 h"},
    "invoice-description": {"amount": "10 h"},
    "invoice-label": {"amount": "10 h"},
}
"""Messages that stand alone."""


def admin_scenes(texts: Texts) -> Iterator[tuple[str, Shown]]:
    """Name and message."""
    yield "main", admin.main(texts, Standing(1280, 3, 1, 0, invites=True))
    yield "main: trouble, open to all", admin.main(texts, Standing(1, 0, 0, 21, invites=False))
    yield from _queue(texts)
    yield from _letters(texts)
    yield from _people(texts)
    yield from _payments(texts)
    yield from _many(texts)
    yield from _shop(texts)
    for key, slots in TOLD.items():
        yield key, Shown(texts(key, **slots))


# --- the service ---


def _queue(texts: Texts) -> Iterator[tuple[str, Shown]]:
    idle = Overview(
        at=NOW,
        queues=[QueueState(name, 0, 0, 0, 0, None) for name in ("cpu", "gpu", "llm", "dead_letter")],
        workers=[Worker("gpu@a", ("gpu",), 1, 0.0), Worker("cpu@a", ("cpu", "llm"), 2, 0.0)],
        leases=[],
        dead_letters={},
        disk=Disk(120 * GB, 512 * GB, 1834, 37 * GB),
        outbox=Unsent(0, None),
        embedded=(),
        janitor=[],
    )
    yield "queue: idle", admin.queue(texts, idle, MOSCOW)
    busy = [
        QueueState("cpu", 1, 1, 0, 0, 0.2),
        QueueState("gpu", 12, 11, 1, 2, 312.0),
        QueueState("llm", 0, 0, 0, 1, None),
    ]
    working = replace(idle, queues=busy, leases=[StageRun()] * 3, dead_letters={"transcribe": 2, "summarize": 1})
    yield "queue: busy", admin.queue(texts, working, MOSCOW)
    broken = replace(working, workers=[], outbox=Unsent(12, 640.0))
    yield "queue: nobody works", admin.queue(texts, broken, MOSCOW)
    yield "queue: without Redis", admin.queue(texts, replace(working, workers=None), MOSCOW)


def _letter(number: int, **values: Any) -> DeadLetter:
    given = {"stage": "transcribe", "error_code": "engine.out_of_memory", "error_detail": "CUDA out of memory <gpu 0>"}
    made = {"id": number, "run_id": ID, "attempts": 3, "created_at": NOW, **given, **values}
    return DeadLetter(**made)


def _run(state: str, error: Problem | None) -> RunView:
    return RunView(ID, ID, state, RunOptions(), (), error, (), None, None, NOW, NOW, 0.2, None)


def _letters(texts: Texts) -> Iterator[tuple[str, Shown]]:
    codes = ("engine.out_of_memory", "stage.timeout", "storage.corrupt")
    stages = ("transcribe", "diarize", "preprocess", "summarize", "export")
    many = [_letter(30 - n, stage=stages[n % 5], error_code=codes[n % 3]) for n in range(9)]
    yield "letters", admin.letters(texts, many[:2], MOSCOW, first=True)
    yield "letters: many", admin.letters(texts, many, MOSCOW, first=True)
    yield "letters: the rest", admin.letters(texts, many[:3], MOSCOW, first=False)
    yield "letters: none", admin.letters(texts, [], MOSCOW, first=True)
    title, _, name = NAMES[texts.language]
    recording = Recording(title=title, file_name="x.ogg", duration=2530.0)
    case = Case(Inspected(_letter(7), _run("dead", Problem("engine.out_of_memory", {}))), recording, User(name=name))
    yield "letter", admin.letter(texts, case, MOSCOW)
    bare = Inspected(_letter(7, stage="diarize", attempts=1, error_detail=""), _run("done_with_warnings", None))
    yield "letter: nothing known", admin.letter(texts, Case(bare, None, None), MOSCOW)
    for resolution, state in (
        ("replayed", "done"),
        ("replayed", "dead"),
        ("replayed", "running"),
        ("discarded", "dead"),
    ):
        settled = Inspected(_letter(7, resolved_at=NOW, resolution=resolution), _run(state, None))
        yield f"letter: {resolution}, {state}", admin.letter(texts, replace(case, inspected=settled), MOSCOW)


# --- people ---


def _user(texts: Texts, **values: Any) -> User:
    made = {"id": ID, "name": NAMES[texts.language][2], "role": "user", "telegram_id": 4242424242, "unlimited": False}
    return User(**{**made, "telegram_name": "anna", "created_at": NOW, **values})


def _people(texts: Texts) -> Iterator[tuple[str, Shown]]:
    anna = _user(texts)
    boss = _user(texts, id=UUID(int=8), name="x" * 80, telegram_name=None, role="admin")
    gone = _user(texts, id=UUID(int=9), name="<b>", telegram_name="gone", blocked_at=NOW, unreachable_at=NOW)
    yield "people", people.people(texts, [anna, boss, gone], 0, 3)
    yield "people: the second page", people.people(texts, [anna] * 8, 1, 100)
    yield "people: the last page", people.people(texts, [anna], 2, 17)
    yield "people: found", people.found(texts, [anna], "anna <3")
    yield "people: found too many", people.found(texts, [anna] * 9, "a")
    yield "people: not found", people.found(texts, [], "zz" * 200)
    card = Card(anna, HAS, 14, MOSCOW, named=False, oneself=False, paid=False)
    yield "person", people.person(texts, card)
    rich = replace(card, allowance=replace(HAS, packs=36000.0), paid=True, user=_user(texts, telegram_name=None))
    yield "person: with a pack", people.person(texts, rich)
    unlimited = replace(card, user=_user(texts, unlimited=True), allowance=replace(HAS, unlimited=True, packs=-600.0))
    yield "person: unlimited, in debt", people.person(texts, unlimited)
    yield "person: blocked, gone", people.person(texts, replace(card, user=gone))
    yield (
        "person: administrator",
        people.person(texts, replace(card, user=boss, allowance=replace(HAS, unlimited=True))),
    )
    yield "person: named by the settings", people.person(texts, replace(card, user=boss, named=True))
    local = _user(texts, telegram_id=None, telegram_name=None, role="admin", name="local")
    yield "person: oneself, without Telegram", people.person(texts, replace(card, user=local, oneself=True))
    yield "appoint", people.appoint(texts, anna)
    yield "plans", people.plans(texts, _user(texts, plan="large"), ["small", "standard", "large"], "standard")
    yield "hours", people.hours(texts, anna, 123456789)


def _payments(texts: Texts) -> Iterator[tuple[str, Shown]]:
    anna = _user(texts)
    paid = [
        Payment(charge_id=f"stx{n}", user_id=ID, stars=50 + n, seconds=3600 * (n + 1), created_at=NOW) for n in range(3)
    ]
    paid[1].refunded_at = NOW
    yield "payments", people.payments(texts, anna, paid, MOSCOW)
    yield "payments: many", people.payments(texts, anna, [paid[0]] * 50, MOSCOW)
    yield "refund", people.refund(texts, anna, paid[0])


def _many(texts: Texts) -> Iterator[tuple[str, Shown]]:
    for count in (0, 1, 128):
        yield f"broadcast: to {count}", Shown("x", admin.draft_keyboard(texts, 123456789, count))
    yield "broadcast: under way", admin.broadcast(texts, 1, Progress(100, 3, 25))
    yield "broadcast: over", admin.broadcast(texts, 1, Progress(125, 3, 0))
    yield "invite", admin.invite(texts)
    link = "https://t.me/stenogram_bot?start=inv-0123456789abcdef0123456789abcdef"
    for uses in (1, 10):
        yield f"invitation for {uses}", admin.invitation(texts, link, uses, NOW, MOSCOW)
    for count in (2, 5):
        yield f"notice-letters: {count}", Shown(texts("notice-letters", count=count))


# --- the shop ---


def _shop(texts: Texts) -> Iterator[tuple[str, Shown]]:
    packages = [Package(3600, 50), Package(36000, 400), Package(360000, 3000)]
    yield "shop", shop.shop(texts, packages, HAS)
    yield "shop: with a pack", shop.shop(texts, packages[:1], replace(HAS, packs=45000.0))
    yield "shop: for nothing", shop.shop(texts, packages[:1], replace(HAS, unlimited=True))
    yield "support: nobody", Shown(texts("pay-support", support="none"))
    yield "support", Shown(texts("pay-support", support="@helpdesk"))
    short = item("voice", duration=42.0, state="failed", error=Problem("quota.exceeded", PARAMS))
    yield "refused for want of time", status(texts, [short], sells=True)
    yield "refused for want of time, several", album(texts, [short, short], [None, None], sells=True)
    yield "refused for another reason", status(texts, [replace(short, error=Problem("media.empty", {}))], sells=True)
    yield "only the button", Shown("x", rows([shop.buy_button(texts)]))
