"""What messages are made of, and that Telegram takes them whatever people say and however they call their files."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bot_api.bot import render
from apps.bot_api.bot.render import Item, Result, Shown, buttons, measure
from apps.bot_api.bot.texts import LANGUAGES, Texts, escape, texts, visible
from stenogram.errors import CATALOG
from stenogram.pipeline.stage import STAGES
from stenogram.services.runs import Problem
from stenogram.speech.minutes import ActionItem, Keyphrase, Minutes, Statement
from stenogram.speech.transcript import Segment, Speaker, Transcript, Word
from stenogram.warnings import CATALOG as WARNINGS
from tests.telegram_stub import entities
from tests.transcripts import transcript
from tests.unit.bot.checks import check, drawn
from tests.unit.bot.scenes import ID, PAGE, PARAMS, item, made, meeting, minutes, note

RUSSIAN = texts("ru")

# --- whatever people say ---

NASTY = st.sampled_from(
    [
        "<b>&\"'", "&amp;", "&lt;", "</blockquote>", "🙂", "👩‍👩‍👧‍👦", "\x00\x1f", "\ud83d", "\u202e", "\ue0000\ue001",
        "{ $x }", "@user_name", "https://example.com/?a=1&b=2", "\n\n", " ", "слово", "ﷺ" * 20, "x" * 50,
    ]
)  # fmt: skip
WORDS = st.one_of(
    st.text(st.characters(), max_size=30),
    st.lists(NASTY, max_size=8).map(" ".join),
    st.lists(NASTY, max_size=8).map("".join),
)
LONG = st.builds(lambda words, times: words * times, WORDS, st.sampled_from([1, 3, 40, 400]))
SECONDS = st.floats(0, 500_000)


def _transcript(title: str, said: Sequence[tuple[int | None, str]], codes: Sequence[str], names: bool) -> Transcript:
    segments = tuple(
        Segment(f"s{at}", at, at + 0.5, (Word(f" {text}", at, at + 0.5, 0.9),), f"S{speaker}" if speaker else None)
        for at, (speaker, text) in enumerate(said)
    )
    speakers = tuple(Speaker(f"S{number}", title if names else None) for number in range(1, 5))
    return Transcript(title, len(said), "ru", 0.7, segments, speakers, warnings=tuple(codes))


STATEMENTS = st.lists(st.builds(Statement, LONG, st.sampled_from([(), (3.0,), (7000.0, 8000.0)])), max_size=6).map(
    tuple
)
MINUTES = st.builds(
    Minutes,
    title=LONG,
    language=st.just("ru"),
    summary=STATEMENTS,
    decisions=STATEMENTS,
    actions=st.lists(st.builds(ActionItem, LONG, st.just((1.0,)), st.none() | LONG, st.none() | LONG)).map(tuple),
    keyphrases=st.lists(st.builds(Keyphrase, LONG, st.just(0.5), st.just(())), max_size=20).map(tuple),
    sentiments=st.just(()),
    engine=st.just("e"),
    model=st.just("m"),
    notes=st.lists(st.sampled_from([*WARNINGS, "something_new:<x>"]), max_size=3).map(tuple),
)
RESULTS = st.builds(
    Result,
    recording_id=st.uuids(),
    run_id=st.uuids(),
    transcript=st.builds(
        _transcript,
        LONG,
        st.lists(st.tuples(st.none() | st.integers(1, 4), LONG), max_size=150),
        st.lists(st.builds("{}:{}".format, st.sampled_from([*WARNINGS, "other"]), LONG), max_size=8),
        st.booleans(),
    ),
    minutes=st.none() | MINUTES,
    repeated=st.booleans(),
    private=st.just(True),
    webapp_url=st.sampled_from([None, PAGE]),
    origin=st.fixed_dictionaries({}, optional={"author": LONG, "date": st.just("2026-11-03T11:05:00+00:00")}),
    partly=st.booleans(),
    kind=st.sampled_from(["voice", "audio"]),
)
ITEMS = st.builds(
    Item,
    post_id=st.uuids(),
    kind=st.sampled_from(["voice", "audio", "video", "video_note", "document", "link", "sample"]),
    name=LONG,
    duration=st.none() | SECONDS,
    state=st.sampled_from(["received", "busy", "fetching", "queued", "running", "done", "failed", "cancelled"]),
    place=st.none() | st.integers(1, 10**6),
    ahead=st.none() | st.integers(0, 10**6),
    stage=st.none() | st.sampled_from([stage.value for stage in STAGES]),
    fraction=st.floats(-0.1, 1.1),
    eta=st.none() | SECONDS,
    draft=LONG,
    error=st.none()
    | st.builds(
        Problem,
        st.sampled_from([*CATALOG, "no.such"]),
        st.dictionaries(st.sampled_from(sorted(PARAMS)), st.one_of(LONG, st.integers(-5, 10**9), st.floats(0, 1e6))),
    ),
)
ANY_LANGUAGE = st.sampled_from(LANGUAGES).map(texts)


@given(ANY_LANGUAGE, st.lists(ITEMS, min_size=1, max_size=1) | st.lists(ITEMS, min_size=2, max_size=120))
def test_telegram_takes_every_status(words: Texts, items: list[Item]) -> None:
    check(render.status(words, items, upload_url="https://example.com"))
    check(Shown(render.headline(words, items)))
    check(render.album(words, items, [None] * len(items)))


@given(ANY_LANGUAGE, RESULTS)
def test_telegram_takes_every_result(words: Texts, result: Result) -> None:
    shown = check(render.result(words, result)).text
    check(render.captioned(words, result), caption=True)
    check(render.summary(words, result))
    check(render.speakers(words, result))
    if only := render.only_text(words, result):
        check(only)
    if render.fits(words, result):
        for segment in result.transcript.segments:
            assert entities.formatted(escape(segment.text), "HTML").text in shown


@given(ANY_LANGUAGE, st.lists(st.tuples(ITEMS, st.none() | RESULTS), min_size=1, max_size=12))
def test_telegram_takes_every_album(words: Texts, both: list[tuple[Item, Result | None]]) -> None:
    check(render.album(words, [one for one, _ in both], [result for _, result in both]))


@given(LONG, st.integers(0, 300))
def test_a_cut_keeps_to_its_limit_and_to_the_text(text: str, limit: int) -> None:
    for cut, whole in ((measure.head(text, limit), str.startswith), (measure.tail(text, limit), str.endswith)):
        seen = visible(cut)
        assert measure.units(cut) <= limit
        assert whole(visible(escape(text)).strip(), seen.strip("…")) or "…" in text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_units_are_those_of_telegram(text: str) -> None:
    assert measure.units(escape(text)) == entities.units(visible(escape(text)))


def test_a_cut_ends_at_a_word() -> None:
    assert measure.head("один два три четыре", 12) == "один два…"
    assert measure.tail("один два три четыре", 13) == "…три четыре"
    assert measure.head("с" * 20, 10) == "с" * 9 + "…"
    assert measure.head("🙂" * 20, 10) == "🙂" * 4 + "…"
    assert measure.line("  a \n b ") == "a b"


# --- status ---


def test_a_status_says_stage_percent_time_left_and_draft() -> None:
    going = item(name="Планёрка", state="running", stage="transcribe", fraction=0.5, eta=130, draft="слово " * 300)
    seen = check(render.status(RUSSIAN, [going]))
    assert "▰▰▰▰▰▰▱▱▱▱▱▱\xa050\xa0%" in seen.text
    assert "Распознаю речь · осталось около 2\xa0мин" in seen.text
    quotation = next(entity for entity in seen.entities if entity["type"] == "blockquote")
    assert 180 < quotation["length"] <= 240
    assert seen.text.endswith("слово")


@pytest.mark.parametrize(
    ("eta", "words"), [(None, ""), (3, "осталось несколько секунд"), (24, "около 20\xa0с"), (58, "около 1\xa0мин")]
)
def test_time_left(eta: float | None, words: str) -> None:
    text = render.status(RUSSIAN, [item(state="running", stage="export", eta=eta)]).text
    assert text.endswith(words or "Готовлю файлы")


def test_what_is_going_on_can_be_cancelled_alone_or_all_at_once() -> None:
    going = item(state="running")
    for items, whole in (([going], False), ([item(state="done"), going], True)):
        keyboard = render.status(RUSSIAN, items).keyboard
        assert keyboard is not None
        data = keyboard.inline_keyboard[0][0].callback_data
        assert buttons.Cancel.unpack(data or "") == buttons.Cancel(post_id=ID, whole=whole)
        assert render.status(RUSSIAN, items, can_cancel=False).keyboard is None
    assert render.status(RUSSIAN, [item(state="done")] * 2).keyboard is None


@pytest.mark.parametrize(
    ("code", "label"), [("engine.failed", "[Повторить]"), ("media.silent", None), ("no.such", "[Повторить]")]
)
def test_a_failure_can_be_retried_where_that_may_help(code: str, label: str | None) -> None:
    shown = render.status(RUSSIAN, [item(state="failed", error=Problem(code, {}))])
    assert drawn(shown.keyboard) == ([[label]] if label else [])


def test_too_large_a_file_is_led_to_the_page_where_telegram_can_open_it() -> None:
    large = item(state="failed", error=Problem("telegram.too_large", {"limit_mb": 20}))
    assert drawn(render.status(RUSSIAN, [large], upload_url="https://a.b/c").keyboard) == [
        ["[Отправить через страницу ↗]"]
    ]
    local = render.status(RUSSIAN, [large], upload_url="http://localhost:8000")
    assert local.keyboard is None
    assert "http://localhost:8000" in local.text
    assert "страниц" not in render.status(RUSSIAN, [large]).text


def test_a_long_album_says_how_many_are_not_shown() -> None:
    seen = check(render.status(RUSSIAN, [item(name=f"Запись {number} " + "х" * 60) for number in range(100)]))
    assert "…и ещё" in seen.text
    assert seen.text.startswith("100\xa0записей")


def test_a_status_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        render.status(RUSSIAN, [])


# --- results ---


def test_one_voice_is_shown_without_names_and_several_with_names_and_times() -> None:
    single = transcript([("S1", "Раз."), ("S1", "Два.")])
    assert "Говорящий" not in render.result(RUSSIAN, made(single)).text
    seen = check(render.result(RUSSIAN, made(meeting(RUSSIAN))))
    assert "Говорящий 2 0:06\nСборка готова" in seen.text
    assert "2\xa0говорящих" in seen.text


def test_fits_counts_what_is_seen_and_not_what_is_sent() -> None:
    empty = replace(note(RUSSIAN), title="")
    around = measure.units(render.result(RUSSIAN, made(_saying(empty, "."))).text) - 1
    for letter, width in (("<", 1), ("&", 1), ("🙂", 2), ("я", 1)):
        count = (4096 - around) // width
        assert render.fits(RUSSIAN, made(_saying(empty, letter * count)))
        assert not render.fits(RUSSIAN, made(_saying(empty, letter * (count + 1))))


def _saying(empty: Transcript, text: str) -> Transcript:
    return replace(empty, segments=(Segment("s1", 0, 1, (Word(text, 0, 1, 1.0),)),))


def test_many_short_turns_keep_within_what_telegram_formats() -> None:
    chatter = transcript([(f"S{number % 2 + 1}", "Да.") for number in range(120)])
    seen = check(render.result(RUSSIAN, made(chatter)))
    assert render.fits(RUSSIAN, made(chatter))
    assert sum(entity["type"] == "bold" for entity in seen.entities) == 1


def test_a_long_text_is_folded_below_its_summary() -> None:
    shown = render.result(RUSSIAN, made(meeting(RUSSIAN, 4), minutes=minutes(RUSSIAN)))
    assert shown.text.index("Резюме") < shown.text.index("<blockquote expandable>")
    assert "blockquote" not in render.result(RUSSIAN, made(meeting(RUSSIAN))).text


def test_a_caption_previews_the_summary_or_else_the_beginning() -> None:
    long = meeting(RUSSIAN, 30)
    assert "• Сборка готова" in render.captioned(RUSSIAN, made(long, minutes=minutes(RUSSIAN))).text
    assert "Доброе утро" in render.captioned(RUSSIAN, made(long)).text


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ({"author": "Анна"}, "↪️ Анна\n"),
        ({"date": "2026-11-03T11:05:00+00:00"}, "↪️ 3\xa0ноября 2026, 14:05\n"),
        ({"author": "Анна", "date": "2026-11-03T11:05:00+00:00"}, "↪️ Анна, 3\xa0ноября 2026, 14:05\n"),
        ({}, ""),
    ],
)
def test_a_forwarded_one_says_from_whom_and_when(origin: dict[str, Any], words: str) -> None:
    text = render.result(RUSSIAN, made(note(RUSSIAN), origin=origin, zone="Europe/Moscow")).text
    assert words in text
    assert ("↪️" in text) is bool(words)


def test_the_result_offers_files_a_page_and_more() -> None:
    rows = drawn(render.result(RUSSIAN, made(meeting(RUSSIAN), minutes=minutes(RUSSIAN))).keyboard)
    assert rows == [["[Открыть и править ↗]"], ["[DOCX]", "[SRT]", "[TXT]"], ["[JSON]", "[Резюме]", "[Ещё…]"]]
    more = drawn(render.more_keyboard(RUSSIAN, ID, ID))
    assert {label for row in more for label in row} > {"[PDF]", "[VTT]", "[Заново]", "[Удалить]"}


@pytest.mark.parametrize("url", [None, "http://localhost:8000/recordings/1"])
def test_no_button_for_a_page_that_telegram_cannot_open(url: str | None) -> None:
    rows = drawn(render.result(RUSSIAN, made(note(RUSSIAN), webapp_url=url)).keyboard)
    assert rows[0] == ["[DOCX]", "[SRT]", "[TXT]"]


def test_an_album_opens_each_of_its_recordings() -> None:
    items = [item(name=f"Запись {number}", state="done") for number in range(7)]
    ids = [UUID(int=number) for number in range(7)]
    results = [replace(made(note(RUSSIAN)), recording_id=one) for one in ids]
    keyboard = render.album(RUSSIAN, items, results).keyboard
    assert keyboard is not None
    pressed = [button.callback_data or "" for row in keyboard.inline_keyboard for button in row]
    assert [buttons.Open.unpack(data).recording_id for data in pressed] == ids
    assert [len(row) for row in keyboard.inline_keyboard] == [5, 2]


# --- menus ---


def test_every_button_fits_into_64_bytes() -> None:
    longest = UUID(int=2**128 - 1)
    for data in (
        buttons.Cancel(post_id=longest, whole=True),
        buttons.Export(format="docx", run_id=longest),
        buttons.Again(run_id=longest, preset="quality", language="yue", speakers=10, go=True),
        buttons.Speaker(run_id=longest, number=10),
        buttons.Delete(recording_id=longest, sure=True),
    ):
        assert len(data.pack()) <= 64
        assert type(data).unpack(data.pack()) == data


def test_the_menu_for_running_again_keeps_every_choice_and_starts_with_it() -> None:
    chosen = buttons.Again(run_id=ID, preset="fast", language="de", speakers=3)
    shown = render.again(RUSSIAN, chosen, "Планёрка")
    check(shown)
    assert shown.keyboard is not None
    by_label = {button.text: button.callback_data or "" for row in shown.keyboard.inline_keyboard for button in row}
    assert buttons.Again.unpack(by_label["Точнее"]) == chosen.model_copy(update={"preset": "quality"})
    assert buttons.Again.unpack(by_label["✓ Немецкий"]) == chosen
    assert buttons.Again.unpack(by_label["Говорящих: авто"]) == chosen.model_copy(update={"speakers": 0})
    assert buttons.Again.unpack(by_label["Запустить"]) == chosen.model_copy(update={"go": True})


def test_a_speakers_button_names_its_place_in_the_transcript() -> None:
    spoken = replace(meeting(RUSSIAN), speakers=(Speaker("S3", "Молчун"), Speaker("S2"), Speaker("S1", "А" * 50)))
    keyboard = render.speakers(RUSSIAN, made(spoken)).keyboard
    assert keyboard is not None
    first, second = keyboard.inline_keyboard[0]
    assert (first.text, buttons.Speaker.unpack(first.callback_data or "").number) == ("Говорящий 2", 1)
    assert second.text == "А" * 29 + "…"
