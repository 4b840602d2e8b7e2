"""What changed, in a line: ``«Ёлкен» → «Ёлкин» · Разделено реплик: 2``."""

from stenogram.services.edit_history import Entry

_LONGEST = 60
_KINDS: dict[str, tuple[str, str]] = {
    "replace": ("Text edits", "Правок текста"),
    "retime": ("Times set", "Правок времени"),
    "split": ("Segments split", "Разделено реплик"),
    "merge": ("Segments merged", "Объединено реплик"),
    "reassign": ("Speakers reassigned", "Сменён говорящий"),
    "rename": ("Speakers renamed", "Переименовано говорящих"),
    "add_speaker": ("Speakers added", "Добавлено говорящих"),
    "remove_speaker": ("Speakers removed", "Убрано говорящих"),
}


def summary(entry: Entry, language: str) -> str:
    """In ``ru`` or, for any other language, ``en``."""
    russian = language.startswith("ru")
    if entry.restored is not None:
        return f"{'Возвращена версия' if russian else 'Restored version'} {entry.restored}"
    parts = [_example(*pair, russian) for pair in entry.examples[:1]]
    kinds = dict(entry.kinds)
    if parts and kinds.get("replace") == 1:
        del kinds["replace"]
    parts += [f"{_KINDS[kind][russian]}: {count}" for kind, count in kinds.items()]
    return " · ".join(parts)


def _example(before: str, after: str, russian: bool) -> str:
    old, new = _quoted(before, russian), _quoted(after, russian)
    if not before:
        return f"+ {new}"
    return f"{old} → {new}" if after else f"− {old}"


def _quoted(text: str, russian: bool) -> str:
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
    return f"«{shown}»" if russian else f"“{shown}”"
