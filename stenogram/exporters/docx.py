"""Word, with real styles: Title and headings for the navigation pane, named styles for speakers, times and text."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from stenogram.exporters.document import Chapter, Document, Moment, Paragraph, document
from stenogram.pipeline.ports import ExportRequest

SPEAKER_LINE, TEXT, WARNING, TABLE_TEXT = "Speaker Line", "Transcript Text", "Warning Note", "Table Text"
SPEAKER_NAME, TIME_CODE = "Speaker Name", "Time Code"

_FONT = "Calibri"
_INK, _MUTED, _AMBER = RGBColor(0x0F, 0x17, 0x2A), RGBColor(0x64, 0x74, 0x8B), RGBColor(0x78, 0x35, 0x0F)
_TEXT_WIDTH = Cm(17)


def export(request: ExportRequest) -> bytes:
    content = document(request)
    writer = _Writer(content)
    writer.write()
    writer.describe(request)
    file = io.BytesIO()
    writer.file.save(file)
    return file.getvalue()


class _Writer:
    """Writes one Document into one Word file, section by section."""

    def __init__(self, content: Document) -> None:
        self.content = content
        self.file = docx.Document()
        self._styles = _define_styles(self.file, content.language)
        _set_page(self.file, content)

    def describe(self, request: ExportRequest) -> None:
        """The properties that Word and search show of the file; ``created_at`` of the metadata is its date."""
        properties = self.file.core_properties
        properties.title = self.content.title[:255]
        properties.author = properties.last_modified_by = "Stenogram"
        properties.comments = ""
        properties.language = request.transcript.language
        created = request.metadata.get("created_at")
        moment = created if isinstance(created, datetime) else datetime.now(UTC)
        properties.created = properties.modified = moment.astimezone(UTC).replace(tzinfo=None)

    def write(self) -> None:
        content, words = self.content, self.content.words
        self._paragraph(content.title, "Title")
        for warning in content.warnings:
            self._paragraph(f"{words.warning}. {warning}", WARNING)
        self._table(None, content.facts, (Cm(5), Cm(12)))
        self._points(words.summary, [(point.text, point.moments) for point in content.summary])
        self._points(words.decisions, [(point.text, point.moments) for point in content.decisions])
        self._tasks()
        if content.keyphrases:
            self._paragraph(words.keyphrases, "Heading 1")
            self._paragraph(", ".join(content.keyphrases), TEXT)
        self._speakers()
        self._paragraph(words.transcript, "Heading 1")
        for chapter in content.chapters:
            self._chapter(chapter)

    def _paragraph(self, text: str, style: str) -> Any:
        """Sets the style by its id: by name or object python-docx searches all styles, 2 ms for each paragraph."""
        paragraph = self.file.add_paragraph()
        paragraph._p.style = self._styles[style].style_id
        if text:
            paragraph.add_run(text)
        return paragraph

    def _run(self, paragraph: Any, text: str, style: str) -> Any:
        run = paragraph.add_run(text)
        run._r.style = self._styles[style].style_id
        return run

    def _moments(self, paragraph: Any, moments: Iterable[Moment], before: str = "  ") -> None:
        text = ", ".join(moment.clock for moment in moments)
        if text:
            self._run(paragraph, before + text, TIME_CODE)

    def _points(self, title: str, points: Sequence[tuple[str, tuple[Moment, ...]]]) -> None:
        if points:
            self._paragraph(title, "Heading 1")
        for text, moments in points:
            self._moments(self._paragraph(text, "List Bullet"), moments)

    def _tasks(self) -> None:
        words, tasks = self.content.words, self.content.tasks
        if not tasks:
            return
        self._paragraph(words.actions, "Heading 1")
        rows = [(task.text, task.owner, task.due, ", ".join(m.clock for m in task.moments)) for task in tasks]
        head = (words.task, words.owner, words.due, words.time)
        self._table(head, rows, (Cm(8), Cm(3.5), Cm(3), Cm(2.5)))

    def _speakers(self) -> None:
        words, voices = self.content.words, self.content.voices
        if not voices:
            return
        self._paragraph(words.speakers, "Heading 1")
        head = (words.speaker, words.talk_time, words.share, words.tone)
        rows = [(voice.name, voice.talk_time, voice.share, voice.tone) for voice in voices]
        columns = 4 if self.content.has_tones else 3
        table = self._table(head[:columns], [row[:columns] for row in rows], (Cm(7), Cm(3), Cm(3), Cm(4))[:columns])
        for voice, row in zip(voices, table.rows[1:], strict=True):
            run = row.cells[0].paragraphs[0].runs[0]
            run.style, run.font.color.rgb = self._styles[SPEAKER_NAME], RGBColor.from_string(voice.color)

    def _table(self, head: Sequence[str] | None, rows: Sequence[Sequence[str]], widths: Sequence[Any]) -> Any:
        """A table whose first row, where there is a ``head``, repeats on every page."""
        table = self.file.add_table(0, len(widths), style=self._styles["Table Grid"])
        table.autofit = False
        _soften_borders(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for cells in ([head] if head else []) + list(rows):
            row = table.add_row()
            for cell, text, width in zip(row.cells, cells, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].style = self._styles[TABLE_TEXT]
                cell.paragraphs[0].add_run(text)
        labels = table.rows[0].cells if head else [row.cells[0] for row in table.rows]
        for cell in labels:
            cell.paragraphs[0].runs[0].font.color.rgb = _MUTED
        if head:
            table.rows[0]._tr.get_or_add_trPr().append(_flag("w:tblHeader"))
        return table

    def _chapter(self, chapter: Chapter) -> None:
        if chapter.title:
            self._paragraph(chapter.title, "Heading 2")
        for paragraph in chapter.paragraphs:
            self._said(paragraph)
        if not chapter.paragraphs:
            self._paragraph(self.content.words.no_text, TEXT)

    def _said(self, paragraph: Paragraph) -> None:
        """Who and when on a line of their own where the speaker changes, else only the time before the text."""
        if paragraph.speaker:
            line = self._paragraph("", SPEAKER_LINE)
            name = self._run(line, paragraph.speaker, SPEAKER_NAME)
            name.font.color.rgb = RGBColor.from_string(paragraph.color)
            self._run(line, f"\u2003{paragraph.clock}", TIME_CODE)
        text = self._paragraph("", TEXT)
        if not paragraph.speaker:
            self._run(text, f"{paragraph.clock}\u2003", TIME_CODE)
        text.add_run(paragraph.text)


# --- styles and the page ---


def _define_styles(file: Any, language: str) -> dict[str, Any]:
    styles = file.styles
    normal = styles["Normal"]
    _set_font(normal, Pt(11), _INK)
    _set_language(normal, "ru-RU" if language == "ru" else "en-US")
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(4), 1.15
    _style_headings(styles)
    _style_paragraphs(styles)
    for name, bold, size, color in ((SPEAKER_NAME, True, None, _INK), (TIME_CODE, False, Pt(9), _MUTED)):
        style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.bold, style.font.size, style.font.color.rgb = bold, size, color
    return {style.name: style for style in styles}


def _style_headings(styles: Any) -> None:
    for name, size, before in (("Title", 24, 0), ("Heading 1", 15, 18), ("Heading 2", 12, 12)):
        style = styles[name]
        _set_font(style, Pt(size), _MUTED if name == "Heading 2" else _INK)
        style.font.bold = True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
    title = styles["Title"].element.find(qn("w:pPr"))
    border = title.find(qn("w:pBdr"))
    if border is not None:
        title.remove(border)


def _style_paragraphs(styles: Any) -> None:
    for name in (SPEAKER_LINE, TEXT, WARNING, TABLE_TEXT):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles["Normal"], True
    speaker = styles[SPEAKER_LINE].paragraph_format
    speaker.keep_with_next, speaker.space_before, speaker.space_after = True, Pt(10), Pt(0)
    styles[SPEAKER_LINE].next_paragraph_style = styles[TEXT]
    styles[TEXT].paragraph_format.widow_control = True
    styles[WARNING].font.color.rgb = _AMBER
    _shade(styles[WARNING], "FFFBEB")
    table = styles[TABLE_TEXT].paragraph_format
    table.space_before, table.space_after, table.line_spacing = Pt(2), Pt(2), 1.0
    styles[TABLE_TEXT].font.size = Pt(10)


def _set_font(style: Any, size: Any, color: RGBColor) -> None:
    """One font for all scripts; the theme's fonts, which would win over it, are taken out."""
    style.font.name, style.font.size, style.font.color.rgb = _FONT, size, color
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
        fonts.set(qn(f"w:{script}"), _FONT)


def _set_language(style: Any, tag: str) -> None:
    """The language that Word checks spelling in."""
    properties = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), tag)
    properties.append(language)


def _shade(style: Any, fill: str) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{key}"), value)
    style.element.get_or_add_pPr().append(shade)


def _soften_borders(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{edge}")
        shown = edge in ("top", "bottom", "insideH")
        look = {"val": "single", "sz": "4", "space": "0", "color": "CBD5E1"} if shown else {"val": "nil"}
        for key, value in look.items():
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    # The schema fixes the order of these elements, and Word insists on it.
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _set_page(file: Any, content: Document) -> None:
    """A4, and below every page its number."""
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = (section.page_width - _TEXT_WIDTH) // 2
    section.top_margin = section.bottom_margin = Cm(2)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    style = file.styles[TIME_CODE]
    footer.add_run(f"{content.words.page} ", style=style)
    _add_field(footer, "PAGE", style)
    footer.add_run(f" {content.words.of} ", style=style)
    _add_field(footer, "NUMPAGES", style)


def _add_field(paragraph: Any, instruction: str, style: Any) -> None:
    run = paragraph.add_run(style=style)
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            element.text = instruction
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _flag(name: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    return element
