"""Every message that the bot renders, with lifelike content: for the snapshots, and to be looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from apps.bot_api.bot import render
from apps.bot_api.bot.render import Item, Result, Shown
from apps.bot_api.bot.render.buttons import Again
from apps.bot_api.bot.texts import Texts
from stenogram.errors import CATALOG
from stenogram.services.runs import Problem
from stenogram.speech.minutes import ActionItem, Keyphrase, Minutes, Statement
from stenogram.speech.transcript import Speaker, Transcript, Turn
from stenogram.warnings import CATALOG as WARNINGS
from tests.transcripts import transcript

Scene = Callable[[Texts], Shown]
ID = UUID(int=7)
PAGE = "https://stenogram.example/recordings/7"
UPLOAD = "https://stenogram.example/upload"
ELSEWHERE = frozenset(
    {"request.range", "request.method", "request.media_type", "upload.offset", "upload.version", "auth.init_data"}
    | {"auth.widget", "auth.scope", "keys.too_many"}
)
"""Errors of the REST API alone: nothing that a user of the bot does can lead to them."""
PARAMS: Mapping[str, Any] = {
    "limit_mb": 20, "minimum_s": 1, "limit_h": 5, "waiting": 3, "retry_after": 240, "needed": "42:10", "left": "12:00",
    "resets_at": "12.11 00:00 MSK", "limit": 20, "reason": "404 Not Found", "engine": "whisper", "budget": 90_000,
    "detail": "no key", "model": "large-v3", "format": "pdf", "language": "xx", "supported": "ru, en", "preset": "best",
    "maximum": 10, "state": "running", "stage": "transcribe", "request_id": "5f1c9a", "plan": "pro",
    "name": "Q3",
}  # fmt: skip

NOTE = {
    "ru": "Привет! Я завтра опоздаю минут на десять, начинайте без меня. И захвати, пожалуйста, распечатки.",
    "en": "Hi! I will be about ten minutes late tomorrow, please start without me. And bring the printouts.",
}
MEETING = {
    "ru": [
        ("S1", "Доброе утро, коллеги. Давайте коротко: что у нас с релизом?"),
        ("S2", "Сборка готова, тесты прошли ночью. Осталось обновить документацию и письмо для клиентов."),
        ("S1", "Хорошо. Кто займётся письмом?"),
        ("S2", "Я подготовлю черновик до четверга."),
        ("S1", "Отлично, тогда выпускаем в пятницу утром."),
    ],
    "en": [
        ("S1", "Good morning, everybody. Let us be brief: how is the release?"),
        ("S2", "The build is ready, the tests passed at night. The documentation and the letter to clients are left."),
        ("S1", "Good. Who takes the letter?"),
        ("S2", "I will have a draft by Thursday."),
        ("S1", "Great, then we release on Friday morning."),
    ],
}
MINUTES = {
    "ru": (
        ("Сборка готова, тесты прошли.", "Осталось обновить документацию и письмо для клиентов."),
        "Релиз выходит в пятницу утром.",
        ("Подготовить черновик письма клиентам", "Борис", "до четверга"),
        ("релиз", "документация", "письмо клиентам"),
    ),
    "en": (
        ("The build is ready and the tests have passed.", "The documentation and the letter to clients are left."),
        "The release is on Friday morning.",
        ("Draft the letter to clients", "Boris", "by Thursday"),
        ("release", "documentation", "letter to clients"),
    ),
}
NAMES = {"ru": ("Планёрка", "Интервью с Анной", "Анна"), "en": ("Stand-up", "Interview with Anna", "Anna")}


def item(kind: str = "audio", **values: Any) -> Item:
    return Item(ID, kind, **values)


def meeting(texts: Texts, times: int = 1) -> Transcript:
    made = transcript(MEETING[texts.language] * times, language=texts.language, title=NAMES[texts.language][0])
    speakers = (Speaker("S1", NAMES[texts.language][2]), Speaker("S2"))
    return replace(made, duration=2530.0, speakers=speakers, turns=(Turn("S1", 0, 1), Turn("S2", 1, 2)))


def note(texts: Texts) -> Transcript:
    made = transcript([(None, NOTE[texts.language])], language=texts.language, title="voice.ogg")
    return replace(made, duration=12.4)


def minutes(texts: Texts) -> Minutes:
    said, decided, (task, owner, due), phrases = MINUTES[texts.language]
    return Minutes(
        title="",
        language=texts.language,
        summary=tuple(Statement(text, (12.0 + 60 * number,)) for number, text in enumerate(said)),
        decisions=(Statement(decided, (2400.0,)),),
        actions=(ActionItem(task, (2310.0,), owner, due),),
        keyphrases=tuple(Keyphrase(phrase, 0.9, ()) for phrase in phrases),
        sentiments=(),
        engine="openai",
        model="m",
    )


def made(transcript: Transcript, **values: Any) -> Result:
    return Result(ID, ID, transcript, **{"webapp_url": PAGE, **values})


def scenes(texts: Texts) -> Iterator[tuple[str, Shown]]:
    """Name and message, in the order in which a user may meet them."""
    yield from _statuses(texts)
    yield from _albums(texts)
    yield from _results(texts)
    yield from _menus(texts)
    yield from _problems(texts)


def _statuses(texts: Texts) -> Iterator[tuple[str, Shown]]:
    title, words = NAMES[texts.language][0], NOTE[texts.language]
    going = item(name=title, duration=2530.0, state="running", stage="transcribe", fraction=0.41, eta=194.0)
    for name, one in {
        "received voice": item("voice", duration=42.0),
        "fetching": item(name=title, state="fetching", duration=2530.0),
        "fetching link": item("link", name="podcast.mp3", state="fetching"),
        "busy": item("video_note", duration=31.0, state="busy", ahead=21),
        "busy, unknown": item("video_note", duration=31.0, state="busy"),
        "queued": item("document", name=f"{title}.m4a", state="queued", place=3),
        "queued next": item("document", name=f"{title}.m4a", state="queued", place=1),
        "queued, unknown": item("sample", state="queued"),
        "running": going,
        "running with a draft": replace(going, draft=" ".join([words] * 12)),
        "running, voice, nearly done": item("voice", duration=42.0, state="running", stage="export", fraction=1, eta=2),
        "done": item("voice", duration=42.0, state="done"),
        "cancelled": item(name=title, state="cancelled"),
    }.items():
        yield f"status: {name}", render.status(texts, [one])
    for stage in ("preprocess", "diarize", "summarize"):
        yield f"status: {stage}", render.status(texts, [replace(going, stage=stage, eta=None)])
    too_large = item("video", name="demo.mp4", state="failed", error=Problem("telegram.too_large", {"limit_mb": 20}))
    yield "status: too large", render.status(texts, [too_large], upload_url=UPLOAD)
    yield "status: too large, no page to open", render.status(texts, [too_large])
    yield "status: too large, local page", render.status(texts, [too_large], upload_url="http://localhost:8080")
    for name, items in {
        "one": [going],
        "voice": [item("voice", duration=42.0)],
        "failed": [too_large],
        "cancelled": [item(state="cancelled")],
        "album": [item(state="done")] * 3,
        "album, partly": [item(state="done"), item(state="done"), too_large],
    }.items():
        yield f"headline: {name}", Shown(render.headline(texts, items))


def _albums(texts: Texts) -> Iterator[tuple[str, Shown]]:
    title, other, _ = NAMES[texts.language]
    items = [
        item(name=title, duration=2530.0, state="done"),
        item(name=other, state="running", stage="diarize", fraction=0.72),
        item("voice", state="queued", place=2),
        item("video", name="clip.mp4", state="failed", error=Problem("media.no_audio", {})),
        item("link", state="fetching"),
        item(name="b.mp3", state="cancelled"),
    ]
    yield "album: under way", render.status(texts, items)
    failed = replace(items[2], state="failed", error=Problem("engine.failed", {"engine": "x"}))
    ended = [items[0], failed, items[3]]
    yield "album: results", render.album(texts, ended, [made(meeting(texts)), None, None])
    yield "album: all done", render.album(texts, items[:1] * 2, [made(meeting(texts)), made(note(texts), kind="voice")])


def _results(texts: Texts) -> Iterator[tuple[str, Shown]]:
    short, long = meeting(texts), meeting(texts, 4)
    yield "result: voice", render.result(texts, made(note(texts), kind="voice"))
    yield "result: voice in a group", render.result(texts, made(note(texts), kind="voice", private=False))
    yield "result: meeting", render.result(texts, made(short, minutes=minutes(texts)))
    origin = {"author": NAMES[texts.language][2], "date": "2026-11-03T11:05:00+00:00"}
    known = made(short, origin=origin, zone="Europe/Moscow", repeated=True, webapp_url=None)
    yield "result: forwarded, known, no page", render.result(texts, known)
    yield "result: folded", render.result(texts, made(long, minutes=minutes(texts)))
    yield "result: too long, opened", render.result(texts, made(meeting(texts, 30), minutes=minutes(texts)))
    yield "result: caption", render.captioned(texts, made(meeting(texts, 30), minutes=minutes(texts)))
    yield "result: caption without a summary", render.captioned(texts, made(meeting(texts, 30)))
    yield "result: no speech", render.result(texts, made(replace(note(texts), segments=()), kind="voice"))
    for code in WARNINGS:
        warned = replace(note(texts), warnings=(f"{code}:small" if code == "lighter_model" else code,))
        yield f"result: warning {code}", render.result(texts, made(warned, kind="voice"))
    yield "result: partly", render.result(texts, made(note(texts), kind="voice", partly=True))
    only = render.only_text(texts, made(short))
    assert only is not None
    yield "text only", only


def _menus(texts: Texts) -> Iterator[tuple[str, Shown]]:
    whole = made(meeting(texts), minutes=minutes(texts))
    yield "summary", render.summary(texts, whole)
    yield "summary: none", render.summary(texts, made(note(texts)))
    yield "speakers", render.speakers(texts, whole)
    yield "speakers: one", render.speakers(texts, made(replace(note(texts), turns=(Turn("S1", 0, 1),))))
    yield "speakers: unknown", render.speakers(texts, made(note(texts)))
    yield "more", Shown(texts("result-file"), render.more_keyboard(texts, ID, ID))
    yield "again", render.again(texts, Again(run_id=ID, language="de", speakers=2), NAMES[texts.language][0])
    yield "delete", Shown(texts("delete-question"), render.delete_keyboard(texts, ID))
    yield "deleted", Shown(texts("delete-done"))


def _problems(texts: Texts) -> Iterator[tuple[str, Shown]]:
    for code in sorted(CATALOG.keys() - ELSEWHERE):
        failed = item("voice", duration=42.0, state="failed", error=Problem(code, PARAMS))
        yield f"error: {code}", render.status(texts, [failed])
