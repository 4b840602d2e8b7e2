"""What the command line itself says, in ru and en; results and errors of the service come in the same language."""

import os
from collections.abc import Mapping
from typing import NamedTuple


class Phrase(NamedTuple):
    en: str
    ru: str


PHRASES: Mapping[str, Phrase] = {
    # states of a line; the stages have the names of the chain
    "upload": Phrase("upload", "отправка"),
    "busy": Phrase("the service is busy, waiting", "сервис занят, ждём"),
    "preprocess": Phrase("preprocess", "подготовка"),
    "transcribe": Phrase("transcribe", "распознавание"),
    "diarize": Phrase("diarize", "разделение голосов"),
    "summarize": Phrase("summarize", "резюме"),
    "export": Phrase("export", "файлы"),
    "done": Phrase("done", "готово"),
    "done_with_warnings": Phrase("done with warnings", "готово, с предупреждениями"),
    "cancelled": Phrase("cancelled", "отменено"),
    "dead": Phrase("failed", "не удалось"),
    "left": Phrase("{clock} left", "ещё {clock}"),
    # what administrators see
    "replayed": Phrase("replayed", "запущено снова"),
    "discarded": Phrase("discarded", "снято со списка"),
    "no_letters": Phrase("no dead letters", "неудавшихся этапов нет"),
    "which_letters": Phrase(
        "name letters by their ids, or choose them with --all, --stage or --code; not both",
        "назовите номера или выберите этапы: --all, --stage или --code; не то и другое вместе",
    ),
    "id": Phrase("id", "номер"),
    "run": Phrase("run", "обработка"),
    "stage": Phrase("stage", "этап"),
    "attempts": Phrase("attempts", "попыток"),
    "error": Phrase("error", "ошибка"),
    "detail": Phrase("detail", "подробности"),
    "since": Phrase("since", "с"),
    "state": Phrase("state", "состояние"),
    "queue": Phrase("queue", "очередь"),
    "messages": Phrase("messages", "сообщений"),
    "due": Phrase("due", "ждут"),
    "delayed": Phrase("delayed", "отложены"),
    "running": Phrase("running", "идут"),
    "oldest": Phrase("oldest", "старейший"),
    "worker": Phrase("worker", "воркер"),
    "queues": Phrase("queues", "очереди"),
    "until": Phrase("until", "до"),
    "janitor": Phrase("janitor", "уборка"),
    "last": Phrase("last", "последняя"),
    "removed": Phrase("removed", "убрано"),
    "total": Phrase("total", "всего"),
    "embedded": Phrase("embedded", "свой"),
    "external": Phrase("external", "внешний"),
    "summary": Phrase(
        "dead letters: {letters}   unsent messages: {unsent}   PostgreSQL: {postgresql}   Redis: {redis}\n"
        "disk: {free} of {whole} free, {stored} stored",
        "неудавшиеся этапы: {letters}   неотправленные: {unsent}   PostgreSQL: {postgresql}   Redis: {redis}\n"
        "диск: свободно {free} из {whole}, хранится {stored}",
    ),
    "no_workers": Phrase("no worker gives a sign of life", "ни один воркер не подаёт признаков жизни"),
    "no_redis": Phrase("Redis does not answer: workers are unknown", "Redis не отвечает: воркеры неизвестны"),
    # messages
    "interrupted": Phrase("interrupted", "прервано"),
    "starting": Phrase("starting the service …", "запускаем сервис …"),
    "unreachable": Phrase("cannot reach {url}: {reason}", "{url} не отвечает: {reason}"),
    "lost": Phrase("lost {url}: {reason}", "связь с {url} потеряна: {reason}"),
    "not_started": Phrase(
        "the service did not start; the end of {log}:\n{tail}", "сервис не запустился; конец {log}:\n{tail}"
    ),
    "no_service": Phrase(
        "no service runs on {folder}; start one with “stenogram up”",
        "на {folder} сервис не запущен; запустите его командой «stenogram up»",
    ),
    "no_token": Phrase(
        "STENOGRAM_URL needs STENOGRAM_TOKEN: run “stenogram token” where the service runs, and set what it prints",
        "к STENOGRAM_URL нужен STENOGRAM_TOKEN: выполните «stenogram token» там, где запущен сервис, и задайте ответ",
    ),
    "old_token": Phrase(
        "STENOGRAM_TOKEN is wrong or has expired: run “stenogram token” where the service runs for a new one",
        "STENOGRAM_TOKEN неверен или устарел: за новым выполните «stenogram token» там, где запущен сервис",
    ),
    "format": Phrase(
        "unknown format {unknown}; choose from {known}", "неизвестный формат {unknown}; выберите из {known}"
    ),
    "not_cancelled": Phrase(
        "run {run} could not be cancelled: {reason}", "обработку {run} не удалось отменить: {reason}"
    ),
}


def preferred(environment: Mapping[str, str] = os.environ) -> str:
    """``ru`` or ``en`` by the locale of messages, in the order of POSIX."""
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ru" if next(filter(None, names), "").lower().startswith("ru") else "en"


def phrase(key: str, language: str, **slots: object) -> str:
    """The phrase in ``ru`` or (for any other language) ``en``; a key without a phrase is shown as it is."""
    known = PHRASES.get(key)
    if known is None:
        return key
    return (known.ru if language == "ru" else known.en).format(**slots)
