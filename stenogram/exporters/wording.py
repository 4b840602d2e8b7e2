"""Headings and labels of documents, in Russian and English, and how times are written."""

from dataclasses import dataclass
from typing import Literal

from stenogram.speech.minutes import Sentiment


@dataclass(frozen=True, slots=True)
class Wording:
    transcript: str
    summary: str
    decisions: str
    actions: str
    keyphrases: str
    speakers: str
    details: str
    file: str
    created: str
    duration: str
    language: str
    recognition: str
    diarization: str
    minutes: str
    task: str
    owner: str
    due: str
    time: str
    speaker: str
    talk_time: str
    share: str
    tone: str
    page: str
    of: str
    no_text: str
    warning: str
    tones: dict[Sentiment, str]
    languages: dict[str, str]


RUSSIAN = Wording(
    transcript="Расшифровка",
    summary="Краткое содержание",
    decisions="Решения",
    actions="Поручения",
    keyphrases="Ключевые темы",
    speakers="Говорящие",
    details="Сведения",
    file="Файл",
    created="Загружено",
    duration="Длительность",
    language="Язык",
    recognition="Распознавание",
    diarization="Разделение голосов",
    minutes="Резюме",
    task="Что сделать",
    owner="Ответственный",
    due="Срок",
    time="Время",
    speaker="Говорящий",
    talk_time="Говорил",
    share="Доля",
    tone="Тон",
    page="Стр.",
    of="из",
    no_text="В записи нет распознанной речи.",
    warning="Внимание",
    tones={"positive": "доброжелательный", "neutral": "нейтральный", "negative": "недовольный", "mixed": "разный"},
    languages={"ru": "русский", "en": "английский", "uk": "украинский", "de": "немецкий", "fr": "французский"},
)

ENGLISH = Wording(
    transcript="Transcript",
    summary="Summary",
    decisions="Decisions",
    actions="Action items",
    keyphrases="Key topics",
    speakers="Speakers",
    details="Details",
    file="File",
    created="Uploaded",
    duration="Duration",
    language="Language",
    recognition="Recognition",
    diarization="Speaker separation",
    minutes="Summary by",
    task="Task",
    owner="Owner",
    due="Due",
    time="Time",
    speaker="Speaker",
    talk_time="Talk time",
    share="Share",
    tone="Tone",
    page="Page",
    of="of",
    no_text="No speech was recognised in the recording.",
    warning="Note",
    tones={"positive": "positive", "neutral": "neutral", "negative": "negative", "mixed": "mixed"},
    languages={"ru": "Russian", "en": "English", "uk": "Ukrainian", "de": "German", "fr": "French"},
)


def wording(language: Literal["ru", "en"]) -> Wording:
    return RUSSIAN if language == "ru" else ENGLISH


def clock(seconds: float, *, hours: bool) -> str:
    """``02:05``, or ``1:02:05`` with ``hours``: whole seconds, rounded down, as players show them."""
    whole = int(seconds)
    minutes = f"{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 3600}:{minutes}" if hours or whole >= 3600 else minutes


def subtitle_time(seconds: float, decimal_mark: str) -> str:
    """``01:02:03.450`` with the mark of the format (SRT a comma, WebVTT a point)."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{decimal_mark}{milliseconds:03d}"
