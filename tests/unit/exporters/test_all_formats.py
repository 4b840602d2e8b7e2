"""What holds for every format."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from stenogram.exporters import EXPORTERS
from stenogram.exporters.wording import clock, subtitle_time, wording
from stenogram.pipeline.stage import FORMATS
from stenogram.speech.transcript import Speaker, Transcript

HUMAN = ("vtt", "txt", "md", "html", "rttm")


def test_every_format_of_the_options_has_an_exporter() -> None:
    assert tuple(EXPORTERS) == FORMATS
    assert all(info.extension == name and info.title and "/" in info.content_type for name, info in EXPORTERS.items())


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, stenogram.exporters, stenogram.pipeline.export;"
        "print([m for m in ('docx', 'weasyprint', 'jinja2', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", FORMATS)
def test_a_transcript_without_speech_can_be_exported(name: str, ask: Any, silence: Transcript) -> None:
    data = EXPORTERS[name].function(ask(transcript=silence, summary=False))
    assert isinstance(data, bytes)
    assert data or name in ("srt", "rttm")


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("docx", "pdf")])
def test_a_part_holds_only_its_words(name: str, ask: Any, meeting: Transcript) -> None:
    text = EXPORTERS[name].function(ask(transcript=meeting.between(4.0, 7.0), summary=False)).decode()
    assert ("поставок" in text) == (name != "rttm")
    assert "датчиков" not in text


@pytest.mark.parametrize("name", HUMAN)
@pytest.mark.parametrize(("language", "words"), [("ru", "демонстрационной моделью"), ("en", "demo model")])
def test_warnings_are_shown_in_the_language_of_the_request(name: str, language: str, words: str, ask: Any) -> None:
    assert words in EXPORTERS[name].function(ask(language)).decode()


@pytest.mark.parametrize("name", ["vtt", "txt", "md", "html", "rttm", "csv", "json"])
def test_speakers_are_shown_by_name_or_number(name: str, ask: Any) -> None:
    russian, english = (EXPORTERS[name].function(ask(language)).decode() for language in ("ru", "en"))
    assert "Виктор" in russian
    assert "Говорящий 2" in russian
    assert "Speaker 2" in english


def test_both_languages_have_all_words() -> None:
    russian, english = wording("ru"), wording("en")
    assert russian.tones.keys() == english.tones.keys()
    assert russian.languages.keys() == english.languages.keys()


@pytest.mark.parametrize("name", ["txt", "html", "csv", "srt", "json"])
def test_a_label_without_a_speaker_row_is_still_shown(name: str, ask: Any, meeting: Transcript) -> None:
    orphaned = replace(meeting, speakers=(Speaker("S1"),))
    assert "Говорящий 2" in EXPORTERS[name].function(ask(transcript=orphaned)).decode() or name == "json"


def test_times() -> None:
    assert clock(125.9, hours=False) == "02:05"
    assert clock(125.9, hours=True) == "0:02:05"
    assert clock(3725, hours=False) == "1:02:05"
    assert subtitle_time(3723.4504, ",") == "01:02:03,450"
    assert subtitle_time(59.9996, ".") == "00:01:00.000"
