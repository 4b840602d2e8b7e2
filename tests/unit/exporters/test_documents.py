"""DOCX, HTML, PDF, Markdown and plain text, read back by independent readers."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest

from stenogram.exporters import EXPORTERS
from stenogram.exporters.document import PALETTE, document
from stenogram.exporters.md import escaped
from stenogram.speech.transcript import Segment, Transcript, Word

SHEET = Path(__file__).parents[3] / "frontend" / "src" / "styles" / "tokens.css"


def long_meeting(meeting: Transcript) -> Transcript:
    segments = tuple(
        Segment(f"s{i}", i * 60.0, i * 60.0 + 5, (Word(f" слово{i}", i * 60.0, i * 60.0 + 5, 0.9),), "S1")
        for i in range(70)
    )
    return replace(meeting, segments=segments, duration=4300.0)


# --- Word ---


def read_docx(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def test_docx_has_headings_that_word_navigates_by(ask: Any) -> None:
    file = read_docx(EXPORTERS["docx"].function(ask()))
    assert file.paragraphs[0].style.name == "Title"
    assert file.paragraphs[0].text == "Планёрка по поставкам"
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 1"] == [
        "Краткое содержание",
        "Решения",
        "Поручения",
        "Ключевые темы",
        "Говорящие",
        "Расшифровка",
    ]


def test_docx_headings_follow_the_language(ask: Any) -> None:
    file = read_docx(EXPORTERS["docx"].function(ask("en")))
    assert next(p.text for p in file.paragraphs if p.style.name == "Heading 1") == "Summary"


def test_docx_speakers_times_and_text_have_their_styles(ask: Any) -> None:
    file = read_docx(EXPORTERS["docx"].function(ask()))
    lines = [p for p in file.paragraphs if p.style.name == "Speaker Line"]
    assert [(run.text.strip(), run.style.name) for run in lines[0].runs] == [
        ("Виктор", "Speaker Name"),
        ("00:01", "Time Code"),
    ]
    texts = [p for p in file.paragraphs if p.style.name == "Transcript Text"]
    assert "Доброе утро, коллеги." in [p.text for p in texts]
    assert any(run.style.name == "Time Code" and "00:05" in run.text for p in texts for run in p.runs)


def test_docx_tables(ask: Any) -> None:
    facts, tasks, voices = read_docx(EXPORTERS["docx"].function(ask())).tables
    assert [cell.text for cell in facts.rows[0].cells] == ["Файл", "встреча 1.ogg"]
    assert [cell.text for cell in tasks.rows[1].cells] == ["Подготовить чертёж", "Светлана", "завтра", "00:08"]
    assert [row.cells[0].text for row in voices.rows] == ["Говорящий", "Виктор", "Говорящий 2"]
    assert voices.rows[1].cells[3].text == "доброжелательный"


def test_docx_shows_warnings_and_describes_itself(ask: Any) -> None:
    file = read_docx(EXPORTERS["docx"].function(ask()))
    assert any("демонстрационной" in p.text for p in file.paragraphs if p.style.name == "Warning Note")
    assert file.core_properties.title == "Планёрка по поставкам"
    assert file.core_properties.created.isoformat() == "2026-11-20T09:30:00+00:00"


def test_docx_of_a_long_recording_has_chapters(ask: Any, meeting: Transcript) -> None:
    file = read_docx(EXPORTERS["docx"].function(ask(transcript=long_meeting(meeting))))
    chapters = [p.text for p in file.paragraphs if p.style.name == "Heading 2"]
    assert chapters[:2] == ["0:00:00 – 0:10:00", "0:10:00 – 0:20:00"]
    assert len(chapters) == 7


def test_docx_without_speech_says_so(ask: Any, silence: Transcript) -> None:
    file = read_docx(EXPORTERS["docx"].function(ask(transcript=silence, summary=False)))
    assert file.paragraphs[-1].text == "В записи нет распознанной речи."


# --- HTML ---


class Reader(HTMLParser):
    """Tags with their attributes, and all text outside of styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._inside:
            self.text += data


@pytest.fixture
def page(ask: Any) -> Reader:
    return Reader(EXPORTERS["html"].function(ask()).decode())


def test_html_is_self_contained_and_runs_nothing(page: Reader) -> None:
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") or name == "src" for name in attrs)]
    assert all((attrs.get("href") or "#").startswith("#") for _, attrs in page.tags)


def test_html_shows_what_was_said_as_text(page: Reader) -> None:
    assert "<script>alert(1)</script> & *звёзды*" in page.text
    assert "допосле" in page.text, "characters that files cannot carry are left out"


def test_html_links_statements_to_what_was_said(page: Reader) -> None:
    ids = {attrs["id"] for _, attrs in page.tags if attrs.get("id")}
    targets = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert "#s0003" in targets
    assert {target.removeprefix("#") for target in targets if target} <= ids


def test_html_names_its_language_and_headings(page: Reader) -> None:
    assert ("html", {"lang": "ru"}) in page.tags
    for heading in ("Краткое содержание", "Решения", "Поручения", "Ключевые темы", "Говорящие", "Расшифровка"):
        assert heading in page.text


def test_a_chosen_colour_takes_the_place_of_the_one_by_order(ask: Any) -> None:
    request = ask()
    label = request.transcript.speakers[0].label
    voices = document(replace(request, colours={label: 7})).voices
    assert [voice.color for voice in voices][:2] == [PALETTE[7], PALETTE[1]]


def test_the_palette_is_that_of_the_page() -> None:
    light = re.findall(r"--speaker-\d: light-dark\(#(\w{6}),", SHEET.read_text())
    assert [color.upper() for color in light] == list(PALETTE)


def test_every_speaker_class_has_a_colour(ask: Any) -> None:
    source = EXPORTERS["html"].function(ask()).decode()
    assert all(f".c{color} {{ color: #{color} }}" in source for color in PALETTE)
    assert f'class="speaker name c{PALETTE[0]}"' in source


# --- PDF ---


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext of poppler-utils")
def test_pdf_text_is_read_back(ask: Any) -> None:
    pdf = EXPORTERS["pdf"].function(ask())
    assert pdf.startswith(b"%PDF-")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for expected in ("Планёрка по поставкам", "Поручения", "Говорящий 2", "демонстрационной моделью", "1/2"):
        assert expected in text
    assert "Поставка датчиков из Перми задержалась на девять дней." in text


def test_pdf_fetches_nothing(ask: Any, meeting: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.urls import FatalURLFetchingError

    from stenogram.exporters import pdf

    monkeypatch.setattr(pdf, "page", lambda request: "<img src='file:///etc/hostname'>")
    with pytest.raises(FatalURLFetchingError, match="asked for"):
        pdf.export(ask())


# --- Markdown and text ---


def test_markdown_sections_and_tables(ask: Any) -> None:
    text = EXPORTERS["md"].function(ask()).decode()
    assert text.startswith("# Планёрка по поставкам\n\n> **Внимание.** Сделано демонстрационной")
    assert "| Подготовить чертёж | Светлана | завтра | 00:08 |" in text
    assert "\n**Виктор** `00:01`\n\nДоброе утро, коллеги.\n" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b> *x* _y_ `z` [a](b) | c", r"\<b\> \*x\* \_y\_ \`z\` \[a\](b) \| c"),
        ("# не заголовок", r"\# не заголовок"),
        ("- не список", r"\- не список"),
        ("1. не список", r"1\. не список"),
        ("20.11.2026", "20.11.2026"),
        ("---", r"\---"),
    ],
)
def test_what_people_say_is_no_markup(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_plain_text(ask: Any) -> None:
    text = EXPORTERS["txt"].function(ask("en")).decode()
    assert "• Подготовить чертёж (Светлана, завтра) [00:08]" in text
    assert "Language: Russian (98\u00a0%)" in text
    assert "\n[00:01] Виктор:\nДоброе утро, коллеги.\n" in text


@pytest.mark.parametrize("name", ["txt", "md", "html"])
def test_long_recordings_have_chapters_and_hours(name: str, ask: Any, meeting: Transcript) -> None:
    text = EXPORTERS[name].function(ask(transcript=long_meeting(meeting))).decode()
    assert "0:10:00 – 0:20:00" in text
    assert "1:09:00" in text


def test_moments_outside_of_a_part_have_no_anchor(ask: Any, meeting: Transcript) -> None:
    part = document(ask(transcript=meeting.between(0.0, 7.0)))
    assert part.summary[0].moments[0].anchor is None
    assert part.tasks[1].moments[0].anchor == "s0002"


@pytest.mark.parametrize(
    ("created", "shown"), [("2026-11-20T09:30:00", "20.11.2026 09:30"), ("вчера", "вчера"), (None, None)]
)
def test_dates_in_any_form(created: str | None, shown: str | None, ask: Any) -> None:
    request = replace(ask(), metadata={"created_at": created})
    assert dict(document(request).facts).get("Загружено") == shown
