"""Operations of editing as JSON: field names are those of their classes, a word is an object."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from stenogram.speech.edits import AnyOperation

_OPERATIONS: TypeAdapter[tuple[AnyOperation, ...]] = TypeAdapter(
    tuple[Annotated[AnyOperation, Field(discriminator="type")], ...]
)


def load(operations: Sequence[Any]) -> tuple[AnyOperation, ...]:
    """Raises pydantic.ValidationError."""
    return _OPERATIONS.validate_python(operations)


def dump(operations: Sequence[AnyOperation]) -> list[Any]:
    dumped: list[Any] = _OPERATIONS.dump_python(tuple(operations), mode="json")
    return dumped
