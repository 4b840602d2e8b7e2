"""What the buttons under a result open: its summary, and who speaks in it."""

from collections.abc import Iterator

from apps.bot_api.bot.render.buttons import Speaker, chunks, press, rows
from apps.bot_api.bot.render.measure import TEXT_LIMIT, Page, joined, line
from apps.bot_api.bot.render.models import Result, Shown
from apps.bot_api.bot.render.results import name_of, speakers_heard
from apps.bot_api.bot.texts import Markup, Texts, shown
from stenogram.speech.attribution import talk_time
from stenogram.speech.minutes import ActionItem, Minutes, Statement

_POINT_UNITS = 600
_LABEL_CHARACTERS = 30


def summary(texts: Texts, result: Result) -> Shown:
    """The minutes: what was said, decided and given to do, with the moments it rests on; cut where it is too long."""
    minutes = result.minutes
    if minutes is None or not (minutes.summary or minutes.decisions or minutes.actions or minutes.keyphrases):
        return Shown(texts("summary-empty"))
    page = Page(TEXT_LIMIT)
    name = line(minutes.title or result.transcript.title, 120)
    page.add(texts("summary-title", name=name) if name else texts("result-summary"))
    for block in _blocks(texts, minutes):
        for number, piece in enumerate(block):
            if not page.add(piece, "\n" if number else "\n\n"):
                break
    return Shown(page.markup)


def _blocks(texts: Texts, minutes: Minutes) -> Iterator[list[Markup]]:
    yield [_point(texts, point) for point in minutes.summary if point.text.strip()]
    for heading, points in (
        ("summary-decisions", [_point(texts, point) for point in minutes.decisions if point.text.strip()]),
        ("summary-actions", [_action(texts, action) for action in minutes.actions if action.text.strip()]),
    ):
        if points:
            yield [joined((texts(heading), points[0])), *points[1:]]
    phrases = joined((line(phrase.text) for phrase in minutes.keyphrases[:10]), ", ")
    yield [texts("summary-keyphrases", phrases=phrases)] if phrases else []


def _point(texts: Texts, point: Statement) -> Markup:
    return _timed(texts, texts("result-point", text=line(point.text, _POINT_UNITS)), point.at)


def _action(texts: Texts, action: ActionItem) -> Markup:
    text = line(action.text, _POINT_UNITS)
    who = joined((line(action.owner or ""), line(action.due or "")), ", ")
    said = texts("summary-action", text=text, who=who) if who else texts("result-point", text=text)
    return _timed(texts, said, action.at)


def _timed(texts: Texts, said: Markup, at: tuple[float, ...]) -> Markup:
    return joined((said, f"<i>{texts.clock(at[0])}</i>" if at else ""), " ")


def speakers(texts: Texts, result: Result) -> Shown:
    """Who speaks for how long, and a button for each to be given a name."""
    transcript = result.transcript
    heard = speakers_heard(transcript)
    if len(heard) < 2:
        return Shown(texts("speakers-one" if transcript.turns else "speakers-unknown"))
    seconds = talk_time(transcript.segments)
    whole = sum(seconds.values()) or 1.0
    page = Page(TEXT_LIMIT)
    page.add(texts("speakers-title"))
    for number, label in enumerate(heard):
        name, spoken = line(name_of(texts, transcript, label)), seconds.get(label, 0.0)
        share = round(spoken / whole * 100)
        said = texts("speakers-line", name=name, share=share, clock=texts.clock(spoken))
        page.add(said, "\n" if number else "\n\n")
    page.add(texts("speakers-hint"), "\n\n")
    named = [
        press(_label(name_of(texts, transcript, speaker.label)), Speaker(run_id=result.run_id, number=number))
        for number, speaker in enumerate(transcript.speakers)
        if speaker.label in heard
    ]
    return Shown(page.markup, rows(*chunks(named, 2)))


def _label(name: str) -> str:
    """A name for a button: one line, not too wide."""
    words = " ".join(shown(name).split())
    return words if len(words) <= _LABEL_CHARACTERS else f"{words[: _LABEL_CHARACTERS - 1]}…"
