"""Stage results as versioned JSON: ``{"version": 1, "kind": "Hypothesis", "data": …}``."""

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from stenogram.errors import StorageError

T = TypeVar("T")
VERSION = 1


def dump(value: object) -> bytes:
    """A frozen dataclass, or a tuple of dataclasses of one type, as JSON."""
    kind = type(value).__name__
    if isinstance(value, tuple):
        kind = f"{type(value[0]).__name__ if value else ''}[]"
        data = [_adapter(type(item)).dump_python(item, mode="json") for item in value]
    else:
        data = _adapter(type(value)).dump_python(value, mode="json")
    return json.dumps(
        {"version": VERSION, "kind": kind, "data": data}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def load(kind: type[T], data: bytes) -> T:
    """The value again, validated. Raises StorageError("storage.corrupt") for another version, kind or shape."""
    try:
        wrapped = json.loads(data)
        version, name, payload = wrapped["version"], wrapped["kind"], wrapped["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise StorageError("storage.corrupt", "not an artifact") from error
    if version != VERSION or name not in _names(kind):
        raise StorageError("storage.corrupt", f"artifact {name} of version {version} is not a {kind}")
    try:
        loaded: T = _adapter(kind).validate_python(payload)
    except ValidationError:
        raise StorageError(
            "storage.corrupt", f"artifact {name} does not fit"
        ) from None  # it would quote the transcript
    return loaded


def _names(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is tuple:
        return (f"{get_args(kind)[0].__name__}[]", "[]")
    return (kind.__name__,)


def _adapter(kind: Any) -> TypeAdapter[Any]:
    return _cached_adapter(kind)


@cache
def _cached_adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
