"""The table of methods, and the way from a request's fields to aiogram's typed call."""

import json
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import aiogram.methods
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from pydantic import ValidationError

from tests.telegram_stub.errors import bad_request
from tests.telegram_stub.model import Json
from tests.telegram_stub.world import World

C = TypeVar("C", bound=TelegramMethod[Any])
Handler = Callable[[World, C], object]

HANDLERS: dict[type[Any], Handler[Any]] = {}
KNOWN: dict[str, type[TelegramMethod[Any]]] = {
    kind.__api_method__.lower(): kind
    for kind in vars(aiogram.methods).values()
    if isinstance(kind, type) and issubclass(kind, TelegramMethod) and kind is not TelegramMethod
}
ATTACHED = "attach://"
MISSING = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
}


def handles(kind: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """The decorated function carries out ``kind`` and returns what Telegram would, as JSON."""

    def register(handler: Handler[C]) -> Handler[C]:
        HANDLERS[kind] = handler
        return handler

    return register


def given(value: Any) -> Any:
    """A parameter of a call, None where aiogram has put the mark of a bot-wide default."""
    return None if isinstance(value, Default) else value


def parse(kind: type[C], fields: Mapping[str, Any], uploads: Mapping[str, str]) -> C:
    """The call from its form or JSON ``fields``; ``uploads`` has the file_id of each uploaded part by its name."""
    values = {name: _value(kind, name, value) for name, value in fields.items()}
    referred: set[str] = set()
    values = {name: _attached(value, uploads, referred) for name, value in values.items()}
    direct = {name: file_id for name, file_id in uploads.items() if name in kind.model_fields and name not in referred}
    try:
        return kind.model_validate({**values, **direct})
    except ValidationError as error:
        raise _explained(error) from error


def _value(kind: type[TelegramMethod[Any]], name: str, value: Any) -> Any:
    """Structures come as JSON in a form field; texts stay as they are."""
    field = kind.model_fields.get(name)
    if field is None or not isinstance(value, str) or _takes_text(field.annotation):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _takes_text(annotation: Any) -> bool:
    if get_origin(annotation) in {Union, UnionType}:
        return any(_takes_text(part) for part in get_args(annotation))
    return annotation is str


def _attached(value: Any, uploads: Mapping[str, str], referred: set[str]) -> Any:
    """``value`` with file_ids in the place of attach:// names."""
    if isinstance(value, dict):
        return {name: _attached(item, uploads, referred) for name, item in value.items()}
    if isinstance(value, list):
        return [_attached(item, uploads, referred) for item in value]
    if isinstance(value, str) and value.startswith(ATTACHED):
        name = value.removeprefix(ATTACHED)
        if name not in uploads:
            raise bad_request(f"wrong file identifier/HTTP URL specified: no part {name}")
        referred.add(name)
        return uploads[name]
    return value


def _explained(error: ValidationError) -> Exception:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing":
        return bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return bad_request(f"can't parse {name}: {first['msg']}")


def perform(world: World, call: TelegramMethod[Any]) -> object:
    """Carry the call out; LookupError if the stand-in has no such method."""
    return HANDLERS[type(call)](world, call)


def plain(value: Any) -> Json:
    """An object of aiogram's as the JSON it came from."""
    dumped: Json = value.model_dump(mode="json", exclude_none=True, exclude_unset=True, by_alias=True)
    return dumped
