"""Warnings that travel with a result: a code, perhaps with a value (``lighter_model:small``), and its words."""

from typing import NamedTuple


class WarningText(NamedTuple):
    en: str
    ru: str


CATALOG: dict[str, WarningText] = {
    "demo_model": WarningText(
        "Made with the demo model, which knows synthetic voices only. Install real weights: "
        "stenogram models pull {value}.",
        "Сделано демонстрационной моделью: она знает только синтетические голоса. Установите настоящие веса: "
        "stenogram models pull {value}.",
    ),
    "lighter_model": WarningText(
        "Memory was short, so the lighter model “{value}” was used.",
        "Не хватило памяти, поэтому использована более лёгкая модель «{value}».",
    ),
    "smaller_batch": WarningText(
        "Memory was short, so the work was done in smaller batches ({value}).",
        "Не хватило памяти, поэтому работа шла меньшими порциями ({value}).",
    ),
    "low_language_probability": WarningText(
        "The language was hard to tell. If it is wrong, choose it and run again.",
        "Язык определён неуверенно. Если он неверен, выберите его и запустите ещё раз.",
    ),
    "quiet": WarningText(
        "The recording is very quiet; it was amplified.",
        "Запись очень тихая; громкость поднята.",
    ),
    "clipped": WarningText(
        "The recording is overdriven (clipped); some words may be wrong.",
        "Запись перегружена; часть слов может быть неверна.",
    ),
    "truncated": WarningText(
        "The file breaks off before its end; we transcribed what is there.",
        "Файл обрывается раньше конца; расшифровано то, что есть.",
    ),
    "no_diarization": WarningText(
        "Speakers could not be told apart; the text is complete. You can run this stage again.",
        "Говорящих различить не удалось; текст полный. Этот этап можно запустить ещё раз.",
    ),
    "no_summary": WarningText(
        "The summary failed; the transcript is complete. You can run this stage again.",
        "Резюме не получилось; расшифровка полная. Этот этап можно запустить ещё раз.",
    ),
    "no_export": WarningText(
        "Files could not be prepared in advance; they are made when you download them.",
        "Файлы не удалось подготовить заранее; они создаются при скачивании.",
    ),
    "no_speech": WarningText(
        "There is sound but no speech was recognised.",
        "Звук есть, но речь не распознана.",
    ),
}


def describe(warning: str, language: str = "en") -> str:
    """The words for ``code`` or ``code:value``; an unknown code is shown as it is."""
    code, _, value = warning.partition(":")
    text = CATALOG.get(code)
    if text is None:
        return warning
    template = text.ru if language.startswith("ru") else text.en
    return template.format(value=value or "turbo")
