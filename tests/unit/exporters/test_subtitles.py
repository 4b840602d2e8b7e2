"""SRT and WebVTT, read back by independent parsers."""

import io
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import srt
import webvtt

from stenogram.exporters import EXPORTERS
from stenogram.speech.transcript import Speaker, Transcript


def test_srt_is_read_back(ask: Any) -> None:
    cues = list(srt.parse(EXPORTERS["srt"].function(ask()).decode()))
    assert [cue.index for cue in cues] == list(range(1, len(cues) + 1))
    assert cues[0].start == timedelta(seconds=1)
    assert cues[0].content == "Виктор: Доброе утро, коллеги."
    assert cues[1].content == "Начнём с поставок.", "the name is told once, where the speaker changes"
    assert cues[2].content.startswith("Говорящий 2: ")
    assert all(len(line) <= 42 for cue in cues for line in cue.content.splitlines())
    assert all(a.end <= b.start for a, b in pairwise(cues))


def test_srt_of_one_speaker_has_no_names(ask: Any, meeting: Transcript) -> None:
    alone = replace(meeting, segments=meeting.segments[:2])
    assert "Виктор" not in EXPORTERS["srt"].function(ask(transcript=alone)).decode()


def test_a_long_name_is_shortened_in_srt(ask: Any, meeting: Transcript) -> None:
    named = replace(meeting, speakers=(Speaker("S1", "Очень длинное имя с должностью и отделом"), Speaker("S2")))
    first = next(iter(srt.parse(EXPORTERS["srt"].function(ask(transcript=named)).decode())))
    assert first.content.startswith("Очень длинное имя с дол…: ")


def test_vtt_is_read_back_with_voices(ask: Any) -> None:
    cues = webvtt.from_buffer(io.StringIO(EXPORTERS["vtt"].function(ask()).decode()))
    assert cues[0].start == "00:00:01.000"
    assert cues[0].text == "Доброе утро, коллеги."
    assert [cues[index].voice for index in range(3)] == ["Виктор", "Виктор", "Говорящий 2"]


def test_vtt_is_not_broken_by_what_people_say(ask: Any) -> None:
    text = EXPORTERS["vtt"].function(ask()).decode()
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert all(line[:2].isdigit() for line in text.splitlines() if "-->" in line), "an arrow only between times"
