"""The message that brings a result: the whole text where it fits, else a caption under the file with the text."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.bot_api.bot.render.measure import (
    CAPTION_LIMIT,
    ENTITY_LIMIT,
    TEXT_LIMIT,
    Page,
    head,
    joined,
    line,
    units,
)
from apps.bot_api.bot.render.menus import keyboard
from apps.bot_api.bot.render.models import Result, Shown
from apps.bot_api.bot.texts import Markup, Texts, escape, shown, visible
from stenogram.speech.transcript import Segment, Speaker, Transcript

NAMELESS = frozenset({"voice", "video_note"})
OPEN_UNITS = 1200
"""A longer text is folded up in an expandable quotation, below its summary."""
WARNING_UNITS = 300
_TURNS = ENTITY_LIMIT - 20  # of more turns no names are bold: Telegram would drop the formatting of the last
_POINTS = 5


def fits(texts: Texts, result: Result) -> bool:
    """Whether the whole text with its frame goes into one message."""
    if len(beginning(result.transcript, TEXT_LIMIT + 1)) > TEXT_LIMIT:
        return False  # and there is no need to render the words of hours
    return units(_whole(texts, result)) <= TEXT_LIMIT


def result(texts: Texts, result: Result) -> Shown:
    """The result as a message of text: the whole transcript, or a preview where it does not fit."""
    whole = fits(texts, result)
    text = _whole(texts, result) if whole else _preview(texts, result, TEXT_LIMIT, "result-buttons")
    return Shown(text, keyboard(texts, result))


def captioned(texts: Texts, result: Result) -> Shown:
    """The caption under the file with the whole text: what it is about, facts, warnings."""
    return Shown(_preview(texts, result, CAPTION_LIMIT, "result-file"), keyboard(texts, result))


def only_text(texts: Texts, result: Result) -> Shown | None:
    """The transcript without any frame, to be copied or forwarded; None where it does not fit into one message."""
    if len(beginning(result.transcript, TEXT_LIMIT + 1)) > TEXT_LIMIT:
        return None
    body = body_of(texts, result.transcript) or texts("result-empty")
    return Shown(body) if units(body) <= TEXT_LIMIT else None


# --- the parts ---


def _whole(texts: Texts, result: Result) -> Markup:
    body = body_of(texts, result.transcript)
    top, bottom = joined(frame(texts, result)), joined(warnings_of(texts, result))
    if not body:
        return joined((top, texts("result-empty"), bottom), "\n\n")
    if units(body) <= OPEN_UNITS:
        return joined((top, body, bottom), "\n\n")
    page = Page(TEXT_LIMIT - units(body) - units(top) - units(bottom) - 6)
    _points(texts, page, result)
    folded = Markup(f"<blockquote expandable>{body}</blockquote>")
    return joined((top, page.markup, folded, bottom), "\n\n")


def _preview(texts: Texts, result: Result, limit: int, where: str) -> Markup:
    page, bottom = Page(limit), Page(limit // 2)
    for warning in warnings_of(texts, result):
        bottom.add(warning)
    ending = joined((texts(where), bottom.markup), "\n\n")
    page.reserve(units(ending) + 2)
    page.add(joined(frame(texts, result)))
    if not _points(texts, page, result):
        begun = head(beginning(result.transcript, limit), min(page.room("\n\n"), limit * 2 // 3))
        page.add(Markup(f"<blockquote expandable>{begun}</blockquote>") if begun else "", "\n\n")
    page.reserve(-units(ending) - 2)
    page.add(ending, "\n\n")
    return page.markup


def frame(texts: Texts, result: Result) -> Iterator[Markup]:
    """The lines above a text: title, facts, where it was forwarded from, whether it is an old acquaintance."""
    if name := title(result):
        yield texts("result-title", name=name)
    yield joined(_facts(texts, result), " · ")
    if origin := _origin(texts, result):
        yield origin
    if result.repeated:
        yield texts("result-repeated")


def title(result: Result, limit: int = 120) -> Markup:
    """The recording's title as HTML; none for a voice or video note, whose title says nothing."""
    return Markup() if result.kind in NAMELESS else line(result.transcript.title, limit)


def _facts(texts: Texts, result: Result) -> Iterator[str]:
    transcript = result.transcript
    yield texts.clock(transcript.duration)
    if transcript.segments:
        share = round(transcript.language_probability * 100)
        yield texts("result-language", language=texts.language_name(transcript.language), percent=share)
    count = len(speakers_heard(transcript))
    yield texts("count-speakers", count=count) if count > 1 else ""


def _origin(texts: Texts, result: Result) -> Markup:
    author = line(str(result.origin.get("author") or ""))
    date = result.origin.get("date")
    moment = texts.moment(datetime.fromisoformat(str(date)), result.zone) if date else ""
    if author and moment:
        return texts("result-forwarded", author=author, moment=moment)
    if author:
        return texts("result-forwarded-author", author=author)
    return texts("result-forwarded-moment", moment=moment) if moment else Markup()


def warnings_of(texts: Texts, result: Result) -> list[Markup]:
    """What a reader should know of how the text was made, each a line of HTML."""
    notes = result.minutes.notes if result.minutes else ()
    codes = dict.fromkeys((*result.transcript.warnings, *notes))
    if not result.transcript.segments:
        codes.pop("no_speech", None)  # is said in place of the text
    said = [head(visible(texts.warning(code)), WARNING_UNITS) for code in codes]
    said = [words for words in said if words] or ([texts("result-partly")] if result.partly else [])
    return [texts("result-warning", warning=words) for words in said]


def _points(texts: Texts, page: Page, result: Result) -> bool:
    """Put the summary's first statements on the page; False where there are none, or no room for one."""
    said = [line(point.text, 400) for point in (result.minutes.summary if result.minutes else ())]
    points = [texts("result-point", text=words) for words in said if words][:_POINTS]
    if not points or not page.add(joined((texts("result-summary"), points[0])), "\n\n"):
        return False
    for point in points[1:]:
        if not page.add(point):
            break
    return True


# --- the text ---


def speakers_heard(transcript: Transcript) -> Sequence[str]:
    """Labels of those who say something, in the order in which they begin."""
    return tuple(dict.fromkeys(segment.speaker for segment in transcript.segments if segment.speaker))


def beginning(transcript: Transcript, length: int) -> str:
    """What was said first, in one paragraph without names: at least ``length`` characters, or all there is."""
    said, count = [], 0
    for segment in transcript.segments:
        if count >= length:
            break
        if text := segment.text:
            said.append(text)
            count += len(text) + 1
    return " ".join(said)


def body_of(texts: Texts, transcript: Transcript) -> Markup:
    """The transcript as HTML: paragraphs, under a name and a time where several people speak."""
    spoken = [segment for segment in transcript.segments if _said(segment)]
    if len(speakers_heard(transcript)) < 2:
        return joined((_said(segment) for segment in spoken), "\n\n")
    turns = list(_turns(spoken))
    bold = len(turns) <= _TURNS
    return joined((_turn(texts, transcript, turn, bold) for turn in turns), "\n\n")


def _said(segment: Segment) -> Markup:
    return Markup(escape(segment.text).strip())


def _turns(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Neighbours of one speaker together."""
    turn: list[Segment] = []
    for segment in segments:
        if turn and turn[0].speaker != segment.speaker:
            yield turn
            turn = []
        turn.append(segment)
    if turn:
        yield turn


def _turn(texts: Texts, transcript: Transcript, turn: Sequence[Segment], bold: bool) -> Markup:
    label, clock = turn[0].speaker, texts.clock(turn[0].start)
    paragraphs = [_said(segment) for segment in turn]
    if label is None:
        return joined((escape(clock), *paragraphs))
    heading = texts("result-turn", name=line(name_of(texts, transcript, label)), clock=clock)
    return joined((heading if bold else escape(visible(heading)), *paragraphs))


def name_of(texts: Texts, transcript: Transcript, label: str) -> str:
    """What people call the speaker, or ``Speaker 1`` in the language of the bot where that shows nothing."""
    name = (transcript.speaker(label) or Speaker(label)).display(texts.language)
    return name if shown(name).strip() else Speaker(label).display(texts.language)
